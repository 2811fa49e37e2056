// Calls that agents place: the agent's own telephone rings first, then the customer, in the customer's matter.
import { agentTransition } from '../../core/acd/agent-transition.js';
import { serves } from '../../core/acd/choice/stage.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import { isPromised } from '../../core/interaction/callback.js';
import type { Interaction } from '../../core/interaction/interaction.js';
import { isWithheld } from '../../core/policy/recipient.js';
import { HiloError } from '../errors.js';
import type { Agents } from '../floor/agents.js';
import type { LiveState, Wish } from '../floor/live-state.js';
import { removal } from '../floor/queueing.js';
import type { RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { CallbackCalls } from './callback-call.js';
import type { Callbacks } from './callbacks.js';
import { matterOf } from './customer-matters.js';
import type { CustomerTurns } from './customer-turns.js';
import { PlacedCall, type PlacedCallPorts, type PlacedCallView } from './placed-call.js';
import { PlacedElsewhere, type PlacedElsewherePorts } from './placed-elsewhere.js';

export interface PlacedCallsPorts extends PlacedCallPorts {
  readonly agents: Agents;
  readonly live: LiveState;
  readonly interactions: Interactions;
  readonly contacts: Contacts;
  readonly store: Pick<RecordStore, 'openOf'>;
  readonly callbacks: Callbacks;
  readonly calls: CallbackCalls;
  readonly turns: CustomerTurns;
  readonly letters: PlacedElsewherePorts['letters'];
}

export interface PlaceRequest {
  /** Who calls, on their own telephone. */
  readonly agent: string;
  /** In this matter; absent: where something is owed to whoever has that number, else a new one. */
  readonly interaction?: string;
  /** As typed; absent: the number of the customer of the matter. */
  readonly number?: string;
  /** Whose call it is: recording, music, wrap-up; absent: the queue in which the customer was, else the first that the agent serves. */
  readonly queue?: string;
}

export class PlacedCalls {
  readonly #ports: PlacedCallsPorts;
  /** The last one of each agent who has placed any at this node. */
  readonly #last = new Map<string, PlacedCall>();
  readonly #elsewhere: PlacedElsewhere;
  readonly #listeners = new Set<(agent: string) => void>();

  constructor(ports: PlacedCallsPorts) {
    this.#ports = ports;
    this.#elsewhere = new PlacedElsewhere(ports, (agent) => this.#tellHere(agent));
  }

  /** Calls `listener` with the agent when a call of theirs is placed or goes on; returns how to stop that. */
  onChange(listener: (agent: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Agents who have placed a call, at whichever node. */
  agents(): readonly string[] {
    return [...new Set([...this.#last.keys(), ...this.#elsewhere.agents()])];
  }

  /** The last one that this agent placed, at whichever node. */
  of(agent: string): PlacedCallView | undefined {
    const [here, elsewhere] = [this.#last.get(agent)?.view, this.#elsewhere.of(agent)];
    if (here === undefined || elsewhere === undefined) return here ?? elsewhere;
    return here.placedAtMs >= elsewhere.placedAtMs ? here : elsewhere;
  }

  /** On a call of that kind at this node now: the agent is busy with it though nobody may talk yet. */
  occupies(agent: string): boolean {
    const state = this.#last.get(agent)?.view.progress.state;
    return state !== undefined && state !== 'over';
  }

  /** Those on whose behalf this agent may call, in the order of the centre's file: the first is taken when nothing else says which. */
  queuesOf(agent: string): readonly QueueConfig[] {
    const { agents, queues } = this.#ports.centre();
    const config = agents.get(agent);
    return config === undefined ? [] : [...queues.values()].filter((queue) => serves(config, queue));
  }

  /**
   * Resolves when the agent's telephone begins to ring; what follows is told by {@link onChange}. Rejects with HiloError
   * `not-found`, `not-allowed` (number, queue), `wrong-state` (no telephone, agent or customer in a call, somebody else was
   * quicker), `too-many-requests`, `store-unavailable`; `why` of it says which.
   */
  async place(request: PlaceRequest): Promise<PlacedCallView> {
    const { agent, interaction } = request;
    const { centre, ringing, interactions, turns } = this.#ports;
    const config = centre().agents.get(agent);
    if (config === undefined) throw refused('not-found', 'not-an-agent', `${agent} is no agent of the centre`);
    if (!ringing.reachable(agent)) throw refused('wrong-state', 'no-phone', 'no telephone of yours can be rung now');
    const wanted = this.#queueFor(request);
    const given = interaction === undefined ? undefined : await interactions.resume(interaction);
    const number = this.#permitted(request.number ?? (given && numberOf(given.state)) ?? '');
    return turns.take(number, async () => {
      const thread = given ?? (await matterOf(this.#ports, number));
      await thread.refresh();
      const { callback, lost, waits } = thread.state;
      const last = (isPromised(callback) ? callback.queue : undefined) ?? lost?.queue ?? waits.at(-1)?.queue;
      const lastQueue = last === undefined ? undefined : centre().queues.get(last);
      const queue = wanted ?? lastQueue ?? this.queuesOf(agent)[0];
      return this.#begin(agent, thread, number, queue);
    });
  }

  /** Whoever rings falls silent; a talk goes on. Throws HiloError `not-found`. */
  cancel(agent: string, id: string): void {
    const call = this.#last.get(agent);
    if (call?.view.id !== id || call.view.progress.state === 'over') {
      throw new HiloError('not-found', 'no such call of yours goes on');
    }
    call.stop();
  }

  async #begin(agent: string, thread: Thread, number: string, queue: QueueConfig | undefined): Promise<PlacedCallView> {
    const { live, calls, callbacks, agents, ids, clock } = this.#ports;
    checkCustomer(thread.state, agent);
    await live.refresh();
    const entry = ids.uuid();
    await live.change(() => this.#taken(agent, thread.id, entry));
    try {
      await thread.record({ type: 'call-placed', data: { agent, number, entry } });
    } catch (error) {
      agents.callEnded(agent, entry, 0);
      throw error;
    }
    // Its own run on this node, if there is one, has lost its place: it gives way.
    calls.stop(thread.id);
    const { callback } = thread.state;
    const promised = isPromised(callback) ? { callback } : {};
    const inQueue = queue === undefined ? {} : { queue };
    const customer = { thread, number, ...promised, ...inQueue, segment: ids.uuid(), stop: new AbortController() };
    const rule = callbacks.rule(number);
    const call = new PlacedCall({ ...customer, agent, entry, rule, placedAtMs: clock.nowMs() }, this.#ports, {
      end: calls.end,
      changed: () => this.#tell(agent),
      met: () => this.#met(thread),
    });
    this.#last.set(agent, call);
    calls.keep(customer, () => call.run());
    this.#tell(agent);
    return call.view;
  }

  /** One commit: the agent is busy with it, and what waits for the matter in a queue has lost its place. Throws HiloError. */
  #taken(agent: string, interaction: string, entry: string): readonly Wish[] {
    const { live, agents, clock, node } = this.#ports;
    const nowMs = clock.nowMs();
    for (const other of live.agents()) {
      if (other.agent !== agent && other.state === 'busy' && other.interaction === interaction) {
        throw taken(other.agent);
      }
    }
    const wishes = new Map<string, Wish>();
    for (const waiting of live.entries()) {
      if (waiting.interaction !== interaction || (waiting.kind !== 'call' && waiting.kind !== 'callback')) continue;
      if (waiting.kind === 'call')
        throw refused('wrong-state', 'customer-on-line', 'the customer waits in a queue now');
      if (waiting.state === 'accepted' && waiting.offer.agent !== agent) throw taken(waiting.offer.agent);
      for (const wish of removal(live, waiting.entry, 'superseded', nowMs) ?? []) {
        wishes.set(`${wish.kind} ${wish.id}`, wish);
      }
    }
    const freed = wishes.get(`agent ${agent}`);
    const before = freed?.kind === 'agent' && freed.value !== null ? freed.value : agents.presence(agent);
    const why = 'placed-call';
    const engaged = agentTransition(before, { type: 'connected-outside', interaction, entry, node, why }, nowMs);
    if (!engaged.ok) throw busy(`you are ${before.state} now`);
    wishes.set(`agent ${agent}`, { kind: 'agent', id: agent, value: engaged.next });
    return [...wishes.values()];
  }

  /** They talk: what was only offered to the customer is not needed any more. */
  async #met(thread: Thread): Promise<void> {
    if (thread.state.callback?.state !== 'offered') return;
    await this.#ports.callbacks.end(thread, { type: 'supersede', reason: 'agent-called' });
  }

  #queueFor({ queue: name, agent }: PlaceRequest): QueueConfig | undefined {
    if (name === undefined) return undefined;
    const { agents, queues } = this.#ports.centre();
    const [queue, config] = [queues.get(name), agents.get(agent)];
    if (queue === undefined) throw refused('not-found', 'unknown-queue', `there is no queue ${name}`);
    if (config === undefined || !serves(config, queue)) {
      throw refused('not-allowed', 'not-your-queue', `you do not serve the queue ${name}`);
    }
    return queue;
  }

  #permitted(raw: string): string {
    if (raw === '' || isWithheld(raw)) throw refused('not-allowed', 'no-number', 'there is no number to call');
    const permitted = this.#ports.guard.permits(raw);
    if (permitted.allowed) return permitted.number;
    throw refused('not-allowed', permitted.reason, `this number may not be called: ${permitted.reason}`);
  }

  #tell(agent: string): void {
    const view = this.#last.get(agent)?.view;
    if (view !== undefined) this.#elsewhere.tell(view);
    this.#tellHere(agent);
  }

  #tellHere(agent: string): void {
    for (const listener of this.#listeners) listener(agent);
  }
}

/** Where the customer of a matter is called: as promised, else as they called last, else by their address. */
export function numberOf({ callback, segments, address }: Interaction): string {
  if (isPromised(callback)) return callback.number;
  const call = segments.findLast((one) => one.kind === 'call' && one.direction === 'in' && !isWithheld(one.number));
  return call?.kind === 'call' ? call.number : address.value;
}

/** Throws HiloError `wrong-state`: the customer is in a call with us, or about to be. */
function checkCustomer({ segments, callback }: Interaction, agent: string): void {
  if (callback?.state === 'dialling' && callback.agent !== agent) throw taken(callback.agent);
  for (const call of segments) {
    if (call.kind !== 'call' || call.state === 'ended') continue;
    if (call.party.kind === 'agent' && call.party.name === agent) throw busy('you talk with this customer');
    if (call.party.kind === 'agent') throw taken(call.party.name);
    throw refused('wrong-state', 'customer-on-line', 'the customer is in a call with us now');
  }
}

function busy(detail: string): HiloError {
  return refused('wrong-state', 'agent-busy', detail);
}

function taken(agent: string): HiloError {
  return new HiloError('wrong-state', `${agent} has the customer already`, { why: { reason: 'taken', agent } });
}

function refused(code: 'not-found' | 'not-allowed' | 'wrong-state', reason: string, detail: string): HiloError {
  return new HiloError(code, detail, { why: { reason } });
}
