// Requests that are passed on: those that applications name targets for, and those that travel along our routes.
import { Headers } from '../../sip/message/headers.js';
import type { SipRequest } from '../../sip/message/message.js';
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
  const { stack } = exchange;
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
  const hops = hopsLeft(transaction.request);
  if (hops === undefined) {
    reject(exchange, incoming, 483);
    refuse('Too many hops');
    return;
  }
  const added = Headers.of(command.message.headers.map(({ name, value }) => [name, value]));
  const onward = (target: ForwardTarget): Onward => towards(transaction.request, target, hops, stack.listeners, added);
  const targets = command.targets.map((uri): ForwardTarget => ({ uri, isRedirected: false }));
  const fault = targets.map((target) => faultOf(exchange, onward(target))).find((text) => text !== undefined);
  if (fault !== undefined) {
    refuse(fault);
    return;
  }
  finish(exchange, incoming);
  forward(exchange, { connection, command, transaction, onward });
}

interface Forwarding {
  readonly connection: AppConnection;
  readonly command: ProxyCommand;
  readonly transaction: ServerTransaction;
  readonly onward: (target: ForwardTarget) => Onward;
}

function forward(exchange: Exchange, { connection, command, transaction, onward }: Forwarding): void {
  const { stack, clock, ids, log, proxied } = exchange;
  const { order, targets, followRedirects, provisionalMs, finalMs } = command;
  const isCall = transaction.request.method === 'INVITE';
  const limits = {
    ...(provisionalMs === undefined ? {} : { provisionalMs }),
    ...(finalMs === undefined ? {} : { finalMs }),
  };
  const request = new ForwardedRequest(
    { transaction, order, targets, followRedirects, ...limits },
    {
      stack,
      clock,
      log,
      wayTo: (target) => {
        const way = onward(target);
        return faultOf(exchange, way) === undefined ? wayOf(exchange, way) : undefined;
      },
      compose: (target, destination) => {
        const { request } = onward(target);
        return command.remainInDialog ? withOurRoute(exchange, request, transaction, destination) : request;
      },
      onFinal: (response, source) => {
        if (transaction.request.method === 'REGISTER' && response.status < 300) {
          rememberFlow(exchange, transaction.request, response, transaction.source);
        }
        if (isCall && response.status < 300) tellStart(exchange, 'network', 'proxy-uac', response);
        if (!command.fullResponse) return;
        const report = { replyTo: command.id, route: routeOf(source), atMs: clock.nowMs() };
        connection.send(proxiedFrame(ids.uuid(), report, readable(response)));
      },
      onDone: (given) => {
        proxied.delete(transaction.id);
        if (isCall && given.status < 300) tellStart(exchange, 'application', 'proxy-uas', given);
        else if (isCall) tellStop(exchange, 'application', refusalOf(given.status), given);
        connection.reply(command.id, 'OK', 'done');
      },
    },
  );
  proxied.set(transaction.id, request);
  request.start();
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
