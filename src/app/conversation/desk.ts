// What agents do with the written conversations they have: answer, read, pass on, call, close.
import { serves } from '../../core/acd/choice/stage.js';
import type { Work } from '../../core/acd/work/work.js';
import { isPromised } from '../../core/interaction/callback.js';
import { type Conversation, numberOf } from '../../core/interaction/conversation/conversation.js';
import { SENT_TYPES } from '../../core/interaction/conversation/file-type.js';
import { replyWindow, writtenChannel } from '../../core/interaction/conversation/written-channel.js';
import type { ChannelName } from '../../core/interaction/event.js';
import type { Interaction } from '../../core/interaction/interaction.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { PlacedCalls } from '../callback/placed-calls.js';
import { HiloError } from '../errors.js';
import { type Doer, queuedFact, type Works } from '../floor/works.js';
import { type Messages, type NewMessage, queuedIn } from '../message/messages.js';
import type { Contact } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { Draft } from './attachment-store.js';
import type { ConversationWorks } from './conversation-works.js';
import type { AttachmentFiles, KeptFile } from './files.js';
import type { Reception } from './reception.js';
import { type ChosenTemplate, templateMessage } from './texts.js';

/** So long a conversation that was passed to an agent is kept for them. */
export const KEPT_FOR_MS = 2 * 60_000;

export interface ConversationDeskPorts {
  readonly interactions: Interactions;
  readonly contacts: Contacts;
  readonly works: Works;
  readonly conversationWorks: ConversationWorks;
  readonly reception: Reception;
  readonly messages: Messages;
  readonly files: AttachmentFiles;
  readonly placedCalls: Pick<PlacedCalls, 'place'>;
  readonly centre: () => Centre;
  readonly clock: Clock;
}

export interface NewReply {
  /** Ours, made by whoever sends it: the same sent twice is one. */
  readonly id?: string | undefined;
  readonly text?: string | undefined;
  /** Of a draft. */
  readonly attachment?: string | undefined;
  readonly template?: ChosenTemplate | undefined;
}

/** A conversation that somebody has, with its thread. */
interface Open {
  readonly thread: Thread;
  readonly conversation: Conversation;
  readonly agent: string;
  readonly work: Work;
}

export class ConversationDesk {
  readonly #ports: ConversationDeskPorts;
  /** Being stored, by our ids: a second click is the first one. */
  readonly #sending = new Map<string, Promise<string>>();

  constructor(ports: ConversationDeskPorts) {
    this.#ports = ports;
  }

  /**
   * Durable when it resolves, with our id of the message. Rejects with HiloError `not-found`, `not-allowed` (another agent's),
   * `window-closed` (only a template goes), `invalid-input`, `wrong-state` (this channel cannot carry it), `store-unavailable`.
   */
  send(interaction: string, reply: NewReply, agent: string): Promise<string> {
    const { id } = reply;
    if (id === undefined) return this.#send(interaction, reply, agent);
    const running = this.#sending.get(id);
    if (running !== undefined) return running;
    const sending = this.#send(interaction, reply, agent).finally(() => this.#sending.delete(id));
    this.#sending.set(id, sending);
    return sending;
  }

