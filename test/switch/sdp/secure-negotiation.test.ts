// Offers of phones with SRTP and of browsers: what is chosen, what is answered, what is not believed.
import { describe, expect, test } from 'vitest';
import {
  type LocalStream,
  makeAnswer,
  makeOffer,
  type RemoteStream,
  readAnswer,
  readOffer,
} from '../../../src/switch/sdp/negotiation.js';
import { CANDIDATES_MAX } from '../../../src/switch/sdp/security.js';

const KEY = Buffer.alloc(30, 7).toString('base64');
const OURS = Buffer.alloc(30, 9).toString('base64');
const FINGERPRINT = `sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`;
const PARTY = {
  ufrag: 'ours',
  pwd: 'o'.repeat(22),
  fingerprint: FINGERPRINT,
  setup: 'passive',
  candidates: ['1 1 UDP 2114977791 127.0.0.1 10000 typ host'],
} as const;
const AT = { sessionId: '42', version: 1, address: '127.0.0.1', port: 20_000 };
const SDES: LocalStream = {
  ...AT,
  security: { kind: 'sdes', keys: [{ tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', key: OURS }] },
};
const WEB: LocalStream = { ...AT, port: 10_000, security: { kind: 'webrtc', party: PARTY } };

function sdp(...lines: readonly string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...lines, ''].join('\r\n');
}

const crypto = (tag: number, suite = 'AES_CM_128_HMAC_SHA1_80', key = KEY): string =>
  `a=crypto:${tag} ${suite} inline:${key}`;

const WEB_LINES = [
  'a=ice-ufrag:their',
  `a=ice-pwd:${'t'.repeat(22)}`,
  `a=fingerprint:${FINGERPRINT}`,
  'a=setup:actpass',
  'a=rtcp-mux',
];
const browser = (codecs: string, ...lines: readonly string[]): string =>
  sdp('a=group:BUNDLE 0', `m=audio 9 UDP/TLS/RTP/SAVPF ${codecs}`, 'a=mid:0', ...WEB_LINES, ...lines);

function remoteOf(text: string): RemoteStream {
  const read = readOffer(text);
  if (!read.ok) throw new Error(read.reason);
  return read.offered.remote;
}

function answer(text: string, local: LocalStream): string {
  const read = readOffer(text);
  if (!read.ok) throw new Error(read.reason);
  return makeAnswer(read.offered, local);
}

describe('a phone with SDES', () => {
  test('gets the profile back, with our key under the tag of its own', () => {
    const offer = sdp('m=audio 4000 RTP/SAVP 0', crypto(1));
    expect(remoteOf(offer).security).toEqual({
      kind: 'sdes',
      keys: [{ tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', key: KEY }],
    });
    expect(answer(offer, SDES)).toContain(`m=audio 20000 RTP/SAVP 0\r\n${crypto(1, undefined, OURS)}\r\n`);
  });

  test.each([
    ['a lifetime', `${crypto(1)}|2^31`, true],
    ['a lifetime in packets', `${crypto(1)}|1048576`, true],
    ['a parameter that may be ignored', `${crypto(1)} -X`, true],
    ['the short tag', crypto(1, 'AES_CM_128_HMAC_SHA1_32'), true],
    ['a key index (MKI)', `${crypto(1)}|2^31|1:4`, false],
    ['a parameter that must be known', `${crypto(1)} UNENCRYPTED_SRTP`, false],
    ['a suite we lack', crypto(1, 'AES_256_CM_HMAC_SHA1_80'), false],
    ['a short key', crypto(1, undefined, KEY.slice(4)), false],
    ['a key that is no base64', crypto(1, undefined, `${KEY.slice(1)}!`), false],
    ['no key', 'a=x', false],
  ])('with %s', (_, line, isGood) => {
    expect(readOffer(sdp('m=audio 4000 RTP/SAVP 0', line)).ok).toBe(isGood);
  });

  test('may offer several keys; the first of ours is taken', () => {
    const { security } = remoteOf(
      sdp('m=audio 4000 RTP/SAVP 0', crypto(1, 'F8_128_HMAC_SHA1_80'), crypto(2, 'AES_CM_128_HMAC_SHA1_32'), crypto(3)),
    );
    expect(security.kind === 'sdes' && security.keys.map(({ tag }) => tag)).toEqual([2, 3]);
  });

  test('hears our offer with every suite', () => {
    expect(makeOffer(SDES)).toContain(`m=audio 20000 RTP/SAVP 0 8 101\r\n${crypto(1, undefined, OURS)}\r\n`);
  });
});

describe('a browser', () => {
  test('is answered with our part of ICE and DTLS, in its bundle, and without what we do not have', () => {
    const offer = browser('111 0 8 126', 'a=rtpmap:126 telephone-event/8000', 'a=rtpmap:111 opus/48000/2');
    const text = answer(
      offer
        .replace('BUNDLE 0', 'BUNDLE 0 v d')
        .concat(
          'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:v\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:d\r\n',
        ),
      WEB,
    );
    expect(text).toBe(
      [
        'v=0',
        'o=hilo 42 1 IN IP4 127.0.0.1',
        's=-',
        'c=IN IP4 127.0.0.1',
        't=0 0',
        'a=group:BUNDLE 0',
        'm=audio 10000 UDP/TLS/RTP/SAVPF 0 126',
        'a=mid:0',
        'a=ice-ufrag:ours',
        `a=ice-pwd:${PARTY.pwd}`,
        `a=fingerprint:${FINGERPRINT}`,
        'a=setup:passive',
        'a=rtcp-mux',
        'a=msid:hilo audio',
        'a=candidate:1 1 UDP 2114977791 127.0.0.1 10000 typ host',
        'a=end-of-candidates',
        'a=rtpmap:0 PCMU/8000',
        'a=rtpmap:126 telephone-event/8000',
        'a=fmtp:126 0-15',
        'a=ptime:20',
        'a=sendrecv',
        'm=video 0 UDP/TLS/RTP/SAVPF 96',
        'a=mid:v',
        'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
        'a=mid:d',
        '',
      ].join('\r\n'),
    );
  });

  test('that insists on Opus gets it, with events at its clock', () => {
    const offer = browser(
      '111 110 126',
      'a=rtpmap:111 opus/48000/2',
      'a=rtpmap:110 telephone-event/48000',
      'a=rtpmap:126 telephone-event/8000',
    );
    expect(remoteOf(offer)).toMatchObject({
      payloadType: 0,
      opus: { payloadType: 111 },
      telephoneEvent: 110,
      eventRate: 48_000,
    });
    expect(answer(offer, WEB)).toContain('m=audio 10000 UDP/TLS/RTP/SAVPF 111 110\r\n');
    expect(readOffer(sdp('m=audio 4000 RTP/AVP 111', 'a=rtpmap:111 opus/48000/2')).ok, 'over plain RTP').toBe(false);
  });

  test('may leave ICE and DTLS to the first line of its bundle, or to the session', () => {
    const bundled = sdp(
      'a=group:BUNDLE v a',
      'm=video 9 UDP/TLS/RTP/SAVPF 96',
      'a=mid:v',
      ...WEB_LINES,
      'm=audio 0 UDP/TLS/RTP/SAVPF 0',
      'a=mid:a',
      'a=bundle-only',
    );
    expect(remoteOf(bundled).security).toMatchObject({ kind: 'webrtc', party: { ufrag: 'their' } });
    expect(answer(bundled, WEB)).toContain('a=group:BUNDLE a\r\nm=video 0 ');
    const ofSession = sdp(...WEB_LINES, 'm=audio 9 RTP/SAVPF 0');
    expect(remoteOf(ofSession).security.kind).toBe('webrtc');
    expect(answer(ofSession, WEB)).toContain('m=audio 10000 RTP/SAVPF 0\r\n');
  });

  test.each([
    ['no ICE', (text: string) => text.replace(/a=ice-ufrag.*\r\n/, '')],
    ['a short ICE password', (text: string) => text.replace(/a=ice-pwd:.*\r\n/, 'a=ice-pwd:short\r\n')],
    ['ICE text that is none', (text: string) => text.replace('a=ice-ufrag:their', 'a=ice-ufrag:the ir')],
    ['no fingerprint', (text: string) => text.replace(/a=fingerprint.*\r\n/, '')],
    ['a fingerprint of another length', (text: string) => text.replace('sha-256 AB:', 'sha-256 ')],
    ['a fingerprint of a broken hash', (text: string) => text.replace('sha-256', 'md5')],
    ['a role that waits', (text: string) => text.replace('setup:actpass', 'setup:holdconn')],
    ['no codec of ours', (text: string) => text.replace('SAVPF 0', 'SAVPF 9')],
    ['port 0', (text: string) => text.replace('m=audio 9', 'm=audio 0')],
  ])('with %s is refused', (_, change) => {
    expect(readOffer(browser('0')).ok).toBe(true);
    expect(readOffer(change(browser('0')))).toMatchObject({ ok: false });
  });

  test('names many addresses: the usable ones are kept, and of these a few', () => {
    const usable = Array.from({ length: 20 }, (_, at) => `1 1 udp 99 192.0.2.${at + 1} 5000 typ host generation 0`);
    const offer = browser(
      '0',
      ...[
        '1 1 udp 99 3f2a.local 5000 typ host',
        '1 1 udp 99 2001:db8::1 5000 typ host',
        '1 1 tcp 99 192.0.2.9 9 typ host tcptype active',
        '1 2 udp 99 192.0.2.9 5001 typ host',
        '1 1 udp 99 224.0.0.1 5000 typ host',
        '1 1 udp 99 0.0.0.0 5000 typ host',
        '1 1 udp 99 192.0.2.9 0 typ host',
        ...usable,
      ].map((value) => `a=candidate:${value}`),
    );
    const { security } = remoteOf(offer);
    expect(security.kind === 'webrtc' && security.party.candidates).toEqual(usable.slice(0, CANDIDATES_MAX));
  });

  test('holds by its direction, not by the address 0.0.0.0', () => {
    expect(remoteOf(browser('0', 'c=IN IP4 0.0.0.0')).direction).toBe('sendrecv');
    expect(answer(browser('0', 'a=sendonly'), WEB)).toContain('a=recvonly\r\n');
  });

  test('answers our offer with a role', () => {
    expect(makeOffer({ ...WEB, security: { kind: 'webrtc', party: { ...PARTY, setup: 'actpass' } } })).toContain(
      'a=group:BUNDLE 0\r\nm=audio 10000 UDP/TLS/RTP/SAVPF 0 8 101\r\na=mid:0\r\n',
    );
    expect(readAnswer(browser('0').replace('actpass', 'active')).ok).toBe(true);
    expect(readAnswer(browser('0')).ok).toBe(false);
  });
});

test('what a leg cannot become is not chosen', () => {
  expect(readOffer(browser('0'), ['plain', 'sdes']).ok).toBe(false);
  expect(readOffer(sdp('m=audio 4000 RTP/AVP 0'), ['webrtc']).ok).toBe(false);
  const both = sdp('m=audio 4000 RTP/SAVP 0', crypto(1), 'm=audio 4002 RTP/AVP 0');
  expect(remoteOf(both).security.kind).toBe('sdes');
  const plain = readOffer(both, ['plain']);
  expect(plain.ok && plain.offered.index).toBe(1);
});

test('RTP with feedback is answered in its own profile; a name that is no token is not repeated', () => {
  const local: LocalStream = { ...AT, security: { kind: 'plain' } };
  expect(answer(sdp('m=audio 4000 RTP/AVPF 0'), local)).toContain('m=audio 20000 RTP/AVPF 0\r\n');
  expect(answer(sdp('m=audio 4000 RTP/AVP 0', 'a=mid:a b'), local)).not.toContain('mid');
});
