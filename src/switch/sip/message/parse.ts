// Bytes to messages: strict where two readers could disagree, tolerant where RFC 4475 allows it; never throws.
import { type CSeq, parseCSeq } from './cseq.js';
import { isToken, parseDecimal, splitList, trimSpace } from './grammar.js';
import { headerName } from './header-name.js';
import { Headers } from './headers.js';
import type { SipMessage, SipRequest } from './message.js';
import { EMPTY_BODY } from './message.js';
import { parseNameAddress } from './name-address.js';
import { reasonPhrase } from './response.js';
import { isSipUri, parseUri } from './uri.js';
import { parseVia, type Via } from './via.js';

export const MAX_MESSAGE_BYTES = 64 * 1024;
/** One header with its continuation lines, in characters. */
export const MAX_HEADER_LENGTH = 8 * 1024;
/** Lines, and values of those headers that are taken apart: `Via: a, b` counts twice. */
export const MAX_HEADERS = 100;

/** What transactions are matched by; parsed once. */
export interface Essentials {
  readonly topVia: Via;
  readonly cseq: CSeq;
  readonly callId: string;
  readonly fromTag: string | undefined;
  readonly toTag: string | undefined;
}

export interface Problem {
  /** What a request of this kind is answered with: 400, 505, 513. */
  readonly status: number;
  readonly reason: string;
}

export type Parsed =
  | { readonly ok: true; readonly message: SipMessage; readonly essentials: Essentials }
  /** `partial` is there when the bytes were a request (other than ACK) with a Via: enough to answer it. */
  | ({ readonly ok: false; readonly partial: SipRequest | undefined } & Problem);

/** One value a line after parsing, so that they can be taken away and put on top. */
const SPLIT_KEYS = new Set(['via', 'route', 'record-route', 'contact', 'path', 'service-route']);
const SINGLE_NAMES = ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length', 'Content-Type'] as const;
const SINGLE_KEYS: ReadonlySet<string> = new Set(SINGLE_NAMES.map((name) => name.toLowerCase()));
const MAX_FORWARDS_LIMIT = 255;

/** Parses a datagram, or one message cut from a stream. */
export function parseMessage(bytes: Buffer): Parsed {
  if (bytes.length > MAX_MESSAGE_BYTES) return parseBroken(bytes, { status: 513, reason: reasonPhrase(513) });
  const start = skipLineBreaks(bytes);
  const blank = bytes.indexOf('\r\n\r\n', start);
  const headEnd = blank < 0 ? bytes.length : blank;
  const head = readHead(bytes.toString('utf8', start, headEnd));
  const available = bytes.subarray(blank < 0 ? bytes.length : blank + 4);
  const startLine = readStartLine(head.startLine);
  if (startLine.kind === 'noise') return failed(startLine, head.headers, startLine.problem);
  const problem = startLine.problem ?? head.problem;
  if (problem !== undefined) return failed(startLine, head.headers, problem);
  const body = cutBody(head.headers, available);
  if (!Buffer.isBuffer(body)) return failed(startLine, head.headers, body);
  const message: SipMessage =
    startLine.kind === 'request'
      ? { kind: 'request', method: startLine.method, uri: startLine.uri, headers: head.headers, body }
      : { kind: 'response', status: startLine.status, reason: startLine.reason, headers: head.headers, body };
  const essentials = readEssentials(message);
  return 'status' in essentials ? failed(startLine, head.headers, essentials) : { ok: true, message, essentials };
}

/** For bytes already known to be bad: keeps what is needed to answer them with `problem`. */
export function parseBroken(bytes: Buffer, problem: Problem): Parsed {
  const start = skipLineBreaks(bytes);
  const blank = bytes.subarray(0, MAX_MESSAGE_BYTES).indexOf('\r\n\r\n', start);
  const head = readHead(bytes.toString('utf8', start, blank < 0 ? Math.min(bytes.length, MAX_MESSAGE_BYTES) : blank));
  return failed(readStartLine(head.startLine), head.headers, problem);
}

function failed(startLine: StartLine, headers: Headers, problem: Problem): Parsed {
  // Nobody answers responses, ACKs, or what is no SIP at all (RFC 3261 §17.1.1.3, §18.1.2).
  const answerable = startLine.kind === 'request' && startLine.method !== 'ACK' && headers.has('Via');
  const partial: SipRequest | undefined = answerable
    ? { kind: 'request', method: startLine.method, uri: startLine.uri, headers, body: EMPTY_BODY }
    : undefined;
  return { ok: false, partial, ...problem };
}

const bad = (reason: string): Problem => ({ status: 400, reason });

/** Empty lines before the start line are ignored (RFC 3261 §7.5). */
function skipLineBreaks(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 2;
  return at;
}

type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: string; readonly problem?: Problem }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string; readonly problem?: Problem }
  | { readonly kind: 'noise'; readonly problem: Problem };

function readStartLine(line: string): StartLine {
  return line.startsWith('SIP/') ? readStatusLine(line) : readRequestLine(line);
}

function readStatusLine(line: string): StartLine {
  const match = /^SIP\/2\.0 ([1-6][0-9][0-9])(?: (.*))?$/.exec(line);
  if (match === null) return { kind: 'noise', problem: bad('Bad Status Line') };
  return { kind: 'response', status: Number(match[1]), reason: match[2] ?? '' };
}

function readRequestLine(line: string): StartLine {
  const version = line.lastIndexOf(' SIP/');
  const space = line.indexOf(' ');
  if (version < 0 || space === version) return { kind: 'noise', problem: bad('Bad Request Line') };
  const method = line.slice(0, space);
  const uri = line.slice(space + 1, version);
  const problem = requestLineProblem(method, uri, line.slice(version + 1));
  return problem === undefined ? { kind: 'request', method, uri } : { kind: 'request', method, uri, problem };
}

