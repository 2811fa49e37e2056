// Requests that are passed on: those that applications name targets for, and those that travel along our routes.
import { Headers } from '../../sip/message/headers.js';
import type { SipRequest, SipResponse } from '../../sip/message/message.js';
import { makeResponse } from '../../sip/message/response.js';
import { peerOfUri } from '../../sip/next-hop.js';
import type { Peer } from '../../sip/peer.js';
import { ForwardedRequest, type ForwardTarget } from '../../sip/proxy/forwarded-request.js';
import { alongRoutes, hopsLeft, type Onward, towards } from '../../sip/proxy/onward-request.js';
import type { ServerTransaction } from '../../sip/transaction/transaction.js';
import type { AppConnection } from '../drachtio/app-connection.js';
import type { ProxyCommand } from '../drachtio/command.js';
import { proxiedFrame, readable } from '../drachtio/report.js';
import { isOwn } from './app-requests.js';
import { rememberFlow } from './app-responses.js';
import { refusalOf, tellStart, tellStop } from './cdr.js';
import { finish, reject, routeOf } from './release.js';
import type { Exchange } from './tables.js';

/** An application has a request of the network passed on to targets of its choice. */
export function onProxy(exchange: Exchange, connection: AppConnection, command: ProxyCommand): void {
  const refuse = (reason: string): void => connection.reply(command.id, 'NOK', reason);
  const incoming = exchange.incoming.get(command.transactionId);
  if (incoming?.owner !== connection) {
    refuse(`Unknown transaction id: ${command.transactionId}`);
    return;
  }
  if (incoming.live !== undefined) {
    refuse('request belongs to a dialog of the application');
    return;
  }
  const { transaction } = incoming;
  const { request } = transaction;
  const fault = passToTargets(
    exchange,
    transaction,
    { ...command, added: command.message.headers.map(({ name, value }) => [name, value]) },
    {
      onFinal: (response, source) => {
        if (!command.fullResponse) return;
        const report = { replyTo: command.id, route: routeOf(source), atMs: exchange.clock.nowMs() };
        connection.send(proxiedFrame(exchange.ids.uuid(), report, readable(response)));
      },
      onDone: () => connection.reply(command.id, 'OK', 'done'),
    },
  );
  if (fault === undefined) finish(exchange, incoming);
  else refuse(fault);
  if (hopsLeft(request) === undefined) reject(exchange, incoming, 483);
}

export interface Forwarding {
  readonly targets: readonly string[];
  readonly order: 'serial' | 'simultaneous';
  readonly remainInDialog: boolean;
  readonly followRedirects: boolean;
  readonly provisionalMs: number | undefined;
  readonly finalMs: number | undefined;
  /** Headers for the requests sent. */
  readonly added: readonly (readonly [name: string, value: string])[];
}

/** What somebody wants to know of it; both are called later, never from within. */
export interface ForwardingEars {
  readonly onFinal: (response: SipResponse, source: Peer) => void;
  readonly onDone: () => void;
}

const NOBODY: ForwardingEars = { onFinal: () => undefined, onDone: () => undefined };

/** Passes a request on to targets; a text when that cannot be done, and the request is where it was. */
export function passToTargets(
  exchange: Exchange,
  transaction: ServerTransaction,
  forwarding: Forwarding,
  ears: ForwardingEars = NOBODY,
): string | undefined {
  const { stack, clock, log, proxied } = exchange;
  const { request } = transaction;
  const hops = hopsLeft(request);
  if (hops === undefined) return 'Too many hops';
  const added = Headers.of(forwarding.added);
  const onward = (target: ForwardTarget): Onward => towards(request, target, hops, stack.listeners, added);
  const targets = forwarding.targets.map((uri): ForwardTarget => ({ uri, isRedirected: false }));
  const fault = targets.map((target) => faultOf(exchange, onward(target))).find((text) => text !== undefined);
  if (fault !== undefined) return fault;
  const { order, followRedirects, provisionalMs, finalMs, remainInDialog } = forwarding;
  const limits = {
    ...(provisionalMs === undefined ? {} : { provisionalMs }),
    ...(finalMs === undefined ? {} : { finalMs }),
  };
  const forwarded = new ForwardedRequest(
    { transaction, order, targets: forwarding.targets, followRedirects, ...limits },
    {
      stack,
      clock,
      log,
      wayTo: (target) => {
        const way = onward(target);
        return faultOf(exchange, way) === undefined ? wayOf(exchange, way) : undefined;
      },
      compose: (target, destination) => {
        const { request: sent } = onward(target);
        return remainInDialog ? withOurRoute(exchange, sent, transaction, destination) : sent;
      },
      onFinal: (response, source) => {
        if (response.status < 300) onAccepted(exchange, transaction, response);
        ears.onFinal(response, source);
      },
      onDone: (given) => {
        proxied.delete(transaction.id);
        recordEnd(exchange, request, given);
        ears.onDone();
      },
    },
  );
  proxied.set(transaction.id, forwarded);
  forwarded.start();
  return undefined;
}

