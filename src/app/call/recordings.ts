// The recordings of the talks at this node: begun, paused while something is said that nobody may keep, and ended.
import { join } from 'node:path';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import { Turns } from '../talk/turns.js';
import { type Call, isLegEnded } from './call.js';

export type RecordingState = 'off' | 'on' | 'paused';

type RecordedCall = Pick<Call, 'thread' | 'segment' | 'leg'>;

interface Running {
  readonly call: RecordedCall;
  readonly id: string;
  readonly turns: Turns;
  state: 'on' | 'paused';
}

export interface RecordingsPorts {
  readonly ids: Ids;
  readonly log: Log;
  readonly recordingsFolder: string;
}

export class Recordings {
  /** By interaction: at most one call of it talks. */
  readonly #running = new Map<string, Running>();
  readonly #listeners = new Set<(interaction: string) => void>();

  constructor(private readonly ports: RecordingsPorts) {}

  /** Calls `listener` with the interaction whose recording begins, pauses, goes on or ends; returns how to stop that. */
  onChange(listener: (interaction: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  stateOf(interaction: string): RecordingState {
    return this.#running.get(interaction)?.state ?? 'off';
  }

  /** A recording that cannot be made costs nobody the conversation; the record then says nothing of one. */
  async begin(call: RecordedCall): Promise<void> {
    const { ids, log, recordingsFolder } = this.ports;
    const id = ids.uuid();
    const path = join(recordingsFolder, `${id}.wav`);
    try {
      await call.leg.recordCall(path);
      call.thread.note({ type: 'recording-started', data: { segment: call.segment, recording: id, path } });
      this.#running.set(call.thread.id, { call, id, turns: new Turns(), state: 'on' });
      this.#tell(call.thread.id);
    } catch (error) {
      log.error({ err: error, path }, 'recording could not be started');
    }
  }

  /**
   * There is silence in it until it is resumed; nothing happens when it is so already. Rejects with HiloError `not-found`
   * (nothing is recorded), or like the methods of a leg: then it is as it was.
   */
  async pause(interaction: string, by: string, paused: boolean): Promise<void> {
    const running = this.#running.get(interaction);
    if (running === undefined) throw new HiloError('not-found', 'nothing is recorded in this interaction now');
    const { call, id, turns } = running;
    await turns.do(async () => {
      const next = paused ? 'paused' : 'on';
      if (running.state === next) return;
      await call.leg.maskRecording(paused);
      running.state = next;
      const type = paused ? 'recording-paused' : 'recording-resumed';
      call.thread.note({ type, data: { segment: call.segment, recording: id, by } });
      this.#tell(interaction);
    });
  }

  /** What follows is no conversation: a survey, a menu, another queue with a recording of its own. */
  async end({ leg, thread }: RecordedCall): Promise<void> {
    if (this.#running.get(thread.id)?.call.leg === leg) {
      this.#running.delete(thread.id);
      this.#tell(thread.id);
    }
    if (leg.ended.aborted) return;
    try {
      await leg.stopRecording();
    } catch (error) {
      if (!isLegEnded(error)) this.ports.log.error({ err: error, interaction: thread.id }, 'recording goes on');
    }
  }

  #tell(interaction: string): void {
    for (const listener of this.#listeners) listener(interaction);
  }
}
