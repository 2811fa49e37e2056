// Talks whose node died under them: this node takes them over, ends them with the record, and frees their agents.
import { isPromised } from '../../core/interaction/callback.js';
import type { CallEnd, InteractionEvent } from '../../core/interaction/event.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Agents } from '../floor/agents.js';
import type { OwnCalls } from '../floor/own-calls.js';
import type { WrapUps } from '../floor/wrap-ups.js';
import type { Recovery } from '../message/recovery.js';
import type { LegEnd } from '../ports.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { SurvivingCall, TakenOver } from './surviving.js';
import { readTalkWords, type TalkWords } from './talk-words.js';

export interface TakenOverCallsPorts {
  readonly interactions: Interactions;
  readonly agents: Agents;
  readonly wrapUps: WrapUps;
  readonly ownCalls: Pick<OwnCalls, 'began'>;
  readonly recovery: Pick<Recovery, 'callLost'>;
  readonly centre: () => Centre;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class TakenOverCalls {
  /** Segments, and the agents who talk in them. */
  readonly #live = new Map<string, string | undefined>();

  constructor(private readonly ports: TakenOverCallsPorts) {}

  get live(): number {
    return this.#live.size;
  }

  has(segment: string): boolean {
    return this.#live.has(segment);
  }

  /** Whether that agent is in one of them. */
  occupies(agent: string): boolean {
    return [...this.#live.values()].includes(agent);
  }

  /**
   * Whose talk goes on, by segment. False: it does not, or nobody may take it over; it is ended then.
   * `lost` is the node that held it.
   */
  async take(call: SurvivingCall, lost: string): Promise<string | undefined> {
    const words = readTalkWords(call.words);
    const { interactions, log } = this.ports;
    if (words === undefined) {
      await call.end();
      return undefined;
    }
    const thread = await interactions.resume(words.interaction);
    const goesOn = thread.state.segments.some(
      (segment) => segment.id === words.segment && segment.kind === 'call' && segment.state !== 'ended',
    );
    const taken = goesOn ? await call.takeOver?.() : undefined;
    if (taken === undefined) {
      await call.end();
      return undefined;
    }
    log.warn({ interaction: thread.id, lost }, 'a talk has outlived its node: it goes on here');
    await this.#keep(thread, words, taken);
    return words.segment;
  }

  async #keep(thread: Thread, words: TalkWords, taken: TakenOver): Promise<void> {
    const { segment, agent } = words;
    this.#live.set(segment, agent);
    thread.note({ type: 'call-taken-over', data: { segment, node: this.ports.node } });
    noteReached(thread, segment);
    const free = await Promise.all([this.#occupyAgent(thread, words), this.#occupyCaller(words)]);
    const over = (): void => {
      this.#over(thread, words, taken.ended.reason as LegEnd);
      for (const freed of free) freed();
    };
    if (taken.ended.aborted) over();
    else taken.ended.addEventListener('abort', over, { once: true });
  }

  /** Nobody is offered a call beside the one that goes on; what is returned ends that. */
  async #occupyAgent(thread: Thread, { agent, ...words }: TalkWords): Promise<() => void> {
    if (agent === undefined) return nothing;
    const { wrapUps, ownCalls } = this.ports;
    const { segment, entry, queue, interaction } = words;
    // Unknown, or in another call, by the live state: they talk all the same.
    if (!(await this.#keepsBusy(agent, entry))) return ownCalls.began(agent, { segment: entry, interaction });
    return () => {
      wrapUps.callEnded({ thread, segment }, { agent, entry, queue, servedCustomer: true });
    };
  }

  /** The customer is an agent, who called from a device of their own. */
  async #occupyCaller({ fromAgent, segment, interaction }: TalkWords): Promise<() => void> {
    if (fromAgent === undefined) return nothing;
    await this.#keepsBusy(fromAgent, segment);
    return this.ports.ownCalls.began(fromAgent, { segment, interaction });
  }

  /** Whether the live state knows the agent's call, which is this node's from now on. */
  async #keepsBusy(agent: string, entry: string): Promise<boolean> {
    const { agents, node, log } = this.ports;
    try {
      return (await agents.apply(agent, { type: 'taken-over', entry, node })).ok;
    } catch (error) {
      log.warn({ err: error, agent }, 'the live state is not told of a talk that was taken over');
      return false;
    }
  }

  #over(thread: Thread, { segment, queue }: TalkWords, { by, reason }: LegEnd): void {
    const { clock, recovery } = this.ports;
    this.#live.delete(segment);
    const sinceMs = connectedAtMs(thread, segment) ?? clock.nowMs();
    const result: CallEnd['result'] = by === 'network' ? 'failed' : 'served';
    const talkedMs = Math.max(0, clock.nowMs() - sinceMs);
    thread.note({ type: 'call-ended', data: { segment, by, result, reason, talkedMs } });
    if (result === 'failed') recovery.callLost(thread, segment, queue);
    else if (thread.state.state === 'idle') {
      thread.note({ type: 'interaction-closed', data: { reason: 'served' } });
    }
  }
}

/** A call-back that goes on has brought them together, also when its own node could not say so any more. */
function noteReached(thread: Thread, segment: string): void {
  const { callback, segments } = thread.state;
  const isItsCall = segments.some((one) => one.id === segment && one.kind === 'call' && one.callback === callback?.id);
  if (!isPromised(callback) || !isItsCall) return;
  const data = { callback: callback.id, result: 'connected', reason: 'talked' } as const;
  thread.note({ type: 'callback-ended', data });
}

function nothing(): void {
  return;
}

function connectedAtMs({ events }: Thread, segment: string): number | undefined {
  const isIt = (event: InteractionEvent): boolean => event.type === 'connected' && event.data.segment === segment;
  return events.findLast(({ event }) => isIt(event))?.atMs;
}
