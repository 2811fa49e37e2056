// What the last customers of each queue went through: the material of estimated waits. Fed by the facts as they are told.
import type { AgentPresence } from '../../core/acd/agent.js';
import type { Entry } from '../../core/acd/entry.js';
import { joinQueue } from '../../core/acd/entry-transition.js';
import { positionOf } from '../../core/acd/position.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import { agentsAtWork } from '../../core/acd/wait/at-work.js';
import { type Estimate, estimateWait, SAMPLE_AGE_MS } from '../../core/acd/wait/estimate.js';
import { withSample } from '../../core/acd/wait/history.js';
import type { InteractionEvent, RecordedEvent } from '../../core/interaction/event.js';
import { type QueueSample, sampleOf } from '../../core/interaction/report/wait-samples.js';
import type { Centre } from '../../core/routing/centre.js';
import { namesOfQueue } from '../../core/routing/keys/former-names.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { LiveState } from '../floor/live-state.js';
import type { LiveStore, RecordStore } from '../ports.js';
import type { Interactions } from '../record/interactions.js';

/** Matters that are read at once to learn from; the newest ones. */
const READ_AT_ONCE = 200;
/** So often a node learns what the calls of the others teach. */
export const LEARN_EVERY_MS = 60_000;

export interface WaitHistoryPorts {
  readonly interactions: Pick<Interactions, 'onEvent'>;
  readonly store: Pick<RecordStore, 'find' | 'read'>;
  readonly live: LiveState;
  readonly liveStore: Pick<LiveStore, 'aliveNodes'>;
  /** This run of the process. */
  readonly node: string;
  readonly centre: () => Centre;
  readonly clock: Clock;
  readonly log: Log;
}

/** How somebody at that place stands. */
export interface Outlook {
  readonly position: number;
  readonly agentsAtWork: number;
  readonly estimate: Estimate | undefined;
}

export class WaitHistory {
  readonly #ports: WaitHistoryPorts;
  /** By queue, oldest first. */
  readonly #samples = new Map<string, readonly QueueSample[]>();

  /** Matters of the last look at the record: how far they were read. */
  #read = new Map<string, { readonly updatedAtMs: number; readonly version: number }>();
  #timer: Timer | undefined;
  #closed = false;

  constructor(ports: WaitHistoryPorts) {
    this.#ports = ports;
    ports.interactions.onEvent((thread, event) => this.#learn(thread.events, event, ports.clock.nowMs()));
  }

  /** Learns from the record what happened before this process began, and then what happens on other nodes. */
  async start(): Promise<void> {
    await this.#relearn();
    this.#later();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Of an entry that stands in its queue, or would: it need not be in the live state. */
  outlook(queue: QueueConfig, entry: Entry): Outlook | undefined {
    const { live, centre, clock } = this.#ports;
    const nowMs = clock.nowMs();
    const place = positionOf(entry, live.entries(), nowMs);
    if (place === undefined) return undefined;
    const { position } = place;
    const atWork = this.#atWork(queue, live.agents(), centre());
    // What was learnt of the queue when it had another name.
    const learnt = namesOfQueue(centre(), queue.name).flatMap((name) => this.#samples.get(name) ?? []);
    const samples = learnt.toSorted((a, b) => a.atMs - b.atMs);
    return {
      position,
      agentsAtWork: atWork,
      estimate: estimateWait({ position, agentsAtWork: atWork, samples, nowMs }),
    };
  }

  /** Of an ordinary caller who would join now. */
  newcomer(queue: QueueConfig): Outlook | undefined {
    const nowMs = this.#ports.clock.nowMs();
    const { name, priority } = queue;
    const place = { queue: name, priority, seniorityMs: nowMs, joinedAtMs: nowMs };
    return this.outlook(queue, joinQueue({ entry: '', interaction: '', kind: 'call', node: '', ...place }));
  }

  #atWork(queue: QueueConfig, agents: Iterable<AgentPresence>, centre: Centre): number {
    return agentsAtWork(queue, { agents, agentConfigs: centre.agents });
  }

  #later(): void {
    if (!this.#closed) this.#timer = this.#ports.clock.after(LEARN_EVERY_MS, () => void this.#fromOthers());
  }

  async #fromOthers(): Promise<void> {
    const { liveStore, log } = this.#ports;
    try {
      if ((await liveStore.aliveNodes()).length > 1) await this.#relearn();
    } catch (error) {
      log.info({ err: error }, 'what other nodes have learnt of waits is not known now');
    }
    this.#later();
  }

  /** What is new in the record. A record that is away teaches nothing. */
  async #relearn(): Promise<void> {
    const { store, clock, log } = this.#ports;
    try {
      const fromMs = clock.nowMs() - SAMPLE_AGE_MS;
      const { interactions } = await store.find({ fromMs, state: 'closed', limit: READ_AT_ONCE });
      for (const { id, updatedAtMs } of interactions.toReversed()) await this.#readOn(id, updatedAtMs);
      const ids = new Set(interactions.map(({ id }) => id));
      this.#read = new Map([...this.#read].filter(([id]) => ids.has(id)));
    } catch (error) {
      log.warn({ err: error }, 'the record teaches nothing of waits now');
    }
  }

  async #readOn(id: string, updatedAtMs: number): Promise<void> {
    const before = this.#read.get(id);
    if (before?.updatedAtMs === updatedAtMs) return;
    const events = await this.#ports.store.read(id);
    this.#read.set(id, { updatedAtMs, version: events.at(-1)?.version ?? 0 });
    // What this node tells it learns as it tells it.
    if (events.some(({ event }) => isCallOf(event, this.#ports.node))) return;
    for (const [index, { event, atMs, version }] of events.entries()) {
      if (version > (before?.version ?? 0)) this.#learn(events.slice(0, index), event, atMs);
    }
  }

  #learn(before: readonly RecordedEvent[], event: InteractionEvent, atMs: number): void {
    const sample = sampleOf(before, event, atMs);
    if (sample === undefined) return;
    this.#samples.set(sample.queue, withSample(this.#samples.get(sample.queue) ?? [], sample));
  }
}

function isCallOf(event: InteractionEvent, node: string): boolean {
  const isCall = event.type === 'call-arrived' || event.type === 'call-dialled' || event.type === 'call-taken-over';
  return isCall && event.data.node === node;
}
