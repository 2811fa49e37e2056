// What the running centre needs from the outside world, in its own words. The edges implement these.
import type { AgentPresence } from '../core/acd/agent.js';
import type { Entry } from '../core/acd/entry.js';
import type { HeldLeg } from '../core/interaction/accounts.js';
import type {
  Address,
  CallEnd,
  ChannelName,
  InteractionEvent,
  LegQuality,
  MonitorMode,
  RecordedEvent,
  RefusalReason,
} from '../core/interaction/event.js';
import type { LostState } from '../core/interaction/lost/lost.js';
import type { InteractionSummary } from '../core/interaction/summary.js';
import type { RevisionRow } from './publishing/flow-history.js';
import type { Listening } from './supervision/listening.js';

// ── Telephony (voice/) ────────────────────────────────────────────────────────────────────────────────────────────

/** Why a leg is gone: what the network or the other side told us. Becomes a {@link CallEnd} with the story's knowledge. */
export interface LegEnd {
  readonly by: CallEnd['by'];
  /** `hung-up`, `cancelled`, `media-lost`, `signalling-lost`, `ack-timeout`, `hilo` … */
  readonly reason: string;
  readonly sipStatus?: number;
}

export interface IncomingCall {
  readonly callId: string;
  /** Caller's number as given by the trunk (P-Asserted-Identity, else From), unverified; '' when withheld. */
  readonly from: string;
  readonly fromName: string;
  /** User part of the dialled address. */
  readonly to: string;
  /** The trunk it came over, or the agent's device that dialled. */
  readonly origin:
    | { readonly kind: 'trunk'; readonly trunk: string }
    | { readonly kind: 'device'; readonly agent: string; readonly device: string };
  /** Aborted with a {@link LegEnd} when the caller cancels before or hangs up after the answer. */
  readonly ended: AbortSignal;
  /** 180 to the caller. */
  ring(): void;
  /** Sets up media and answers. Rejects with HiloError `telephony-unavailable` or `media-time-out`; the call is then already refused with 503. */
  answer(): Promise<Leg>;
  reject(sipStatus: number, options?: { readonly reason?: string; readonly retryAfterS?: number }): void;
}

export type PlayOutcome = 'finished' | 'stopped' | 'key' | 'failed';

export interface CollectRequest {
  /** WAV paths, absolute, played one after the other. */
  readonly prompts: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly terminators: string;
  readonly firstDigitMs: number;
  readonly interDigitMs: number;
  /** false: keys typed during the prompt are dropped. */
  readonly bargeIn: boolean;
  /** Nobody else may learn of the keys: no listener, no line of text, and silence in a recording. */
  readonly secure?: boolean;
}

export type Collected =
  | { readonly outcome: 'digits'; readonly digits: string; readonly terminator: string }
  | { readonly outcome: 'time-out' | 'too-short'; readonly digits: string };

/** Real-time text of a leg: what is typed arrives as it is typed. */
export interface LegText {
  /** Characters as they come, with T.140's backspaces and line separators; listeners stay as long as the leg. */
  onTyped(listener: (text: string) => void): void;
  /** Types to the person; false when phone or media server have no text after all. Rejects like the methods of {@link Leg}. */
  write(text: string): Promise<boolean>;
}

export type LegFigures = Omit<LegQuality, 'party'>;

/**
 * An answered call with media. Every method rejects with the signal's {@link LegEnd} once the leg has ended
 * (as the cause of HiloError `leg-ended`), and with HiloError `media-time-out` when the media server does not do it in time.
 */
