// Offer and answer of one audio stream, as a table of what phones offer and what they get.
import { describe, expect, test } from 'vitest';
import { codecsNamedIn } from '../../../src/switch/sdp/audio-codec.js';
import {
  makeAnswer,
  makeFurtherOffer,
  makeOffer,
  type RemoteStream,
  readAnswer,
  readOffer,
} from '../../../src/switch/sdp/negotiation.js';

const LOCAL = { sessionId: '42', version: 1, address: '127.0.0.1', port: 20_000, security: { kind: 'plain' } } as const;

function offer(media: string, session = 'c=IN IP4 192.0.2.1'): string {
  return `v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n${session}\r\nt=0 0\r\n${media.trim().replace(/\n\s*/g, '\r\n')}\r\n`;
}

function answered(
  text: string,
  local: Parameters<typeof makeAnswer>[1] = LOCAL,
): { sdp: string; remote: RemoteStream } {
  const read = readOffer(text);
  if (!read.ok) throw new Error(read.reason);
  return { sdp: makeAnswer(read.offered, local), remote: read.offered.remote };
}

test('our own offer has both laws, keys, and everything a phone needs', () => {
  expect(makeOffer(LOCAL)).toBe(
    [
      'v=0',
      'o=hilo 42 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      'm=audio 20000 RTP/AVP 0 8 101',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=ptime:20',
      'a=sendrecv',
      '',
    ].join('\r\n'),
  );
});

test('a further offer has the codecs wanted, in the lines there were before', () => {
  const read = readOffer(offer('m=video 5000 RTP/AVP 96\nm=audio 4000 RTP/AVP 18 8\nm=image 4002 udptl t38'));
  if (!read.ok) throw new Error(read.reason);
  const lines = (...codecs: (0 | 8)[]): string[] =>
    makeFurtherOffer(read.offered, LOCAL, undefined, codecs).match(/^m=.*(?=\r)/gm) ?? [];
  expect(lines(8)).toEqual(['m=video 0 RTP/AVP 96', 'm=audio 20000 RTP/AVP 8 101', 'm=image 0 UDPTL t38']);
  expect(lines(8, 0)[1]).toBe('m=audio 20000 RTP/AVP 8 0 101');
});

test.each([
  ['PCMA,PCMU', [8, 0]],
  ['=PCMU@20i,pcma', [0, 8]],
  ['G722, PCMA ,PCMA', [8]],
  ['OPUS', []],
  ['', []],
])('the codecs in "%s" are %j', (list, codecs) => {
  expect(codecsNamedIn(list)).toEqual(codecs);
});

