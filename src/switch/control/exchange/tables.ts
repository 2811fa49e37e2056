// The state the server keeps: who is connected, what is under way, which dialogs live, which phones hold a connection.
import type { Clock, Timer } from '../../../lib/clock.js';
import type { Ids } from '../../../lib/ids.js';
import type { Log } from '../../../lib/log.js';
import type { AcceptedInvite } from '../../sip/accepted-invite.js';
import type { Dialog } from '../../sip/dialog.js';
import type { SipRequest } from '../../sip/message/message.js';
import { parseSipUri } from '../../sip/message/uri.js';
import type { PacedLog } from '../../sip/paced-log.js';
import type { Listener, Peer } from '../../sip/peer.js';
import type { ForwardedRequest } from '../../sip/proxy/forwarded-request.js';
import type { RouteMarks } from '../../sip/proxy/record-route.js';
import type { SentRequest, SipStack } from '../../sip/stack.js';
import type { SipTimers } from '../../sip/transaction/timers.js';
import type { ClientTransaction, ServerTransaction } from '../../sip/transaction/transaction.js';
import type { AppConnection } from '../drachtio/app-connection.js';
import type { OutboundTarget } from '../outbound/targets.js';
import type { Shedder } from '../overload/shedder.js';
import type { ReliableProvisional } from './reliable-provisional.js';
import { endSession, type Session } from './session.js';

/** Told to the application as the second argument of `destroy`; the first four in the real server's words. */
export type HangUpReason =
  | 'ACK timeout'
  | 'CANCEL after 200 OK'
  | 'ACK-BYE due to cancel race condition'
  | 'Session timer expired'
  | 'no Contact in response'
  | 'connection lost'
  | 'application is gone';

/** Requests that wait for their application's answer, and likewise of applications' own; one more is turned away. */
export const MAX_PENDING = 20_000;
export const MAX_FLOWS = 20_000;

/** Everything that the parts of the server share. */
export interface Exchange {
  readonly stack: SipStack;
  readonly timers: SipTimers;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** What strangers can cause at will. */
  readonly oddities: PacedLog;
  readonly applications: Applications;
  /** By transaction id: requests of the network that an application has to answer. */
  readonly incoming: Map<string, Incoming>;
  /** By transaction id: requests of applications without a final response. */
  readonly outgoing: Map<string, Outgoing>;
  /** By transaction id: requests that applications have had passed on. */
  readonly proxied: Map<string, ForwardedRequest>;
  readonly marks: RouteMarks;
  readonly dialogs: DialogTable;
  readonly flows: FlowTable;
  /** When the server dials the applications: who decides about new requests. */
  outbound: OutboundMode | undefined;
  readonly maxPending: number;
  readonly shedder: Shedder;
  /** How long dialogs outlive their application before they are hung up; `keep` leaves them to their peers. */
  readonly orphanGraceMs: number | 'keep';
  /** How long a dialog outlives the connection that is the only way to its peer; `keep` leaves it to its peer. */
  readonly lostConnectionMs: number | 'keep';
  /** The grace periods that run. */
  readonly graces: Set<Timer>;
}

/** Decides about new requests by asking, and dials the applications (§A18). */
export interface OutboundMode {
  /** Requests whose way is not decided yet. */
  readonly size: number;
  targetFor(method: string): OutboundTarget | undefined;
  take(transaction: ServerTransaction, target: OutboundTarget): void;
  /** True when the request was still waiting: it is not handed over any more. */
  cancel(transaction: ServerTransaction): boolean;
  close(): void;
}

/** A request of the network in the hands of an application. */
export interface Incoming {
  readonly transaction: ServerTransaction;
  readonly owner: AppConnection;
  /** Inside a dialog, or the early dialog that a provisional response made. */
  live: LiveDialog | undefined;
  readonly dialogId: string;
  /** Of all our responses to it: the application may choose it with the first. */
  toTag: string;
  /** Ends a wait without answer. */
  deadline: Timer;
  /** An UPDATE that came before the INVITE's final answer: it shares the INVITE's transaction id towards the client. */
  update: ServerTransaction | undefined;
  /** The reliable provisional response that waits for its PRACK (RFC 3262), and what waits behind it. */
  reliable: { readonly response: ReliableProvisional; readonly deferred: (() => void)[] } | undefined;
  nextRseq: number;
}

