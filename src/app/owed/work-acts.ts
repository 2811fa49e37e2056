// What people do with the work-list: take a matter and give it back, put a call-back off, cancel it, settle what is lost, deal with messages.
import { serves } from '../../core/acd/choice/stage.js';
import { dayAround } from '../../core/acd/tally/day.js';
import { MAX_AHEAD_MS } from '../../core/callback/when.js';
import { isPromised, type PromisedCallback } from '../../core/interaction/callback.js';
import type { Interaction } from '../../core/interaction/interaction.js';
import type { Centre } from '../../core/routing/centre.js';
import { presentHolders } from '../../core/routing/keys/former-names.js';
import type { Clock } from '../../lib/clock.js';
import type { Callbacks } from '../callback/callbacks.js';
import type { CustomerTurns } from '../callback/customer-turns.js';
import { HiloError } from '../errors.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { UserRow } from '../users.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Where a queue does not say. */
const OWNER_WAIT_MS = 10 * MINUTE_MS;
/** After which times from now a call-back is offered to be put off, and how many days ahead. */
const LATER_MS = [30 * MINUTE_MS, 2 * HOUR_MS, 4 * HOUR_MS];
const DAYS_AHEAD = 4;

export interface WorkActsPorts {
  readonly interactions: Pick<Interactions, 'resume'>;
  readonly callbacks: Callbacks;
  readonly turns: CustomerTurns;
  readonly centre: () => Centre;
  readonly clock: Clock;
}

/** Who acts: agents in queues that they serve, unless a colleague looks after it; supervisors everywhere. */
export type Acting = Pick<UserRow, 'name' | 'role'>;

/** Each rejects with HiloError `not-found`, `not-allowed`, `wrong-state` (`why`: `taken` by whom), `store-unavailable`. */
export class WorkActs {
  constructor(private readonly ports: WorkActsPorts) {}

  /** From now on that agent looks after it; a promised call-back is kept for them. */
  take(interaction: string, by: Acting, agent = by.name): Promise<void> {
    const { centre, callbacks } = this.ports;
    return this.#act(interaction, by, async (thread) => {
      if (!centre().agents.has(agent)) throw refused('not-found', 'not-an-agent', `there is no agent ${agent}`);
      if (agent !== by.name && by.role === 'agent') {
        throw refused('not-allowed', 'supervisors-only', 'only a supervisor gives work to somebody else');
      }
      if (presentHolders(centre(), thread.state).keeper?.agent !== agent) {
        await thread.record({ type: 'matter-taken', data: { agent, by: by.name } });
      }
      const { callback } = thread.state;
      if (!isPromised(callback) || callback.state === 'dialling') return;
      await callbacks.request(thread, { ...this.#again(callback), owner: this.#ownerOf(callback, agent) });
    });
  }

