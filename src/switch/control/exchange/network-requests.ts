// Requests that come from the network: which application hears of them, and what the server answers by itself.
import { afterRemoteRequest } from '../../sip/dialog.js';
import { MAX_CSEQ, parseCSeq } from '../../sip/message/cseq.js';
import { parseDecimal } from '../../sip/message/grammar.js';
import type { SipMessage, SipRequest } from '../../sip/message/message.js';
import { parseNameAddress, tagOf } from '../../sip/message/name-address.js';
import { isOptionTag } from '../../sip/message/option-tag.js';
import type { Peer } from '../../sip/peer.js';
import { followsOurRoute } from '../../sip/proxy/onward-request.js';
import { isTooShort } from '../../sip/session-timer.js';
import type { ServerTransaction } from '../../sip/transaction/transaction.js';
import type { AppConnection } from '../drachtio/app-connection.js';
import type { Route } from '../drachtio/report.js';
import { messageFrame, readable } from '../drachtio/report.js';
import { tellAttempt, tellStop } from './cdr.js';
import { KNOWN_METHODS, type OwnAnswerOptions, ownAnswer } from './own-answer.js';
import { passAckOn, passOn } from './proxying.js';
import { callerIsGone, hangUp, reject, routeOf, settleInvite, wayBack } from './release.js';
import type { Exchange, Incoming, LiveDialog } from './tables.js';
import { dialogIdOf } from './tables.js';

/** An application that says nothing at all to a new request for so long has lost it. */
export const ANSWER_WITHIN_MS = 64_000;
/** The same inside a dialog, where the peer gives up after Timer F. */
export const ANSWER_IN_DIALOG_WITHIN_MS = 32_000;

/** Whoever dials one of these is given to the application whatever the load (RFC 5031; the numbers of most countries). */
const EMERGENCY = /^(?:urn:service:sos\b|(?:sips?|tel):(?:112|911|999|000|110)(?:[@;]|$))/i;

/** Schemes that applications can be called by; any other is refused (RFC 3261 §8.2.2.1). */
const SCHEMES = /^(?:sips?|tel|urn):/i;
/** Meaningless without a dialog: 481 (RFC 3261 §15.1.2, 3262 §3, 3311 §5.2). */
const ONLY_IN_DIALOG = new Set(['BYE', 'PRACK', 'UPDATE']);
/** Before the final answer these go by `route`, like requests outside a dialog. */
const ROUTED_WHILE_EARLY = new Set(['INFO', 'NOTIFY', 'OPTIONS', 'MESSAGE', 'PUBLISH', 'SUBSCRIBE']);

export function onRequest(exchange: Exchange, transaction: ServerTransaction): void {
  const { headers, method } = transaction.request;
  const toTag = tagOf(headers.get('To'));
  if (toTag !== undefined && followsOurRoute(transaction.request, exchange.marks)) {
    passOn(exchange, transaction);
    return;
  }
  if (toTag === undefined || method === 'REGISTER') {
    onNewRequest(exchange, transaction);
    return;
  }
  const live = exchange.dialogs.match(headers.get('Call-ID') ?? '', tagOf(headers.get('From')) ?? '', toTag);
  if (live === undefined && overtakesAnswer(exchange, transaction.request, toTag)) {
    exchange.clock.after(exchange.timers.t1Ms / 5, () => onRequest(exchange, transaction));
  } else if (live === undefined) answer(transaction, 481);
  else onDialogRequest(exchange, live, transaction);
}

/** A NOTIFY may be faster than the 2xx to its SUBSCRIBE (RFC 6665 §4.1.2.4): it waits for that. */
function overtakesAnswer({ outgoing }: Exchange, { method, headers }: SipRequest, toTag: string): boolean {
  if (method !== 'NOTIFY') return false;
  for (const { transaction } of outgoing.values()) {
    const asked = transaction.request;
    const isTheirs = asked.method === 'SUBSCRIBE' && asked.headers.get('Call-ID') === headers.get('Call-ID');
    if (isTheirs && tagOf(asked.headers.get('From')) === toTag) return true;
  }
  return false;
}