function onAccepted(exchange: Exchange, { request, source }: ServerTransaction, response: SipResponse): void {
  if (request.method === 'REGISTER') rememberFlow(exchange, request, response, source);
  if (request.method === 'INVITE') tellStart(exchange, 'network', 'proxy-uac', response);
}

function recordEnd(exchange: Exchange, request: SipRequest, given: SipResponse): void {
  if (request.method !== 'INVITE') return;
  if (given.status < 300) tellStart(exchange, 'application', 'proxy-uas', given);
  else tellStop(exchange, 'application', refusalOf(given.status), given);
}

/** A request of a dialog in whose path we stand; no application is asked. */
export function passOn(exchange: Exchange, transaction: ServerTransaction): void {
  const { stack, clock, log, proxied, maxPending } = exchange;
  const { request, localTag } = transaction;
  const answer = (status: number): void => {
    transaction.respond(makeResponse(request, status, { toTag: localTag }));
  };
  const hops = hopsLeft(request);
  if (hops === undefined || proxied.size >= maxPending) {
    answer(hops === undefined ? 483 : 503);
    return;
  }
  const onward = alongRoutes(request, hops, stack.listeners);
  const destination = wayOf(exchange, onward);
  if (destination === undefined || isOwn(stack.listeners, destination)) {
    answer(destination === undefined ? 480 : 482);
    return;
  }
  const forwarded = new ForwardedRequest(
    { transaction, targets: [onward.nextHop], order: 'serial', followRedirects: false },
    {
      stack,
      clock,
      log,
      wayTo: () => destination,
      compose: () => onward.request,
      onFinal: () => undefined,
      onDone: () => void proxied.delete(transaction.id),
    },
  );
  if (request.method === 'BYE') tellStop(exchange, 'network', 'normal-release', request);
  proxied.set(transaction.id, forwarded);
  forwarded.start();
}

/** The ACK for a 2xx takes the way of its dialog, outside any transaction (RFC 3261 §16.11). */
export function passAckOn(exchange: Exchange, ack: SipRequest): void {
  const { stack, oddities } = exchange;
  const hops = hopsLeft(ack);
  const onward = hops === undefined ? undefined : alongRoutes(ack, hops, stack.listeners);
  const destination = onward === undefined ? undefined : wayOf(exchange, onward);
  if (onward === undefined || destination === undefined || isOwn(stack.listeners, destination)) {
    oddities.warn({ uri: ack.uri }, 'ACK leads nowhere');
    return;
  }
  if (stack.listenerFor(destination) !== undefined) stack.send(onward.request, destination);
}

/** Over the connection that a phone has registered by, else where the URI says. */
function wayOf({ flows }: Exchange, { request, nextHop }: Onward): Peer | undefined {
  return (
    (request.headers.has('Route') ? undefined : flows.find(request.uri)) ?? flows.find(nextHop) ?? peerOfUri(nextHop)
  );
}

function faultOf(exchange: Exchange, onward: Onward): string | undefined {
  const { stack } = exchange;
  const destination = wayOf(exchange, onward);
  if (destination === undefined) return `invalid destination: ${onward.nextHop} names no address`;
  if (stack.listenerFor(destination) === undefined) return 'requested protocol/transport not available';
  return isOwn(stack.listeners, destination) ? 'can not send request to myself' : undefined;
}

/** REGISTER knows no Record-Route: there it is the Path that later requests take (RFC 3327). */
function withOurRoute(
  exchange: Exchange,
  request: SipRequest,
  { local }: ServerTransaction,
  destination: Peer,
): SipRequest {
  const leaves = exchange.stack.listenerFor(destination) ?? local;
  const routes = exchange.marks.values(request.headers.get('Call-ID') ?? '', local, leaves);
  const headers = request.headers.clone();
  const isRegister = request.method === 'REGISTER';
  for (const route of routes.reverse()) headers.prepend(isRegister ? 'Path' : 'Record-Route', route);
  if (isRegister && !headers.list('Require').includes('path')) headers.append('Require', 'path');
  return { ...request, headers };
}
