// Requests of applications on the wire: echoed, their responses passed on, acknowledged, or made up when nobody answers.
import { afterResponse, dialogFromResponse, requestInDialog } from '../../sip/dialog.js';
import { parseCSeq } from '../../sip/message/cseq.js';
import { Headers } from '../../sip/message/headers.js';
import type { SipRequest, SipResponse } from '../../sip/message/message.js';
import { tagOf } from '../../sip/message/name-address.js';
import { makeResponse } from '../../sip/message/response.js';
import { serialise } from '../../sip/message/serialise.js';
import { peerOfUri } from '../../sip/next-hop.js';
import type { Listener, Peer } from '../../sip/peer.js';
import { termsOfResponse } from '../../sip/session-timer.js';
import { giveUpMs } from '../../sip/transaction/timers.js';
import type { ClientHandlers } from '../../sip/transaction/transaction.js';
import type { AppConnection } from '../drachtio/app-connection.js';
import type { Route } from '../drachtio/report.js';
import { messageFrame, readable, requestEchoFrame } from '../drachtio/report.js';
import { refusalOf, tellStart, tellStop } from './cdr.js';
import { acknowledge, hangUp, routeOf, wayBack } from './release.js';
import { NO_SESSION } from './session.js';
import { keepDescription, keepSession } from './sessions.js';
import { endsSubscription, keepSubscription } from './subscriptions.js';
import type { Exchange, HangUpReason, LiveDialog, Outgoing } from './tables.js';
import { dialogIdOf } from './tables.js';

/** More phones than these answering one INVITE are left to their own time-outs. */
export const MAX_FORKS = 10;
/** Reliable provisional responses to one INVITE; further ones get no PRACK. */
export const MAX_RELIABLE_LEGS = 16;

/** Puts a complete request on the wire, and echoes it before any answer can come. */
export function sendRequest(
  exchange: Exchange,
  connection: AppConnection,
  replyTo: string,
  request: SipRequest,
  destination: Peer,
  live?: LiveDialog,
): Outgoing {
  const makesDialog = request.method === 'INVITE' || request.method === 'SUBSCRIBE';
  const { headers } = request;
  const fresh = makesDialog ? dialogIdOf(headers.get('Call-ID') ?? '', tagOf(headers.get('From')) ?? '') : '';
  // Never called before `outgoing` is there: the stack reports nothing from within `request`.
  const handlers: ClientHandlers = {
    onResponse: (response, source) => onResponse(exchange, outgoing, response, source),
    onFailure: (reason) => onFailure(exchange, outgoing, reason),
  };
  const outgoing: Outgoing = {
    transaction: exchange.stack.request(request, destination, handlers),
    owner: connection,
    dialogId: live?.id ?? fresh,
    live,
    phase: { kind: 'open' },
  };
  exchange.outgoing.set(outgoing.transaction.id, outgoing);
  echoRequest(exchange, connection, replyTo, outgoing.transaction, outgoing.transaction.id);
  return outgoing;
}

interface Echoed {
  readonly request: SipRequest;
  readonly destination: Peer;
  readonly local: Listener;
}

/** The real server names the listener for udp, the peer for connections. */
export function echoRequest(
  exchange: Exchange,
  connection: AppConnection,
  replyTo: string,
  { request, destination, local }: Echoed,
  transactionId: string,
): void {
  const route = routeOf(
    destination.transport === 'udp' ? { ...local, address: local.external ?? local.address } : destination,
  );
  const report = { replyTo, route, atMs: exchange.clock.nowMs(), transactionId };
  connection.send(requestEchoFrame(exchange.ids.uuid(), report, serialise(request)));
}

function onResponse(exchange: Exchange, outgoing: Outgoing, response: SipResponse, source: Peer): void {
  const { method } = outgoing.transaction.request;
  if (response.status === 100) return;
  if (method === 'INVITE') onInviteResponse(exchange, outgoing, response, source);
  else if (response.status < 200) report(exchange, outgoing, response, routeOf(source));
  else onFinal(exchange, outgoing, response, source);
}

/** Nobody answered, or the request did not get out: the application sees it as an answer of the network (§A8, §J15). */
function onFailure(exchange: Exchange, outgoing: Outgoing, reason: 'timeout' | 'transport'): void {
  if (outgoing.phase.kind === 'accepted' || outgoing.phase.kind === 'failed') return;
  const { request, destination } = outgoing.transaction;
  const status = reason === 'timeout' ? 408 : 503;
  const response = makeResponse(request, status, { toTag: exchange.ids.token(8) });
  const route = { ...routeOf(destination), address: '', port: 0 };
  settle(exchange, outgoing, response, route, 0);
}

function onInviteResponse(exchange: Exchange, outgoing: Outgoing, response: SipResponse, source: Peer): void {
  const { phase } = outgoing;
  if (phase.kind === 'accepted') onRepeatedAccept(exchange, outgoing, phase.forks, response);
  else if (response.status < 200) onProgress(exchange, outgoing, response, source);
  else if (response.status < 300) onAccept(exchange, outgoing, response, source);
  else settle(exchange, outgoing, response, routeOf(source));
}