/** A request of an application on the network. */
export interface Outgoing {
  readonly transaction: ClientTransaction;
  readonly owner: AppConnection;
  readonly dialogId: string;
  live: LiveDialog | undefined;
  phase:
    | { readonly kind: 'open' }
    /** The application has cancelled it: a 2xx that crosses is hung up once it is acknowledged. */
    | { readonly kind: 'cancelled' }
    /** Nobody wants to hear of it any more: a 2xx is acknowledged and hung up at once. */
    | { readonly kind: 'orphaned' }
    /** Answered with 2xx; `forks` are further ones who answered, already hung up, by To tag. */
    | { readonly kind: 'accepted'; readonly forks: Map<string, SentRequest> }
    | { readonly kind: 'failed' };
}

/** The INVITE of a dialog, of which only one at a time may be under way (RFC 3261 §14). */
export type InvitePhase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'theirs-open'; readonly incoming: Incoming }
  | {
      readonly kind: 'theirs-accepted';
      readonly transactionId: string;
      readonly cseq: number;
      readonly accepted: AcceptedInvite;
      /** Offer and answer are exchanged, and nobody waits for the ACK: the next INVITE says as well that the 2xx has come. */
      readonly mayLackAck: boolean;
      /** Set when a CANCEL came too late: what the caller wanted is done after the ACK. */
      readonly hangUp: HangUpReason | undefined;
      /** What must not go out before the ACK (RFC 3261 §15). */
      readonly deferred: (() => void)[];
    }
  /** Ours too, but made by the server itself: the application's own wait for it. */
  | { readonly kind: 'refreshing'; readonly transaction: ClientTransaction; readonly deferred: (() => void)[] }
  | { readonly kind: 'ours-open'; readonly outgoing: Outgoing }
  | {
      readonly kind: 'ours-accepted';
      readonly request: SipRequest;
      readonly cseq: number;
      /** Set when the call has to end as soon as it is acknowledged; the text tells the application why. */
      readonly hangUp: HangUpReason | undefined;
      readonly deadline: Timer;
    };

/** One dialog and the application it belongs to. */
export interface LiveDialog {
  /** `<Call-ID>;from-tag=<tag of the From that began it>`, in both roles. */
  readonly id: string;
  /** INVITE or SUBSCRIBE. */
  readonly method: string;
  dialog: Dialog;
  /** Undefined once its application is gone: nobody takes over. */
  owner: AppConnection | undefined;
  readonly local: Listener;
  /** The way its peer's last message came, when that must be the way back (NAT, connections). */
  through: Peer | undefined;
  invite: InvitePhase;
  session: Session;
  /** The session description that we have given last. */
  description: { readonly type: string; readonly body: Buffer } | undefined;
  /** Our ACK to the last 2xx, for when that is repeated. */
  lastAck: { readonly cseq: number; readonly sent: SentRequest } | undefined;
  /** Reliable provisional responses to our INVITE, by `RSeq;To-tag`: the leg that each came from, where its PRACK goes. */
  readonly reliableLegs: Map<string, { readonly leg: Dialog; state: 'heard' | 'acknowledged' }>;
}

export function dialogIdOf(callId: string, fromTag: string): string {
  return `${callId};from-tag=${fromTag}`;
}

export class DialogTable {
  readonly #byId = new Map<string, LiveDialog>();
  readonly #byCallId = new Map<string, LiveDialog>();

  get size(): number {
    return this.#byId.size;
  }

  add(live: LiveDialog): void {
    this.#byId.set(live.id, live);
    this.#byCallId.set(live.dialog.callId, live);
  }

