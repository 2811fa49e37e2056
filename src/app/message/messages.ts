// Messages to customers: stored first, then handed to the provider by a job that is tried again until it is taken.
import type { Attachment, UsedTemplate } from '../../core/interaction/conversation/conversation-event.js';
import type { ChannelName, InteractionEvent, MessageStatus } from '../../core/interaction/event.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { AttachmentFiles } from '../conversation/files.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { Jobs, RecordStore } from '../ports.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { MessageReceipt, Messenger, OutgoingFile } from './messenger.js';

/** Long enough for the message to be stored and sent in the ordinary way first. */
const SAFETY_ALARM_MS = 30_000;

export interface MessagesPorts {
  readonly messengers: ReadonlyMap<ChannelName, Messenger>;
  readonly interactions: Interactions;
  readonly store: RecordStore;
  readonly jobs: Jobs;
  readonly eventually: Eventually;
  /** What agents send along. */
  readonly files: Pick<AttachmentFiles, 'find'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export interface NewMessage {
  readonly channel: ChannelName;
  readonly to: string;
  readonly purpose: 'callback-offer' | 'information' | 'confirmation' | 'reply';
  readonly text: string;
  readonly language: string;
  /** Of an agent's reply. */
  readonly agent?: string;
  readonly template?: UsedTemplate;
  readonly attachments?: readonly Attachment[];
}

type Queued = Extract<InteractionEvent, { type: 'message-queued' }>['data'];

/** How far a message has come; a receipt that says less than is known already changes nothing. */
const PROGRESS: Readonly<Record<MessageStatus, number>> = { queued: 0, sent: 1, failed: 2, delivered: 3, read: 4 };

export class Messages {
  readonly #ports: MessagesPorts;
  /** Messages being handed over: a provider's receipt may overtake the note of its id. */
  readonly #handovers = new Set<Promise<void>>();