  /** Anybody may take it again; nothing happens when nobody has it. */
  release(interaction: string, by: Acting): Promise<void> {
    return this.#act(interaction, by, async (thread) => {
      const agent = thread.state.keeper?.agent;
      if (agent !== undefined) await thread.record({ type: 'matter-released', data: { agent, by: by.name } });
    });
  }

  /** Moments at which the customer may be called, the next ones first (Unix ms). Rejects when no call-back is promised. */
  async times(interaction: string): Promise<readonly number[]> {
    const { interactions, callbacks, clock, centre } = this.ports;
    const { number } = promisedIn((await interactions.resume(interaction)).state);
    const rule = callbacks.rule(number);
    const nowMs = clock.nowMs();
    const wanted = LATER_MS.map((laterMs) => Math.ceil((nowMs + laterMs) / (5 * MINUTE_MS)) * 5 * MINUTE_MS);
    let day = dayAround(nowMs, centre().timeZone);
    for (let ahead = 0; ahead < DAYS_AHEAD; ahead += 1) {
      day = dayAround(day.toMs, centre().timeZone);
      const opensMs = rule.nextOpenMs(day.fromMs);
      wanted.push(opensMs, opensMs + 4 * HOUR_MS);
    }
    const times = new Set(wanted.map((atMs) => rule.nextOpenMs(atMs)));
    return [...times].filter((atMs) => atMs > nowMs && atMs - nowMs <= MAX_AHEAD_MS).toSorted((a, b) => a - b);
  }

  /** The moment it is due from now on: the first one at or after `atMs` at which the customer may be called. */
  postpone(interaction: string, atMs: number, by: Acting): Promise<number> {
    const { clock, callbacks } = this.ports;
    const aheadMs = atMs - clock.nowMs();
    if (aheadMs <= 0) throw refused('invalid-input', 'past', 'that time is over');
    if (aheadMs > MAX_AHEAD_MS) throw refused('invalid-input', 'too-far-ahead', 'that is too far ahead');
    return this.#act(interaction, by, async (thread) => {
      const callback = promisedIn(thread.state);
      const decided = await callbacks.request(thread, { ...this.#again(callback), dueAtMs: atMs });
      if (!decided.ok) throw refused('wrong-state', 'dialling', 'the customer is being called at this moment');
      return promisedIn(thread.state).dueAtMs;
    });
  }

  cancel(interaction: string, note: string, by: Acting): Promise<void> {
    return this.#act(interaction, by, async (thread) => {
      promisedIn(thread.state);
      await this.ports.callbacks.end(thread, { type: 'cancel', reason: `cancelled-by-${by.name}`, note });
    });
  }

  /** `recovered`: got back in another way; `dismissed`: nothing is to be done. */
  settle(interaction: string, as: 'recovered' | 'dismissed', note: string, by: Acting): Promise<void> {
    return this.#act(interaction, by, async (thread) => {
      if (thread.state.lost?.state !== 'open') {
        throw refused('wrong-state', 'not-lost', 'this customer is not lost, or not any more');
      }
      await thread.record({ type: 'lost-settled', data: { by: by.name, as, note } });
    });
  }

  /** Told by whoever lets it be heard; only the first time is a fact. */
  async heard(interaction: string, recording: string, by: string): Promise<void> {
    const thread = await this.ports.interactions.resume(interaction);
    const one = thread.state.voicemails?.find((message) => message.recording === recording);
    if (one?.state === 'new') await thread.record({ type: 'voicemail-heard', data: { recording, by } });
  }

  /** With the last message the customer who left it is not owed anything more. */
  done(interaction: string, recording: string, note: string | undefined, by: Acting): Promise<void> {
    return this.#act(interaction, by, async (thread) => {
      const one = messageIn(thread, recording);
      if (one.state === 'done') throw taken(one.by);
      const said = note === undefined ? {} : { note };
      await thread.record({ type: 'voicemail-done', data: { recording, by: by.name, ...said } });
      const { lost, voicemails = [] } = thread.state;
      if (lost?.state !== 'open' || voicemails.some(({ state }) => state !== 'done')) return;
      await thread.record({ type: 'lost-settled', data: { by: by.name, as: 'recovered', ...said } });
    });
  }

  reopen(interaction: string, recording: string, by: Acting): Promise<void> {
    return this.#act(interaction, by, async (thread) => {
      const one = messageIn(thread, recording);
      if (one.state === 'done') await thread.record({ type: 'voicemail-reopened', data: { recording, by: by.name } });
    });
  }

  /** One after the other for a matter, on what all nodes know of it. */
  async #act<T>(interaction: string, by: Acting, act: (thread: Thread) => Promise<T>): Promise<T> {
    const { interactions, turns } = this.ports;
    const thread = await interactions.resume(interaction);
    return turns.take(thread.id, async () => {
      await thread.refresh();
      this.#check(thread.state, by);
      return act(thread);
    });
  }

  #check(matter: Interaction, { name, role }: Acting): void {
    if (role !== 'agent') return;
    const { keeper, callback, lost, voicemails = [] } = presentHolders(this.ports.centre(), matter);
    const dialling = callback?.state === 'dialling' ? callback.agent : undefined;
    const holder = dialling ?? keeper?.agent ?? (isPromised(callback) ? callback.owner?.agent : undefined);
    if (holder !== undefined && holder !== name) throw taken(holder);
    const { agents, queues } = this.ports.centre();
    const config = agents.get(name);
    const promised = isPromised(callback) ? [callback.queue] : [];
    const names = [...promised, lost?.queue, ...voicemails.map((one) => one.queue)];
    // Nothing is owed in it: the act itself says so.
    if (voicemails.length === 0 && names.every((one) => one === undefined)) return;
    const own = names.some((one) => {
      const queue = one === undefined ? undefined : queues.get(one);
      return queue !== undefined && config !== undefined && serves(config, queue);
    });
    if (holder !== name && !own) {
      throw refused('not-allowed', 'not-your-queue', 'this belongs to a queue that you do not serve');
    }
  }

  #ownerOf({ queue }: PromisedCallback, agent: string): { readonly agent: string; readonly waitMs: number } {
    return { agent, waitMs: this.ports.centre().queues.get(queue)?.callbacks?.ownerWaitMs ?? OWNER_WAIT_MS };
  }

  /** Asked for once more, as it is. */
  #again({ id, number, queue, dueAtMs, seniorityMs, priority, source }: PromisedCallback) {
    return { type: 'request', id, number, queue, dueAtMs, seniorityMs, priority, source } as const;
  }
}

function promisedIn({ callback }: Interaction): PromisedCallback {
  if (isPromised(callback)) return callback;
  throw refused('wrong-state', 'not-promised', 'no call-back is promised in this matter, or not any more');
}

function messageIn({ state }: Thread, recording: string) {
  const one = state.voicemails?.find((message) => message.recording === recording);
  if (one === undefined) throw new HiloError('not-found', `there is no voice message ${recording} here`);
  return one;
}

function taken(agent: string): HiloError {
  return new HiloError('wrong-state', `${agent} has it already`, { why: { reason: 'taken', agent } });
}

type Code = 'not-found' | 'not-allowed' | 'wrong-state' | 'invalid-input';

function refused(code: Code, reason: string, detail: string): HiloError {
  return new HiloError(code, detail, { why: { reason } });
}
