// The first line of every frame the server sends, token by token: the layout drachtio-srf counts on.
import { Headers } from '../../sip/message/headers.js';
import type { SipMessage } from '../../sip/message/message.js';
import { serialise } from '../../sip/message/serialise.js';
import { encodeFrame } from './frame.js';

/** drachtio-srf undoes escapes in header names: a peer's `%46rom` would become a second From there. */
const ESCAPED_NAME = /%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i;

/** `OK`; `NOK`: one operation failed; `NO`: the frame was not understood or not allowed, the connection is closed. */
export type Outcome = 'OK' | 'NOK' | 'NO';

/** Where a message came from or went to, in drachtio's words: `ws` and `wss` are called `tcp`. */
export interface Route {
  readonly protocol: 'udp' | 'tcp' | 'tls' | '';
  readonly address: string;
  readonly port: number;
}

export interface MessageReport {
  /** `network`: it came from the wire. `application`: the server made it itself. */
  readonly source: 'network' | 'application';
  /** Size on the wire in bytes; 0 for a response that the server made in place of a peer. */
  readonly bytes: number;
  readonly route: Route;
  readonly atMs: number;
  /** A uuid, or `unsolicited`. */
  readonly transactionId: string;
  /** Empty, or `<Call-ID>;from-tag=<tag>`. */
  readonly dialogId: string;
  /** The own address the message came in on: only for requests outside a dialog. */
  readonly receivedOn?: { readonly address: string; readonly port: number };
}

export interface EchoReport {
  readonly replyTo: string;
  readonly route: Route;
  readonly atMs: number;
  readonly transactionId: string;
}

export function replyFrame(id: string, replyTo: string, outcome: Outcome, ...tokens: readonly string[]): Buffer {
  return encodeFrame([id, 'response', replyTo, outcome, ...tokens].join('|'));
}

/** A message of the network as applications are told it: without headers whose names they would misread. */
export function readable(message: SipMessage): Buffer {
  let isClear = true;
  for (const [name] of message.headers) if (ESCAPED_NAME.test(name)) isClear = false;
  if (isClear) return serialise(message);
  const headers = Headers.of([...message.headers].filter(([name]) => !ESCAPED_NAME.test(name)));
  return serialise({ ...message, headers });
}

/** A SIP message that the application must hear of. */
export function messageFrame(id: string, report: MessageReport, message: Buffer): Buffer {
  const { source, bytes, route, atMs, transactionId, dialogId, receivedOn } = report;
  const meta = `${source}|${bytes}|${route.protocol}|${route.address}|${route.port}|${timeOfDay(atMs)}`;
  const tail = receivedOn === undefined ? '' : `${receivedOn.address}|${receivedOn.port}|`;
  return encodeFrame(`${id}|sip|${meta}|${transactionId}|${dialogId}|${tail}`, message);
}

/** The request of an application as it went out: without it the client does not know the transaction. */
export function requestEchoFrame(id: string, report: EchoReport, message: Buffer): Buffer {
  return encodeFrame(`${echoHead(id, report, message.length)}|Msg sent:|`, message);
}

/** The response of an application as it went out: one token longer than a request's, and one empty one. */
export function responseEchoFrame(id: string, report: EchoReport & { dialogId: string }, message: Buffer): Buffer {
  return encodeFrame(`${echoHead(id, report, message.length)}|${report.dialogId}||Msg sent:|`, message);
}

/** A target's final answer to a proxied request; `continue` keeps the client listening for more. */
export function proxiedFrame(id: string, report: Omit<EchoReport, 'transactionId'>, message: Buffer): Buffer {
  const { replyTo, route, atMs } = report;
  const meta = `network|${message.length}|${route.protocol}|${route.address}|${route.port}|${timeOfDay(atMs)}`;
  return encodeFrame(`${id}|response|${replyTo}|OK|${meta}|||continue`, message);
}

/** The record of a call: `kind` is `attempt`, `start` or `stop`, `detail` the role or the reason. */
export function cdrFrame(
  id: string,
  { kind, source, atMs, detail }: { kind: string; source: string; atMs: number; detail: string | undefined },
  message: Buffer,
): Buffer {
  const tail = detail === undefined ? '' : `|${detail}`;
  return encodeFrame(`${id}|cdr:${kind}|${source}|${timeOfDay(atMs)}${tail}`, message);
}

function echoHead(id: string, { replyTo, route, atMs, transactionId }: EchoReport, bytes: number): string {
  const meta = `application|${bytes}|${route.protocol}|${route.address}|${route.port}|${timeOfDay(atMs)}`;
  return `${id}|response|${replyTo}|OK|${meta}|${transactionId}`;
}

/** UTC as `HH:MM:SS.uuuuuu`. */
function timeOfDay(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 23)}000`;
}
