// Talks whose node died under them: this node takes them over, ends them with the record, and frees their agents.
import type { CallEnd, InteractionEvent } from '../../core/interaction/event.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Agents } from '../floor/agents.js';
import type { LegEnd, SurvivingCall, TakenOver } from '../ports.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import { readTalkWords, type TalkWords } from './talk-words.js';

export interface TakenOverCallsPorts {
  readonly interactions: Interactions;
  readonly agents: Agents;
  readonly centre: () => Centre;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class TakenOverCalls {
  readonly #live = new Set<string>();

  constructor(private readonly ports: TakenOverCallsPorts) {}

  get live(): number {
    return this.#live.size;
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
    const { agents, node } = this.ports;
    const { segment, agent, entry } = words;
    this.#live.add(segment);
    thread.note({ type: 'call-taken-over', data: { segment, node } });
    if (agent !== undefined) await agents.apply(agent, { type: 'taken-over', entry, node });
    const over = (): void => this.#over(thread, words, taken.ended.reason as LegEnd);
    if (taken.ended.aborted) over();
    else taken.ended.addEventListener('abort', over, { once: true });
  }

  #over(thread: Thread, { segment, entry, agent, queue }: TalkWords, { by, reason }: LegEnd): void {
    const { agents, centre, clock } = this.ports;
    this.#live.delete(segment);
    const sinceMs = connectedAtMs(thread, segment) ?? clock.nowMs();
    const result: CallEnd['result'] = by === 'network' ? 'failed' : 'served';
    const talkedMs = Math.max(0, clock.nowMs() - sinceMs);
    thread.note({ type: 'call-ended', data: { segment, by, result, reason, talkedMs } });
    if (agent !== undefined) {
      const wrapUpMs = centre().queues.get(queue ?? '')?.wrapUpMs ?? 0;
      agents.callEnded(agent, entry, wrapUpMs, (tookMs) => {
        thread.note({ type: 'wrapped-up', data: { segment, entry, agent, wrapUpMs: tookMs } });
      });
    }
    if (result === 'served' && thread.state.state === 'idle') {
      thread.note({ type: 'interaction-closed', data: { reason: 'served' } });
    }
  }
}

function connectedAtMs({ events }: Thread, segment: string): number | undefined {
  const isIt = (event: InteractionEvent): boolean => event.type === 'connected' && event.data.segment === segment;
  return events.findLast(({ event }) => isIt(event))?.atMs;
}
