// What the server refuses when it is itself late beyond measure, and what it never refuses.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SAMPLE_EVERY_MS } from '../../../src/switch/control/overload/shedder.js';
import { FAR_ABOVE_MS } from '../../../src/switch/control/overload/shedding.js';
import { OFFER, type Phone } from './phone.js';
import { RawApp } from './raw-app.js';
import { Scene, SECRET } from './scene.js';

let scene: Scene;
let app: RawApp;
let phone: Phone;
let delayMs: number;

beforeEach(async () => {
  delayMs = 0;
  scene = await Scene.open({ delayMs: () => delayMs });
  phone = await scene.phone();
  app = await RawApp.open(scene.server.address.port, SECRET);
  for (const verb of ['invite', 'register', 'options']) await app.ask(`route|${verb}`);
});
afterEach(async () => {
  app?.destroy();
  await scene?.close();
});

function isLate(ms: number): void {
  delayMs = ms;
  scene.clock.advance(SAMPLE_EVERY_MS * 3);
}

it('new calls get 503 with Retry-After at once, until the server is in time again', async () => {
  isLate(FAR_ABOVE_MS);
  phone.ask('INVITE', scene.sipPort, { body: OFFER });
  const refusal = await phone.response(503, 'INVITE');
  expect(Number(refusal.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(scene.server.snapshot()).toMatchObject({ incoming: 0, shedding: { state: 'shedding', refused: 1 } });
  delayMs = 0;
  scene.clock.advance(SAMPLE_EVERY_MS * 10);
  phone.ask('INVITE', scene.sipPort, { body: OFFER });
  await app.told('INVITE');
});

it.each(['sip:112@127.0.0.1', 'tel:911', 'urn:service:sos.fire'])('a call to %s is taken', async (uri) => {
  isLate(FAR_ABOVE_MS);
  phone.ask('INVITE', scene.sipPort, { body: OFFER, uri });
  await app.told('INVITE');
});

it('registrations, and all that belongs to a call which is there, are taken', async () => {
  const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER });
  const { tokens } = await app.told('INVITE');
  const waiting = phone.ask('INVITE', scene.sipPort, { body: OFFER });
  await app.told('INVITE');
  isLate(FAR_ABOVE_MS);
  phone.cancel(waiting, scene.sipPort);
  await app.told('CANCEL');
  await app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\ncseq: 1 INVITE\r\n\r\n${OFFER}`);
  const ok = await phone.response(200, 'INVITE');
  phone.follow('ACK', invite, ok, scene.sipPort);
  await app.told('ACK');
  for (const method of ['REGISTER', 'OPTIONS']) {
    phone.ask(method, scene.sipPort);
    await app.told(method);
  }
  const change = phone.follow('INVITE', invite, ok, scene.sipPort, { body: OFFER });
  expect(change.method).toBe('INVITE');
  const again = await app.told('INVITE');
  await app.ask(`sip|${again.tokens[8]}|\r\nSIP/2.0 488 No\r\ncseq: 2 INVITE\r\n\r\n`);
  await phone.response(488, 'INVITE');
  phone.follow('BYE', invite, ok, scene.sipPort, { headers: { CSeq: '3 BYE' } });
  await app.told('BYE');
});
