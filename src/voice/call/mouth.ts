// What one leg hears: one sound at a time, each with an end that is known.
import type { EslEvent } from 'drachtio-modesl';
import { HiloError } from '../../app/errors.js';
import type { Clock } from '../../lib/clock.js';
import { TimedOut, withTimeOut } from '../../lib/time-out.js';
import type { MediaEndpoint } from '../drachtio/media-endpoint.js';

export interface SoundEnd {
  /** `stopped`: by us; `failed`: there is no such file. */
  readonly outcome: 'finished' | 'stopped' | 'failed';
  readonly event?: EslEvent;
}

/**
 * A break that arrives before the playback has begun is lost on the media server: it is repeated. Never `all`: FreeSWITCH
 * then throws away the commands that it has not begun, without ever telling of their end.
 */
const BREAK_LIMIT_MS = 300;
const MAX_BREAKS = 10;

/** A playback or recording in progress. */
export class Sound {
  /** Rejects with HiloError `media-time-out` or the end of the leg. */
  readonly over: Promise<SoundEnd>;
  readonly #endpoint: MediaEndpoint;
  readonly #clock: Clock;
  /** `over` matters: a break sent to a silent leg would hit the next playback. */
  #state: { state: 'sounding' } | { state: 'stopping'; silent: Promise<void> } | { state: 'over' } = {
    state: 'sounding',
  };

  constructor(endpoint: MediaEndpoint, clock: Clock, application: string, argument: string, limitMs: number) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.over = endpoint.execute(application, argument, limitMs).then((event) => {
      const missing = event.getHeader('Application-Response') === 'FILE NOT FOUND';
      return { outcome: missing ? 'failed' : this.#state.state === 'sounding' ? 'finished' : 'stopped', event };
    });
    const ended = (): void => {
      this.#state = { state: 'over' };
    };
    this.over.then(ended, ended);
  }

  /** Resolves when it is silent, or the leg is gone. */
  stop(): Promise<void> {
    if (this.#state.state === 'over') return Promise.resolve();
    if (this.#state.state === 'sounding') this.#state = { state: 'stopping', silent: this.#break() };
    return this.#state.silent;
  }

  async #break(): Promise<void> {
    const silent = this.over.then(
      () => undefined,
      () => undefined,
    );
    for (let tries = 0; tries < MAX_BREAKS; tries++) {
      try {
        const asked = this.#endpoint.api('uuid_break', this.#endpoint.uuid);
        await withTimeOut(this.#clock, 'silence', BREAK_LIMIT_MS, Promise.race([silent, asked.then(() => silent)]));
        return;
      } catch (error) {
        if (this.#endpoint.ended.aborted) return;
        if (!(error instanceof TimedOut)) throw error;
      }
    }
    throw new HiloError('media-time-out', 'the media server does not stop playing');
  }
}

export class Mouth {
  readonly #endpoint: MediaEndpoint;
  readonly #clock: Clock;
  #sound: Sound | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(endpoint: MediaEndpoint, clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
  }

  /** Stops what is heard, then begins. `limitMs` is the longest it may take. */
  begin(application: string, argument: string, limitMs: number): Promise<Sound> {
    return this.#next(async () => {
      await this.#silence();
      this.#sound = new Sound(this.#endpoint, this.#clock, application, argument, limitMs);
      return this.#sound;
    });
  }

  stop(): Promise<void> {
    return this.#next(() => this.#silence());
  }

  async #silence(): Promise<void> {
    const sound = this.#sound;
    this.#sound = undefined;
    await sound?.stop();
  }

  #next<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(action);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
