// Call-backs and lost customers as people and web forms deal with them: seen, asked for, cancelled.
import { isPromised, type PromisedCallback } from '../../core/interaction/callback.js';
import { fold, type Interaction } from '../../core/interaction/interaction.js';
import { type RecoveryFigures, recoveryFigures } from '../../core/interaction/lost/figures.js';
import type { Lost } from '../../core/interaction/lost/lost.js';
import type { Centre } from '../../core/routing/centre.js';
import { namesOfQueue, presentHolders } from '../../core/routing/keys/former-names.js';
import type { OutboundGuard } from '../call/outbound-guard.js';
import { HiloError } from '../errors.js';
import type { InteractionSummary, LiveStore, RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { Callbacks } from './callbacks.js';
import { matterOf } from './customer-matters.js';
import type { CustomerTurns } from './customer-turns.js';
import type { Promised, Promises } from './promises.js';

/** Rows that figures are made of at most; more are refused, not guessed. */
export const FIGURES_MAX = 10_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DEFAULT_PER_NUMBER = 5;
/** Asked for on the web, where the file of the centre does not say. */
const DEFAULT_PER_HOUR = 60;

export interface CallbackDeskPorts {
  readonly interactions: Interactions;
  readonly contacts: Contacts;
  readonly store: RecordStore;
  readonly liveStore: LiveStore;
  readonly callbacks: Callbacks;
  readonly promises: Promises;
  readonly guard: OutboundGuard;
  readonly centre: () => Centre;
  readonly turns: CustomerTurns;
}

/** A promised call-back and the matter it belongs to. */
export interface PendingView {
  readonly interaction: Interaction;
  readonly callback: PromisedCallback;
}

/** A customer who was not served and is still owed something. */
export interface LostView {
  readonly interaction: Interaction;
  readonly lost: Lost;
}

export interface DeskRequest {
  readonly number: string;
  readonly queue: string;
  readonly when: 'asap' | { readonly atMs: number };
  /** Agent who wants to make it. */
  readonly owner?: string;
}

export class CallbackDesk {
  constructor(private readonly ports: CallbackDeskPorts) {}

  /** Promised call-backs, the next one first. Rejects with HiloError `store-unavailable`. */
  async pending(wanted: {
    readonly queue?: string;
    readonly state?: string;
    readonly limit: number;
  }): Promise<PendingView[]> {
    const found: PendingView[] = [];
    const centre = this.ports.centre();
    for (const { id } of await this.ports.store.pendingCallbacks()) {
      if (found.length >= wanted.limit) break;
      const interaction = presentHolders(centre, await this.#read(id));
      const { callback } = interaction;
      if (!isPromised(callback)) continue;
      if (wanted.queue !== undefined && !namesOfQueue(centre, wanted.queue).includes(callback.queue)) continue;
      if (wanted.state === undefined || callback.state === wanted.state) found.push({ interaction, callback });
    }
    return found;
  }

  /** Lost and not yet recovered, the longest ago first. Rejects with HiloError `store-unavailable`. */
  async lost(wanted: { readonly queue?: string; readonly limit: number }): Promise<LostView[]> {
    const rows = await this.ports.store.lostMatters({ ...wanted, state: 'open' });
    const matters = await Promise.all(rows.map(({ id }) => this.#read(id)));
    return matters.flatMap((interaction) => {
      const { lost } = interaction;
      return lost?.state === 'open' ? [{ interaction, lost }] : [];
    });
  }

  /** Of those lost in the period. Rejects with HiloError `too-large` when that is too long. */
  async figures(period: { readonly fromMs?: number; readonly toMs?: number }): Promise<RecoveryFigures[]> {
    const rows = await this.ports.store.lostMatters({ ...period, limit: FIGURES_MAX });
    if (rows.length === FIGURES_MAX)
      throw new HiloError('too-large', `more than ${FIGURES_MAX} customers: ask for less`);
    return recoveryFigures(rows.flatMap(({ lost }) => (lost === undefined ? [] : [lost])));
  }

  /**
   * A stranger asks on the web. What is answered tells nothing of the customer: whoever has a call-back coming keeps it
   * as it is. Rejects with HiloError `not-allowed` (form closed, number refused), `too-many-requests`, `store-unavailable`.
   */
  async ask(request: { readonly number: string; readonly queue?: string; readonly atMs?: number }): Promise<void> {
    const { centre, liveStore } = this.ports;
    const form = centre().recovery.webForm;
    const queue = request.queue ?? form?.queues[0];
    if (form === undefined || queue === undefined || !form.queues.includes(queue)) {
      throw new HiloError('not-allowed', 'call-backs by this queue cannot be asked for here');
    }
    const number = this.#permitted(request.number);
    // Strangers use up no cap of the people of the centre: anybody may type anybody's number.
    await this.#withinCap('asked', number);
    if ((await liveStore.count('web-form', HOUR_MS)) > form.maxPerHour) {
      throw new HiloError('too-many-requests', 'no more call-backs can be promised in this hour');
    }
    const when = request.atMs === undefined ? 'asap' : { atMs: request.atMs };
    await this.ports.turns.take(number, async () => {
      const thread = await matterOf(this.ports, number);
      if (isPromised(thread.state.callback)) return;
      const { promises } = this.ports;
      kept(await promises.promiseCallback({ thread, when, number, queue, source: 'web', ...placeIn(thread) }));
    });
  }

  /**
   * A visitor of a web page asks, in the matter in which they write. The number has passed the policy. Rejects with HiloError
   * `too-many-requests`, `wrong-state` while that phone rings, `store-unavailable`.
   */
  async askIn(
    { number, queue }: { readonly number: string; readonly queue: string },
    matter: () => Promise<Thread>,
  ): Promise<void> {
    const { liveStore, centre, promises, turns } = this.ports;
    await this.#withinCap('asked', number);
    const most = centre().recovery.webForm?.maxPerHour ?? DEFAULT_PER_HOUR;
    if ((await liveStore.count('web-form', HOUR_MS)) > most) {
      throw new HiloError('too-many-requests', 'no more call-backs can be promised in this hour');
    }
    await turns.take(number, async () => {
      const thread = await matter();
      kept(await promises.promiseCallback({ thread, when: 'asap', number, queue, source: 'web', ...placeIn(thread) }));
    });
  }

  /** Somebody of the centre asks. Rejects like {@link ask}, and with `wrong-state` while the customer is being dialled. */
  async request(request: DeskRequest): Promise<PendingView> {
    const { centre, promises } = this.ports;
    const { queue, when, owner } = request;
    if (owner !== undefined && !centre().agents.has(owner))
      throw new HiloError('not-found', `there is no agent ${owner}`);
    const number = this.#permitted(request.number);
    await this.#withinCap('promised', number);
    const own = owner === undefined ? {} : { owner };
    const thread = await this.ports.turns.take(number, async () => {
      const found = await matterOf(this.ports, number);
      const place = placeIn(found);
      kept(await promises.promiseCallback({ thread: found, when, number, queue, source: 'api', ...place, ...own }));
      return found;
    });
    const { callback } = thread.state;
    if (!isPromised(callback)) throw new HiloError('wrong-state', 'the call-back ended at once');
    return { interaction: thread.state, callback };
  }

  /** Rejects with HiloError `not-found` when it is not pending (any more), and what `allowed` throws. */
  async cancel(id: string, by: string, allowed: (callback: PromisedCallback) => void): Promise<void> {
    const row = (await this.ports.store.pendingCallbacks()).find(({ callback }) => callback?.id === id);
    const thread = row && (await this.#fresh(row));
    const callback = thread && presentHolders(this.ports.centre(), thread.state).callback;
    if (thread === undefined || !isPromised(callback) || callback.id !== id) {
      throw new HiloError('not-found', `there is no pending call-back ${id}`);
    }
    allowed(callback);
    await this.ports.callbacks.end(thread, { type: 'cancel', reason: `cancelled-by-${by}` });
  }

  #permitted(number: string): string {
    const permitted = this.ports.guard.permits(number);
    if (!permitted.allowed)
      throw new HiloError('not-allowed', `this number cannot be called back: ${permitted.reason}`);
    return permitted.number;
  }

  async #withinCap(what: 'asked' | 'promised', number: string): Promise<void> {
    const { liveStore, centre } = this.ports;
    const most = centre().recovery.promisesPerNumberPerDay ?? DEFAULT_PER_NUMBER;
    if ((await liveStore.count(`${what}:${number}`, DAY_MS)) > most) {
      throw new HiloError('too-many-requests', 'no more call-backs can be promised to this number today');
    }
  }

  async #fresh({ id }: InteractionSummary): Promise<Thread> {
    const thread = await this.ports.interactions.resume(id);
    await thread.refresh();
    return thread;
  }

  async #read(id: string): Promise<Interaction> {
    return fold(await this.ports.store.read(id));
  }
}

/** The place of the first wait is kept. */
function placeIn({ state }: Thread): { readonly seniorityMs?: number } {
  const first = Math.min(...state.waits.map(({ seniorityMs }) => seniorityMs));
  return Number.isFinite(first) ? { seniorityMs: first } : {};
}

/** Throws what a refusal means to whoever asked. */
function kept(promised: Promised): void {
  if (promised.ok) return;
  switch (promised.reason) {
    case 'store-unavailable':
      throw new HiloError('store-unavailable', 'nothing was promised');
    case 'unknown-queue':
      throw new HiloError('not-found', 'there is no such queue');
    case 'too-far-ahead':
      throw new HiloError('invalid-input', 'the time is too far ahead');
    case 'already-dialling':
      throw new HiloError('wrong-state', 'the customer is being called at this moment');
    default:
      throw new HiloError('not-allowed', `this number cannot be called back: ${promised.reason}`);
  }
}
