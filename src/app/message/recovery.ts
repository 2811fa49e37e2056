// Nobody is lost: what is done for a customer who was not served, and for one who rings in again.
import type { RecoveryGiven } from '../../core/interaction/decision/given.js';
import { type Place, placeOf } from '../../core/interaction/wait.js';
import { type RecoveryCommand, recover } from '../../core/policy/abandoned-call.js';
import { isWithheld, messageAddress } from '../../core/policy/recipient.js';
import { type Return, returningCaller } from '../../core/policy/returning-caller.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Call, StoryEnd } from '../call/call.js';
import type { Callbacks } from '../callback/callbacks.js';
import type { Promises } from '../callback/promises.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { Contact, LiveStore, RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { Speech } from '../speech.js';
import type { Messages } from './messages.js';

/** Of a customer with more open matters than this, the newest are looked at. */
const MAX_OPEN = 20;
const ORDINARY_PRIORITY = 5;
/** Nobody wants an apology for a call of so long ago. */
const LATEST_OFFER_MS = 30 * 60_000;

export interface RecoveryPorts {
  readonly interactions: Interactions;
  readonly contacts: Contacts;
  readonly store: RecordStore;
  readonly live: LiveStore;
  readonly messages: Messages;
  readonly callbacks: Callbacks;
  readonly promises: Promises;
  readonly speech: Speech;
  readonly eventually: Eventually;
  readonly centre: () => Centre;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export type Offered = { readonly outcome: 'queued' | 'declined'; readonly reason: string };

/** What has to be known of a call that is over. */
export type EndedCall = Pick<Call, 'thread' | 'segment' | 'language' | 'lastQueue' | 'seniorityMs'>;

/** What a customer who was not served is owed: an offer, or a reason why there is none. */
interface Debt {
  readonly thread: Thread;
  readonly segment: string;
  readonly language: string;
  readonly cause: 'abandoned' | 'overflow';
  readonly place: Place | undefined;
  /** The queue that calls back, and the words of the offer, where a flow says so: else that of the last wait, and the centre's. */
  readonly queue?: string;
  readonly text?: string;
  readonly sinceMs: number;
  /** `ours`: the cool-down that runs is that of this very offer. */
  coolDown: 'unasked' | 'ours';
}

/** What is owed, and what that was decided from. */
interface Decided {
  readonly command: RecoveryCommand;
  readonly given: RecoveryGiven;
}

export class Recovery {
  constructor(private readonly ports: RecoveryPorts) {}

  /** The open matter that a call of this customer belongs to, with what the call makes needless. */
  async returning(contact: Contact): Promise<{ readonly thread: Thread; readonly back: Return } | undefined> {
    const { store, interactions, clock } = this.ports;
    // All who withhold their number share one contact: they are not one person.
    if (contact.addresses.some(({ value }) => isWithheld(value))) return undefined;
    const open = (await store.openOf(contact.id)).slice(0, MAX_OPEN);
    const threads = await Promise.all(open.map(({ id }) => interactions.resume(id)));
    const back = returningCaller(
      threads.map(({ state }) => state),
      clock.nowMs(),
      this.ports.centre().recovery.resumePlaceMs,
    );
    const thread = threads.find(({ id }) => id === back?.interaction.id);
    return back === undefined || thread === undefined ? undefined : { thread, back };
  }

  /** The caller was told to go, or asked for it: a message with the offer of a call-back, stored when it resolves. */
  offer(call: Call): Promise<Offered> {
    return this.#offerNow(this.#debtOf(call, 'overflow'));
  }

  /** The same in the words of a flow, which says from which queue the call-back comes; the place of the first wait is kept. */
  offerInWords(call: Call, words: { readonly text: string; readonly language: string; readonly queue: string }) {
    const { text, language, queue } = words;
    return this.#offerNow({ ...this.#debtOf({ ...call, language, lastQueue: queue }, 'overflow'), text, queue });
  }

