// What customers write: found its thread, recorded, understood, answered.

import { DateTime } from 'luxon';
import { decideCallback } from '../../core/callback/callback.js';
import { parseReply } from '../../core/callback/reply.js';
import { isPending, isPromised } from '../../core/interaction/callback.js';
import { isGoingOn } from '../../core/interaction/conversation/conversation.js';
import { writtenChannel } from '../../core/interaction/conversation/written-channel.js';
import type { Writer } from '../../core/interaction/event.js';
import { answerReply, type ReplyCommands } from '../../core/policy/customer-reply.js';
import type { Centre } from '../../core/routing/centre.js';
import { zoneOfNumber } from '../../core/routing/opening/customer-hours.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { OutboundGuard } from '../call/outbound-guard.js';
import type { CallbackCalls } from '../callback/callback-call.js';
import type { Callbacks } from '../callback/callbacks.js';
import type { AttachmentFetching } from '../conversation/fetching.js';
import type { Reception } from '../conversation/reception.js';
import type { Contact, RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { Speech } from '../speech.js';
import type { Messages } from './messages.js';
import type { IncomingMessage, Messenger } from './messenger.js';

/** Longer texts are cut: no channel of ours carries more, whatever arrives. */
const MAX_TEXT_CHARS = 4_096;

export interface ConversationPorts {
  readonly interactions: Interactions;
  readonly contacts: Contacts;
  readonly store: RecordStore;
  readonly messages: Messages;
  readonly callbacks: Callbacks;
  readonly calls: CallbackCalls;
  readonly reception: Reception;
  readonly fetching: AttachmentFetching;
  readonly guard: OutboundGuard;
  readonly speech: Speech;
  readonly centre: () => Centre;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export class Conversation {
  readonly #ports: ConversationPorts;
  /** Messages being worked on by their provider ids: the same message twice at once is one message. */
  readonly #inHand = new Map<string, Promise<void>>();

  constructor(ports: ConversationPorts, messengers: Iterable<Messenger>) {
    this.#ports = ports;
    for (const messenger of messengers) messenger.onMessage((message) => this.receive(message));
  }

  /** Durable when it resolves: only then may the provider be told that we have it. A repeated one changes nothing. */
  receive(message: IncomingMessage): Promise<void> {
    const key = `${message.channel} ${message.providerId}`;
    const running = this.#inHand.get(key);
    if (running !== undefined) return running;
    const taking = this.#takeOnce(message).finally(() => this.#inHand.delete(key));
    this.#inHand.set(key, taking);
    return taking;
  }

  async #takeOnce(message: IncomingMessage): Promise<void> {
    const { channel, providerId, text } = message;
    if ((await this.#ports.store.messageByProviderId(channel, providerId)) !== undefined) return;
    await this.#take({ ...message, text: text.slice(0, MAX_TEXT_CHARS) });
  }

  async #take(incoming: IncomingMessage): Promise<void> {
    const { contacts, centre, ids, store, fetching } = this.#ports;
    const { channel, providerId, text, writer } = incoming;
    const { contact, address } = await contacts.of(channel, incoming.from, centre().country);
    const thread = await this.#threadFor(incoming, contact, address);
    const known = receivedIn(thread, incoming);
    const message = known ?? ids.uuid();
    // Rules answer who can be called at the address; to everybody else people do.
    const isNumber = writtenChannel(channel)?.address === 'number';
    const commands = isNumber ? this.#decide(thread, text, address.value) : { events: [] };
    const attachments = known === undefined ? await fetching.announced(thread.id, incoming.files) : [];
    const files = attachments.map(({ name }) => name);
    const settled = commands.answer !== undefined;
    const arrival = this.#ports.reception.arrival(thread, { channel, from: address.value, text, files, settled });
    // What was written and what follows from it are stored together: there is no question without its answer.
    const data = {
      ...{ segment: ids.uuid(), message, channel, from: address.value, text, providerId },
      ...(attachments.length === 0 ? {} : { attachments }),
      ...(writer === undefined ? {} : { writer }),
    };
    const received = { type: 'message-received', data } as const;
    await thread.record(...(known === undefined ? [received] : []), ...commands.events, ...arrival.facts);
    arrival.follow();
    fetching.begin(thread.id, attachments);
    this.#setAlarms(thread, commands);
    if (commands.consent !== undefined) await contacts.save({ ...contact, consent: commands.consent });
    if (writer !== undefined) await this.#introduced(contact, writer);
    if (commands.answer !== undefined) await this.#write(thread, incoming, commands.answer);
    // Last: what fails before is done again when the provider sends the message again; a "1" said twice is one.
    await store.rememberMessage({ channel, providerId, message, interaction: thread.id, direction: 'in' });
  }

  /** What is known already stays. */
  async #introduced(contact: Contact, { name, language }: Writer): Promise<void> {
    const isNews =
      (name !== undefined && contact.name === undefined) || (language !== undefined && contact.language === undefined);
    if (!isNews) return;
    const said = { ...(name === undefined ? {} : { name }), ...(language === undefined ? {} : { language }) };
    await this.#ports.contacts.save({ ...said, ...contact });
  }

  async #threadFor(
    incoming: IncomingMessage,
    contact: Contact,
    address: Parameters<Interactions['open']>[1],
  ): Promise<Thread> {
    const { store, interactions } = this.#ports;
    const quoted = await this.#quoted(incoming);
    if (quoted !== undefined && (isPending(quoted.state.callback) || isGoingOn(quoted.state.conversation)))
      return quoted;
    const open = await Promise.all((await store.openOf(contact.id)).map(({ id }) => interactions.resume(id)));
    const talking = open.filter(({ state }) => isGoingOn(state.conversation));
    const here = talking.find(({ state }) => state.conversation?.channel === incoming.channel) ?? talking[0];
    const pending = open.find(({ state }) => isPending(state.callback));
    return here ?? quoted ?? pending ?? open[0] ?? interactions.open(contact, address);
  }

  /** The matter of the message that is quoted. */
  async #quoted({ channel, inReplyTo }: IncomingMessage): Promise<Thread | undefined> {
    const { store, interactions } = this.#ports;
    const known = inReplyTo === undefined ? undefined : await store.messageByProviderId(channel, inReplyTo);
    return known === undefined ? undefined : interactions.resume(known.interaction);
  }

  #decide(thread: Thread, text: string, number: string): ReplyCommands {
    const { clock, centre, callbacks, guard, log } = this.#ports;
    const rule = callbacks.rule(number);
    const nowMs = clock.nowMs();
    const reply = parseReply(text, { nowMs, timeZone: zoneOfNumber(number, centre()), nextOpenMs: rule.nextOpenMs });
    // "Yes" is said to the agent who asks, not to what was offered before; and who waits for a person is not taught to write "1".
    const { conversation } = thread.state;
    if (conversation?.state === 'open' && reply.kind !== 'stop') return { events: [] };
    if (conversation?.state === 'waiting' && reply.kind === 'not-understood') return { events: [] };
    const permitted = guard.permits(number);
    if (reply.kind === 'accept' && !permitted.allowed) {
      const { reason } = permitted;
      log.warn({ interaction: thread.id, reason }, 'call-back to this number refused');
      const decision = decideCallback(thread.state.callback, { type: 'decline', reason }, rule, nowMs);
      return { events: decision.ok ? decision.events : [] };
    }
    const dialled = permitted.allowed ? permitted.number : number;
    return answerReply({ interaction: thread.state, reply, number: dialled, rule }, nowMs);
  }

  #setAlarms(thread: Thread, commands: ReplyCommands): void {
    const { callback } = thread.state;
    if (commands.leaves !== undefined) this.#ports.callbacks.giveUp(commands.leaves);
    if (commands.leaves !== undefined || !isPromised(callback)) this.#ports.calls.stop(thread.id);
    if (isPromised(callback)) this.#ports.callbacks.promised(thread.id, callback);
  }

  async #write(thread: Thread, incoming: IncomingMessage, key: NonNullable<ReplyCommands['answer']>): Promise<void> {
    const { speech, messages, centre } = this.#ports;
    const language = languageOf(thread, centre());
    const { callback, reference } = thread.state;
    const dueAt = isPromised(callback)
      ? DateTime.fromMillis(callback.dueAtMs, { zone: zoneOfNumber(callback.number, centre()) })
      : undefined;
    const time = dueAt?.setLocale(language).toLocaleString(DateTime.DATETIME_MED) ?? '';
    const text = speech.text(key, language, { reference, time });
    if (text === '') return;
    const { channel, from: to } = incoming;
    const purpose = key === 'reply-not-understood' ? 'information' : 'confirmation';
    await messages.queue(thread, { channel, to, purpose, text, language }, () => []);
  }
}

/** Our id of a message that is in the record already: its provider sends it again. */
function receivedIn(thread: Thread, { channel, providerId }: IncomingMessage): string | undefined {
  const found = thread.events.findLast(
    ({ event }) =>
      event.type === 'message-received' && event.data.channel === channel && event.data.providerId === providerId,
  )?.event;
  return found?.type === 'message-received' ? found.data.message : undefined;
}

/** The language the customer chose last, in a call or as told by the contact. */
function languageOf(thread: Thread, centre: Centre): string {
  for (const segment of [...thread.state.segments].reverse()) {
    if (segment.kind === 'call' && segment.language !== undefined) return segment.language;
  }
  return centre.defaultLanguage;
}
