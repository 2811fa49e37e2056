// The facts of one customer matter: the only thing that is stored, everything else is computed from them.
// An event type is never edited; a change of meaning is a new type beside the old one.

import type { Attachment, ConversationEvent, UsedTemplate, WorkedKind } from './conversation/conversation-event.js';
import type { EstimateGiven, GivenAnswer, JoinGiven, RecoveryGiven, WalkStart, WrapUpGiven } from './decision/given.js';
import type { Explanation } from './explanation.js';
import type { OwedEvent } from './owed/owed-event.js';
import type { TalkEvent } from './talk/talk-event.js';

export type ChannelName = 'voice' | 'sms' | 'whatsapp' | 'chat' | 'sandbox';

/** Somebody's address in a channel: E.164 or internal number for voice and sms, WhatsApp id, visitor of a web page, sandbox name. */
export interface Address {
  readonly channel: ChannelName;
  readonly value: string;
}

/** `number`: one that may be called. `language`: of the page they write on. */
export interface Writer {
  readonly name?: string;
  readonly number?: string;
  readonly language?: string;
}

/** Who ended a call: the customer, the agent, or Hilo itself. */
export type EndedBy = 'customer' | 'agent' | 'hilo' | 'network';

/** What the customer got out of a call. Reports read only this and `reason`. */
export type CallResult =
  | 'served' // talked to a person, or finished the flow's own service
  | 'abandoned' // hung up in the flow or the queue before being served
  | 'short-abandoned' // the same within the short-abandon limit
  | 'voicemail'
  | 'callback-promised'
  | 'message-sent'
  | 'forwarded'
  | 'refused' // by policy: full queue, not allowed, overload
  | 'no-answer' // an outbound call that nobody took
  | 'failed'; // our fault or the network's

/** How a call ended, once per call. */
export interface CallEnd {
  readonly by: EndedBy;
  readonly result: CallResult;
  /** Kebab-case cause, e.g. `caller-hung-up`, `media-lost`, `node-lost`, `queue-full`. */
  readonly reason: string;
  readonly sipStatus?: number;
}

/** Mean opinion of 1 (bad) to 4.5, and what it comes from. */
export interface LegQuality {
  /** Whose line: the customer's, or that of the agent or the number it was connected with. */
  readonly party: 'customer' | 'other-side';
  /** What we heard of the party. */
  readonly packets: number;
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly opinion: number;
  /** What the party heard of us, as far as it reported. */
  readonly reported?: { readonly lossPercent: number; readonly opinion: number; readonly roundTripMs: number };
}

/**
 * `csat`: how content, 1 to 5 · `nps`: whether they would recommend us, 0 to 10 · `fcr`: whether it was settled by this contact,
 * 1 yes, 0 no.
 */
export interface SurveyAnswer {
  readonly survey: 'csat' | 'nps' | 'fcr';
  readonly score: number;
}

/** What a supervisor does in a conversation: only hears, is heard by the agent too, is heard by both. */
export type MonitorMode = 'listen' | 'whisper' | 'barge';

export type RefusalReason = 'rejected' | 'busy' | 'no-answer' | 'unreachable' | 'not-registered';
export type WithdrawalReason =
  | 'caller-hung-up'
  | 'max-wait'
  | 'exit-key'
  | 'node-lost'
  | 'superseded'
  | 'agent-left'
  | 'held'
  | 'moved' // a supervisor sent the caller to another queue
  | 'nobody-signed-in' // the last agent left
  | 'customer-not-reached' // a call-back that rings the customer first
  | 'answered-elsewhere'; // another agent was quicker (ring all)
export type LeaveReason = 'connected' | WithdrawalReason | 'overflow';
export type MessageStatus = 'queued' | 'sent' | 'delivered' | 'read' | 'failed';

/** Whose call-back it is: until then (Unix ms) it is offered to nobody else. */
export interface CallbackOwner {
  readonly agent: string;
  readonly untilMs: number;
}

