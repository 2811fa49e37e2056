// The question to a directory: one HTTP request per SIP request, short and bounded.
import type { SipRequest } from '../../sip/message/message.js';
import { parseNameAddress } from '../../sip/message/name-address.js';
import { parseSipUri } from '../../sip/message/uri.js';
import type { Peer } from '../../sip/peer.js';
import { type Action, parseAction } from './action.js';
import type { Directory } from './targets.js';

export const MAX_ANSWER_BYTES = 65_536;

/**
 * Asks what to do with a request. Rejects when the directory cannot be reached, takes longer than the signal allows,
 * or answers no decision.
 */
export async function askDirectory(
  directory: Directory,
  request: SipRequest,
  source: Peer,
  signal: AbortSignal,
): Promise<Action> {
  const url = new URL(directory.url);
  for (const [name, value] of question(request, source)) url.searchParams.append(name, value);
  const post = directory.httpMethod === 'POST';
  const response = await fetch(url, {
    method: directory.httpMethod,
    redirect: 'error',
    signal,
    ...(post ? { body: new Uint8Array(request.body), headers: { 'Content-Type': contentType(request) } } : {}),
  });
  const text = await boundedText(response);
  const action = response.ok ? parseAction(text) : undefined;
  if (action === undefined) throw new Error(`the directory answered ${response.status} without a decision`);
  return action;
}

/** What the real server tells: the parts of the request that routing is decided by, and the parameters of its URI. */
function question(request: SipRequest, source: Peer): [string, string][] {
  const { headers, method } = request;
  const uri = parseSipUri(request.uri);
  const userOf = (name: string): string =>
    parseSipUri(parseNameAddress(headers.get(name) ?? '')?.uri ?? '')?.user ?? '';
  return [
    ['method', method],
    ['domain', uri?.host ?? ''],
    ['protocol', source.transport],
    ['source_address', source.address],
    ['fromUser', userOf('From')],
    ['toUser', userOf('To')],
    ['uriUser', uri?.user ?? ''],
    ['contentType', headers.get('Content-Type') ?? ''],
    ['uri', request.uri],
    ...[...(uri?.parameters ?? [])].map(([name, value]): [string, string] => [name, value ?? '']),
  ];
}

function contentType({ headers, body }: SipRequest): string {
  return headers.get('Content-Type') ?? (body.length === 0 ? 'text/plain' : 'application/octet-stream');
}

async function boundedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer of the directory is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
