// The log of a simulated day: what the record store would hold, folded as it grows.
import type { InteractionEvent, RecordedEvent } from '../../../core/interaction/event.js';
import { evolve, type Interaction, initial } from '../../../core/interaction/interaction.js';
import type { Clockwork } from './clockwork.js';

/** Told of each event, with those of the same interaction before it. */
type Learn = (before: readonly RecordedEvent[], recorded: RecordedEvent) => void;

export class SimulatedThread {
  readonly events: RecordedEvent[] = [];
  state: Interaction = initial;

  constructor(
    readonly id: string,
    private readonly clock: Clockwork,
    private readonly learn: Learn,
  ) {}

  tell(...events: readonly InteractionEvent[]): void {
    for (const event of events) {
      const version = this.events.length + 1;
      const recorded = { interaction: this.id, version, atMs: this.clock.nowMs, event };
      this.learn(this.events, recorded);
      this.events.push(recorded);
      this.state = evolve(this.state, recorded);
    }
  }
}

export class Records {
  readonly #threads = new Map<string, SimulatedThread>();
  readonly #byNumber = new Map<string, SimulatedThread[]>();

  constructor(
    private readonly clock: Clockwork,
    private readonly learn: Learn,
  ) {}

  open(number: string): SimulatedThread {
    const id = `i${this.#threads.size + 1}`;
    const thread = new SimulatedThread(id, this.clock, this.learn);
    this.#threads.set(id, thread);
    const others = this.#byNumber.get(number);
    if (others === undefined) this.#byNumber.set(number, [thread]);
    else others.push(thread);
    const address = { channel: 'voice', value: number } as const;
    thread.tell({ type: 'interaction-opened', data: { reference: id, contact: number, address } });
    return thread;
  }

  /** Throws for an interaction that was never opened. */
  thread(id: string): SimulatedThread {
    const thread = this.#threads.get(id);
    if (thread === undefined) throw new Error(`no interaction ${id}`);
    return thread;
  }

  openOf(number: string): Interaction[] {
    const threads = this.#byNumber.get(number) ?? [];
    return threads.flatMap(({ state }) => (state.state === 'closed' ? [] : [state]));
  }

  all(): Iterable<SimulatedThread> {
    return this.#threads.values();
  }
}