/** An ACK for a 2xx. The application must hear of it: drachtio-srf holds back the other leg's requests until then. */
export function onAck(exchange: Exchange, ack: SipRequest, source: Peer): void {
  const { headers } = ack;
  if (followsOurRoute(ack, exchange.marks)) {
    passAckOn(exchange, ack);
    return;
  }
  const fromTag = tagOf(headers.get('From')) ?? '';
  const live = exchange.dialogs.match(headers.get('Call-ID') ?? '', fromTag, tagOf(headers.get('To')) ?? '');
  const invite = live?.invite;
  if (live === undefined || invite?.kind !== 'theirs-accepted') return;
  if (parseCSeq(headers.get('CSeq') ?? '')?.number !== invite.cseq) return;
  invite.accepted.acknowledged();
  live.invite = { kind: 'idle' };
  // As the real server does: the transaction is that of the INVITE, and the protocol token is empty (§J15).
  const route: Route = { ...routeOf(source), protocol: '' };
  if (live.owner) report(exchange, live.owner, ack, { route, transactionId: invite.transactionId, dialogId: live.id });
  for (const action of invite.deferred) action();
  const { hangUp: reason } = invite;
  if (reason === undefined) return;
  // A sound caller hangs up by itself now (RFC 3261 §9.1); only one that does not is helped.
  exchange.clock.after(exchange.timers.t1Ms, () => {
    if (exchange.dialogs.has(live)) hangUp(exchange, live, reason);
  });
}

export function onCancel(exchange: Exchange, transaction: ServerTransaction, cancel: SipRequest): void {
  const proxied = exchange.proxied.get(transaction.id);
  const incoming = exchange.incoming.get(transaction.id);
  if (proxied !== undefined) proxied.cancel(cancel.headers);
  else if (incoming === undefined) {
    exchange.outbound?.cancel(transaction);
    answer(transaction, 487);
  }
  if (incoming === undefined) return;
  const { owner, live } = incoming;
  const meta = { route: routeOf(transaction.source), transactionId: transaction.id, dialogId: live?.id ?? '' };
  report(exchange, owner, cancel, meta);
  reject(exchange, incoming, 487);
}

/** A provisional response found no way to the caller: the INVITE is over (RFC 3261 §17.2.1), and its application is told. */
export function onResponseFailure(exchange: Exchange, transaction: ServerTransaction): void {
  const incoming = exchange.incoming.get(transaction.id);
  if (incoming === undefined || transaction.state !== 'terminated') return;
  if (transaction.request.method === 'INVITE') callerIsGone(exchange, incoming);
}

export function onLateCancel(exchange: Exchange, transaction: ServerTransaction): void {
  const { headers } = transaction.request;
  const live = exchange.dialogs.get(dialogIdOf(headers.get('Call-ID') ?? '', tagOf(headers.get('From')) ?? ''));
  if (live?.invite.kind === 'theirs-accepted' && live.invite.transactionId === transaction.id) {
    live.invite = { ...live.invite, hangUp: 'CANCEL after 200 OK' };
  }
}

function onNewRequest(exchange: Exchange, transaction: ServerTransaction): void {
  const { request } = transaction;
  const unsupported = request.headers.list('Require').filter((option) => !isOptionTag(option));
  if (unsupported.length > 0) {
    answer(transaction, 420, { headers: [['Unsupported', unsupported.join(', ')]] });
    return;
  }
  if (!SCHEMES.test(request.uri)) {
    answer(transaction, 416);
    return;
  }
  const fault = faultOf(request);
  if (fault !== undefined) {
    exchange.oddities.warn({ method: request.method, from: transaction.source.address, fault }, 'request refused');
    answer(transaction, 400, { reason: fault });
    return;
  }
  if (ONLY_IN_DIALOG.has(request.method)) {
    answer(transaction, 481);
    return;
  }
  if (!KNOWN_METHODS.has(request.method)) {
    answer(transaction, 501);
    return;
  }
  if (request.method === 'INVITE' && isTooShort(request)) {
    answer(transaction, 422);
    return;
  }
  const invited = request.method === 'INVITE' ? invitedDialogId(request) : '';
  if (exchange.dialogs.get(invited) !== undefined) {
    answer(transaction, 482);
    return;
  }
  const pending = exchange.incoming.size + exchange.proxied.size + (exchange.outbound?.size ?? 0);
  const outbound = exchange.outbound?.targetFor(request.method);
  const owner = outbound === undefined ? exchange.applications.next(request.method.toLowerCase()) : undefined;
  if (pending >= exchange.maxPending || isShed(exchange, request, owner)) answer(transaction, 503);
  else if (outbound !== undefined) exchange.outbound?.take(transaction, outbound);
  else if (owner !== undefined) handOver(exchange, transaction, owner);
  else answer(transaction, request.method === 'REFER' ? 405 : 503);
}

/** Under load only calls that nobody has heard of yet are refused: what is under way can always go on and end. */
function isShed({ shedder }: Exchange, { method, uri }: SipRequest, owner: AppConnection | undefined): boolean {
  if (method !== 'INVITE' || EMERGENCY.test(uri)) return false;
  return owner?.isStalled === true || shedder.refuses();
}

