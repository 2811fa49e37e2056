// A peer without a stack: the lines it sends, and what it was answered.
import { peer } from './fake-network.js';
import type { Pair } from './stack-fixture.js';

export const BOB = peer(5070);
/** A peer without a stack, and the answers it got. */
export const RAW = 6_000;

export function rawPeer(pair: Pair): string[] {
  const got: string[] = [];
  pair.network.attach(RAW, (bytes) => got.push(bytes.toString()));
  return got;
}

interface RawParts {
  readonly method?: string;
  readonly cseqMethod?: string;
  readonly cseq?: number;
  readonly via?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly more?: string;
}

export function raw({
  method = 'INVITE',
  cseqMethod,
  cseq = 1,
  via,
  to,
  callId = 'raw-call',
  more = '',
}: RawParts): string {
  return [
    `${method} sip:bob@127.0.0.1 SIP/2.0`,
    `Via: ${via ?? 'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKraw'}`,
    'From: <sip:raw@h>;tag=raw',
    `To: ${to ?? '<sip:bob@h>'}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${cseqMethod ?? method}`,
    `${more}\r\n`,
  ]
    .join('\r\n')
    .replace('\r\n\r\n\r\n', '\r\n\r\n');
}

export const firstLines = (got: readonly string[]): (string | undefined)[] => got.map((text) => text.split('\r\n')[0]);