export interface Leg {
  readonly id: string;
  readonly callId: string;
  readonly ended: AbortSignal;
  play(
    paths: readonly string[],
    options?: { readonly stopKeys?: string },
  ): Promise<{ outcome: PlayOutcome; key: string }>;
  collect(request: CollectRequest): Promise<Collected>;
  /** Hold music until stopped or replaced; `name` as in the queue. Safe to call twice. */
  startMusic(name: string): Promise<void>;
  /** Stops whatever is played, music and prompts; safe when nothing is. A `play` in progress settles as `stopped`. */
  silence(): Promise<void>;
  /** After a tone, records what the caller says until a terminator, silence, hang-up or the limit. Settles also on hang-up. */
  record(
    path: string,
    options: { readonly maxMs: number; readonly silenceMs: number; readonly terminators: string },
  ): Promise<{ durationMs: number }>;
  /** Records both sides until {@link stopRecording} (safe when nothing is), the next one, or the end of the leg. */
  recordCall(path: string): Promise<void>;
  stopRecording(): Promise<void>;
  /** Silence in the recording in place of what is heard, or its sound again; safe when nothing is recorded. */
  maskRecording(masked: boolean): Promise<void>;
  /** `words` are kept with the talk on the switch: whoever survives this node finds them there ({@link Survivors}). */
  bridge(other: Leg, words?: string): Promise<void>;
  unbridge(): Promise<void>;
  /** This one hears the other and whom that talks with, and is heard as `mode` says, until either of the two ends. */
  listenTo(other: Leg, mode: MonitorMode): Promise<Listening>;
  /** Nothing of what the person says is heard by anybody, until undone. */
  mute(muted: boolean): Promise<void>;
  /** Keys are heard by the person, or the machine, at this leg. */
  sendKeys(keys: string): Promise<void>;
  /** Into the conference of that name, out of a bridge or another one; `bridge` and `unbridge` lead out of it. */
  join(room: string): Promise<void>;
  onKey(listener: (key: string) => void): () => void;
  /** The person put us on hold at the phone itself, or took us off. */
  onHold(listener: (held: boolean) => void): () => void;
  /** A transfer asked for at the phone: the last listener throws (603), or returns what is done once the phone knows. */
  onRefer(listener: (refer: PhoneRefer) => () => Promise<void>): () => void;
  /** Absent when the phone was not found to have any. */
  readonly text?: LegText | undefined;
  /** How it sounded: resolves after the end of the leg, with undefined when nobody can tell. Never rejects. */
  quality(): Promise<LegFigures | undefined>;
  /** BYE; settles when it is answered or given up (5 s). `ended` is aborted with `by`/`reason` as given. */
  hangUp(end: LegEnd): Promise<void>;
}

/** What a phone asks for by REFER (RFC 3515). */
export interface PhoneRefer {
  /** User part of the Refer-To address. */
  readonly to: string;
  /** Call-ID of the phone's other call that is to be replaced (RFC 3891): an attended transfer. */
  readonly replaces?: string;
}

export type DialTarget =
  | ({ readonly kind: 'device'; readonly agent: string; readonly device: string } & RingTime)
  | ({ readonly kind: 'number'; readonly number: string; readonly trunk: string } & Acceptance & RingTime);

interface Acceptance {
  readonly acceptKey?: string;
  readonly acceptPrompts?: readonly string[];
}

interface RingTime {
  /** Absent: as long as the request says. */
  readonly ringMs?: number;
}

export interface DialRequest {
  readonly targets: readonly DialTarget[];
  readonly order: 'together' | 'in-order';
  /** Limit for each round of ringing. */
  readonly ringMs: number;
  readonly from: { readonly number: string; readonly name: string };
  /** The leg that whoever answers is going to be bridged with. */
  readonly beside?: Leg;
  /** Matter for which it is. */
  readonly interaction?: string;
  /** Shown to the answering side: interaction reference and queue go out as X-Hilo-* headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Abort: CANCEL to whatever rings; the outcome is then `withdrawn`. */
  readonly signal: AbortSignal;
}

export type DialOutcome =
  | { readonly kind: 'answered'; readonly leg: Leg; readonly target: DialTarget }
  | { readonly kind: 'failed'; readonly reason: RefusalReason; readonly sipStatus?: number }
  | { readonly kind: 'withdrawn' };

/** What the switch has of this node's calls. */
export interface Holdings {
  /** Call-IDs of those who called in and have not hung up. */
  readonly arrived: ReadonlySet<string>;
  readonly legs: readonly (HeldLeg & { end(end: LegEnd): Promise<void> })[];
  /** Media servers that answered. */
  readonly servers: ReadonlySet<string>;
  /** This node's channels there; to call one ends it. */
  readonly channels: ReadonlyMap<string, () => Promise<void>>;
}

export interface Telephony {
  /** One handler; called for each INVITE that passed trunk or device checks. It must not throw. */
  onCall(handler: (call: IncomingCall) => void): void;
  /** `registered` true/false per device name; called for changes and once for each device known at start. */
  onRegistration(handler: (device: string, registered: boolean) => void): void;
  isRegistered(device: string): boolean;
  dial(request: DialRequest): Promise<DialOutcome>;
  /** Somebody will probably be dialled for this leg within a moment: what takes time is prepared, and given up if not. */
  expectDial(beside: Leg): void;
  health(): { readonly signalling: boolean; readonly media: boolean };
  /** Asks the media servers; one that does not answer is left out. Never rejects. */
  holdings(): Promise<Holdings>;
}

