// How calls end without their application asking: BYE by the server, lost applications; and the way to a dialog's peer.
import { requestInDialog } from '../../sip/dialog.js';
import { Headers } from '../../sip/message/headers.js';
import type { SipMessage, SipRequest } from '../../sip/message/message.js';
import { uriOf } from '../../sip/message/name-address.js';
import { serialise } from '../../sip/message/serialise.js';
import { parseSipUri } from '../../sip/message/uri.js';
import { peerOfUri } from '../../sip/next-hop.js';
import type { Listener, Peer } from '../../sip/peer.js';
import type { AppConnection } from '../drachtio/app-connection.js';
import type { Route } from '../drachtio/report.js';
import { messageFrame } from '../drachtio/report.js';
import { refusalOf, stopOf, tellStop } from './cdr.js';
import { ownAnswer } from './own-answer.js';
import type { Exchange, Flow, HangUpReason, Incoming, LiveDialog } from './tables.js';

/** A peer in the words of the protocol: WebSocket is called `tcp`. */
export function routeOf({ transport, address, port }: Peer | Listener): Route {
  const protocol = transport === 'udp' || transport === 'tls' ? transport : 'tcp';
  return { protocol, address, port };
}

/**
 * Where a dialog's requests go instead of to its target: back to where the peer's message came from, when its Contact
 * names another address (NAT) and no proxy has put itself between them.
 * @param message the peer's request, or its response to ours
 * @param comparePort whether a different port alone means NAT: so for requests, whose Contact names their own socket
 */
export function wayBack(message: SipMessage, source: Peer, comparePort: boolean): Peer | undefined {
  if (source.connectionId !== undefined) return source;
  if (source.transport !== 'udp') return undefined;
  const routes = message.headers.all('Record-Route');
  if (routes.length > 0) {
    const host = parseSipUri(uriOf(routes.at(-1)) ?? '')?.host ?? '';
    return message.kind === 'response' && isPrivate(host) && host !== source.address ? source : undefined;
  }
  const target = parseSipUri(uriOf(message.headers.get('Contact')) ?? '');
  if (target === undefined) return undefined;
  const samePlace = target.host === source.address && (!comparePort || (target.port ?? 5060) === source.port);
  return samePlace ? undefined : source;
}

/**
 * The next hop of a request inside a dialog: over the connection a phone has registered by, else where the hop's URI
 * says. A dialog's own connection is used again only towards the address it leads to.
 */
export function wayTo({ flows }: Exchange, live: LiveDialog, nextHop: string): Peer | undefined {
  const named = flows.find(nextHop) ?? peerOfUri(nextHop);
  if (named?.connectionId !== undefined) return named;
  const { through } = live;
  if (through === undefined) return named;
  if (through.transport === 'udp' || named === undefined) return through;
  if (named.transport !== through.transport || named.address !== through.address) return named;
  return through.connectionId === undefined ? named : { ...named, connectionId: through.connectionId };
}

function isPrivate(address: string): boolean {
  const [first, second] = address.split('.').map(Number);
  return (
    first === 10 || (first === 192 && second === 168) || (first === 172 && second !== undefined && second >> 4 === 1)
  );
}

/**
 * Ends a dialog from our side: whatever is under way in it is settled, BYE goes out, the dialog is forgotten, and its
 * application, if it still has one, is told by an unsolicited BYE.
 */
export function hangUp(exchange: Exchange, live: LiveDialog, reason: HangUpReason): void {
  const { clock, ids, log, stack, dialogs } = exchange;
  if (live.invite.kind === 'ours-accepted') acknowledge(exchange, live, new Headers(), Buffer.alloc(0));
  dialogs.delete(live);
  if (live.method !== 'INVITE') return; // a subscription runs out by itself
  settleInvite(exchange, live);
  const headers = Headers.of([['Reason', `SIP ;cause=200 ;text="${reason}"`]]);
  const built = requestInDialog(live.dialog, 'BYE', { headers });
  live.dialog = built.dialog;
  const destination = wayTo(exchange, live, built.nextHop);
  if (destination === undefined || stack.listenerFor(destination) === undefined) {
    log.warn({ dialog: live.id, nextHop: built.nextHop }, 'no way to send BYE');
    return;
  }
  const nobodyListens = { onResponse: () => undefined, onFailure: () => undefined };
  const bye = stack.request(built.request, destination, nobodyListens);
  log.info({ dialog: live.id, reason }, 'dialog ended by the server');
  tellStop(exchange, 'application', stopOf(reason), bye.request);
  const message = serialise(bye.request);
  const meta = {
    source: 'application',
    bytes: message.length,
    route: routeOf(destination),
    atMs: clock.nowMs(),
  } as const;
  const report = { ...meta, transactionId: 'unsolicited', dialogId: live.id };
  live.owner?.send(messageFrame(ids.uuid(), report, message));
}

