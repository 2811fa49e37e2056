// The centre as configured: what `ivr-flows/centre.yaml` compiles to. Plain data, no secrets.

import type { ServingAgent } from '../acd/agent.js';
import type { BackOff } from '../acd/back-off.js';
import type { ChannelRules } from '../acd/choice/capacity.js';
import type { Destination, QueueConfig } from '../acd/queue.js';
import type { Budgets } from '../document/budgets.js';
import type { RunLimits } from '../document/run-limits.js';
import type { WebHost } from '../document/web-host.js';
import type { ChannelName } from '../interaction/event.js';
import type { BreakConfig } from './desk-config.js';
import type { ChatRules } from './keys/chat-keys.js';
import type { ConversationRules } from './keys/conversation-keys.js';
import type { CrmLink } from './keys/crm-keys.js';
import type { TryOut } from './keys/try-out.js';
import type { HolidayPlace } from './opening/holidays.js';

export type ForwardWhen = 'always' | 'busy' | 'no-answer' | 'unregistered';

/** Call forwarding ("desvío") of an agent or a number. */
export interface ForwardRule {
  readonly when: ForwardWhen;
  readonly to: Destination;
}

export interface DeviceConfig {
  readonly name: string;
  /** `sip`: registers with Hilo under its name. `number`: reached over the trunk, accepted with a key. */
  readonly kind: 'sip' | 'number';
  readonly number?: string;
  /** Of a `sip` device: the telephone in the agent's browser, which has no password of its own. */
  readonly browser?: true;
  /** Of a `sip` device: called with keys for SRTP in SDP (RFC 4568); absent: in the clear, browsers with DTLS. */
  readonly security?: 'sdes';
  /** How long it rings; absent: as long as the queue says. */
  readonly ringMs?: number;
}

export interface AgentConfig extends Pick<ServingAgent, 'team' | 'weight' | 'capacity'> {
  readonly name: string;
  /** Names that the agent had before. */
  readonly formerly?: readonly string[];
  readonly title: string;
  /** Skill name → level 1 (knows) to 5 (best). */
  readonly skills: Readonly<Record<string, number>>;
  readonly devices: readonly DeviceConfig[];
  /** Ring the devices together, or one after the other in the given order. */
  readonly ring: 'together' | 'in-order';
  readonly availableOnRegister: boolean;
  readonly forwards: readonly ForwardRule[];
  readonly role: 'agent' | 'supervisor' | 'admin';
}

/** `give`: inputs of the flow. */
export interface FlowEntry {
  readonly kind: 'flow';
  readonly flow: string;
  readonly give?: Readonly<Record<string, string | number | boolean>>;
}

export interface NumberConfig {
  /** User part of the dialled SIP address, or E.164. */
  readonly number: string;
  readonly entry: FlowEntry | Destination;
  readonly forwards: readonly ForwardRule[];
}

export interface TrunkConfig {
  readonly name: string;
  /** Addresses or CIDR ranges from which calls are taken; everything else gets 403. */
  readonly peers: readonly string[];
  /** Where outbound calls go: `host:port`, with transport. */
  readonly outbound?: { readonly host: string; readonly port: number; readonly transport: 'udp' | 'tcp' };
  readonly callerId: string;
}

/**
 * Opening hours of one name: spans by weekday (1 = Monday), closed on the listed dates (`2026-12-25`).
 * `from` and `to` are `HH:MM` on the wall clock, `to` up to `24:00`; a span whose `to` is not after `from` ends on the next day.
 */
export interface HoursConfig {
  readonly name: string;
  readonly timeZone: string;
  readonly spans: readonly { readonly days: readonly number[]; readonly from: string; readonly to: string }[];
  readonly closedOn: readonly string[];
  /** Closed on the public holidays of that place. */
  readonly holidays?: HolidayPlace;
  /** Days (`2026-12-24`) with spans of their own, holiday or not; no span: closed. */
  readonly exceptions: ReadonlyMap<string, readonly { readonly from: string; readonly to: string }[]>;
}

export interface OutboundPolicy {
  /** E.164 or internal prefixes that Hilo may call or forward to; nothing else is ever dialled. */
  readonly allowedPrefixes: readonly string[];
  /** Exceptions: the longest prefix that matches decides. */
  readonly deniedPrefixes: readonly string[];
  /** Premium-rate and shared-cost ranges, refused unless this is true. */
  readonly premium: boolean;
  readonly maxPerHour: number;
  readonly maxPerDestinationPerHour: number;
  /** No bound when absent. */
  readonly maxPerDestinationPerDay?: number;
}

export interface RecoveryPolicy {
  /** An abandonment before this is a short one: no message. */
  readonly shortAbandonMs: number;
  readonly channel: Exclude<ChannelName, 'voice'>;
  /** No second message to the same customer within this time. */
  readonly coolDownMs: number;
  /** `implied`: a caller may be answered by message; `required`: only contacts with recorded consent. */
  readonly consent: 'implied' | 'required';
  readonly attemptDelaysMs: readonly number[];
  /** Own rules for how an attempt failed: time after the 1st, 2nd … attempt; `attemptDelaysMs` for all others. */
  readonly retryAfterMs?: Readonly<Partial<Record<'busy' | 'no-answer' | 'machine', readonly number[]>>>;
  /** An offer that nobody answers within this time lapses. */
  readonly offerValidMs: number;
  readonly callbackHours?: string;
  /** On the customer's own clock, `HH:MM`; besides the call-back hours. */
  readonly customerHours?: { readonly from: string; readonly to: string };
  /** A caller who left the queue and rings in again within this time has the old place. */
  readonly resumePlaceMs?: number;
  /** Call-backs that strangers may ask for on the web; absent: none. */
  readonly webForm?: { readonly queues: readonly string[]; readonly maxPerHour: number };
  /** Promises made to one number within a day by form or API. */
  readonly promisesPerNumberPerDay?: number;
  /** Key under `texts` of the message. */
  readonly text: string;
}

export interface Centre {
  /** Hash of the text it was compiled from. */
  readonly revision?: string;
  readonly name: string;
  readonly timeZone: string;
  readonly defaultLanguage: string;
  readonly languages: readonly string[];
  readonly country: string;
  readonly numbers: readonly NumberConfig[];
  /** How much an agent does at a time, and what may interrupt what. */
  readonly channels?: ChannelRules;
  readonly queues: ReadonlyMap<string, QueueConfig>;
  readonly agents: ReadonlyMap<string, AgentConfig>;
  /** Name that an agent had before → the present one. */
  readonly formerAgents: ReadonlyMap<string, string>;
  readonly trunks: readonly TrunkConfig[];
  readonly hours: ReadonlyMap<string, HoursConfig>;
  readonly outbound: OutboundPolicy;
  readonly recovery: RecoveryPolicy;
  /** Absent: what customers write is only recorded. */
  readonly conversations?: ConversationRules;
  /** Absent: no web page may show a chat. */
  readonly chat?: ChatRules;
  /** Opens a customer in another system; absent: there is none. */
  readonly crm?: CrmLink;
  /** Systems that flows may ask, by `hostKey`. */
  readonly webHosts: ReadonlyMap<string, WebHost>;
  /** What its flows may ask of a caller at most. */
  readonly budgets: Budgets;
  readonly limits: RunLimits;
  /** Canned texts: key → language → Liquid text. */
  readonly texts: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Reasons agents may give for a break; none: any reason will do. */
  readonly breaks: ReadonlyMap<string, BreakConfig>;
  readonly backOff: BackOff;
  /** Absent: nobody tries anything out here. */
  readonly tryOut?: TryOut;
}