  /** A text the flow sends; it offers nothing. */
  async inform(call: Call, text: string, language: string): Promise<Offered> {
    const { recovery, country } = this.ports.centre();
    const to = messageAddress(call.from, recovery.channel, country);
    if (to === undefined) return this.#declined(call.thread, 'information', 'not-messageable');
    const message = { channel: recovery.channel, to, purpose: 'information', text, language } as const;
    try {
      await this.ports.messages.queue(call.thread, message, () => []);
      return { outcome: 'queued', reason: 'sent' };
    } catch (error) {
      this.ports.log.error({ err: error, interaction: call.thread.id }, 'message could not be stored');
      return { outcome: 'declined', reason: 'store-unavailable' };
    }
  }

  /** Promises a call-back to a caller on the line. True only when the promise is stored. */
  async promise(call: Call): Promise<boolean> {
    const { thread, from: number, lastQueue: queue, seniorityMs } = call;
    if (queue === undefined) return false;
    const place = seniorityMs === undefined ? {} : { seniorityMs };
    const { promises } = this.ports;
    return (await promises.promiseCallback({ thread, when: 'asap', number, queue, source: 'overflow', ...place })).ok;
  }

  /** A node died with this caller in the queue: called back at the place of the first wait, without being asked. */
  async promiseAfterLoss(thread: Thread, number: string): Promise<boolean> {
    const place = placeOf(thread.state.waits);
    if (place === undefined) return false;
    const { promises } = this.ports;
    return (await promises.promiseCallback({ thread, when: 'asap', number, source: 'node-lost', ...place })).ok;
  }

  /** The call is over and its end told: what the customer is still owed, given also if a store is away right now. */
  afterCall(call: EndedCall, end: Pick<StoryEnd, 'result'>): void {
    const { thread } = call;
    if (end.result === 'abandoned' || end.result === 'short-abandoned' || end.result === 'failed') {
      const debt = this.#debtOf(call, 'abandoned');
      this.ports.eventually.do(`offer to the caller of ${thread.id}`, () => this.#offerLater(debt));
    } else if (thread.state.state === 'idle' && end.result !== 'refused') {
      thread.note({ type: 'interaction-closed', data: { reason: end.result } });
    }
  }

  /** The same for a call that no story has any more. */
  callLost(thread: Thread, segment: string, lastQueue?: string): void {
    const call = thread.state.segments.find(({ id }) => id === segment);
    const language = (call?.kind === 'call' ? call.language : undefined) ?? this.ports.centre().defaultLanguage;
    this.afterCall({ thread, segment, language, lastQueue, seniorityMs: undefined }, { result: 'failed' });
  }

  #debtOf(call: EndedCall, cause: Debt['cause']): Debt {
    const { thread, segment, language, lastQueue, seniorityMs } = call;
    const nowMs = this.ports.clock.nowMs();
    const priority = this.ports.centre().queues.get(lastQueue ?? '')?.priority ?? ORDINARY_PRIORITY;
    const place =
      lastQueue === undefined ? undefined : { queue: lastQueue, priority, seniorityMs: seniorityMs ?? nowMs };
    return { thread, segment, language, cause, place, sinceMs: nowMs, coolDown: 'unasked' };
  }

  /** The caller waits for the answer: what cannot be stored at once is not offered. */
  async #offerNow(debt: Debt): Promise<Offered> {
    try {
      return await this.#offer(debt);
    } catch (error) {
      if (!(error instanceof HiloError)) throw error;
      this.ports.log.error({ err: error, interaction: debt.thread.id }, 'call-back could not be offered');
      return { outcome: 'declined', reason: error.code };
    }
  }