export type { InteractionSummary };
// ── The record (store/postgres) ───────────────────────────────────────────────────────────────────────────────────

export interface Contact {
  readonly id: string;
  readonly addresses: readonly Address[];
  readonly language?: string;
  readonly name?: string;
  /** Of the centre's own making, e.g. `premium`. */
  readonly segment?: string;
  readonly tags?: readonly string[];
  readonly consent: 'unknown' | 'given' | 'withdrawn';
  readonly lastMessageAtMs?: number;
}

/** `isNew`: made for this question, so nothing is open of it. */
export interface FoundContact {
  readonly contact: Contact;
  readonly isNew: boolean;
}

/** What earlier matters tell of a contact. */
export interface ContactHistory {
  /** Queue of the last wait, agent of the last talk. */
  readonly lastQueue?: string;
  readonly lastAgent?: string;
  /** When they last called or wrote. */
  readonly lastContactMs?: number;
}

export interface Append {
  readonly interaction: string;
  /** Version of the last event known to the writer; 0 for a new interaction. */
  readonly expectedVersion: number;
  readonly events: readonly { readonly event: InteractionEvent; readonly atMs: number }[];
  readonly summary: InteractionSummary;
  /** Nobody waits for it: it may gather company for a moment. */
  readonly unhurried?: boolean;
}

export interface InteractionQuery {
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly channel?: ChannelName;
  readonly state?: string;
  /** Id of a contact, or one of its addresses; `contacts`: ids of several. */
  readonly contact?: string;
  readonly contacts?: readonly string[];
  readonly reference?: string;
  readonly limit: number;
  /** Opaque, from the last page. */
  readonly after?: string;
}

export interface LostQuery {
  readonly state?: LostState;
  readonly queue?: string;
  readonly contact?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly limit: number;
}

export interface RecordStore {
  /** Durable when it resolves. Rejects with HiloError `version-conflict` (retry after read) or `store-unavailable`. Group-committed. */
  append(append: Append): Promise<void>;
  read(interaction: string): Promise<readonly RecordedEvent[]>;
  find(
    query: InteractionQuery,
  ): Promise<{ readonly interactions: readonly InteractionSummary[]; readonly next?: string }>;
  /** Open interactions (state ≠ closed) of a contact, newest first. */
  openOf(contact: string): Promise<readonly InteractionSummary[]>;
  /** Interactions whose live calls belong to that node and are not ended. */
  liveOn(node: string): Promise<readonly InteractionSummary[]>;
  /** Names of all nodes that hold live calls, dead or alive. */
  nodesWithLiveCalls(): Promise<readonly string[]>;
  pendingCallbacks(): Promise<readonly InteractionSummary[]>;
  /** Matters in which a customer was not served, the longest ago first; by the time of the loss. */
  lostMatters(query: LostQuery): Promise<readonly InteractionSummary[]>;
  /** With messages still to be dealt with, the longest ago first; `done`: with none of them, the newest first. */
  voicemailMatters(query: { done: boolean; limit: number }): Promise<readonly InteractionSummary[]>;
  /** The contact with exactly this address, made when nobody has it. */
  contactByAddress(address: Address): Promise<FoundContact>;
  saveContact(contact: Contact): Promise<void>;
  /** Provider message id ↔ our message id and interaction. False when this (channel, providerId) was seen before. */
  rememberMessage(row: {
    channel: ChannelName;
    providerId: string;
    message: string;
    interaction: string;
    direction: 'in' | 'out';
  }): Promise<boolean>;
  messageByProviderId(
    channel: ChannelName,
    providerId: string,
  ): Promise<{ message: string; interaction: string } | undefined>;
  /** What the record tells of a contact before `beforeMs`, over its newest matters. */
  historyOf(contact: string, beforeMs: number): Promise<ContactHistory>;
  /** Each becomes the newest of its name, also when the same text was published before; all of them or none. */
  saveRevision(...rows: readonly RevisionRow[]): Promise<void>;
  revision(
    name: string,
    revision?: string,
  ): Promise<{ revision: string; text: string; author: string; note: string; atMs: number } | undefined>;
}

// ── Live state (store/redis) ──────────────────────────────────────────────────────────────────────────────────────

