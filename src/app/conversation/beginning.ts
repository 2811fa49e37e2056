// Agents write first: to a number, or to the customer of a matter, in a matter of theirs that is open where there is one.

import { DEFAULT_CHANNELS } from '../../core/acd/choice/capacity.js';
import { serves } from '../../core/acd/choice/stage.js';
import { workCount } from '../../core/acd/work/work.js';
import { isPending } from '../../core/interaction/callback.js';
import { isGoingOn } from '../../core/interaction/conversation/conversation.js';
import { writtenChannel } from '../../core/interaction/conversation/written-channel.js';
import type { Address, ChannelName } from '../../core/interaction/event.js';
import { messageAddress } from '../../core/policy/recipient.js';
import type { AgentConfig, Centre } from '../../core/routing/centre.js';
import type { Ids } from '../../lib/ids.js';
import type { OutboundGuard } from '../call/outbound-guard.js';
import type { CustomerTurns } from '../callback/customer-turns.js';
import { numberOf } from '../callback/placed-calls.js';
import { HiloError } from '../errors.js';
import type { LiveState } from '../floor/live-state.js';
import type { Messenger } from '../message/messenger.js';
import type { Contact, RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { ConversationWorks } from './conversation-works.js';

/** Matters of a customer that are looked at, the newest ones. */
const MAX_OPEN = 20;

export interface BeginningPorts {
  readonly interactions: Pick<Interactions, 'resume' | 'open'>;
  readonly contacts: Contacts;
  readonly store: Pick<RecordStore, 'openOf'>;
  readonly conversationWorks: ConversationWorks;
  readonly messengers: ReadonlyMap<ChannelName, Messenger>;
  readonly guard: Pick<OutboundGuard, 'permits'>;
  readonly turns: CustomerTurns;
  readonly live: LiveState;
  readonly centre: () => Centre;
  readonly ids: Ids;
}

export interface NewConversation {
  /** As typed; absent: that of the customer of the matter. */
  readonly number?: string | undefined;
  /** Where it is about; absent, or closed: an open matter of the customer, else a new one. */
  readonly interaction?: string | undefined;
  /** Absent: the one in which the centre writes to customers by itself, else the first that there is. */
  readonly channel?: ChannelName | undefined;
}

type WritingChannel = Exclude<ChannelName, 'voice'>;

export class Beginning {
  constructor(private readonly ports: BeginningPorts) {}

  /** In which customers can be written to first, the usual one at the head. */
  channels(): readonly WritingChannel[] {
    const usual = this.ports.centre().recovery.channel;
    return [...this.ports.messengers.values()]
      .map(({ channel }) => channel)
      .filter((channel) => writtenChannel(channel)?.address === 'number')
      .toSorted((a, b) => Number(b === usual) - Number(a === usual));
  }

  /**
   * The conversation is this agent's when it resolves, with its interaction; one that they have already is that one. Nothing is
   * written yet. Rejects with HiloError `not-found`, `not-allowed` (number, consent, queue), `wrong-state` (somebody else has the
   * customer, or the agent has enough), `too-many-requests`, `store-unavailable`; `why` of it says which.
   */
  async begin({ number, interaction, channel: wanted }: NewConversation, agent: string): Promise<string> {
    const { centre, interactions, turns, contacts, conversationWorks, ids } = this.ports;
    const config = centre().agents.get(agent);
    if (config === undefined) throw refused('not-found', 'not-an-agent', `${agent} is no agent of the centre`);
    const given = interaction === undefined ? undefined : await interactions.resume(interaction);
    const channel = this.#channel(wanted);
    const queue = this.#queue(channel, config);
    const to = this.#address(number ?? (given && numberOf(given.state)) ?? '', channel);
    return turns.take(to, async () => {
      const { contact, address } = await contacts.of(channel, to, centre().country);
      this.#mayBeWrittenTo(contact);
      const thread = await this.#thread(given, contact, address);
      const { conversation } = thread.state;
      if (isGoingOn(conversation)) {
        if (conversation.state === 'open' && conversation.agent === agent) return thread.id;
        throw conversation.state === 'open' ? taken(conversation.agent) : waits(conversation.queue);
      }
      this.#hasRoom(config);
      const entry = ids.uuid();
      await thread.record({ type: 'conversation-begun', data: { entry, agent, queue, channel, address: to } });
      // Should the node die here, it is found in the record and given back.
      await conversationWorks.mend(thread.state);
      return thread.id;
    });
  }

  #channel(wanted: ChannelName | undefined): WritingChannel {
    const all = this.channels();
    const channel = wanted === undefined ? all[0] : all.find((one) => one === wanted);
    if (channel !== undefined) return channel;
    throw refused('wrong-state', 'no-channel', `nobody can be written to first by ${wanted ?? 'any channel'}`);
  }

  /** That of the channel when the agent serves it, else the first that they serve. */
  #queue(channel: ChannelName, config: AgentConfig): string {
    const { conversations, queues } = this.ports.centre();
    if (conversations === undefined) {
      throw refused('wrong-state', 'no-channel', 'the centre has no written conversations: see `conversations`');
    }
    const own = queues.get(conversations.queues[channel] ?? conversations.queue);
    const served = [...(own === undefined ? [] : [own]), ...queues.values()].find((queue) => serves(config, queue));
    if (served === undefined) throw refused('not-allowed', 'not-your-queue', 'you serve no queue');
    return served.name;
  }

  #address(number: string, channel: WritingChannel): string {
    const { guard, centre } = this.ports;
    const permitted = guard.permits(number);
    if (!permitted.allowed) {
      throw refused('not-allowed', permitted.reason, `this number may not be written to: ${permitted.reason}`);
    }
    const to = messageAddress(permitted.number, channel, centre().country);
    if (to === undefined) throw refused('not-allowed', 'not-messageable', `nothing can be written to it by ${channel}`);
    return to;
  }

  #mayBeWrittenTo({ consent }: Contact): void {
    if (consent === 'withdrawn') throw refused('not-allowed', 'consent-withdrawn', 'the customer wants no messages');
    if (this.ports.centre().recovery.consent === 'required' && consent !== 'given') {
      throw refused('not-allowed', 'no-consent', 'the customer has not agreed to be written to');
    }
  }

  async #thread(given: Thread | undefined, contact: Contact, address: Address): Promise<Thread> {
    const { store, interactions } = this.ports;
    if (given !== undefined && given.state.state !== 'closed') return given;
    const open = (await store.openOf(contact.id)).slice(0, MAX_OPEN);
    const threads = await Promise.all(open.map(({ id }) => interactions.resume(id)));
    return (
      threads.find(({ state }) => isGoingOn(state.conversation)) ??
      threads.find(({ state }) => isPending(state.callback)) ??
      threads[0] ??
      interactions.open(contact, address)
    );
  }

  /** Of those that the agent has already; nobody is given more than the dispatcher would. */
  #hasRoom({ name, capacity }: AgentConfig): void {
    const { live, centre } = this.ports;
    const presence = live.agent(name);
    if (presence === undefined || presence.state === 'offline') {
      throw refused('wrong-state', 'not-at-work', 'sign in to work first');
    }
    const most = capacity?.message ?? (centre().channels ?? DEFAULT_CHANNELS).message.perAgent;
    if (workCount(presence, 'message') < most) return;
    throw refused('wrong-state', 'conversations-full', `you have ${most} conversations already: finish one first`);
  }
}

function taken(agent: string): HiloError {
  return new HiloError('wrong-state', `${agent} writes with the customer already`, { why: { reason: 'taken', agent } });
}

function waits(queue: string): HiloError {
  return refused('wrong-state', 'conversation-waits', `the customer has written and waits in the queue ${queue}`);
}

function refused(code: 'not-found' | 'not-allowed' | 'wrong-state', reason: string, detail: string): HiloError {
  return new HiloError(code, detail, { why: { reason } });
}