/** Puts a new request into the hands of an application. */
export function handOver(exchange: Exchange, transaction: ServerTransaction, owner: AppConnection): void {
  const { request, local } = transaction;
  const invited = request.method === 'INVITE' ? invitedDialogId(request) : '';
  if (request.method === 'INVITE') tellAttempt(exchange, 'network', request);
  const receivedOn = { address: local.address, port: local.port };
  hold(exchange, { transaction, owner, live: undefined, dialogId: invited, withinMs: ANSWER_WITHIN_MS });
  owner.given();
  const meta = { route: routeOf(transaction.source), transactionId: transaction.id, dialogId: '', receivedOn };
  report(exchange, owner, request, meta);
}

function onDialogRequest(exchange: Exchange, live: LiveDialog, transaction: ServerTransaction): void {
  const { request } = transaction;
  if (live.owner === undefined) {
    onOrphansRequest(exchange, live, transaction);
    return;
  }
  if (request.method === 'PRACK' && !takePrack(live, request)) {
    answer(transaction, 481);
    return;
  }
  const next = afterRemoteRequest(live.dialog, request);
  if (next === undefined) {
    answer(transaction, 500);
    return;
  }
  if (request.method === 'INVITE' && live.invite.kind === 'theirs-accepted' && live.invite.mayLackAck) {
    settleInvite(exchange, live);
  }
  const refusal = refusalInDialog(live, request);
  if (refusal !== undefined) {
    live.dialog = { ...live.dialog, remoteCseq: next.remoteCseq };
    answer(transaction, refusal);
    return;
  }
  live.dialog = next;
  if (request.headers.has('Contact')) live.through = wayBack(request, transaction.source, true);
  if (request.method === 'BYE') onBye(exchange, live, live.owner, transaction);
  else deliver(exchange, live, live.owner, transaction);
}

/**
 * Nobody hears of it. 481 would have the peer hang up a call that may yet be taken over (RFC 3261 §12.2.1.2): it is asked to
 * try later.
 */
function onOrphansRequest(exchange: Exchange, live: LiveDialog, transaction: ServerTransaction): void {
  if (transaction.request.method !== 'BYE') {
    answer(transaction, 500);
    return;
  }
  exchange.dialogs.delete(live);
  if (live.method === 'INVITE') tellStop(exchange, 'network', 'normal-release', transaction.request);
  settleInvite(exchange, live);
  answer(transaction, 200);
}

/**
 * Glare and order of offers (RFC 3261 §14.2, 3311 §5.2): 491 when ours is under way, 500 when theirs is. Whose ACK is lost,
 * or who has a new network and never saw our 2xx, may ask anew (RFC 5407 §3.1.4).
 */
function refusalInDialog(live: LiveDialog, request: SipRequest): 422 | 491 | 500 | undefined {
  const { invite } = live;
  if ((request.method === 'INVITE' || request.method === 'UPDATE') && isTooShort(request)) return 422;
  const oursUnderWay = invite.kind === 'ours-open' || invite.kind === 'ours-accepted' || invite.kind === 'refreshing';
  if (request.method === 'INVITE') {
    if (oursUnderWay) return 491;
    return invite.kind === 'idle' ? undefined : 500;
  }
  if (request.method !== 'UPDATE') return undefined;
  if (invite.kind === 'theirs-open' && invite.incoming.update !== undefined) return 500;
  return oursUnderWay && live.dialog.state === 'confirmed' && request.body.length > 0 ? 491 : undefined;
}

function onBye(exchange: Exchange, live: LiveDialog, owner: AppConnection, transaction: ServerTransaction): void {
  const { invite, dialog } = live;
  if (dialog.state === 'early') {
    // The caller may end an early dialog by BYE (RFC 3261 §15): to the application that is a cancelled INVITE.
    answer(transaction, 200);
    if (invite.kind !== 'theirs-open') return;
    const asked = invite.incoming.transaction;
    const cancel = { ...asked.request, method: 'CANCEL', body: Buffer.alloc(0) };
    const meta = { route: routeOf(transaction.source), transactionId: asked.id, dialogId: live.id };
    report(exchange, owner, cancel, meta);
    settleInvite(exchange, live);
    return;
  }
  exchange.dialogs.delete(live);
  if (live.method === 'INVITE') tellStop(exchange, 'network', 'normal-release', transaction.request);
  deliver(exchange, live, owner, transaction);
  settleInvite(exchange, live);
}

