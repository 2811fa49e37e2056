// Good input of every kind that the switch reads: what the damages begin with.

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 0 8 101',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-16',
  'a=ptime:20',
  'a=sendrecv',
  '',
].join('\r\n');

const SECURE_SDP = SDP.replace('RTP/AVP', 'RTP/SAVP').replace(
  'a=sendrecv',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\na=sendrecv',
);

const BROWSER_SDP = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 126',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2113937151 127.0.0.1 40002 typ host',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F',
  'a=setup:actpass',
  'a=mid:0',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:126 telephone-event/8000',
  'a=sendrecv',
  '',
].join('\r\n');

export interface SipParts {
  readonly method: string;
  readonly transport: string;
  /** Whatever makes it another message than the last one. */
  readonly serial: string;
  readonly to?: string;
  readonly contact?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A request as a phone writes it. */
export function sipRequest({ method, transport, serial, to = '', contact, headers = [], body = '' }: SipParts): Buffer {
  return Buffer.from(
    [
      `${method} sip:service@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/${transport} 127.0.0.1:5999;rport;branch=z9hG4bK${serial}`,
      'Max-Forwards: 70',
      `From: "Fuzz \\" er" <sip:fuzz@127.0.0.1>;tag=f${serial}`,
      `To: <sip:service@127.0.0.1>${to}`,
      `Call-ID: ${serial}@fuzz`,
      `CSeq: 1 ${method}`,
      `Contact: ${contact ?? '<sip:fuzz@127.0.0.1:5999>'}`,
      ...headers,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ].join('\r\n'),
  );
}

const METHODS = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'MESSAGE', 'INFO', 'SUBSCRIBE', 'NOTIFY'];

/** `serial` has to be another one in each batch, or the switch sees copies of what it has answered. */
export function sipCorpus(transport: string, serial: string): Buffer[] {
  const requests = [...METHODS, 'PRACK', 'UPDATE', 'REFER', 'PUBLISH'].map((method) =>
    sipRequest({
      method,
      transport,
      serial: `${serial}${method}`,
      headers: [
        'Record-Route: <sip:127.0.0.1:5998;lr>, <sip:127.0.0.1:5997;lr>',
        'Supported: 100rel, timer, replaces',
        'Session-Expires: 1800;refresher=uac',
        'Expires: 60',
        'Event: presence',
        'RAck: 1 1 INVITE',
        'Refer-To: <sip:b@127.0.0.1?Replaces=a%3Bto-tag%3Db>',
        'P-Asserted-Identity: "A" <sip:a@127.0.0.1>, <tel:+15550100>',
        'Authorization: Digest username="a", realm="b", nonce="c", uri="sip:d", response="e"',
      ],
      body: method === 'INVITE' || method === 'UPDATE' ? SDP : '',
    }),
  );
  const answer = Buffer.from(requests[0]?.toString().replace(/^.*?\r\n/, 'SIP/2.0 200 OK\r\n') ?? '');
  const inDialog = sipRequest({ method: 'BYE', transport, serial: `${serial}d`, to: ';tag=nobody' });
  return [...requests, answer, inDialog, Buffer.from('\r\n\r\n')];
}

/** INVITEs to the media server; only their session descriptions are to be damaged. */
export const SDP_CORPUS: readonly Buffer[] = [SDP, SECURE_SDP, BROWSER_SDP].map((text) => Buffer.from(text));

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, at * 4);
  return bytes;
}

export const RTP_CORPUS: readonly Buffer[] = [
  Buffer.concat([words(0x80000001, 160, 0x12345678), Buffer.alloc(160, 0xff)]),
  Buffer.concat([words(0x80650002, 320, 0x12345678), words(0x050a00a0)]),
  Buffer.concat([words(0xb1800003, 480, 0x12345678, 0x11111111, 0xbede0001, 0x10ff0000), Buffer.alloc(160)]),
];