/** `segment` is the id of a stretch of the interaction in one channel with one party. Times are Unix milliseconds. */
export type InteractionEvent =
  | { readonly type: 'interaction-opened'; readonly data: { reference: string; contact: string; address: Address } }
  | {
      readonly type: 'call-arrived';
      /** `centre`: revision of its text in force. */
      readonly data: {
        segment: string;
        callId: string;
        from: string;
        to: string;
        trunk: string;
        node: string;
        centre?: string;
      };
    }
  | {
      readonly type: 'call-dialled';
      readonly data: {
        segment: string;
        to: string;
        purpose: 'callback' | 'forward';
        node: string;
        callback?: string;
        agent?: string;
      };
    }
  /** Its node died while they talked; another one holds it now. */
  | { readonly type: 'call-taken-over'; readonly data: { segment: string; node: string } }
  | { readonly type: 'call-answered'; readonly data: { segment: string; callId?: string } }
  | {
      readonly type: 'flow-entered';
      /** `start`: of the flow with which a walk begins. */
      readonly data: { segment: string; flow: string; revision: string; language: string; start?: WalkStart };
    }
  /** `name`: what reports call the step, when that is not its own name. */
  | {
      readonly type: 'flow-step';
      /** `answers`: what the walk was given since the step before, as far as it may be kept. */
      readonly data: {
        segment: string;
        step: string;
        outcome: string;
        name?: string;
        answers?: readonly GivenAnswer[];
      };
    }
  /** The customer answered a question about us. `name`: of the step that asked. */
  | { readonly type: 'survey-answered'; readonly data: SurveyAnswer & { segment: string; name: string } }
  /** The caller heard the message that is said to everybody just now; then the call went on, ended, or went to a queue. */
  | {
      readonly type: 'emergency-heard';
      readonly data: { segment: string; emergency: string; afterwards: 'go-on' | 'hang-up' | 'queue'; queue?: string };
    }
  /** A call had too much of something in its flow (`too-many-steps`, `too-long-in-flow` …) and was brought to safety. */
  | {
      readonly type: 'flow-limit-hit';
      readonly data: { segment: string; step: string; limit: string; to: 'fallback' | 'queue' | 'end' };
    }
  | { readonly type: 'language-set'; readonly data: { segment: string; language: string } }
  | {
      readonly type: 'queued';
      readonly data: {
        segment: string;
        entry: string;
        queue: string;
        priority: number;
        seniorityMs: number;
        kind: 'call' | 'callback' | 'message' | 'task';
        /** Of a message or task: what there is to do. */
        title?: string;
        /** Of a call: why it may wait. */
        given?: JoinGiven;
      };
    }
  /** Nobody was free when it joined. `waitMs`: how long it will probably wait, padded; absent: too little is known. */
  | {
      readonly type: 'wait-estimated';
      readonly data: {
        entry: string;
        queue: string;
        position: number;
        agents: number;
        samples: number;
        waitMs?: number;
        given?: EstimateGiven;
      };
    }
  | {
      readonly type: 'offered';
      readonly data: { entry: string; offer: string; queue: string; agent: string; why: Explanation };
    }
  | {
      readonly type: 'offer-refused';
      readonly data: { entry: string; offer: string; agent: string; reason: RefusalReason; sipStatus?: number };
    }
  | {
      readonly type: 'offer-withdrawn';
      readonly data: { entry: string; offer: string; agent: string; reason: WithdrawalReason };
    }
  | {
      readonly type: 'connected';
      readonly data: { segment: string; entry: string; agent: string; device: string; waitedMs: number };
    }
  | {
      readonly type: 'left-queue';
      readonly data: { entry: string; queue: string; reason: LeaveReason; waitedMs: number };
    }
  /** `given`: of a caller who did not even begin to wait. */
  | {
      readonly type: 'overflowed';
      readonly data: { entry: string; queue: string; to: string; cause: string; given?: JoinGiven };
    }
  | {
      readonly type: 'forwarded';
      readonly data: { segment: string; from: string; to: string; rule: string };
    }
  | {
      readonly type: 'forward-refused';
      readonly data: { segment: string; from: string; to: string; reason: string };
    }
  | { readonly type: 'recording-started'; readonly data: { segment: string; recording: string; path: string } }
  | {
      readonly type: 'voicemail-left';
      readonly data: { segment: string; recording: string; path: string; durationMs: number; queue?: string };
    }
  /** A supervisor hears the conversation from now on; told before anything is heard. `by`: the user who asked for it. */
  | {
      readonly type: 'monitor-started';
      readonly data: { segment: string; monitor: string; by: string; device: string; mode: MonitorMode };
    }
  | {
      readonly type: 'monitor-changed';
      readonly data: { segment: string; monitor: string; by: string; mode: MonitorMode };
    }
  | { readonly type: 'monitor-ended'; readonly data: { segment: string; monitor: string; by: string; reason: string } }
  /** A line that somebody typed on the call (real-time text). `name`: the user, when it came by the API. */
  | {
      readonly type: 'text-written';
      readonly data: { segment: string; by: 'customer' | 'agent'; name?: string; text: string };
    }
  /** A flow asked another system. `outcome`: `2xx` … or why there was no answer; what was sent and answered is nobody's business here. */
  | {
      readonly type: 'web-asked';
      readonly data: {
        segment: string;
        host: string;
        method: string;
        outcome: string;
        tries: number;
        durationMs: number;
      };
    }
  /** A turn of a bot: what the customer did (a single key is named, more are only counted), and what came back. */
  | {
      readonly type: 'bot-turn';
      readonly data: {
        segment: string;
        turn: number;
        heard: string;
        said: string;
        /** What the bot asked for, or why its answer is none. */
        asked?: string;
      };
    }
  /** How the line sounded, told once after a leg is over; nothing is told of a leg without sound, or by a media server that is gone. */
  | { readonly type: 'leg-quality'; readonly data: LegQuality & { segment: string } }
  | { readonly type: 'call-ended'; readonly data: CallEnd & { segment: string; talkedMs: number } }
  /** The agent finished the work after a call: counted with the talk as handling time. */
  | {
      readonly type: 'wrapped-up';
      readonly data: { segment: string; entry: string; agent: string; wrapUpMs: number; given?: WrapUpGiven };
    }
  | {
      readonly type: 'message-queued';
      readonly data: {
        segment: string;
        message: string;
        channel: ChannelName;
        to: string;
        purpose: 'callback-offer' | 'information' | 'confirmation' | 'reply';
        text: string;
        language: string;
        /** Who wrote it; absent: Hilo itself. */
        agent?: string;
        template?: UsedTemplate;
        attachments?: readonly Attachment[];
      };
    }
  | {
      readonly type: 'message-status';
      readonly data: { message: string; status: MessageStatus; providerId?: string; reason?: string };
    }
  | {
      readonly type: 'message-received';
      readonly data: {
        segment: string;
        message: string;
        channel: ChannelName;
        from: string;
        text: string;
        /** The provider's: sent again, it is the same message. */
        providerId?: string;
        attachments?: readonly Attachment[];
        /** Who the writer says to be, where the address tells nothing; nobody has looked whether it is so. */
        writer?: Writer;
      };
    }
  /** `given`: of the offer of a call-back, what it was decided from. */
  | { readonly type: 'message-declined'; readonly data: { purpose: string; reason: string; given?: RecoveryGiven } }
  | {
      readonly type: 'callback-offered';
      readonly data: { callback: string; message: string; queue: string; given?: RecoveryGiven };
    }
  | {
      readonly type: 'callback-requested';
      readonly data: {
        callback: string;
        number: string;
        queue: string;
        dueAtMs: number;
        seniorityMs: number;
        priority: number;
        source: 'message' | 'flow' | 'overflow' | 'node-lost' | 'api' | 'web';
        owner?: CallbackOwner;
      };
    }
  | {
      readonly type: 'callback-attempted';
      readonly data: { callback: string; attempt: number; agent: string };
    }
  | {
      readonly type: 'callback-attempt-failed';
      readonly data: { callback: string; attempt: number; reason: string; nextAtMs?: number };
    }
  /** The customer of this lost matter has talked or written with somebody in another one, in that call or message. */
  | {
      readonly type: 'recovered-elsewhere';
      readonly data: { interaction: string; segment: string; by: 'callback' | 'call' | 'message' };
    }
  | {
      readonly type: 'callback-ended';
      readonly data: {
        callback: string;
        result: 'connected' | 'cancelled' | 'failed' | 'superseded' | 'refused';
        reason: string;
        /** In the words of who cancelled it. */
        note?: string;
      };
    }
  | TalkEvent
  | OwedEvent
  | ConversationEvent
  | { readonly type: 'node-lost'; readonly data: { node: string } }
  /** An agent writes to somebody who has not written: nobody else is asked, and the conversation is theirs at once. */
  | {
      readonly type: 'conversation-begun';
      readonly data: { entry: string; agent: string; queue: string; channel: ChannelName; address: string };
    }
  /** An agent has taken a message or task that waited. */
  | {
      readonly type: 'work-taken';
      readonly data: { entry: string; queue: string; agent: string; kind: WorkedKind; waitedMs: number };
    }
  | {
      readonly type: 'work-finished';
      readonly data: { entry: string; agent: string; kind: WorkedKind; tookMs: number };
    }
  | { readonly type: 'interaction-closed'; readonly data: { reason: string } };

export type InteractionEventType = InteractionEvent['type'];

/** An event as it stands in the log: `version` counts from 1 within its interaction. */
export interface RecordedEvent {
  readonly interaction: string;
  readonly version: number;
  readonly atMs: number;
  readonly event: InteractionEvent;
}