  async #send(interaction: string, reply: NewReply, agent: string): Promise<string> {
    const { thread, conversation } = await this.#own(interaction, agent);
    if (reply.id !== undefined && queuedIn(thread, reply.id) !== undefined) return reply.id;
    const message = await this.#message(thread, conversation, reply, agent);
    const draft = await this.#draftOf(interaction, reply.attachment);
    const attachments = draft === undefined ? {} : { attachments: [fileOf(draft)] };
    try {
      return await this.#ports.messages.queue(thread, { ...message, ...attachments }, () => [], reply.id);
    } catch (error) {
      if (draft !== undefined) await this.#ports.files.putBack(draft);
      throw error;
    }
  }

  /** All up to that message, which the customer wrote. Rejects like {@link send}. */
  async read(interaction: string, message: string, agent: string): Promise<void> {
    const { thread, conversation } = await this.#own(interaction, agent);
    if (!conversation.unread.includes(message)) return;
    await thread.record({ type: 'messages-read', data: { entry: conversation.entry, agent, message } });
  }

  /** On disk when it resolves. Rejects like {@link send}, and with `too-large` or `unsupported-media-type`. */
  async upload(interaction: string, name: string, bytes: AsyncIterable<Uint8Array>, agent: string): Promise<KeptFile> {
    const { conversation } = await this.#own(interaction, agent);
    if (writtenChannel(conversation.channel)?.files !== true) throw noFiles(conversation.channel);
    return this.#ports.files.keepDraft({ conversation: interaction, by: agent, name, types: SENT_TYPES }, bytes);
  }

  /**
   * It waits again: for that agent at first, or for everybody of the queue. Rejects with HiloError `not-found`, `not-allowed`,
   * `invalid-input` (the agent does not serve the queue, or has it already), `store-unavailable`.
   */
  async transfer(
    interaction: string,
    to: {
      readonly agent?: string | undefined;
      readonly queue?: string | undefined;
      readonly note?: string | undefined;
    },
    doer: Doer,
  ): Promise<void> {
    const { reception, clock } = this.#ports;
    const { thread, conversation, agent, work } = await this.#held(interaction, doer);
    const queue = this.#targetQueue(to, conversation.queue, agent);
    const preferred = to.agent === undefined ? undefined : { agent: to.agent, untilMs: clock.nowMs() + KEPT_FOR_MS };
    const title = thread.state.waits.find(({ entry }) => entry === work.entry)?.title ?? '';
    const { waitingSinceMs: seniorityMs } = conversation;
    const next = reception.passedEntry(thread, { queue, title, seniorityMs, preferred });
    if (next === undefined) throw new HiloError('not-found', `there is no queue ${queue}`);
    const { entry } = work;
    const data = {
      ...({ entry, kind: 'message', from: agent, by: doer.name, reason: 'transferred', queue } as const),
      ...(to.agent === undefined ? {} : { to: to.agent }),
      ...(to.note === undefined || to.note === '' ? {} : { note: to.note }),
    };
    await thread.record({ type: 'work-passed', data }, queuedFact(next));
    reception.passes(agent, entry, next);
  }

  /** Rejects with HiloError `not-found`, `not-allowed`, `wrong-state` (a code is needed), `invalid-input` (not one of the queue's). */
  async close(
    interaction: string,
    { code, note }: { readonly code?: string | undefined; readonly note?: string | undefined },
    doer: Doer,
  ): Promise<void> {
    const { centre, works } = this.#ports;
    const { thread, conversation, agent, work } = await this.#held(interaction, doer);
    const { codes = {}, required = false } = centre().queues.get(conversation.queue)?.dispositions ?? {};
    const known = Object.keys(codes).join(', ') || 'none';
    if (code === undefined && required) {
      throw new HiloError(
        'wrong-state',
        `say what it was about by POST /api/conversations/${interaction}/close: ${known}`,
      );
    }
    if (code !== undefined && !Object.hasOwn(codes, code)) {
      throw new HiloError('invalid-input', `the codes of the queue ${conversation.queue} are: ${known}`);
    }
    const { entry } = work;
    const { queue } = conversation;
    const by = doer.name;
    await thread.record(
      ...(code === undefined ? [] : [{ type: 'disposition-set', data: { entry, agent, by, code, queue } } as const]),
      ...(note === undefined || note === '' ? [] : [{ type: 'note-added', data: { by, text: note } } as const]),
    );
    await works.finish(entry, { ...doer, forOthers: true });
  }

  /** The same by the entry that it is; false: that is no conversation, and nothing was done. */
  async finish(entry: string, doer: Doer): Promise<boolean> {
    const { conversationWorks, interactions } = this.#ports;
    const interaction = conversationWorks.ofEntry(entry)?.interaction;
    if (interaction === undefined) return false;
    if ((await interactions.resume(interaction)).state.conversation?.entry !== entry) return false;
    await this.close(interaction, {}, doer);
    return true;
  }

  /**
   * Resolves with the id of the call when the agent's telephone rings; then the customer's will, in the same matter. Rejects as
   * {@link PlacedCalls.place} does, and with `not-found` or `not-allowed` when the conversation is not this agent's.
   */
  async call(interaction: string, agent: string): Promise<string> {
    const { conversation } = await this.#own(interaction, agent);
    const number = numberOf(conversation);
    if (number === undefined) throw new HiloError('wrong-state', 'the customer has told no number');
    const { id } = await this.#ports.placedCalls.place({ agent, interaction, number });
    return id;
  }

  /** The conversation, for the agent who has it. */
  async #own(interaction: string, agent: string): Promise<Open> {
    return this.#held(interaction, { name: agent, forOthers: false });
  }

  async #held(interaction: string, doer: Doer): Promise<Open> {
    const held = this.#ports.conversationWorks.held(interaction);
    if (held?.work.state !== 'open') throw new HiloError('not-found', 'nobody has this conversation now');
    const { agent, work } = held;
    if (agent !== doer.name && !doer.forOthers) throw new HiloError('not-allowed', `this is ${agent}'s`);
    const thread = await this.#ports.interactions.resume(interaction);
    const { conversation } = thread.state;
    if (conversation === undefined) throw new HiloError('not-found', 'no customer has written in this matter');
    return { thread, conversation, agent, work };
  }

  async #message(
    thread: Thread,
    conversation: Conversation,
    { text = '', attachment, template }: NewReply,
    agent: string,
  ): Promise<NewMessage> {
    const { centre, contacts, clock } = this.#ports;
    const { channel, address: to } = conversation;
    const rules = writtenChannel(channel);
    if (rules === undefined) throw new HiloError('wrong-state', `nothing can be written by ${channel}`);
    const { contact } = await contacts.of(channel, to, centre().country);
    const language = languageFor(thread.state, contact, centre());
    const base = { channel, to, purpose: 'reply', agent } as const;
    if (template !== undefined) {
      if (!rules.templates) throw new HiloError('wrong-state', `there are no templates by ${channel}: write freely`);
      const places = placesOf(thread.state, contact, centre(), agent, template.language);
      return { ...base, ...templateMessage(template, conversation.queue, places, centre()) };
    }
    if (attachment !== undefined && !rules.files) throw noFiles(channel);
    const most = attachment === undefined ? rules.textChars : (rules.captionChars ?? rules.textChars);
    if (text.length > most) {
      throw new HiloError('invalid-input', `such a message by ${channel} has at most ${most} characters`);
    }
    const window = replyWindow(channel, receivedAtMs(thread.state, channel), clock.nowMs());
    if (window?.state === 'closed') {
      throw new HiloError('window-closed', 'the customer has not written for 24 hours: send one of the templates');
    }
    return { ...base, text: text.trim(), language };
  }

  async #draftOf(interaction: string, attachment: string | undefined): Promise<Draft | undefined> {
    if (attachment === undefined) return undefined;
    const draft = await this.#ports.files.takeDraft(interaction, attachment);
    if (draft === undefined) throw new HiloError('invalid-input', `upload the file first: there is no ${attachment}`);
    return draft;
  }

  #targetQueue(
    { agent: to, queue }: { agent?: string | undefined; queue?: string | undefined },
    present: string,
    from: string,
  ): string {
    const { queues, agents } = this.#ports.centre();
    const name = queue ?? present;
    const config = queues.get(name);
    if (config === undefined) throw new HiloError('not-found', `there is no queue ${name}`);
    if (to === undefined) return name;
    const agent = agents.get(to);
    if (agent === undefined) throw new HiloError('not-found', `there is no agent ${to}`);
    if (to === from) throw new HiloError('invalid-input', `${to} has it already`);
    if (serves(agent, config)) return name;
    // Nobody has to know which queues a colleague serves.
    const own = queue === undefined ? [...queues.values()].find((one) => serves(agent, one)) : undefined;
    if (own === undefined) throw new HiloError('invalid-input', `${to} does not serve the queue ${name}`);
    return own.name;
  }
}

