// Requests that applications send outside dialogs, their CANCELs, and the fork in the road to those inside dialogs.
import { Headers } from '../../sip/message/headers.js';
import { absentBrowser, peerOfUri } from '../../sip/next-hop.js';
import type { Listener, Peer } from '../../sip/peer.js';
import { cancelFor } from '../../sip/transaction/client-run.js';
import type { AppConnection } from '../drachtio/app-connection.js';
import type { AppRequest } from '../drachtio/app-message.js';
import { appHeader } from '../drachtio/app-message.js';
import type { SipCommand } from '../drachtio/command.js';
import { completeRequest, extraHeaders } from '../drachtio/completion.js';
import { tellAttempt } from './cdr.js';
import { ackInDialog, prackInDialog, requestInsideDialog } from './dialog-requests.js';
import { echoRequest, sendRequest } from './outgoing.js';
import type { Exchange, LiveDialog } from './tables.js';

export function onAppRequest(
  exchange: Exchange,
  connection: AppConnection,
  command: SipCommand,
  message: AppRequest,
): void {
  if (message.method === 'CANCEL') {
    cancel(exchange, connection, command, message);
    return;
  }
  if (message.method === 'ACK') {
    ackInDialog(exchange, connection, command, message);
    return;
  }
  if (exchange.outgoing.size >= exchange.maxPending) {
    connection.reply(command.id, 'NOK', 'too many requests under way');
    return;
  }
  const live = dialogMeant(exchange, connection, command, message);
  if (live !== undefined && message.method === 'PRACK') prackInDialog(exchange, connection, command, message, live);
  else if (live !== undefined) requestInsideDialog(exchange, connection, command, message, live);
  else if (command.dialogId === '') outside(exchange, connection, command, message);
  // drachtio-srf looks for these very words.
  else connection.reply(command.id, 'NOK', 'Server error: unable to find dialog for dialog id provided');
}

/** By its id, or by the Call-ID of a live dialog that the application wrote into a request. */
function dialogMeant(
  exchange: Exchange,
  connection: AppConnection,
  command: SipCommand,
  message: AppRequest,
): LiveDialog | undefined {
  const callId = command.dialogId === '' ? appHeader(message, 'call-id') : undefined;
  const live = callId === undefined ? exchange.dialogs.get(command.dialogId) : exchange.dialogs.withCallId(callId);
  if (live === undefined) return undefined;
  // Its application is gone: whoever speaks in it from now on has it. Ours; with drachtio such calls cannot be saved (§A17).
  live.owner ??= connection;
  if (live.owner !== connection) return undefined;
  return callId !== undefined && live.dialog.state === 'early' ? undefined : live;
}

function outside(exchange: Exchange, connection: AppConnection, command: SipCommand, message: AppRequest): void {
  const { stack, ids } = exchange;
  const refuse = (reason: string): void => connection.reply(command.id, 'NOK', reason);
  const proxy = command.routeUri === '' ? undefined : withScheme(command.routeUri);
  const target = proxy ?? message.uri;
  const destination = exchange.flows.find(message.uri) ?? peerOfUri(target) ?? absentBrowser(target);
  if (destination === undefined) {
    refuse(`invalid request-uri: ${target} names no address`);
    return;
  }
  const local = stack.listenerFor(destination);
  if (local === undefined) {
    refuse('requested protocol/transport not available');
    return;
  }
  if (isOwn(stack.listeners, destination)) {
    refuse('can not send request to myself');
    return;
  }
  // Sequence numbers begin anywhere below 2^31 (RFC 3261 §8.1.1.5).
  const fresh = { tag: ids.token(8), callId: ids.uuid(), cseq: Number.parseInt(ids.token(3), 16) };
  const address = { transport: local.transport, address: local.external ?? local.address, port: local.port };
  const completed = completeRequest(message, address, fresh);
  if (!completed.ok) {
    refuse(completed.reason);
    return;
  }
  const { transaction } = sendRequest(exchange, connection, command.id, completed.value, destination);
  if (message.method === 'INVITE') tellAttempt(exchange, 'application', transaction.request);
}

/** CANCEL of an INVITE without final answer; the stack waits for a provisional one first (RFC 3261 §9.1). */
function cancel(exchange: Exchange, connection: AppConnection, command: SipCommand, message: AppRequest): void {
  const outgoing = exchange.outgoing.get(command.transactionId);
  if (outgoing?.owner !== connection || outgoing.transaction.request.method !== 'INVITE') {
    connection.reply(command.id, 'NOK', `unable to cancel unknown transaction id: ${command.transactionId}`);
    return;
  }
  const { request: invite, destination, local } = outgoing.transaction;
  const extras = extraHeaders(message, local);
  const headers = extras.ok ? extras.value : new Headers();
  if (outgoing.phase.kind === 'open') outgoing.phase = { kind: 'cancelled' };
  outgoing.transaction.cancel(headers);
  const sent = { request: cancelFor(invite, headers), destination, local };
  echoRequest(exchange, connection, command.id, sent, exchange.ids.uuid());
}

/** Applications write proxies as URIs or as `address:port`. */
function withScheme(target: string): string {
  return /^sips?:/i.test(target) ? target : `sip:${target}`;
}

export function isOwn(listeners: readonly Listener[], { transport, address, port }: Peer): boolean {
  return listeners.some(
    (own) => own.transport === transport && own.port === port && (own.address === address || own.external === address),
  );
}
