// The log of a simulated day: what the record store would hold.
import type { Entry } from '../../src/core/acd/entry.js';
import type { InteractionEvent, RecordedEvent } from '../../src/core/interaction/event.js';
import { evolve, type Interaction, initial } from '../../src/core/interaction/interaction.js';
import { referenceFrom } from '../../src/core/interaction/reference.js';
import type { RecoveryPolicy } from '../../src/core/routing/centre.js';
import type { Clockwork } from './clockwork.js';

export const POLICY: RecoveryPolicy = {
  shortAbandonMs: 5_000,
  channel: 'sms',
  coolDownMs: 15 * 60_000,
  consent: 'implied',
  attemptDelaysMs: [0, 60_000, 300_000],
  offerValidMs: 3_600_000,
  text: 'callback-offer',
};

export class Thread {
  readonly events: RecordedEvent[] = [];
  state: Interaction = initial;

  constructor(
    readonly id: string,
    private readonly clock: Clockwork,
  ) {}

  tell(...events: readonly InteractionEvent[]): void {
    for (const event of events) {
      const version = this.events.length + 1;
      const recorded = { interaction: this.id, version, atMs: this.clock.nowMs, event };
      this.events.push(recorded);
      this.state = evolve(this.state, recorded);
    }
  }
}

export class Records {
  readonly threads = new Map<string, Thread>();

  constructor(private readonly clock: Clockwork) {}

  open(number: string): Thread {
    const thread = new Thread(this.clock.id('i'), this.clock);
    this.threads.set(thread.id, thread);
    const bytes = Uint8Array.from({ length: 8 }, () => this.clock.between(0, 255));
    const address = { channel: 'voice', value: number } as const;
    thread.tell({ type: 'interaction-opened', data: { reference: referenceFrom(bytes), contact: number, address } });
    return thread;
  }

  thread(id: string): Thread {
    const thread = this.threads.get(id);
    if (thread === undefined) throw new Error(`no interaction ${id}`);
    return thread;
  }

  openOf(number: string): Interaction[] {
    return this.states().filter(({ contact, state }) => contact === number && state !== 'closed');
  }

  states(): Interaction[] {
    return [...this.threads.values()].map(({ state }) => state);
  }

  events(): RecordedEvent[] {
    return [...this.threads.values()].flatMap(({ events }) => events);
  }

  ofEntry(entry: Entry, event: InteractionEvent): void {
    this.thread(entry.interaction).tell(event);
  }

  wrappedUp(agent: string, entry: string, wrapUpMs: number): void {
    for (const thread of this.threads.values()) {
      const wait = thread.state.waits.find((one) => one.entry === entry);
      if (wait === undefined) continue;
      thread.tell({ type: 'wrapped-up', data: { segment: wait.segment, entry, agent, wrapUpMs } });
    }
  }
}
