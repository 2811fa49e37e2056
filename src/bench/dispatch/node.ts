// One application node of a dispatch run, a process of its own: the real floor on a real Redis, callers and agents made up.
import { Eventually } from '../../app/eventually.js';
import { Dispatcher } from '../../app/floor/dispatcher.js';
import { LiveState } from '../../app/floor/live-state.js';
import { Queueing, type Waiting } from '../../app/floor/queueing.js';
import type { RecordStore } from '../../app/ports.js';
import { Thread } from '../../app/record/thread.js';
import { agentTransition, newAgent } from '../../core/acd/agent-transition.js';
import type { Offer } from '../../core/acd/entry.js';
import { systemClock as clock } from '../../lib/clock.js';
import { systemIds as ids } from '../../lib/ids.js';
import { silentLog as log } from '../../lib/log.js';
import { openLiveStore } from '../../store/redis/live-store.js';
import { benchCentre, QUEUE } from './centre.js';
import type { NodePlan, NodeReport, Order, Word } from './message.js';

const WRAP_UP_MS = 0;

async function main(plan: NodePlan): Promise<void> {
  const store = await openLiveStore({ url: plan.redisUrl, clock, log });
  const eventually = new Eventually(clock, log);
  const live = new LiveState(store, eventually);
  const centre = benchCentre(plan.agents);
  const base = { live, centre: () => centre, node: plan.node, clock, ids, log, eventually };
  const dispatcher = new Dispatcher({ ...base, store });
  dispatcher.onWork({
    leads: () => say({ type: 'leads', atMs: clock.nowMs() }),
    offered: () => undefined,
    expired: () => undefined,
  });
  const callers = new Callers(live, new Queueing({ ...base, lastAgents: { of: async () => undefined } }), plan.node);
  await live.refresh();
  if (plan.fills) await fill(live, plan.agents);
  await dispatcher.start();
  process.on('message', (order: Order) => {
    if (order.type === 'begin') callers.begin(order);
    else void callers.report().then((report) => say({ type: 'report', report }));
  });
  say({ type: 'ready' });
}

function say(word: Word): void {
  process.send?.(word);
}

async function fill(live: LiveState, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const id = `agent${n}`;
    const fresh = newAgent(id, clock.nowMs());
    const free = agentTransition(
      fresh,
      { type: 'device-registered', first: true, availableOnRegister: true },
      clock.nowMs(),
    );
    if (free.ok) await live.change(() => [{ kind: 'agent', id, value: free.next }]);
  }
}

/** Callers of this node: each waits, is offered, accepts for the agent, talks for a while and hangs up. */
class Callers {
  readonly #joined = new Map<string, number>();
  readonly #accepted = new Map<string, number>();
  readonly #offers = new Map<string, number>();
  readonly #acceptMs: number[] = [];
  readonly #offerMs: number[] = [];
  readonly #offersAtMs: number[] = [];
  readonly #records = { append: async () => undefined } as Partial<RecordStore> as RecordStore;

  constructor(
    private readonly live: LiveState,
    private readonly queueing: Queueing,
    private readonly node: string,
  ) {}

  begin({ perSecond, seconds, holdMs }: Order & { type: 'begin' }): void {
    const all = perSecond * seconds;
    const fromMs = clock.monotonicMs();
    let made = 0;
    const tick = (): void => {
      const due = Math.min(all, Math.floor(((clock.monotonicMs() - fromMs) / 1000) * perSecond));
      for (; made < due; made += 1) void this.#call(holdMs);
      if (made < all) clock.after(5, tick);
    };
    tick();
  }

  async report(): Promise<NodeReport> {
    const twice = (counts: Map<string, number>): number => [...counts.values()].filter((count) => count > 1).length;
    return {
      ...{ node: this.node, joined: this.#joined.size, accepted: this.#accepted.size },
      ...{ acceptedTwice: twice(this.#accepted), offered: this.#offers.size, offeredTwice: twice(this.#offers) },
      left: this.#joined.size - this.#accepted.size,
      ...{ acceptMs: this.#acceptMs, offerMs: this.#offerMs, offersAtMs: this.#offersAtMs },
    };
  }

  async #call(holdMs: number): Promise<void> {
    const thread = new Thread(ids.uuid(), {
      ...{ store: this.#records, clock, log, spooling: () => false },
      keep: async () => undefined,
      told: () => undefined,
    });
    const nowMs = clock.nowMs();
    const place = { kind: 'call', queue: QUEUE, priority: 5, seniorityMs: nowMs } as const;
    let waiting: Waiting;
    try {
      waiting = await this.queueing.join(thread, thread.id, place);
    } catch (error) {
      // Turned away, not lost: a machine that is busy with other things may keep Redis from answering in time.
      log.warn({ err: error }, 'no place for this caller');
      return;
    }
    this.#joined.set(waiting.entry, clock.monotonicMs());
    this.#wait(waiting, holdMs);
  }

  #wait(waiting: Waiting, holdMs: number): void {
    waiting.onOffer((offer) => {
      count(this.#offers, offer.id);
      this.#offersAtMs.push(offer.madeAtMs);
      this.#offerMs.push(clock.monotonicMs() - (this.#joined.get(waiting.entry) ?? 0));
      void this.#answer(waiting, offer, holdMs);
    });
  }

  async #answer(waiting: Waiting, offer: Offer, holdMs: number): Promise<void> {
    const fromMs = clock.monotonicMs();
    const accepted = await waiting.accept(offer).catch(() => false);
    if (!accepted) {
      this.#wait(waiting, holdMs);
      return;
    }
    this.#acceptMs.push(clock.monotonicMs() - fromMs);
    count(this.#accepted, waiting.entry);
    waiting.leave('connected');
    clock.after(holdMs, () => void this.#hangUp(offer.agent, waiting.entry));
  }

  async #hangUp(agent: string, entry: string): Promise<void> {
    const { live } = this;
    await live
      .change(() => {
        const busy = live.agent(agent);
        const over = busy && agentTransition(busy, { type: 'call-ended', entry, wrapUpMs: WRAP_UP_MS }, clock.nowMs());
        return over?.ok ? [{ kind: 'agent', id: agent, value: over.next }] : undefined;
      })
      .catch((error: unknown) => log.warn({ err: error, agent }, 'agent not freed'));
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

await main(JSON.parse(process.argv[2] ?? '{}') as NodePlan);