function deliver(exchange: Exchange, live: LiveDialog, owner: AppConnection, transaction: ServerTransaction): void {
  const { request } = transaction;
  const { invite } = live;
  const route = routeOf(transaction.source);
  if (request.method === 'UPDATE' && invite.kind === 'theirs-open') {
    invite.incoming.update = transaction;
    const { transaction: asked } = invite.incoming;
    report(exchange, owner, request, { route, transactionId: asked.id, dialogId: live.id });
    return;
  }
  let heard: AppConnection | undefined = owner;
  if (live.dialog.state === 'early' && ROUTED_WHILE_EARLY.has(request.method)) {
    const verb = request.method.toLowerCase();
    if (!owner.verbs.has(verb)) heard = exchange.applications.next(verb);
  }
  if (heard === undefined) {
    answer(transaction, 503);
    return;
  }
  const waiting = { transaction, owner: heard, live, dialogId: live.id, withinMs: ANSWER_IN_DIALOG_WITHIN_MS };
  const incoming = hold(exchange, waiting);
  if (request.method === 'INVITE') live.invite = { kind: 'theirs-open', incoming };
  report(exchange, heard, request, { route, transactionId: transaction.id, dialogId: live.id });
  const state = request.headers.get('Subscription-State')?.toLowerCase() ?? '';
  if (request.method === 'NOTIFY' && live.method === 'SUBSCRIBE' && state.startsWith('terminated')) {
    exchange.dialogs.delete(live);
  }
}

/** Stops the repetition that a PRACK acknowledges; false when it acknowledges nothing of ours (RFC 3262 §3). */
function takePrack(live: LiveDialog, prack: SipRequest): boolean {
  if (live.invite.kind !== 'theirs-open') return false;
  const { incoming } = live.invite;
  // The three fields are all that counts: SIPp scenarios in use write the method twice.
  const [rseq = '', number = '', method] = (prack.headers.get('RAck') ?? '').trim().split(/\s+/);
  const cseq = parseCSeq(incoming.transaction.request.headers.get('CSeq') ?? '');
  const waiting = incoming.reliable;
  if (waiting === undefined || parseDecimal(rseq, 2 ** 32 - 1) !== waiting.response.rseq) return false;
  if (parseDecimal(number, MAX_CSEQ) !== cseq?.number || method !== 'INVITE') return false;
  incoming.reliable = undefined;
  waiting.response.stop();
  // What waits behind it goes out after the PRACK has reached the application.
  queueMicrotask(() => {
    for (const action of waiting.deferred) action();
  });
  return true;
}

interface Held {
  readonly transaction: ServerTransaction;
  readonly owner: AppConnection;
  readonly live: LiveDialog | undefined;
  readonly dialogId: string;
  readonly withinMs: number;
}

/** Puts a request into the hands of an application, with a limit to its silence. */
function hold(exchange: Exchange, { withinMs, ...held }: Held): Incoming {
  const { transaction } = held;
  const deadline = exchange.clock.after(withinMs, () => {
    exchange.log.warn(
      { method: transaction.request.method, transaction: transaction.id },
      'application never answered',
    );
    // A 408 to anything but INVITE would come after its sender has given up (RFC 4320 §4.2).
    reject(exchange, incoming, transaction.request.method === 'INVITE' ? 408 : 500);
  });
  const incoming: Incoming = {
    ...held,
    toTag: transaction.localTag,
    deadline,
    update: undefined,
    reliable: undefined,
    nextRseq: 1,
  };
  exchange.incoming.set(transaction.id, incoming);
  return incoming;
}

interface Meta {
  readonly route: Route;
  readonly transactionId: string;
  readonly dialogId: string;
  readonly receivedOn?: { readonly address: string; readonly port: number };
}

function report(exchange: Exchange, owner: AppConnection, message: SipMessage, meta: Meta): void {
  const bytes = readable(message);
  const { clock, ids } = exchange;
  const common = { source: 'network', bytes: bytes.length, atMs: clock.nowMs() } as const;
  owner.send(messageFrame(ids.uuid(), { ...common, ...meta }, bytes));
}

function answer(transaction: ServerTransaction, status: number, options: OwnAnswerOptions = {}): void {
  transaction.respond(ownAnswer(transaction, status, options));
}

function invitedDialogId({ headers }: SipRequest): string {
  return dialogIdOf(headers.get('Call-ID') ?? '', tagOf(headers.get('From')) ?? '');
}

/** What makes a request useless for applications, as the reason phrase of a 400. */
function faultOf(request: SipRequest): string | undefined {
  const { method, headers } = request;
  const contacts = headers.all('Contact');
  // It would part the dialog id into two tokens of a frame, and give the call the id of another one.
  if (invitedDialogId(request).includes('|')) return 'Bad Call-ID or From tag';
  if (method === 'INVITE') {
    if (tagOf(headers.get('From')) === undefined) return 'Missing From tag';
    if (parseNameAddress(contacts[0] ?? '') === undefined) return 'Missing or invalid Contact';
  }
  if (method === 'REGISTER' && contacts.includes('*')) {
    const expires = parseDecimal(headers.get('Expires') ?? '', 2 ** 32 - 1);
    return contacts.length === 1 && expires === 0 ? undefined : 'Invalid use of Contact: *';
  }
  if (method === 'REGISTER' && contacts.some((contact) => parseNameAddress(contact) === undefined)) {
    return 'Invalid Contact';
  }
  return undefined;
}