describe('an offer', () => {
  test.each([
    ['PCMU first', 'm=audio 4000 RTP/AVP 0 8', 0, undefined, 'RTP/AVP 0\r\n'],
    ['PCMA first', 'm=audio 4000 RTP/AVP 8 0', 8, undefined, 'RTP/AVP 8\r\n'],
    ['codecs we lack before ours', 'm=audio 4000 RTP/AVP 18 96 8', 8, undefined, 'RTP/AVP 8\r\n'],
    ['keys', 'm=audio 4000 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000', 0, 101, 'RTP/AVP 0 101\r\n'],
    [
      'keys of its own number',
      'm=audio 4000 RTP/AVP 0 96\na=rtpmap:96 Telephone-Event/8000',
      0,
      96,
      'RTP/AVP 0 96\r\n',
    ],
    [
      'keys at 48 kHz only',
      'm=audio 4000 RTP/AVP 0 97\na=rtpmap:97 telephone-event/48000',
      0,
      undefined,
      'RTP/AVP 0\r\n',
    ],
    ['a map that names what is known', 'm=audio 4000 RTP/AVP 0\na=rtpmap:0 PCMU/8000/1', 0, undefined, 'RTP/AVP 0\r\n'],
    ['0 mapped to something else', 'm=audio 4000 RTP/AVP 0 8\na=rtpmap:0 G723/8000', 8, undefined, 'RTP/AVP 8\r\n'],
  ])('with %s', (_, media, payloadType, telephoneEvent, line) => {
    const { sdp, remote } = answered(offer(media));
    expect(sdp).toContain(`m=audio 20000 ${line}`);
    expect(remote).toMatchObject({ address: '192.0.2.1', port: 4_000, payloadType });
    expect(remote.telephoneEvent).toBe(telephoneEvent);
  });

  test.each([
    ['', 'sendrecv', 'sendrecv'],
    ['a=sendrecv', 'sendrecv', 'sendrecv'],
    ['a=sendonly', 'sendonly', 'recvonly'],
    ['a=recvonly', 'recvonly', 'sendonly'],
    ['a=inactive', 'inactive', 'inactive'],
  ])('that says "%s" is answered by its mirror', (line, theirs, ours) => {
    const { sdp, remote } = answered(offer(`m=audio 4000 RTP/AVP 0\n${line}`.trim()));
    expect(remote.direction).toBe(theirs);
    expect(sdp).toContain(`a=${ours}\r\n`);
  });

  test('may say its direction for the whole session, or hold by 0.0.0.0', () => {
    expect(answered(offer('m=audio 4000 RTP/AVP 0', 'c=IN IP4 192.0.2.1\r\na=sendonly')).sdp).toContain('a=recvonly');
    expect(answered(offer('m=audio 4000 RTP/AVP 0', 'c=IN IP4 0.0.0.0')).remote.direction).toBe('inactive');
  });

  test('of several media gets the first audio we speak; the rest is refused in its place', () => {
    const { sdp, remote } = answered(
      offer(`m=audio 4000 RTP/SAVP 0
             a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x
             m=audio 4002 RTP/AVP 0
             m=video 4004 RTP/AVP 97
             m=application 4006 UDP/BFCP *`),
    );
    expect(remote.port).toBe(4_002);
    expect(sdp.match(/^m=.*$/gm)).toEqual([
      'm=audio 0 RTP/SAVP 0',
      'm=audio 20000 RTP/AVP 0',
      'm=video 0 RTP/AVP 97',
      'm=application 0 UDP/BFCP *',
    ]);
  });

  test.each([
    ['no codec of ours', offer('m=audio 4000 RTP/AVP 18 9')],
    ['encryption only', offer('m=audio 4000 RTP/SAVP 0')],
    ['DTLS only', offer('m=audio 4000 UDP/TLS/RTP/SAVPF 0')],
    ['port 0', offer('m=audio 0 RTP/AVP 0')],
    ['video only', offer('m=video 4000 RTP/AVP 97')],
    ['no media', offer('a=x')],
    ['IPv6', offer('m=audio 4000 RTP/AVP 0', 'c=IN IP6 2001:db8::1')],
    ['multicast', offer('m=audio 4000 RTP/AVP 0', 'c=IN IP4 224.0.1.75')],
    ['multicast with its scope', offer('m=audio 4000 RTP/AVP 0', 'c=IN IP4 239.1.1.1/127')],
    ['broadcast', offer('m=audio 4000 RTP/AVP 0', 'c=IN IP4 255.255.255.255')],
    ['"this network"', offer('m=audio 4000 RTP/AVP 0', 'c=IN IP4 0.0.0.1')],
    ['a host name', offer('m=audio 4000 RTP/AVP 0', 'c=IN IP4 phone.example')],
    ['no connection', offer('m=audio 4000 RTP/AVP 0', 'a=x')],
    ['rubbish', 'v=0\r\nrubbish'],
  ])('with %s is refused with a reason', (_, text) => {
    const result = readOffer(text);
    expect(result.ok).toBe(false);
    expect(!result.ok && result.reason.length).toBeGreaterThan(0);
  });
});

test('the answer to our offer tells where to send', () => {
  const answer = readAnswer(offer('m=audio 4000 RTP/AVP 8 101\na=rtpmap:101 telephone-event/8000\na=recvonly'));
  expect(answer.ok && answer.offered.remote).toEqual({
    address: '192.0.2.1',
    port: 4_000,
    payloadType: 8,
    telephoneEvent: 101,
    eventRate: 8_000,
    direction: 'recvonly',
    security: { kind: 'plain' },
  });
  expect(readAnswer(offer('m=audio 0 RTP/AVP 8'))).toMatchObject({ ok: false });
});