/** When the customer wrote last by that channel, in this matter. */
export function receivedAtMs({ segments }: Interaction, channel: ChannelName): number | undefined {
  return segments.findLast(
    (segment) => segment.kind === 'message' && segment.direction === 'in' && segment.channel === channel,
  )?.startedAtMs;
}

/** In which this customer is written to. */
export function languageFor({ language }: Interaction, contact: Pick<Contact, 'language'>, centre: Centre): string {
  return (
    [language, contact.language].find((one) => one !== undefined && centre.languages.includes(one)) ??
    centre.defaultLanguage
  );
}

/** What texts fill in. */
export function placesOf(
  { reference, conversation }: Interaction,
  { name = '' }: Pick<Contact, 'name'>,
  centre: Centre,
  agent: string,
  language: string,
): Readonly<Record<string, string>> {
  const title = centre.queues.get(conversation?.queue ?? '')?.title;
  const queue = title?.[language] ?? title?.[centre.defaultLanguage] ?? '';
  return { reference, customer: name, agent: centre.agents.get(agent)?.title ?? agent, queue };
}

/** A call with the same customer in the same matter. */
export function callOf({ callback, liveNodes }: Interaction): 'promised' | 'under-way' | undefined {
  if (liveNodes.length > 0) return 'under-way';
  return isPromised(callback) ? 'promised' : undefined;
}

function fileOf({ id, name, type, bytes }: Draft) {
  return { id, name, type, bytes };
}

function noFiles(channel: ChannelName): HiloError {
  return new HiloError('wrong-state', `${channel} carries no files`);
}