export interface Acknowledged {
  readonly request: SipRequest;
  readonly destination: Peer;
}

/** Sends the ACK for the 2xx that a dialog's own INVITE got, and keeps it for copies of that 2xx. */
export function acknowledge(
  exchange: Exchange,
  live: LiveDialog,
  headers: Headers,
  body: Buffer,
): Acknowledged | undefined {
  if (live.invite.kind !== 'ours-accepted') return undefined;
  const { request: invite, cseq, deadline } = live.invite;
  deadline.cancel();
  live.invite = { kind: 'idle' };
  // The ACK carries the credentials of the INVITE it belongs to (RFC 3261 §13.2.2.4).
  for (const name of ['Authorization', 'Proxy-Authorization']) {
    for (const value of invite.headers.all(name)) headers.append(name, value);
  }
  const built = requestInDialog(live.dialog, 'ACK', { cseq, headers, body });
  const destination = wayTo(exchange, live, built.nextHop);
  if (destination === undefined || exchange.stack.listenerFor(destination) === undefined) return undefined;
  const sent = exchange.stack.send(built.request, destination);
  live.lastAck = { cseq, sent };
  return { request: sent.request, destination };
}

/** Leaves no INVITE of a dialog under way: theirs is answered 487, ours cancelled, repetitions stop. */
export function settleInvite(exchange: Exchange, live: LiveDialog): void {
  const { invite } = live;
  live.invite = { kind: 'idle' };
  if (invite.kind === 'theirs-accepted') {
    invite.accepted.stop();
    for (const action of invite.deferred) action();
  } else if (invite.kind === 'theirs-open') {
    reject(exchange, invite.incoming, 487);
  } else if (invite.kind === 'ours-open') {
    invite.outgoing.phase = { kind: 'orphaned' };
    invite.outgoing.transaction.cancel();
  } else if (invite.kind === 'refreshing') {
    invite.transaction.cancel();
    for (const action of invite.deferred) action();
  } else if (invite.kind === 'ours-accepted') {
    invite.deadline.cancel();
  }
}

/** Takes a request out of its application's hands, and answers it (and the UPDATE inside it) in its place. */
export function reject(exchange: Exchange, incoming: Incoming, status: number): void {
  const isCall = incoming.transaction.request.method === 'INVITE' && incoming.live?.dialog.state !== 'confirmed';
  finish(exchange, incoming);
  const { transaction, toTag } = incoming;
  const response = ownAnswer(transaction, status, { toTag });
  transaction.respond(response);
  // A caller who cancels has said so itself.
  if (isCall) tellStop(exchange, status === 487 ? 'network' : 'application', refusalOf(status), response);
}

/** Forgets a request that has its final answer, or gets it now; also the early dialog when it has failed. */
export function finish(exchange: Exchange, incoming: Incoming): void {
  const { transaction, update, live } = incoming;
  exchange.incoming.delete(transaction.id);
  incoming.deadline.cancel();
  const waiting = incoming.reliable;
  incoming.reliable = undefined;
  waiting?.response.stop();
  if (update !== undefined) update.respond(ownAnswer(update, 500, { toTag: incoming.toTag }));
  incoming.update = undefined;
  for (const action of waiting?.deferred ?? []) action();
  if (live === undefined || transaction.request.method !== 'INVITE') return;
  if (live.invite.kind === 'theirs-open' && live.invite.incoming === incoming) live.invite = { kind: 'idle' };
  if (live.dialog.state === 'early') exchange.dialogs.delete(live);
}

/**
 * A connection is gone. Who was registered over it is no longer; an INVITE that came by it is over when its sender
 * cannot be dialled. Dialogs whose peer can be reached no other way are hung up after a grace, unless the phone has
 * registered again by then or a request of its own has shown another way.
 */
export function loseConnection(exchange: Exchange, connectionId: string): void {
  const flows = exchange.flows.closed(connectionId);
  for (const flow of flows) tellFlowFailed(exchange, flow);
  for (const incoming of [...exchange.incoming.values()]) {
    const { request, source } = incoming.transaction;
    if (source.connectionId === connectionId && isBrowser(source) && request.method === 'INVITE') {
      callerIsGone(exchange, incoming);
    }
  }
  for (const forwarded of [...exchange.proxied.values()]) {
    if (forwarded.source.connectionId === connectionId && isBrowser(forwarded.source)) forwarded.cancel(new Headers());
  }
  if (exchange.lostConnectionMs === 'keep') return;
  const isLost = ({ through }: LiveDialog): boolean =>
    through?.connectionId === connectionId && (flows.length > 0 || isBrowser(through));
  const lost = [...exchange.dialogs].filter((live) => live.dialog.state === 'confirmed' && isLost(live));
  if (lost.length === 0) return;
  const grace = exchange.clock.after(exchange.lostConnectionMs, () => {
    exchange.graces.delete(grace);
    for (const live of lost) {
      const isBack = exchange.flows.find(live.dialog.remoteTarget) !== undefined;
      if (exchange.dialogs.has(live) && isLost(live) && !isBack) hangUp(exchange, live, 'connection lost');
    }
  });
  exchange.graces.add(grace);
}

