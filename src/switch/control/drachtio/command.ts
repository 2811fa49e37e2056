// What an application may say in one frame, read into values; anything else becomes a refusal, never an exception.
import { MAX_TARGETS } from '../../sip/proxy/forwarded-request.js';
import { parseDuration } from '../duration.js';
import type { AppMessage } from './app-message.js';
import { parseAppMessage } from './app-message.js';

export const MAX_TAGS = 20;
export const MAX_TAG_CHARACTERS = 32;
const MAX_LEADER_BYTES = 8_192;
const MAX_ID_CHARACTERS = 128;
const TAG = /^[a-zA-Z0-9\-_+@:]+$/;
const VERB = /^[a-z]{1,16}(:[a-z]{1,16})?$/;
const ID = /^[\x21-\x7b\x7d\x7e]+$/;

/** `id` is made by the sender and comes back in the reply. */
export type Command =
  | { readonly kind: 'authenticate'; readonly id: string; readonly secret: string; readonly tags: readonly string[] }
  | { readonly kind: 'route'; readonly id: string; readonly verb: string }
  | { readonly kind: 'remove-route'; readonly id: string; readonly verb: string }
  | { readonly kind: 'ping'; readonly id: string }
  | SipCommand
  | ProxyCommand
  /** Understood, but not to be done: the connection stays. */
  | { readonly kind: 'refused'; readonly id: string; readonly reason: string };

export interface SipCommand {
  readonly kind: 'sip';
  readonly id: string;
  /** Empty, or the transaction this message answers or cancels. */
  readonly transactionId: string;
  /** Empty, or `<Call-ID>;from-tag=<tag>`. */
  readonly dialogId: string;
  /** Empty, or the outbound proxy in the application's words. */
  readonly routeUri: string;
  readonly message: AppMessage;
}

/** To pass a request of the network on. */
export interface ProxyCommand {
  readonly kind: 'proxy';
  readonly id: string;
  readonly transactionId: string;
  /** Stay in the path of the dialog, or of the registration. */
  readonly remainInDialog: boolean;
  /** Tell the final answer of each target. */
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly order: 'serial' | 'simultaneous';
  readonly provisionalMs: number | undefined;
  readonly finalMs: number | undefined;
  /** URIs; at least one. */
  readonly targets: readonly string[];
  /** Its headers are added to the request. */
  readonly message: AppMessage;
}

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly id: string; readonly reason: string };

/** Reads the payload of one frame. A refusal's `id` is empty when not even that could be read. */
export function parseCommand(payload: Buffer): ParsedCommand {
  const lineEnd = payload.indexOf('\r\n');
  const leaderBytes = lineEnd === -1 ? payload.length : lineEnd;
  if (leaderBytes > MAX_LEADER_BYTES) return { ok: false, id: '', reason: 'first line is too long' };
  const tokens = payload.toString('utf8', 0, leaderBytes).split('|');
  const id = tokens[0] ?? '';
  if (id.length > MAX_ID_CHARACTERS || !ID.test(id)) return { ok: false, id: '', reason: 'missing message id' };
  const name = tokens[1];
  switch (name) {
    case 'authenticate':
      return parseAuthenticate(id, tokens);
    case 'route':
    case 'remove_route':
      return parseRoute(id, name === 'route' ? 'route' : 'remove-route', tokens[2]);
    case 'ping':
      return { ok: true, command: { kind: 'ping', id } };
    case 'sip':
      return parseSip(id, tokens, lineEnd === -1 ? undefined : payload.subarray(lineEnd + 2));
    case 'proxy':
      return parseProxy(id, tokens, lineEnd === -1 ? undefined : payload.subarray(lineEnd + 2));
    default:
      return { ok: false, id, reason: 'unknown message type' };
  }
}

function parseAuthenticate(id: string, tokens: readonly string[]): ParsedCommand {
  const secret = tokens[2];
  if (secret === undefined) return { ok: false, id, reason: 'missing secret' };
  const tags = (tokens[3] ?? '').split(',').filter((tag) => tag !== '');
  const bad = tags.length > MAX_TAGS || tags.some((tag) => tag.length > MAX_TAG_CHARACTERS || !TAG.test(tag));
  if (bad) return { ok: false, id, reason: 'invalid tags' };
  return { ok: true, command: { kind: 'authenticate', id, secret, tags } };
}

function parseRoute(id: string, kind: 'route' | 'remove-route', verb: string | undefined): ParsedCommand {
  if (verb === undefined || !VERB.test(verb)) return { ok: false, id, reason: 'invalid verb' };
  return { ok: true, command: { kind, id, verb } };
}

function parseSip(id: string, tokens: readonly string[], text: Buffer | undefined): ParsedCommand {
  const message = text === undefined ? undefined : parseAppMessage(text);
  if (message === undefined) return { ok: false, id, reason: 'invalid sip message' };
  const [, , transactionId = '', dialogId = '', routeUri = ''] = tokens;
  return { ok: true, command: { kind: 'sip', id, transactionId, dialogId, routeUri, message } };
}

function parseProxy(id: string, tokens: readonly string[], text: Buffer | undefined): ParsedCommand {
  const message = text === undefined ? undefined : parseAppMessage(text);
  if (message === undefined) return { ok: false, id, reason: 'invalid sip message' };
  const [, , transactionId = '', remain, full, follow, order, provisional = '', final = '', ...targets] = tokens;
  const provisionalMs = parseDuration(provisional);
  const finalMs = parseDuration(final);
  const refused = (reason: string): ParsedCommand => ({ ok: true, command: { kind: 'refused', id, reason } });
  if (provisionalMs === 'invalid' || finalMs === 'invalid') return refused('invalid timeout');
  if (order !== 'serial' && order !== 'simultaneous') return refused('invalid order of targets');
  if (targets.length === 0 || targets.length > MAX_TARGETS) return refused(`1 to ${MAX_TARGETS} targets are possible`);
  const options = {
    remainInDialog: remain === 'remainInDialog',
    fullResponse: full === 'fullResponse',
    followRedirects: follow === 'followRedirects',
  };
  const command = {
    ...options,
    kind: 'proxy',
    id,
    transactionId,
    order,
    provisionalMs,
    finalMs,
    targets,
    message,
  } as const;
  return { ok: true, command };
}
