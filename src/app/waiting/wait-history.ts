// What the last customers of each queue went through: the material of estimated waits. Fed by the facts as they are told.
import type { AgentPresence } from '../../core/acd/agent.js';
import type { Entry } from '../../core/acd/entry.js';
import { joinQueue } from '../../core/acd/entry-transition.js';
import { positionOf } from '../../core/acd/position.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import { agentsAtWork } from '../../core/acd/wait/at-work.js';
import { type Estimate, estimateWait, MOST_SAMPLES, SAMPLE_AGE_MS } from '../../core/acd/wait/estimate.js';
import type { InteractionEvent, RecordedEvent } from '../../core/interaction/event.js';
import { type QueueSample, sampleOf } from '../../core/interaction/report/wait-samples.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { LiveState } from '../floor/live-state.js';
import type { RecordStore } from '../ports.js';
import type { Interactions } from '../record/interactions.js';

/** Matters that are read at the start to learn from; the newest ones. */
const READ_AT_START = 200;
const KEPT_MAX = 2 * MOST_SAMPLES;

export interface WaitHistoryPorts {
  readonly interactions: Pick<Interactions, 'onEvent'>;
  readonly store: Pick<RecordStore, 'find' | 'read'>;
  readonly live: LiveState;
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
  readonly #samples = new Map<string, QueueSample[]>();

  constructor(ports: WaitHistoryPorts) {
    this.#ports = ports;
    ports.interactions.onEvent((thread, event) => this.#learn(thread.events, event, ports.clock.nowMs()));
  }

  /** Learns from the record what happened before this process began. A record that is away teaches nothing. */
  async start(): Promise<void> {
    const { store, clock, log } = this.#ports;
    try {
      const fromMs = clock.nowMs() - SAMPLE_AGE_MS;
      const { interactions } = await store.find({ fromMs, limit: READ_AT_START });
      for (const { id } of interactions.toReversed()) this.#relearn(await store.read(id));
    } catch (error) {
      log.warn({ err: error }, 'estimated waits begin without a past');
    }
  }

  /** Of an entry that stands in its queue, or would: it need not be in the live state. */
  outlook(queue: QueueConfig, entry: Entry): Outlook | undefined {
    const { live, centre, clock } = this.#ports;
    const nowMs = clock.nowMs();
    const place = positionOf(entry, live.entries(), nowMs);
    if (place === undefined) return undefined;
    const { position } = place;
    const atWork = this.#atWork(queue, live.agents(), centre());
    const samples = this.#samples.get(queue.name) ?? [];
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

  #relearn(events: readonly RecordedEvent[]): void {
    for (const [index, { event, atMs }] of events.entries()) this.#learn(events.slice(0, index), event, atMs);
  }

  #learn(before: readonly RecordedEvent[], event: InteractionEvent, atMs: number): void {
    const sample = sampleOf(before, event, atMs);
    if (sample === undefined) return;
    const samples = this.#samples.get(sample.queue) ?? [];
    this.#samples.set(sample.queue, samples);
    const talk = samples.findLast(({ entry, kind }) => entry === sample.entry && kind === 'handled');
    // The wrap-up belongs to the same call.
    if (sample.kind === 'handled' && talk !== undefined) samples.splice(samples.indexOf(talk), 1);
    samples.push(talk === undefined || sample.kind !== 'handled' ? sample : { ...sample, ms: sample.ms + talk.ms });
    if (samples.length > KEPT_MAX) samples.splice(0, samples.length - KEPT_MAX);
  }
}