/**
 * A browser whose connection is gone can be reached by nothing until it registers again (RFC 5626 §4.2.1, 7118 §5). Whoever
 * answers REGISTER learns that as if it had left, by an unsolicited request like those that end calls.
 */
function tellFlowFailed(exchange: Exchange, { contact, of, peer }: Flow): void {
  const { applications, clock, ids } = exchange;
  if (!isBrowser(peer) || of === '') return;
  const headers = Headers.of([
    ['From', `<${of}>;tag=${ids.token(8)}`],
    ['To', `<${of}>`],
    ['Call-ID', ids.uuid()],
    ['CSeq', '1 REGISTER'],
    ['Contact', `<${contact}>;expires=0`],
    ['Reason', 'SIP ;cause=430 ;text="Flow Failed"'],
    ['Content-Length', '0'],
  ]);
  const message = serialise({ kind: 'request', method: 'REGISTER', uri: of, headers, body: Buffer.alloc(0) });
  const meta = { source: 'application', bytes: message.length, route: routeOf(peer), atMs: clock.nowMs() } as const;
  const report = { ...meta, transactionId: 'unsolicited', dialogId: '' };
  for (const application of applications.of('register')) application.send(messageFrame(ids.uuid(), report, message));
}

/** An INVITE whose caller cannot be answered any more: to its application that is a cancelled one. */
export function callerIsGone(exchange: Exchange, incoming: Incoming): void {
  const { request, source, id: transactionId } = incoming.transaction;
  const cancel = serialise({ ...request, method: 'CANCEL', body: Buffer.alloc(0) });
  const meta = { source: 'application', bytes: cancel.length, route: routeOf(source), transactionId } as const;
  const report = { ...meta, atMs: exchange.clock.nowMs(), dialogId: incoming.live?.id ?? '' };
  incoming.owner.send(messageFrame(exchange.ids.uuid(), report, cancel));
  reject(exchange, incoming, 487);
}

/** Whether a registered phone or a call depends on a connection (RFC 5626 §3.2): it is not idle, however silent. */
export function needsConnection({ flows, dialogs }: Exchange, connectionId: string): boolean {
  if (flows.holds(connectionId)) return true;
  for (const { through } of dialogs) if (through?.connectionId === connectionId) return true;
  return false;
}

/** Browsers connect to us; nobody can connect to them (RFC 7118 §5). */
function isBrowser({ transport }: Peer): boolean {
  return transport === 'ws' || transport === 'wss';
}

/**
 * An application is gone (§A17): callers who wait get 503, calls it was making are cancelled, its dialogs are hung up after a
 * grace unless another application has taken them over by then, and refuse every request of their peers meanwhile.
 */
export function abandon(exchange: Exchange, owner: AppConnection): void {
  for (const incoming of [...exchange.incoming.values()]) {
    if (incoming.owner === owner) reject(exchange, incoming, statusWithoutOwner(incoming));
  }
  for (const outgoing of [...exchange.outgoing.values()]) {
    if (outgoing.owner !== owner) continue;
    exchange.outgoing.delete(outgoing.transaction.id);
    outgoing.phase = { kind: 'orphaned' };
    outgoing.transaction.cancel();
  }
  const orphans = [...exchange.dialogs].filter((live) => live.owner === owner);
  for (const live of orphans) live.owner = undefined;
  if (exchange.orphanGraceMs === 'keep' || orphans.length === 0) return;
  exchange.log.warn({ dialogs: orphans.length }, 'application gone, its calls will be hung up');
  const grace = exchange.clock.after(exchange.orphanGraceMs, () => {
    exchange.graces.delete(grace);
    for (const live of orphans) {
      if (live.owner === undefined && exchange.dialogs.has(live)) hangUp(exchange, live, 'application is gone');
    }
  });
  exchange.graces.add(grace);
}

/** A call that is there may be taken over: nothing it is asked now ends it (RFC 3261 §12.2.1.2), but its own BYE. */
function statusWithoutOwner({ transaction, live }: Incoming): number {
  if (live?.dialog.state !== 'confirmed') return 503;
  return transaction.request.method === 'BYE' ? 200 : 500;
}
