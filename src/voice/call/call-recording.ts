// The recording of a call on the media server, and the silence in it while nobody may hear what is typed or said.
import { HiloError } from '../../app/errors.js';
import type { MediaEndpoint } from '../drachtio/media-endpoint.js';

export class CallRecording {
  #file: string | undefined;
  /** Silent until somebody says otherwise. */
  #masked = false;

  constructor(private readonly endpoint: Pick<MediaEndpoint, 'uuid' | 'execute' | 'api'>) {}

  /** One at a time: only that one could be made silent. */
  async start(file: string): Promise<void> {
    await this.stop();
    await this.endpoint.execute('record_session', file);
    this.#file = file;
    this.#masked = false;
  }

  /** Rejects with HiloError `telephony-unavailable` when it goes on. */
  async stop(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    if (!(await this.#order('stop', file))) {
      throw new HiloError('telephony-unavailable', 'the recording cannot be stopped');
    }
    this.#file = undefined;
  }

  /** Silence in it from now on, or sound again. Rejects with HiloError `telephony-unavailable` when it goes on as it was. */
  async mask(masked: boolean): Promise<void> {
    const file = this.#file;
    if (file === undefined || masked === this.#masked) return;
    if (!(await this.#order(masked ? 'mask' : 'unmask', file))) {
      throw new HiloError('telephony-unavailable', 'the recording goes on as it was');
    }
    this.#masked = masked;
  }

  /**
   * Silence in the recording until `action` has settled. A recording that cannot be made silent is stopped, and rejects with
   * HiloError `telephony-unavailable` when not even that can be done: then `action` does not begin.
   */
  async hide<T>(action: () => Promise<T>): Promise<T> {
    const file = this.#file;
    if (file === undefined || this.#masked) return action();
    if (!(await this.#order('mask', file))) {
      if (!(await this.#order('stop', file))) {
        throw new HiloError('telephony-unavailable', 'the recording cannot be made silent');
      }
      this.#file = undefined;
      return action();
    }
    try {
      return await action();
    } finally {
      // It fails when the leg is gone, and the recording with it.
      await this.#order('unmask', file).catch(() => false);
    }
  }

  async #order(what: 'mask' | 'unmask' | 'stop', file: string): Promise<boolean> {
    const { uuid } = this.endpoint;
    return (await this.endpoint.api('uuid_record', uuid, what, file)).startsWith('+OK');
  }
}
