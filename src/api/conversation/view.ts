// Written conversations as agents and supervisors see them: a line in the list, and the whole thread.
import { callOf, receivedAtMs } from '../../app/conversation/desk.js';
import type { WireAttachment } from '../../contract/conversation/attachment.js';
import type {
  WireConversation,
  WireMessage,
  WireReplyWindow,
  WireThread,
} from '../../contract/conversation/conversation.js';
import { isOpen, type Work } from '../../core/acd/work/work.js';
import { numberOf } from '../../core/interaction/conversation/conversation.js';
import { FILE_BYTES_MAX, SENT_TYPES } from '../../core/interaction/conversation/file-type.js';
import { type ReplyWindow, replyWindow, writtenChannel } from '../../core/interaction/conversation/written-channel.js';
import type { ChannelName } from '../../core/interaction/event.js';
import type { Interaction } from '../../core/interaction/interaction.js';
import type { MessageFile, MessageSegment } from '../../core/interaction/message-segment.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Matter } from '../live/matters.js';
import { customerView } from '../view/desk.js';
import { iso } from '../view/time.js';

/** The newest of a thread; the record has them all. */
export const MESSAGES_SHOWN = 500;
const PREVIEW_CHARS = 160;

export interface ConversationScene {
  readonly centre: Centre;
  readonly nowMs: number;
}

/** `matter`: undefined while the record is read. */
export function conversationView(work: Work, matter: Matter | undefined, scene: ConversationScene): WireConversation {
  const { entry, queue, interaction: id, sinceMs } = work;
  const common = {
    id,
    entry,
    queue,
    queueTitle: { ...scene.centre.queues.get(queue)?.title },
    ...known(matter, scene),
  };
  if (isOpen(work)) return { ...common, state: 'open', since: iso(sinceMs) };
  return { ...common, state: 'offered', offer: work.offer, offeredAt: iso(sinceMs), expiresAt: iso(work.expiresAtMs) };
}

function known(matter: Matter | undefined, { nowMs }: ConversationScene) {
  if (matter === undefined) return { version: 0, channel: 'voice' as const, unread: 0 };
  const { state } = matter.thread;
  const { conversation } = state;
  const channel = conversation?.channel ?? state.address.channel;
  const last = messagesOf(state).at(-1);
  const window = replyWindow(channel, receivedAtMs(state, channel), nowMs);
  const call = callOf(state);
  return {
    ...{ version: state.version, channel, unread: conversation?.unread.length ?? 0, customer: customerView(matter) },
    ...(conversation?.waitingSinceMs === undefined ? {} : { waitingSince: iso(conversation.waitingSinceMs) }),
    ...(last === undefined ? {} : { last: lastView(last) }),
    ...(window === undefined ? {} : { window: windowView(window) }),
    ...(conversation?.handover === undefined ? {} : { handover: conversation.handover }),
    ...(call === undefined ? {} : { call }),
  };
}

function lastView({ message: id, direction, startedAtMs, text, attachments = [], status }: MessageSegment) {
  const preview = [...text].slice(0, PREVIEW_CHARS).join('');
  return { id, direction, at: iso(startedAtMs), text: preview, attachments: attachments.length, status };
}

function windowView(window: ReplyWindow): WireReplyWindow {
  if (window.state === 'open') return { state: 'open', until: iso(window.untilMs) };
  return window.sinceMs === undefined ? { state: 'closed' } : { state: 'closed', since: iso(window.sinceMs) };
}

export interface ThreadScene extends ConversationScene {
  /** Who has it, or is offered it. */
  readonly agent?: string | undefined;
  readonly work?: Work | undefined;
  readonly user: string;
}

export function threadView(matter: Matter, scene: ThreadScene): WireThread {
  const { state } = matter.thread;
  const { conversation, reference, version, id } = state;
  const { centre, agent, work } = scene;
  const channel = conversation?.channel ?? state.address.channel;
  const window = replyWindow(channel, receivedAtMs(state, channel), scene.nowMs);
  const queue = conversation?.queue ?? work?.queue;
  const config = centre.queues.get(queue ?? '');
  const { codes = {}, required = false } = config?.dispositions ?? {};
  const call = callOf(state);
  return {
    ...{ id, reference, version, channel, customer: customerView(matter) },
    state: work?.state ?? (conversation?.state === 'waiting' ? 'waiting' : 'over'),
    ...(work === undefined ? {} : { entry: work.entry }),
    ...(agent === undefined ? {} : { agent }),
    yours: work?.state === 'open' && agent === scene.user,
    ...(queue === undefined ? {} : { queue, queueTitle: { ...config?.title } }),
    ...(window === undefined ? {} : { window: windowView(window) }),
    allowed: allowedNow(channel, window, conversation && numberOf(conversation), centre),
    messages: messagesOf(state)
      .slice(-MESSAGES_SHOWN)
      .map((message) => messageView(message, state)),
    codes: Object.entries(codes).map(([code, title]) => ({ code, title: { ...title } })),
    codeRequired: required,
    ...(call === undefined ? {} : { call }),
  };
}

function allowedNow(
  channel: ChannelName,
  window: ReplyWindow | undefined,
  number: string | undefined,
  centre: Centre,
): WireThread['allowed'] {
  const rules = writtenChannel(channel);
  const isClosed = window?.state === 'closed';
  return {
    text: rules !== undefined && !isClosed,
    ...(isClosed
      ? {
          whyNot: {
            es: 'El cliente no ha escrito por aquí en las últimas 24 horas: solo se puede enviar una plantilla.',
            en: 'The customer has not written here for 24 hours: only a template can be sent.',
          },
        }
      : {}),
    textChars: rules?.textChars ?? 0,
    ...(rules?.files === true ? { attachments: { bytes: FILE_BYTES_MAX, types: [...SENT_TYPES] } } : {}),
    templates: rules?.templates === true && (centre.conversations?.templates.size ?? 0) > 0,
    call: number !== undefined && /^\+?\d{2,20}$/.test(number),
  };
}

export function messageView(segment: MessageSegment, { id: interaction, conversation }: Interaction): WireMessage {
  const {
    message: id,
    startedAtMs,
    direction,
    channel,
    agent,
    text,
    template,
    attachments = [],
    status,
    reason,
  } = segment;
  const isOurs = direction === 'out';
  return {
    ...{ id, at: iso(startedAtMs), direction, channel, text, status },
    by: isOurs ? (agent === undefined ? 'hilo' : 'agent') : 'customer',
    ...(agent === undefined ? {} : { agent }),
    ...(template === undefined ? {} : { template }),
    attachments: attachments.map((file) => fileView(file, interaction)),
    ...(reason === undefined ? {} : { reason }),
    read: isOurs || conversation?.unread.includes(id) !== true,
  };
}

export function fileView(file: MessageFile, interaction: string): WireAttachment {
  const { id, name, state } = file;
  if (file.state === 'loading') return { id, name, state };
  if (file.state === 'refused') return { id, name, state, reason: file.reason };
  const url = `/api/conversations/${interaction}/attachments/${id}`;
  return { id, name, state, type: file.type, bytes: file.bytes, url };
}

export function messagesOf({ segments }: Interaction): MessageSegment[] {
  return segments.filter((segment) => segment.kind === 'message');
}
