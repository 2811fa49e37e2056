// How a simulated caller stands before and while waiting: diverted, kept for an agent, older with time; as the centre has it.
import type { Entry } from '../../../core/acd/entry.js';
import { joinQueue } from '../../../core/acd/entry-transition.js';
import { crowdOf, isSomebodyFree } from '../../../core/acd/join.js';
import { positionOf } from '../../../core/acd/position.js';
import type { QueueConfig } from '../../../core/acd/queue.js';
import { agentsAtWork } from '../../../core/acd/wait/at-work.js';
import { type Estimate, estimateWait } from '../../../core/acd/wait/estimate.js';
import { withSample } from '../../../core/acd/wait/history.js';
import type { JoinGiven } from '../../../core/interaction/decision/given.js';
import type { InteractionEvent, RecordedEvent } from '../../../core/interaction/event.js';
import { type QueueSample, sampleOf } from '../../../core/interaction/report/wait-samples.js';
import type { Clockwork } from './clockwork.js';
import type { SimulatedFloor } from './floor.js';

/** How somebody stands in a queue. */
interface Outlook {
  readonly position: number;
  readonly agentsAtWork: number;
  readonly estimate: Estimate | undefined;
}

export class Standing {
  /** What the last customers of each queue went through; only of queues that divert by it. */
  readonly #samples = new Map<string, readonly QueueSample[]>();
  /** Who talked with a customer last, by interaction. */
  readonly #lastAgents = new Map<string, string>();

  constructor(
    private readonly clock: Clockwork,
    private readonly floor: SimulatedFloor,
  ) {}

  /** What it depends on whether a caller joins the queue. */
  given(queue: QueueConfig, place: Pick<Entry, 'priority' | 'seniorityMs'>, centre: string): JoinGiven {
    const { agents, entries, agentConfigs } = this.floor;
    const given = { centre, ...crowdOf({ queue, entries: entries.values(), agents: agents.values(), agentConfigs }) };
    if (queue.divert === undefined || this.#isSomebodyFree(queue)) return given;
    const { nowMs } = this.clock;
    const entry = joinQueue({
      ...{ entry: '', interaction: '', kind: 'call', node: '', queue: queue.name, joinedAtMs: nowMs },
      ...place,
    });
    const outlook = this.#outlook(queue, entry);
    if (outlook === undefined) return given;
    const { position, agentsAtWork, estimate } = outlook;
    const known = estimate === undefined ? {} : { waitMs: estimate.waitMs };
    return { ...given, outlook: { position, agents: agentsAtWork, ...known } };
  }

  /** What the server notes of somebody who has just joined; the next estimates learn from it. Only where they divert anybody. */
  estimated(queue: QueueConfig, entry: Entry): InteractionEvent | undefined {
    const outlook = queue.divert === undefined ? undefined : this.#outlook(queue, entry);
    if (outlook === undefined || (outlook.position === 1 && this.#isSomebodyFree(queue))) return undefined;
    const { position, agentsAtWork: agents, estimate } = outlook;
    const data = { entry: entry.entry, queue: queue.name, position, agents, samples: estimate?.samples ?? 0 };
    return {
      type: 'wait-estimated',
      data: estimate === undefined ? data : { ...data, waitMs: estimate.waitMs, given: estimate.given },
    };
  }

  #isSomebodyFree(queue: QueueConfig): boolean {
    const { agents, agentConfigs } = this.floor;
    return isSomebodyFree(queue, agents.values(), agentConfigs, this.clock.nowMs);
  }

  #outlook(queue: QueueConfig, entry: Entry): Outlook | undefined {
    const { agents, agentConfigs, entries } = this.floor;
    const { nowMs } = this.clock;
    const place = positionOf(entry, entries.values(), nowMs);
    if (place === undefined) return undefined;
    const { position } = place;
    const atWork = agentsAtWork(queue, { agents: agents.values(), agentConfigs });
    const samples = this.#samples.get(queue.name) ?? [];
    return {
      position,
      agentsAtWork: atWork,
      estimate: estimateWait({ position, agentsAtWork: atWork, samples, nowMs }),
    };
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
    this.#samples.set(sample.queue, withSample(this.#samples.get(sample.queue) ?? [], sample));
  }
}

function teaches({ type }: InteractionEvent): boolean {
  return type === 'connected' || type === 'call-ended' || type === 'wrapped-up';
}