function onProgress(exchange: Exchange, outgoing: Outgoing, response: SipResponse, source: Peer): void {
  if (outgoing.phase.kind === 'orphaned' || outgoing.phase.kind === 'failed') return;
  const leg = dialogFromResponse(outgoing.transaction.request, response);
  if (leg !== undefined && outgoing.live === undefined) {
    outgoing.live = addDialog(exchange, outgoing, response, source, leg);
    outgoing.live.invite = { kind: 'ours-open', outgoing };
  } else if (leg !== undefined && outgoing.live?.dialog.state === 'early') {
    // Of several forks that ring, the one heard last is the one reachable inside the early dialog.
    outgoing.live.dialog = { ...leg, localCseq: outgoing.live.dialog.localCseq };
  }
  const rseq = response.headers.get('RSeq');
  const legs = outgoing.live?.reliableLegs;
  if (rseq !== undefined && leg !== undefined && legs !== undefined) {
    const key = `${rseq};${leg.remoteTag}`;
    if (legs.has(key) || !isNext(legs, Number(rseq), leg.remoteTag)) return;
    if (legs.size < MAX_RELIABLE_LEGS) legs.set(key, { leg, state: 'heard' });
  }
  report(exchange, outgoing, response, routeOf(source));
}

/** One by one (RFC 3262 §4): a copy, or one that comes before its turn, is not heard; its sender repeats it. */
function isNext(legs: LiveDialog['reliableLegs'], rseq: number, tag: string): boolean {
  const heard = [...legs.keys()].filter((key) => key.endsWith(`;${tag}`)).map((key) => Number.parseInt(key, 10));
  return heard.length === 0 || rseq === Math.max(...heard) + 1;
}

function onAccept(exchange: Exchange, outgoing: Outgoing, answer: SipResponse, source: Peer): void {
  const { request } = outgoing.transaction;
  const { kind } = outgoing.phase;
  exchange.outgoing.delete(outgoing.transaction.id);
  outgoing.phase = { kind: 'accepted', forks: new Map() };
  const isReinvite = outgoing.live?.dialog.state === 'confirmed';
  const live = isReinvite ? outgoing.live : acceptedDialog(exchange, outgoing, answer, source);
  if (live === undefined) return;
  outgoing.live = live;
  if (isReinvite) {
    live.dialog = afterResponse(live.dialog, 'INVITE', answer);
    live.through = wayBack(answer, source, false);
  }
  let hangUpReason: HangUpReason | undefined;
  if (!isReinvite && !answer.headers.has('Contact')) hangUpReason = 'no Contact in response';
  if (kind === 'cancelled' && !isReinvite) hangUpReason = 'ACK-BYE due to cancel race condition';
  const deadline = exchange.clock.after(giveUpMs(exchange.timers), () => {
    if (exchange.dialogs.has(live)) hangUp(exchange, live, 'ACK timeout');
  });
  if (!isReinvite) tellStart(exchange, 'network', 'uac', answer);
  keepDescription(live, request);
  keepSession(exchange, live, termsOfResponse(answer), 'uac');
  const cseq = parseCSeq(request.headers.get('CSeq') ?? '')?.number ?? 0;
  live.invite = { kind: 'ours-accepted', request, cseq, hangUp: hangUpReason, deadline };
  if (kind !== 'orphaned') {
    report(exchange, outgoing, answer, routeOf(source));
    return;
  }
  if (exchange.dialogs.has(live)) hangUp(exchange, live, 'application is gone');
  else acknowledge(exchange, live, new Headers(), Buffer.alloc(0));
  // Whoever still waits for an answer hears that its call was over before.
  report(exchange, outgoing, makeResponse(request, 487, { toTag: live.dialog.remoteTag }), routeOf(source), 0);
}

/** The confirmed dialog of a first INVITE; what its early form has counted stays counted. */
function acceptedDialog(
  exchange: Exchange,
  outgoing: Outgoing,
  answer: SipResponse,
  source: Peer,
): LiveDialog | undefined {
  const { request } = outgoing.transaction;
  const target = answer.headers.get('Contact') ?? `<${request.uri}>`;
  const complete = { ...answer, headers: answer.headers.clone().set('Contact', target) };
  const dialog = dialogFromResponse(request, complete);
  if (dialog === undefined) {
    exchange.log.warn({ status: answer.status }, 'peer accepted a call without To tag: it is dropped');
    settle(exchange, outgoing, makeResponse(request, 500, { toTag: exchange.ids.token(8) }), routeOf(source), 0);
    return undefined;
  }
  const early = outgoing.live;
  if (early === undefined || !exchange.dialogs.has(early)) return addDialog(exchange, outgoing, answer, source, dialog);
  early.dialog = { ...dialog, localCseq: Math.max(dialog.localCseq, early.dialog.localCseq) };
  early.through = wayBack(answer, source, false);
  return early;
}