export const RTCP_CORPUS: readonly Buffer[] = [
  words(0x81c80012, 0x12345678, 0xe0000000, 0, 160, 10, 1600, 0x9abcdef0, 0x01000001, 10, 5, 0, 0),
  words(0x81c90007, 0x12345678, 0x9abcdef0, 0xff000010, 10, 5, 0, 0),
  Buffer.concat([words(0x80c90001, 0x12345678, 0x81ca0003, 0x12345678), Buffer.from('\x01\x03abc\0\0\0')]),
  words(0x81cb0001, 0x12345678),
  words(0x81cd0003, 0x12345678, 0x9abcdef0, 0x00010000),
];

/** Binding request, response, indication; the start of a DTLS handshake. */
export const STUN_CORPUS: readonly Buffer[] = [
  Buffer.concat([words(0x0001000c, 0x2112a442, 1, 2, 3), words(0x00060008), Buffer.from('EsAw:abc')]),
  Buffer.concat([words(0x01010008, 0x2112a442, 1, 2, 3), words(0x00200008, 0x0001a147, 0x5e12a443)]),
  words(0x00110000, 0x2112a442, 1, 2, 3),
  Buffer.concat([Buffer.from('16fefd0000000000000000003001000024000000000000002400fefd', 'hex'), Buffer.alloc(40)]),
];

/** Commands of applications; `peer` is where their requests go: `127.0.0.1:port`. */
export function drachtioCorpus(secret: string, peer: string, serial: string): Buffer[] {
  const frame = (text: string): Buffer => Buffer.from(`${Buffer.byteLength(text)}#${text}`);
  const request = (method: string, body = ''): string =>
    `${serial}${method}|sip||\r\n${method} sip:x@${peer} SIP/2.0\r\nFrom: <sip:a@localhost>\r\nX-Own: 1\r\n\r\n${body}`;
  return [
    frame(`${serial}|authenticate|${secret}|tag1,tag2`),
    frame(`${serial}|ping`),
    frame(`${serial}|route|publish`),
    frame(`${serial}|remove_route|publish`),
    frame(request('OPTIONS')),
    frame(request('INVITE', SDP)),
    frame(`${serial}|sip|${serial}|\r\nSIP/2.0 200 OK\r\ncseq: 1 INVITE\r\n\r\n`),
    frame(`${serial}|sip||${serial};from-tag=1\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`),
    frame(`${serial}|sip|${serial}|\r\nCANCEL sip:x@${peer} SIP/2.0\r\n\r\n`),
    frame(
      `${serial}|proxy|${serial}|remainInDialog|fullResponse|followRedirects|serial|2s|20s|sip:${peer}\r\n${request('INVITE')}`,
    ),
  ];
}

export function eventSocketCorpus(secret: string, channel: string): Buffer[] {
  const commands = [
    `auth ${secret}`,
    'api status',
    'api sofia status',
    'api show channels as json',
    `api uuid_dump ${channel} json`,
    `api uuid_setvar ${channel} a b`,
    `api uuid_broadcast ${channel} tone_stream://%(200,100,440) aleg`,
    `api uuid_record ${channel} start /nowhere/x.wav`,
    'api conference room json_list',
    `bgapi uuid_audio ${channel} start write level 2\nJob-UUID: 1`,
    `api expand echo \${${channel}:1:2}`,
    'event plain CHANNEL_ANSWER CUSTOM conference::maintenance',
    'event json DTMF',
    'filter Unique-ID 1',
    'nixevent all',
    'myevents',
    'linger 5',
    'divert_events on',
    `sendmsg ${channel}\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: silence_stream://100`,
    `sendmsg ${channel}\ncall-command: execute\nexecute-app-name: set\ncontent-type: text/plain\ncontent-length: 3\n\na=b`,
    'sendevent NOTIFY\nprofile: internal\ncontent-length: 2\n\nhi',
  ];
  return commands.map((text) => Buffer.from(`${text}\n\n`));
}
