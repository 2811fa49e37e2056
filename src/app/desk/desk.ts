// What agents do besides talking: breaks with a reason, the wrap-up, saying what a call was about, notes.
import type { AgentPresence, ResumeState } from '../../core/acd/agent.js';
import { UNANSWERED } from '../../core/acd/back-off.js';
import type { Centre } from '../../core/routing/centre.js';
import { namesOfAgent } from '../../core/routing/keys/former-names.js';
import { HiloError } from '../errors.js';
import type { Agents } from '../floor/agents.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';

/** A break without a reason, where the centre lists none. */
export const NO_REASON = 'unspecified';

export interface DeskPorts {
  readonly agents: Agents;
  readonly interactions: Pick<Interactions, 'resume'>;
  readonly centre: () => Centre;
}

/** The agent's part in a matter. */
interface Served {
  readonly agent: string;
  readonly entry: string;
  readonly queue?: string;
}

export interface Disposition {
  readonly code: string;
  readonly note?: string;
  /** Whose call; absent: the user's own. */
  readonly agent?: string;
}

export class Desk {
  constructor(private readonly ports: DeskPorts) {}

  /**
   * Rejects with HiloError `invalid-input` (not a break of this centre), `wrong-state` (a code is missing, no phone),
   * `not-found`.
   */
  async setState(agent: string, to: ResumeState): Promise<AgentPresence> {
    const { breaks } = this.ports.centre();
    if (to.state === 'break' && (to.reason === UNANSWERED || (breaks.size > 0 && !breaks.has(to.reason)))) {
      throw new HiloError('invalid-input', `the breaks of this centre are: ${[...breaks.keys()].join(', ')}`);
    }
    await this.#mayLeaveWrapUp(agent);
    return this.ports.agents.setState(agent, to);
  }

  /** Done before the time is up. Rejects with HiloError `wrong-state` (no wrap-up, a code is missing), `not-found`. */
  async finishWrapUp(agent: string): Promise<void> {
    this.#known(agent);
    await this.#mayLeaveWrapUp(agent);
    await this.#apply(agent, { type: 'wrap-up-finished' });
  }

  /** Rejects with HiloError `wrong-state`: no wrap-up, not one that can be prolonged, or as long as it may be already. */
  async prolongWrapUp(agent: string): Promise<void> {
    this.#known(agent);
    const presence = this.ports.agents.presence(agent);
    const queue = presence.state === 'wrap-up' ? presence.call?.queue : undefined;
    const wrapUp = queue === undefined ? undefined : this.ports.centre().queues.get(queue)?.wrapUp;
    if (presence.state === 'wrap-up' && wrapUp?.mode !== 'prolongable') {
      throw new HiloError('wrong-state', 'the wrap-up of this queue cannot be prolonged');
    }
    const { byMs, mostMs } = wrapUp?.mode === 'prolongable' ? wrapUp : { byMs: 0, mostMs: 0 };
    await this.#apply(agent, { type: 'wrap-up-prolonged', byMs, mostMs });
  }

  /**
   * Durable when it resolves; said again, the later counts. Rejects with HiloError `not-found`, `not-allowed` (did not
   * talk in this matter), `invalid-input` (not a code of the queue), `store-unavailable`.
   */
  async dispose(interaction: string, { code, note, agent }: Disposition, by: string): Promise<void> {
    const thread = await this.ports.interactions.resume(interaction);
    const served = this.#served(thread, agent ?? by);
    if (served === undefined) throw new HiloError('not-allowed', `${agent ?? by} did not talk in this matter`);
    const codes = this.ports.centre().queues.get(served.queue ?? '')?.dispositions?.codes ?? {};
    if (!Object.hasOwn(codes, code)) {
      const known = Object.keys(codes).join(', ');
      throw new HiloError('invalid-input', `the codes of the queue ${served.queue ?? ''} are: ${known || 'none'}`);
    }
    await thread.record({
      type: 'disposition-set',
      data: { ...served, by, code, ...(note === undefined ? {} : { note }) },
    });
  }

  /** Durable when it resolves. Rejects with HiloError `not-found`, `store-unavailable`. */
  async note(interaction: string, text: string, by: string): Promise<void> {
    const thread = await this.ports.interactions.resume(interaction);
    await thread.record({ type: 'note-added', data: { by, text } });
  }

  /** Where a code has to be given, the agent's own hand does not end the wrap-up without one. */
  async #mayLeaveWrapUp(agent: string): Promise<void> {
    const presence = this.ports.agents.presence(agent);
    if (presence.state !== 'wrap-up' || presence.call?.queue === undefined) return;
    const { interaction, entry, queue } = presence.call;
    if (this.ports.centre().queues.get(queue)?.dispositions?.required !== true) return;
    const { state } = await this.ports.interactions.resume(interaction);
    if (state.dispositions?.some((one) => one.entry === entry && one.agent === agent)) return;
    throw new HiloError(
      'wrong-state',
      `say first what it was about: POST /api/interactions/${interaction}/disposition`,
    );
  }

  /** The last call of that agent in this matter. */
  #served({ id, events, state }: Thread, agent: string): Served | undefined {
    const presence = this.ports.agents.presence(agent);
    const call = presence.state === 'wrap-up' && presence.call?.interaction === id ? presence.call : undefined;
    const names = namesOfAgent(this.ports.centre(), agent);
    const connected = events.findLast(
      ({ event }) => event.type === 'connected' && names.includes(event.data.agent),
    )?.event;
    // Who was only brought in to a conference writes up as well, and no fact connects them with the customer.
    const entry = call?.entry ?? (connected?.type === 'connected' ? connected.data.entry : undefined);
    if (entry === undefined) return undefined;
    // Who took over from a colleague answers for the queue the customer came from.
    const wait = state.waits.find((one) => one.entry === entry) ?? state.waits.at(-1);
    const queue = call?.queue ?? wait?.queue;
    return { agent, entry, ...(queue === undefined ? {} : { queue }) };
  }

  async #apply(agent: string, event: Parameters<Agents['apply']>[1]): Promise<void> {
    const outcome = await this.ports.agents.apply(agent, event);
    if (!outcome.ok) throw new HiloError('wrong-state', `${agent}: ${outcome.refused}`);
  }

  #known(agent: string): void {
    if (!this.ports.centre().agents.has(agent)) throw new HiloError('not-found', `there is no agent ${agent}`);
  }
}