/** A 2xx after the first: a copy gets the same ACK again; another phone that answered is acknowledged and hung up. */
function onRepeatedAccept(
  exchange: Exchange,
  outgoing: Outgoing,
  forks: Extract<Outgoing['phase'], { kind: 'accepted' }>['forks'],
  answer: SipResponse,
): void {
  const { live } = outgoing;
  const { request } = outgoing.transaction;
  if (answer.status < 200 || answer.status >= 300 || live === undefined) return;
  const cseq = parseCSeq(request.headers.get('CSeq') ?? '')?.number;
  const tag = tagOf(answer.headers.get('To')) ?? '';
  if (tag === live.dialog.remoteTag) {
    // Until the application has given its ACK there is nothing to say.
    if (live.lastAck?.cseq === cseq) live.lastAck?.sent.resend();
    return;
  }
  const known = forks.get(tag);
  if (known !== undefined) known.resend();
  const dialog = known === undefined ? dialogFromResponse(request, answer) : undefined;
  if (dialog === undefined || cseq === undefined || forks.size >= MAX_FORKS) return;
  const ack = requestInDialog(dialog, 'ACK', { cseq });
  const destination = peerOfUri(ack.nextHop);
  if (destination === undefined || exchange.stack.listenerFor(destination) === undefined) return;
  forks.set(tag, exchange.stack.send(ack.request, destination));
  const bye = requestInDialog(ack.dialog, 'BYE');
  exchange.stack.request(bye.request, destination, { onResponse: () => undefined, onFailure: () => undefined });
}

function onFinal(exchange: Exchange, outgoing: Outgoing, response: SipResponse, source: Peer): void {
  const { request } = outgoing.transaction;
  const { method } = request;
  const accepted = response.status < 300;
  if (method === 'SUBSCRIBE' && accepted && outgoing.live === undefined && outgoing.phase.kind !== 'orphaned') {
    const dialog = dialogFromResponse(request, response);
    if (dialog !== undefined) outgoing.live = addDialog(exchange, outgoing, response, source, dialog);
  }
  const { live } = outgoing;
  if (live !== undefined && accepted) live.dialog = afterResponse(live.dialog, method, response);
  if (live !== undefined && accepted && method === 'SUBSCRIBE') keepSubscription(exchange, live, { request, response });
  if (live !== undefined && accepted && method === 'UPDATE') {
    keepDescription(live, request);
    keepSession(exchange, live, termsOfResponse(response), 'uac');
  }
  settle(exchange, outgoing, response, routeOf(source));
}

/** A final response, from the network or made up: the transaction is forgotten, and what it decides is decided. */
function settle(exchange: Exchange, outgoing: Outgoing, response: SipResponse, route: Route, bytes?: number): void {
  const { live, transaction } = outgoing;
  const { request } = transaction;
  exchange.outgoing.delete(transaction.id);
  outgoing.phase = { kind: 'failed' };
  if (live?.invite.kind === 'ours-open' && live.invite.outgoing === outgoing) live.invite = { kind: 'idle' };
  const challenged = response.status === 401 || response.status === 407;
  const isCall = request.method === 'INVITE' && live?.dialog.state !== 'confirmed';
  if (isCall) tellStop(exchange, 'network', refusalOf(response.status), response);
  const fails = request.method === 'INVITE' && live?.dialog.state === 'early';
  if (live !== undefined && (fails || (endsDialog(request, live, response.status) && !challenged)))
    exchange.dialogs.delete(live);
  report(exchange, outgoing, response, route, bytes);
}

/** Our BYE, or the NOTIFY that ends the subscription the dialog was made for, or shows that it is over. */
function endsDialog(request: SipRequest, live: LiveDialog, status: number): boolean {
  if (request.method === 'BYE') return true;
  const state = request.headers.get('Subscription-State')?.toLowerCase() ?? '';
  if (request.method !== 'NOTIFY' || live.method !== 'SUBSCRIBE') return false;
  return state.startsWith('terminated') || endsSubscription(status);
}

function addDialog(
  exchange: Exchange,
  outgoing: Outgoing,
  response: SipResponse,
  source: Peer,
  dialog: LiveDialog['dialog'],
): LiveDialog {
  const live: LiveDialog = {
    id: outgoing.dialogId,
    method: outgoing.transaction.request.method,
    dialog,
    owner: outgoing.owner,
    local: outgoing.transaction.local,
    through: wayBack(response, source, false),
    invite: { kind: 'idle' },
    session: NO_SESSION,
    description: undefined,
    lastAck: undefined,
    reliableLegs: new Map(),
  };
  exchange.dialogs.add(live);
  return live;
}

function report(exchange: Exchange, outgoing: Outgoing, response: SipResponse, route: Route, bytes?: number): void {
  const { clock, ids } = exchange;
  const message = readable(response);
  const { transaction, dialogId, owner } = outgoing;
  const meta = { source: 'network', bytes: bytes ?? message.length, route, atMs: clock.nowMs() } as const;
  owner.send(messageFrame(ids.uuid(), { ...meta, transactionId: transaction.id, dialogId }, message));
}
