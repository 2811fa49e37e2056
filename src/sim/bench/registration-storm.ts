// Every phone registers at the same moment, as after a power cut: challenge, digest, 200.
import { createHash } from 'node:crypto';
import { systemClock } from '../../lib/clock.js';
import { systemIds } from '../../lib/ids.js';
import { silentLog } from '../../lib/log.js';
import { Headers } from '../../switch/sip/message/headers.js';
import type { SipRequest, SipResponse } from '../../switch/sip/message/message.js';
import { openStack, type SipStack } from '../../switch/sip/stack.js';
import { PASSWORD } from '../server.js';

export interface StormResult {
  readonly registered: number;
  readonly failed: number;
  /** Until the last of them had its answer. */
  readonly seconds: number;
}

/** Registers `agent001`, `agent002`, …, which have the password of the demo. */
export async function registerAll(port: number, devices: number): Promise<StormResult> {
  const listen = [{ transport: 'udp', address: '127.0.0.2', port: 0 }] as const;
  const nobody = { onRequest: () => undefined, onCancel: () => undefined, onAck: () => undefined };
  const stack = await openStack({ listen, clock: systemClock, ids: systemIds, log: silentLog }, nobody);
  const startMs = systemClock.monotonicMs();
  const outcomes = await Promise.all(Array.from({ length: devices }, (_, at) => register(stack, port, nameOf(at + 1))));
  const seconds = (systemClock.monotonicMs() - startMs) / 1000;
  await stack.close();
  const registered = outcomes.filter((ok) => ok).length;
  return { registered, failed: devices - registered, seconds };
}

function nameOf(number: number): string {
  return `agent${String(number).padStart(3, '0')}`;
}

async function register(stack: SipStack, port: number, user: string): Promise<boolean> {
  const own = stack.listeners[0]?.port ?? 0;
  const uri = `sip:127.0.0.1:${port}`;
  const headers = Headers.of([
    ['From', `<sip:${user}@127.0.0.1>;tag=${systemIds.token(6)}`],
    ['To', `<sip:${user}@127.0.0.1>`],
    ['Call-ID', systemIds.uuid()],
    ['CSeq', '1 REGISTER'],
    ['Contact', `<sip:${user}@127.0.0.2:${own}>`],
    ['Expires', '3600'],
  ]);
  const request: SipRequest = { kind: 'request', method: 'REGISTER', uri, headers, body: Buffer.alloc(0) };
  const challenge = await final(stack, port, request);
  const authorization = credentials(challenge?.headers.get('WWW-Authenticate') ?? '', user, uri);
  if (challenge?.status !== 401 || authorization === undefined) return challenge?.status === 200;
  const again = headers.clone().set('CSeq', '2 REGISTER').append('Authorization', authorization);
  return (await final(stack, port, { ...request, headers: again }))?.status === 200;
}

function final(stack: SipStack, port: number, request: SipRequest): Promise<SipResponse | undefined> {
  return new Promise((resolve) => {
    const to = { transport: 'udp', address: '127.0.0.1', port } as const;
    stack.request(request, to, {
      onResponse: (response) => {
        if (response.status >= 200) resolve(response);
      },
      onFailure: () => resolve(undefined),
    });
  });
}

/** RFC 2617 with qop=auth and MD5, as desk phones do it. */
function credentials(challenge: string, user: string, uri: string): string | undefined {
  const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const [realm, nonce, opaque] = [field('realm'), field('nonce'), field('opaque')];
  if (nonce === '') return undefined;
  const hash = (text: string): string => createHash('md5').update(text).digest('hex');
  const cnonce = systemIds.token(4);
  const secret = `${hash(`${user}:${realm}:${PASSWORD}`)}:${nonce}:00000001:${cnonce}:auth`;
  const response = hash(`${secret}:${hash(`REGISTER:${uri}`)}`);
  const tail = opaque === '' ? '' : `, opaque="${opaque}"`;
  return (
    `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", ` +
    `algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=00000001${tail}`
  );
}
