// Two people talk: until one hangs up, with the recording if wanted.
import { join } from 'node:path';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Leg, LegEnd } from '../ports.js';
import { noteQuality } from '../record/leg-quality.js';
import type { Monitoring } from '../supervision/monitoring.js';
import type { Writing } from '../writing/writing.js';
import type { Call } from './call.js';

export interface ConversingPorts {
  readonly monitoring: Monitoring;
  readonly writing: Writing;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly recordingsFolder: string;
}

export class Conversing {
  constructor(private readonly ports: ConversingPorts) {}

  /**
   * Settles when the two legs, already bridged, no longer talk. The other side's leg is then hung up; the customer's
   * leg is left to the story when it was the other side that left. Returns how the talk ended.
   */
  async talk(call: Call, other: Leg, options: { readonly record: boolean }): Promise<LegEnd> {
    const startedAtMs = this.ports.clock.nowMs();
    call.phase = { phase: 'talking', sinceMs: startedAtMs };
    noteQuality(call, 'other-side', other);
    this.ports.writing.follow(call, other, 'agent');
    if (options.record) await this.#record(call);
    const over = this.ports.monitoring.began(call, other);
    const end = await firstEnd(call.leg, other);
    over();
    call.talkedMs += this.ports.clock.nowMs() - startedAtMs;
    const { by } = end.end;
    // Cut off by a fault is not served, however long they talked.
    call.phase = { phase: 'done', result: by === 'network' ? 'failed' : 'served', talkEnd: end.end };
    if (end.leg === call.leg) await other.hangUp({ by: end.end.by, reason: 'other-side-hung-up' });
    return end.end;
  }

  /** A recording that cannot be made costs nobody the conversation; the record then says nothing of one. */
  async #record(call: Call): Promise<void> {
    const recording = this.ports.ids.uuid();
    const path = join(this.ports.recordingsFolder, `${recording}.wav`);
    try {
      await call.leg.recordCall(path);
      call.thread.note({ type: 'recording-started', data: { segment: call.segment, recording, path } });
    } catch (error) {
      this.ports.log.error({ err: error, path }, 'recording could not be started');
    }
  }
}

function firstEnd(a: Leg, b: Leg): Promise<{ readonly leg: Leg; readonly end: LegEnd }> {
  return new Promise((resolve) => {
    const watch = (leg: Leg): void => {
      const over = (): void => {
        a.ended.removeEventListener('abort', over);
        b.ended.removeEventListener('abort', over);
        resolve({ leg, end: leg.ended.reason as LegEnd });
      };
      if (leg.ended.aborted) over();
      else leg.ended.addEventListener('abort', over, { once: true });
    };
    watch(a);
    watch(b);
  });
}