  delete(live: LiveDialog): void {
    endSession(live);
    if (this.#byId.get(live.id) === live) this.#byId.delete(live.id);
    if (this.#byCallId.get(live.dialog.callId) === live) this.#byCallId.delete(live.dialog.callId);
  }

  has(live: LiveDialog): boolean {
    return this.#byId.get(live.id) === live;
  }

  get(id: string): LiveDialog | undefined {
    return this.#byId.get(id);
  }

  withCallId(callId: string): LiveDialog | undefined {
    return this.#byCallId.get(callId);
  }

  /** The dialog that a request of the network belongs to (RFC 3261 §12.2.2): the peer's tag is in its From. */
  match(callId: string, fromTag: string, toTag: string): LiveDialog | undefined {
    const asServer = this.#byId.get(dialogIdOf(callId, fromTag));
    if (asServer?.dialog.role === 'uas' && asServer.dialog.localTag === toTag) return asServer;
    const asClient = this.#byId.get(dialogIdOf(callId, toTag));
    if (asClient?.dialog.role === 'uac' && asClient.dialog.remoteTag === fromTag) return asClient;
    return undefined;
  }

  [Symbol.iterator](): Iterator<LiveDialog> {
    return this.#byId.values();
  }
}

/** All connected applications, and whose turn it is for the next request of a kind. */
export class Applications {
  readonly #connections = new Set<AppConnection>();
  readonly #turns = new Map<string, number>();

  get size(): number {
    return this.#connections.size;
  }

  add(connection: AppConnection): void {
    this.#connections.add(connection);
  }

  delete(connection: AppConnection): void {
    this.#connections.delete(connection);
  }

  [Symbol.iterator](): Iterator<AppConnection> {
    return this.#connections.values();
  }

  /** All that asked for `verb`. */
  of(verb: string): readonly AppConnection[] {
    return [...this.#connections].filter((connection) => connection.isReady && connection.verbs.has(verb));
  }

  /** The next application in turn among those that asked for `verb`; each verb takes turns of its own. */
  next(verb: string): AppConnection | undefined {
    return this.#inTurn(verb, (connection) => connection.verbs.has(verb));
  }

  /** Likewise among those that bear `tag`. */
  withTag(tag: string): AppConnection | undefined {
    return this.#inTurn(`tag ${tag}`, (connection) => connection.tags.has(tag));
  }

  #inTurn(verb: string, fits: (connection: AppConnection) => boolean): AppConnection | undefined {
    const willing = [...this.#connections].filter((connection) => connection.isReady && fits(connection));
    if (willing.length === 0) return undefined;
    const turn = this.#turns.get(verb) ?? 0;
    this.#turns.set(verb, (turn + 1) % Number.MAX_SAFE_INTEGER);
    return willing[turn % willing.length];
  }
}

export interface Flow {
  /** As registered. */
  readonly contact: string;
  /** Address-of-record. */
  readonly of: string;
  readonly peer: Peer;
  /** Monotonic ms. */
  readonly untilMs: number;
}

/** Connections over which registered phones can be reached: the only way to a browser (RFC 5626, 7118). */
export class FlowTable {
  readonly #clock: Clock;
  readonly #flows = new Map<string, Flow>();
  readonly #accounts = new Map<string, Set<string>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#flows.size;
  }

  /** `contact`: the URI that was registered, whose `user@host` is what counts; `of`: the address it was registered for. */
  remember({ contact, of }: Pick<Flow, 'contact' | 'of'>, peer: Peer, forMs: number): void {
    const account = accountOf(contact);
    if (account === undefined) return;
    this.#forget(account);
    const { connectionId } = peer;
    if (forMs <= 0 || connectionId === undefined) return;
    for (const oldest of this.#flows.keys()) {
      if (this.#flows.size < MAX_FLOWS) break;
      this.#forget(oldest);
    }
    this.#flows.set(account, { contact, of, peer, untilMs: this.#clock.monotonicMs() + forMs });
    const accounts = this.#accounts.get(connectionId) ?? new Set();
    this.#accounts.set(connectionId, accounts.add(account));
  }

  find(uri: string): Peer | undefined {
    if (this.#flows.size === 0) return undefined;
    const account = accountOf(uri) ?? '';
    const flow = this.#flows.get(account);
    if (flow === undefined || flow.untilMs > this.#clock.monotonicMs()) return flow?.peer;
    this.#forget(account);
    return undefined;
  }

  /** Forgets who was registered over that connection, and says who that was. */
  closed(connectionId: string): readonly Flow[] {
    const accounts = [...(this.#accounts.get(connectionId) ?? [])];
    const closed = accounts.flatMap((account) => this.#flows.get(account) ?? []);
    for (const account of accounts) this.#forget(account);
    return closed;
  }

  /** Whether somebody is registered over that connection now. */
  holds(connectionId: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const accounts = [...(this.#accounts.get(connectionId) ?? [])];
    return accounts.some((account) => (this.#flows.get(account)?.untilMs ?? 0) > nowMs);
  }

  #forget(account: string): void {
    const connectionId = this.#flows.get(account)?.peer.connectionId ?? '';
    this.#flows.delete(account);
    const accounts = this.#accounts.get(connectionId);
    accounts?.delete(account);
    if (accounts?.size === 0) this.#accounts.delete(connectionId);
  }
}

/** `user@host`, by which a registered phone is known again; undefined for what is no SIP URI. */
export function accountOf(uri: string): string | undefined {
  const parsed = parseSipUri(uri);
  return parsed === undefined ? undefined : `${parsed.user ?? ''}@${parsed.host}`;
}
