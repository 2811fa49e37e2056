// What customers send with their messages, fetched from the provider by a job that is tried again until we have it or never will.
import type { Attachment } from '../../core/interaction/conversation/conversation-event.js';
import type { ChannelName, InteractionEvent } from '../../core/interaction/event.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { IncomingFile, Messenger } from '../message/messenger.js';
import type { Jobs } from '../ports.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { AttachmentFiles } from './files.js';

/** Of one message; more are passed over. */
export const FILES_PER_MESSAGE_MAX = 10;
const SAFETY_ALARM_MS = 30_000;
const NAMELESS = 'file';
const NAME_CHARS_MAX = 120;

export interface AttachmentFetchingPorts {
  readonly messengers: ReadonlyMap<ChannelName, Messenger>;
  readonly files: AttachmentFiles;
  readonly interactions: Interactions;
  readonly jobs: Jobs;
  readonly eventually: Eventually;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export class AttachmentFetching {
  constructor(private readonly ports: AttachmentFetchingPorts) {}

  /** What stands in the record of files that are not here yet. An alarm for each is set first, so that none is forgotten. */
  async announced(interaction: string, files: readonly IncomingFile[] = []): Promise<readonly Attachment[]> {
    const attachments = files.slice(0, FILES_PER_MESSAGE_MAX).map(({ source, name = NAMELESS }) => ({
      id: this.ports.ids.uuid(),
      name: name.slice(0, NAME_CHARS_MAX),
      source,
    }));
    for (const { id } of attachments) {
      try {
        await this.#schedule(interaction, id, SAFETY_ALARM_MS);
      } catch (error) {
        this.ports.log.warn({ err: error, attachment: id }, 'a file is to be fetched without an alarm of its own');
      }
    }
    return attachments;
  }

  /** The message that names them is stored. */
  begin(interaction: string, attachments: readonly Attachment[]): void {
    for (const { id } of attachments) {
      this.ports.eventually.do(`file ${id} is fetched`, () => this.#schedule(interaction, id, 0));
    }
  }

  /** The job. Rejects when it should be tried again; `last`: it will not be. */
  async fetch(interaction: string, attachment: string, last: boolean): Promise<void> {
    const thread = await this.#threadOf(interaction);
    const wanted = thread && wantedIn(thread, attachment);
    if (thread === undefined || wanted === undefined) return;
    const { file, channel } = wanted;
    try {
      const load = this.ports.messengers.get(channel)?.load?.bind(this.ports.messengers.get(channel));
      if (load === undefined || file.source === undefined)
        throw new HiloError('not-found', 'this channel has no files');
      const { name, type, bytes } = await load(file.source, (content) =>
        this.ports.files.keep({ id: file.id, name: file.name === NAMELESS ? undefined : file.name }, content),
      );
      await thread.record({ type: 'attachment-stored', data: { attachment, name, type, bytes } });
    } catch (error) {
      const reason = reasonOf(error);
      this.ports.log.warn({ err: error, interaction, attachment, last }, 'a file of a customer was not fetched');
      if (reason === undefined && !last) throw error;
      const data = { attachment, name: file.name, reason: reason ?? 'not-available' };
      thread.note({ type: 'attachment-refused', data });
    }
  }

  #schedule(interaction: string, attachment: string, delayMs: number): Promise<void> {
    const job = { kind: 'fetch-attachment', interaction, attachment } as const;
    return this.ports.jobs.schedule(`fetch:${attachment}`, this.ports.clock.nowMs() + delayMs, job);
  }

  /** Undefined: a safety alarm for an interaction that was never stored. */
  async #threadOf(interaction: string): Promise<Thread | undefined> {
    try {
      return await this.ports.interactions.resume(interaction);
    } catch (error) {
      if (error instanceof HiloError && error.code === 'not-found') return undefined;
      throw error;
    }
  }
}

type Received = Extract<InteractionEvent, { type: 'message-received' }>['data'];

/** Undefined: no message names it, or it is settled. */
function wantedIn(
  thread: Thread,
  id: string,
): { readonly file: Attachment; readonly channel: Received['channel'] } | undefined {
  let found: { readonly file: Attachment; readonly channel: Received['channel'] } | undefined;
  for (const { event } of thread.events) {
    if (event.type === 'message-received') {
      const file = event.data.attachments?.find((one) => one.id === id);
      if (file !== undefined) found = { file, channel: event.data.channel };
    } else if (event.type === 'attachment-stored' || event.type === 'attachment-refused') {
      if (event.data.attachment === id) return undefined;
    }
  }
  return found;
}

/** Why it will never come; undefined: it may, later. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof HiloError)) return undefined;
  switch (error.code) {
    case 'too-large':
      return 'too-large';
    case 'unsupported-media-type':
      return 'type-not-allowed';
    case 'not-found':
      return 'not-available';
    default:
      return undefined;
  }
}