function requestLineProblem(method: string, uri: string, version: string): Problem | undefined {
  if (!isToken(method)) return bad('Bad Method');
  if (/^SIP\/[0-9]+\.[0-9]+$/.test(version) && version !== 'SIP/2.0') {
    return { status: 505, reason: reasonPhrase(505) };
  }
  if (version !== 'SIP/2.0') return bad('Bad Request Line');
  const parsed = parseUri(uri);
  if (parsed === undefined) return bad('Bad Request-URI');
  // Headers have no place in a Request-URI (RFC 3261 §19.1.1; RFC 4475 §3.1.2.11).
  return isSipUri(parsed) && parsed.headers !== undefined ? bad('Headers in Request-URI') : undefined;
}

interface Head {
  readonly startLine: string;
  readonly headers: Headers;
  /** The first thing wrong; reading goes on, for what follows is needed to answer. */
  readonly problem: Problem | undefined;
}

function readHead(text: string): Head {
  const lines = text.split('\r\n', MAX_MESSAGE_BYTES);
  const startLine = lines[0] ?? '';
  const headers = new Headers();
  const seen = new Set<string>();
  // A lone CR or LF is where one reader sees one header and the next reader two.
  let problem = /\r(?!\n)|(?<!\r)\n/.test(text) ? bad('Line Break in Header') : undefined;
  let lineCount = 0;
  for (let at = 1; at < lines.length; ) {
    let line = lines[at++] ?? '';
    if (line === '') continue; // only what ends a datagram without a blank line
    // Continuation lines begin with white space, and stand for one space (RFC 3261 §7.3.1).
    for (let next = lines[at]; next?.startsWith(' ') || next?.startsWith('\t'); next = lines[at]) {
      line = `${line} ${next.trimStart()}`;
      at++;
      if (line.length > MAX_HEADER_LENGTH) break;
    }
    if (line.length > MAX_HEADER_LENGTH) {
      problem ??= bad('Header Too Long');
      continue;
    }
    const found = addHeader(headers, seen, line);
    problem ??= found;
    if (++lineCount > MAX_HEADERS || headers.size > MAX_HEADERS) {
      return { startLine, headers, problem: problem ?? bad('Too Many Headers') };
    }
  }
  return { startLine, headers, problem };
}

function addHeader(headers: Headers, seen: Set<string>, line: string): Problem | undefined {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon).trimEnd();
  if (colon < 0 || !isToken(name)) return bad('Bad Header Line');
  const { key } = headerName(name);
  const value = trimSpace(line.slice(colon + 1));
  if (SINGLE_KEYS.has(key) && seen.has(key)) return bad(`Repeated ${headerName(name).text}`);
  seen.add(key);
  if (SPLIT_KEYS.has(key) && value.includes(',')) {
    for (const part of splitList(value).slice(0, MAX_HEADERS + 1)) headers.append(name, part);
  } else {
    headers.append(name, value);
  }
  return undefined;
}

/** Without Content-Length the datagram's end is the body's end; bytes beyond it are not ours (RFC 3261 §18.3). */
function cutBody(headers: Headers, available: Buffer): Buffer | Problem {
  const text = headers.get('Content-Length');
  if (text === undefined) return available;
  const length = parseDecimal(text, MAX_MESSAGE_BYTES);
  if (length === undefined) return bad('Bad Content-Length');
  return length > available.length ? bad('Content-Length Exceeds Message') : available.subarray(0, length);
}

/** Checks the headers that every message must have (RFC 3261 §8.1.1), and those whose form decides where we send. */
function readEssentials(message: SipMessage): Essentials | Problem {
  const { headers } = message;
  const [via, from, to, callId, cseqText] = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => headers.get(name));
  if (via === undefined) return bad('Missing Via');
  if (from === undefined) return bad('Missing From');
  if (to === undefined) return bad('Missing To');
  if (callId === undefined || callId === '') return bad('Missing Call-ID');
  if (cseqText === undefined) return bad('Missing CSeq');
  const topVia = parseVia(via);
  if (topVia === undefined) return bad('Bad Via');
  const fromAddress = parseNameAddress(from);
  if (fromAddress === undefined) return bad('Bad From');
  const toAddress = parseNameAddress(to);
  if (toAddress === undefined) return bad('Bad To');
  const cseq = parseCSeq(cseqText);
  if (cseq === undefined) return bad('Bad CSeq');
  if (message.kind === 'request') {
    if (cseq.method !== message.method) return bad('CSeq Method Differs');
    const problem = requestHeaderProblem(headers);
    if (problem !== undefined) return problem;
  }
  return {
    topVia,
    cseq,
    callId,
    fromTag: fromAddress.parameters.get('tag'),
    toTag: toAddress.parameters.get('tag'),
  };
}

function requestHeaderProblem(headers: Headers): Problem | undefined {
  const maxForwards = headers.get('Max-Forwards');
  if (maxForwards !== undefined && parseDecimal(maxForwards, MAX_FORWARDS_LIMIT) === undefined) {
    return bad('Bad Max-Forwards');
  }
  for (const contact of headers.all('Contact')) {
    if (contact !== '*' && parseNameAddress(contact) === undefined) return bad('Bad Contact');
  }
  for (const name of ['Route', 'Record-Route'] as const) {
    for (const route of headers.all(name)) {
      if (parseNameAddress(route) === undefined) return bad(`Bad ${name}`);
    }
  }
  return undefined;
}