  constructor(ports: MessagesPorts) {
    this.#ports = ports;
    for (const messenger of ports.messengers.values()) messenger.onReceipt((receipt) => this.#receipt(receipt));
  }

  has(channel: ChannelName): boolean {
    return this.#ports.messengers.has(channel);
  }

  /**
   * Stores the message together with the facts that hang on it; it will go out even if this process dies now.
   * `facts` gets the message's id. Rejects with HiloError `store-unavailable`: then nothing was promised.
   */
  async queue(
    thread: Thread,
    message: NewMessage,
    facts: (id: string) => readonly InteractionEvent[],
    id = this.#ports.ids.uuid(),
  ): Promise<string> {
    await this.#setSafetyAlarm(thread.id, id);
    const data: Queued = { ...message, segment: this.#ports.ids.uuid(), message: id };
    await thread.record(...facts(id), { type: 'message-queued', data });
    this.#ports.eventually.do(`message ${id} is scheduled`, () => this.schedule(thread.id, id));
    return id;
  }

  schedule(interaction: string, message: string, delayMs = 0): Promise<void> {
    const job = { kind: 'send-message', interaction, message } as const;
    return this.#ports.jobs.schedule(`send:${message}`, this.#ports.clock.nowMs() + delayMs, job);
  }

  /**
   * Set before the message is stored: should the process die right after, this alarm finds it in the record. It finds
   * nothing when the message never got there. Without the live store the risk of that moment is taken.
   */
  async #setSafetyAlarm(interaction: string, message: string): Promise<void> {
    try {
      await this.schedule(interaction, message, SAFETY_ALARM_MS);
    } catch (error) {
      this.#ports.log.warn({ err: error, message }, 'message stored without an alarm of its own');
    }
  }

  /** The job: hands the message over unless that was done already. Rejects when it should be tried again; `last`: it will not be. */
  async send(interaction: string, message: string, last: boolean): Promise<void> {
    const handover = this.#handOver(interaction, message, last);
    this.#handovers.add(handover);
    try {
      await handover;
    } finally {
      this.#handovers.delete(handover);
    }
  }

  /** Undefined: a safety alarm for an interaction that was never stored. */
  async #threadOf(interaction: string): Promise<Thread | undefined> {
    try {
      return await this.#ports.interactions.resume(interaction);
    } catch (error) {
      if (error instanceof HiloError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async #handOver(interaction: string, message: string, last: boolean): Promise<void> {
    const thread = await this.#threadOf(interaction);
    const data = thread && queuedIn(thread, message);
    if (thread === undefined || data === undefined || statusOf(thread, message) !== 'queued') return;
    const messenger = this.#ports.messengers.get(data.channel);
    if (messenger === undefined) {
      this.#failed(thread, message, `no-${data.channel}-channel`);
      return;
    }
    try {
      const { providerId } = await messenger.send({ ...outgoing(thread, data), ...(await this.#fileOf(data)) });
      const { channel } = data;
      await this.#ports.store.rememberMessage({ channel, providerId, message, interaction, direction: 'out' });
      // Its receipt may have been quicker.
      if (statusOf(thread, message) !== 'queued') return;
      thread.note({ type: 'message-status', data: { message, status: 'sent', providerId } });
    } catch (error) {
      const refused = error instanceof HiloError && error.code === 'message-refused';
      this.#ports.log.error({ err: error, interaction, message, last }, 'message not taken by the provider');
      if (refused || last) this.#failed(thread, message, error instanceof HiloError ? error.detail : 'not-sent');
      if (!refused) throw error;
    }
  }

  /** Rejects with HiloError `message-refused` when it is not on the disk of this node. */
  async #fileOf({ attachments: [file] = [] }: Queued): Promise<{ file?: OutgoingFile }> {
    if (file?.type === undefined || file.bytes === undefined) return {};
    const { id, name, type, bytes } = file;
    const found = await this.#ports.files.find(id);
    if (found === undefined) throw new HiloError('message-refused', 'the file of this message is gone');
    return { file: { id, name, type, bytes, path: found.path } };
  }

  #failed(thread: Thread, message: string, reason: string): void {
    thread.note({ type: 'message-status', data: { message, status: 'failed', reason } });
  }

  async #receipt(receipt: MessageReceipt): Promise<void> {
    const { channel, providerId, status, reason } = receipt;
    const { store } = this.#ports;
    let known = await store.messageByProviderId(channel, providerId);
    if (known === undefined && this.#handovers.size > 0) {
      await Promise.allSettled(this.#handovers);
      known = await store.messageByProviderId(channel, providerId);
    }
    if (known === undefined) {
      this.#ports.log.info({ channel, providerId, status }, 'receipt for an unknown message');
      return;
    }
    const thread = await this.#ports.interactions.resume(known.interaction);
    const { message } = known;
    if (PROGRESS[statusOf(thread, message)] >= PROGRESS[status]) return;
    const data = { message, status, providerId };
    await thread.record({ type: 'message-status', data: reason === undefined ? data : { ...data, reason } });
  }
}

export function queuedIn(thread: Thread, message: string): Queued | undefined {
  for (const { event } of thread.events) {
    if (event.type === 'message-queued' && event.data.message === message) return event.data;
  }
  return undefined;
}

export function statusOf(thread: Thread, message: string): MessageStatus {
  let status: MessageStatus = 'queued';
  for (const { event } of thread.events) {
    if (event.type === 'message-status' && event.data.message === message) status = event.data.status;
  }
  return status;
}

function outgoing(thread: Thread, data: Queued): Parameters<Messenger['send']>[0] {
  const { message, to, text, language, channel } = data;
  const last = thread.events.findLast(
    ({ event }) => event.type === 'message-received' && event.data.channel === channel,
  );
  return {
    message,
    to,
    text,
    language,
    ...(last === undefined ? {} : { lastReceivedAtMs: last.atMs }),
    ...templateOf(thread, data),
  };
}

/** Outside WhatsApp's 24-hour window only an approved template goes; what an agent wrote is never replaced by one. */
function templateOf(thread: Thread, { purpose, template }: Queued): Pick<Parameters<Messenger['send']>[0], 'template'> {
  if (template !== undefined) {
    return { template: { name: template.sentAs, parameters: template.parameters, always: true } };
  }
  if (purpose === 'reply') return {};
  return { template: { name: `hilo_${purpose.replaceAll('-', '_')}`, parameters: [thread.state.reference] } };
}
