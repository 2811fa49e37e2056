// The small phone when it is put away in the middle of a call: nothing goes wrong that nobody waits for.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PhoneCall } from '../../src/sim/phone/call.js';
import { Phone } from '../../src/sim/phone/phone.js';
import { OFFER } from '../switch/drachtio/phone.js';

let server: Socket;
let phone: Phone;
beforeEach(async () => {
  server = createSocket('udp4').bind(0, '127.0.0.1');
  await once(server, 'listening');
  phone = await Phone.open({ user: 'ana', server: { host: '127.0.0.1', port: server.address().port } });
});
afterEach(() => {
  phone.close();
  server.close();
});

test('what its calls still want to say and to press is not sent', async () => {
  const called = new Promise<PhoneCall>((resolve) => {
    phone.onCall = resolve;
  });
  const from = `sip:bob@127.0.0.1:${server.address().port}`;
  const invite = [
    `INVITE ${phone.contact} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${server.address().port};branch=z9hG4bK1`,
    `From: <${from}>;tag=1`,
    `To: <${phone.contact}>`,
    'Call-ID: one',
    'CSeq: 1 INVITE',
    `Contact: <${from}>`,
    `Content-Length: ${OFFER.length}`,
    '',
    OFFER,
  ];
  server.send(invite.join('\r\n'), Number(/:(\d+)$/.exec(phone.contact)?.[1]), '127.0.0.1');
  const call = await called;
  const pressing = call.audio.press('1');
  phone.close();
  call.answer();
  call.bye();
  await pressing;
  call.audio.connect(OFFER);
  expect(call.audio.target).toBeUndefined();
});
