// A customer talks with us: until nobody does any more, with the recording if wanted.
import type { Clock } from '../../lib/clock.js';
import type { LegEnd } from '../ports.js';
import { noteQuality } from '../record/leg-quality.js';
import type { Monitoring } from '../supervision/monitoring.js';
import type { TalkSide } from '../talk/side.js';
import type { Talks } from '../talk/talks.js';
import type { Writing } from '../writing/writing.js';
import type { Call } from './call.js';
import type { Recordings } from './recordings.js';

const MUSIC = 'moh';

export interface ConversingPorts {
  readonly monitoring: Monitoring;
  readonly writing: Writing;
  readonly talks: Talks;
  readonly recordings: Recordings;
  readonly clock: Clock;
}

export interface ConversingOptions {
  readonly record: boolean;
  /** While the customer is on hold. */
  readonly music?: string;
}

export class Conversing {
  constructor(private readonly ports: ConversingPorts) {}

  /**
   * Settles when the customer, bridged with `first`, no longer talks with anybody of ours; whoever is left of ours is
   * then hung up and released. The customer's leg is left to the story when it is still up: where {@link Call.sentOn} says
   * so it is to go on elsewhere. Returns how the talk ended.
   */
  async talk(call: Call, first: TalkSide, options: ConversingOptions): Promise<LegEnd> {
    const startedAtMs = this.ports.clock.nowMs();
    call.phase = { phase: 'talking', sinceMs: startedAtMs };
    if (options.record) await this.ports.recordings.begin(call);
    let monitored = (): void => undefined;
    const onMain = ({ leg }: TalkSide): void => {
      monitored();
      monitored = this.ports.monitoring.began(call, leg);
      this.ports.writing.follow(call, leg, 'agent');
    };
    noteQuality(call, 'other-side', first.leg);
    const over = await this.ports.talks.talk(call, first, { onMain, music: options.music ?? MUSIC });
    monitored();
    if (options.record) await this.ports.recordings.end(call);
    call.talkedMs += this.ports.clock.nowMs() - startedAtMs;
    if (over.kind === 'sent-on') {
      call.sentOn = over;
      call.phase = { phase: 'forwarding' };
      return { by: 'agent', reason: 'transferred' };
    }
    const { by } = over.end;
    // Cut off by a fault is not served, however long they talked.
    call.phase = { phase: 'done', result: by === 'network' ? 'failed' : 'served', talkEnd: over.end };
    return over.end;
  }
}