/** A document of live state with its version; kinds are separate key spaces. */
export type LiveDocument =
  | { readonly kind: 'agent'; readonly id: string; readonly version: number; readonly value: AgentPresence }
  | { readonly kind: 'entry'; readonly id: string; readonly version: number; readonly value: Entry };

export type LiveChange =
  | { readonly kind: 'agent'; readonly id: string; readonly expected: number; readonly value: AgentPresence | null }
  | { readonly kind: 'entry'; readonly id: string; readonly expected: number; readonly value: Entry | null };

export interface Lease {
  readonly name: string;
  readonly node: string;
  /** Grows with each new holder; a commit with an older number is refused. */
  readonly fencing: number;
}

export type CommitOutcome =
  | { readonly ok: true; readonly versions: readonly number[] }
  | { readonly ok: false; readonly cause: 'conflict'; readonly kind: 'agent' | 'entry'; readonly id: string }
  | { readonly ok: false; readonly cause: 'fenced' };

export type LiveNews = LiveDocument | { kind: 'agent' | 'entry'; id: string; version: number; value: null };

export interface LiveStore {
  /** All changes or none, in one script: each document must have the expected version (0 = absent). Deleted by null. */
  commit(changes: readonly LiveChange[], lease?: Lease): Promise<CommitOutcome>;
  all(): Promise<readonly LiveDocument[]>;
  /** Every committed change of any node, in commit order, also our own; `reset` after a reconnect: read `all()` again. */
  onChange(listener: (change: LiveNews | 'reset') => void): void;
  /** Takes or renews a lease for `ttlMs`; undefined when another node holds it. */
  lease(name: string, node: string, ttlMs: number): Promise<Lease | undefined>;
  release(lease: Lease): Promise<void>;
  /** Sign of life of this node; `lostNodes` are those that stopped giving one. */
  beat(node: string, ttlMs: number): Promise<void>;
  lostNodes(): Promise<readonly string[]>;
  /** Nodes whose sign of life has not run out, this one included. */
  aliveNodes(): Promise<readonly string[]>;
  forgetNode(node: string): Promise<void>;
  /** Counts one event under `key` and says how many there were in the running window (fixed window of `windowMs`). */
  count(key: string, windowMs: number): Promise<number>;
  /** True for the first caller within `ttlMs`: idempotency and cool-downs. */
  once(key: string, ttlMs: number): Promise<boolean>;
  /** Registrations of devices, shared by nodes: JSON text per contact. */
  registrations: RegistrationStore;
  healthy(): boolean;
}

export interface Registration {
  readonly device: string;
  readonly contact: string;
  /** Where requests go: `host:port`, as seen from the switch. */
  readonly source: { readonly address: string; readonly port: number; readonly transport: string };
  readonly callId: string;
  readonly cseq: number;
  readonly expiresAtMs: number;
  readonly userAgent: string;
  /** SIP server it came in by (`host:port`): over TCP and WebSocket the device can be reached by no other. */
  readonly via?: string;
  /** `"<urn:uuid:…>";reg-id=1`: a newer registration of that flow replaces this one, whatever its contact (RFC 5626 §6). */
  readonly flow?: string;
}

export interface RegistrationStore {
  put(registration: Registration): Promise<void>;
  remove(device: string, contact?: string): Promise<void>;
  of(device: string): Promise<readonly Registration[]>;
  all(): Promise<readonly Registration[]>;
  /** Calls `listener` when another node has changed a device's registrations; undefined: any may have changed unheard. */
  onChange?(listener: (device: string | undefined) => void): void;
}

// ── Jobs (jobs/) ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Alarm clocks: the truth is in the record, a lost job is re-created by the reconciler. */
export type Job =
  | { readonly kind: 'callback-due'; readonly interaction: string; readonly callback: string }
  | { readonly kind: 'offer-lapses'; readonly interaction: string; readonly callback: string }
  | { readonly kind: 'send-message'; readonly interaction: string; readonly message: string }
  | { readonly kind: 'fetch-attachment'; readonly interaction: string; readonly attachment: string };

export interface Jobs {
  /** One job per `id`; scheduling the same id again replaces it. */
  schedule(id: string, atMs: number, job: Job): Promise<void>;
  cancel(id: string): Promise<void>;
  /** So often a job is tried before it becomes a dead letter. */
  readonly attempts: number;
  /** One handler; a rejection means: try again with back-off. `attempt` counts from 1. */
  onJob(handler: (job: Job, attempt: number) => Promise<void>): void;
}