  /** Rejects when it should be tried again. */
  async #offerLater(debt: Debt): Promise<void> {
    const { clock, log } = this.ports;
    if (clock.nowMs() - debt.sinceMs > LATEST_OFFER_MS) {
      this.#declined(debt.thread, 'callback-offer', 'too-late');
      return;
    }
    try {
      await this.#offer(debt);
    } catch (error) {
      if (error instanceof HiloError && error.code === 'store-unavailable') throw error;
      log.error({ err: error, interaction: debt.thread.id }, 'call-back could not be offered');
    }
  }

  async #offer(debt: Debt): Promise<Offered> {
    const { command, given } = await this.#decide(debt);
    if (command.type === 'decline') return this.#declined(debt.thread, 'callback-offer', command.reason, given);
    return this.#send(debt, command, given);
  }

  async #decide({ thread, segment, language, cause, place, queue }: Debt): Promise<Decided> {
    const centre = this.ports.centre();
    const call = thread.state.segments.find(({ id }) => id === segment);
    const number = call?.kind === 'call' ? call.number : thread.state.address.value;
    const { contact } = await this.ports.contacts.ofCaller(number, centre.country);
    const { consent, lastMessageAtMs } = contact;
    const recipient = { number, consent, language: contact.language ?? language };
    const given: RecoveryGiven = {
      ...{ segment, cause, consent, number, centre: centre.revision ?? '' },
      ...(lastMessageAtMs === undefined ? {} : { lastMessageAtMs }),
      ...(place === undefined ? {} : { place }),
      ...(queue === undefined ? {} : { queue }),
    };
    const command = recover(
      {
        interaction: thread.state,
        segment,
        cause,
        ...(place === undefined ? {} : { place }),
        ...(queue === undefined ? {} : { queue }),
        recipient: lastMessageAtMs === undefined ? recipient : { ...recipient, lastMessageAtMs },
        policy: centre.recovery,
        country: centre.country,
        queueTitle: (queue) => {
          const title = centre.queues.get(queue)?.title;
          return title?.[recipient.language] ?? title?.[centre.defaultLanguage] ?? queue;
        },
      },
      this.ports.clock.nowMs(),
    );
    return { command, given };
  }

  async #send(
    debt: Debt,
    command: RecoveryCommand & { type: 'offer-callback' },
    given: RecoveryGiven,
  ): Promise<Offered> {
    const { messages, callbacks, clock, ids, speech, live } = this.ports;
    const { thread } = debt;
    const { channel, to, place } = command;
    // A flow renders its own words, in the language of the call.
    const language = debt.text === undefined ? command.language : debt.language;
    const { coolDownMs, offerValidMs } = this.ports.centre().recovery;
    // Two nodes, or two calls of one customer, at the same moment: the contact's last message alone would miss that.
    const first = debt.coolDown === 'ours' || (await live.once(`cool-down:${to}`, coolDownMs));
    if (!first) return this.#declined(thread, 'callback-offer', 'cool-down', { ...given, elsewhere: true });
    debt.coolDown = 'ours';
    const callback = ids.uuid();
    const text = debt.text ?? speech.text(command.text, language, command.variables);
    await messages.queue(thread, { channel, to, purpose: 'callback-offer', text, language }, (message) => [
      { type: 'callback-offered', data: { callback, message, queue: place.queue, given } },
    ]);
    const nowMs = clock.nowMs();
    callbacks.scheduleLapse(thread.id, callback, nowMs + offerValidMs);
    this.#noteMessage(to, nowMs);
    return { outcome: 'queued', reason: 'offered' };
  }

  #noteMessage(to: string, lastMessageAtMs: number): void {
    const { eventually, contacts, centre } = this.ports;
    eventually.do('last message to a customer', async () => {
      const { contact } = await contacts.ofCaller(to, centre().country);
      await contacts.save({ ...contact, lastMessageAtMs });
    });
  }

  #declined(thread: Thread, purpose: string, reason: string, given?: RecoveryGiven): Offered {
    const data = { purpose, reason };
    thread.note({ type: 'message-declined', data: given === undefined ? data : { ...data, given } });
    return { outcome: 'declined', reason };
  }
}
