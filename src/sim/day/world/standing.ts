// How a simulated caller stands before and while waiting: diverted, kept for an agent, older with time; as the centre has it.
import type { Entry } from '../../../core/acd/entry.js';
import { joinQueue } from '../../../core/acd/entry-transition.js';
import { isSomebodyFree } from '../../../core/acd/join.js';
import { positionOf } from '../../../core/acd/position.js';
import type { QueueConfig } from '../../../core/acd/queue.js';
import { agentsAtWork } from '../../../core/acd/wait/at-work.js';
import { type Diversion, diversion } from '../../../core/acd/wait/divert.js';
import { estimateWait, MOST_SAMPLES } from '../../../core/acd/wait/estimate.js';
import type { InteractionEvent, RecordedEvent } from '../../../core/interaction/event.js';
import { type QueueSample, sampleOf } from '../../../core/interaction/report/wait-samples.js';
import type { Clockwork } from './clockwork.js';
import type { SimulatedFloor } from './floor.js';

const KEPT_MAX = 2 * MOST_SAMPLES;

export class Standing {
  /** What the last customers of each queue went through; only of queues that divert by it. */
  readonly #samples = new Map<string, QueueSample[]>();
  /** Who talked with a customer last, by interaction. */
  readonly #lastAgents = new Map<string, string>();

  constructor(
    private readonly clock: Clockwork,
    private readonly floor: SimulatedFloor,
  ) {}

  /** Where a caller goes instead of waiting; undefined: there is a place, or somebody is free. */
  elsewhere(queue: QueueConfig, place: Pick<Entry, 'priority' | 'seniorityMs'>): Diversion | undefined {
    if (queue.divert === undefined) return undefined;
    const { agents, agentConfigs, entries } = this.floor;
    const { nowMs } = this.clock;
    if (isSomebodyFree(queue, agents.values(), agentConfigs, nowMs)) return undefined;
    const entry = joinQueue({
      ...{ entry: '', interaction: '', kind: 'call', node: '', queue: queue.name, joinedAtMs: nowMs },
      ...place,
    });
    const position = positionOf(entry, entries.values(), nowMs)?.position ?? 1;
    const atWork = agentsAtWork(queue, { agents: agents.values(), agentConfigs });
    const samples = this.#samples.get(queue.name) ?? [];
    const estimate = estimateWait({ position, agentsAtWork: atWork, samples, nowMs });
    return diversion({ queue, position, agentsAtWork: atWork, estimate });
  }

  /** What an entry of this queue has besides its place. */
  of(queue: QueueConfig, interaction: string): Pick<Entry, 'ageingMs' | 'preferred'> {
    const { ageingMs, stickyMs } = queue;
    const agent = stickyMs === undefined ? undefined : this.#lastAgents.get(interaction);
    return {
      ...(ageingMs === undefined ? {} : { ageingMs }),
      ...(agent === undefined || stickyMs === undefined
        ? {}
        : { preferred: { agent, untilMs: this.clock.nowMs + stickyMs } }),
    };
  }

  /** `before`: what was told of the interaction until then. */
  learn(before: readonly RecordedEvent[], recorded: RecordedEvent, diverts: (queue: string) => boolean): void {
    const { event, interaction, atMs } = recorded;
    if (event.type === 'connected') this.#lastAgents.set(interaction, event.data.agent);
    if (!teaches(event)) return;
    const sample = sampleOf(before, event, atMs);
    if (sample === undefined || !diverts(sample.queue)) return;
    const samples = this.#samples.get(sample.queue) ?? [];
    this.#samples.set(sample.queue, samples);
    const talk = samples.findLast(({ entry, kind }) => entry === sample.entry && kind === 'handled');
    // The wrap-up belongs to the same call.
    if (sample.kind === 'handled' && talk !== undefined) samples.splice(samples.indexOf(talk), 1);
    samples.push(talk === undefined || sample.kind !== 'handled' ? sample : { ...sample, ms: sample.ms + talk.ms });
    if (samples.length > KEPT_MAX) samples.splice(0, samples.length - KEPT_MAX);
  }
}

function teaches({ type }: InteractionEvent): boolean {
  return type === 'connected' || type === 'call-ended' || type === 'wrapped-up';
}
