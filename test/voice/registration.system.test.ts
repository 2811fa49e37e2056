import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header, statusOf } from '../../src/sim/phone/message.js';
import { MAX_PER_NAME } from '../../src/voice/registrar/failure-limit.js';
import { eventually } from '../support/servers.js';
import { AGENT_ADDRESS, type Bench, openBench, SECRETS, STRANGER_ADDRESS } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ registrarLimits: { minExpiresS: 1 } });
});
afterAll(() => bench?.close());

const phoneOf = (device: string, address = AGENT_ADDRESS, password = SECRETS[device]) =>
  bench.phone(device, address, password);
const tag = (text: string): string => text.replace(/nonce="[^"]+"/, 'nonce');

describe('a phone', () => {
  it('registers, asks, and unregisters', async () => {
    const phone = await phoneOf('ana-desk');
    const answer = await phone.register({ expires: 120 });
    expect(statusOf(answer)).toBe(200);
    expect(header(answer, 'contact')).toBe(`<${phone.contact}>;expires=120`);
    expect(bench.telephony.isRegistered('ana-desk')).toBe(true);
    const query = await phone.register({ contact: null });
    expect(header(query, 'contact')).toMatch(/expires=1[12]\d$/);
    expect(statusOf(await phone.register({ contact: '*', expires: 0 }))).toBe(200);
    expect(bench.telephony.isRegistered('ana-desk')).toBe(false);
    expect(bench.registrations).toEqual(['ana-desk true', 'ana-desk false']);
  });

  it('that does not come back is gone when its time is over', async () => {
    const phone = await phoneOf('bruno-desk');
    await phone.register({ expires: 1 });
    expect(bench.telephony.isRegistered('bruno-desk')).toBe(true);
    await eventually('expiry', () => !bench.telephony.isRegistered('bruno-desk'), 3000);
  });

  it('may not take the name of another', async () => {
    const phone = await phoneOf('ana-desk');
    expect(statusOf(await phone.register({ aor: 'bruno-desk' }))).toBe(403);
    expect(bench.telephony.isRegistered('bruno-desk')).toBe(false);
  });

  it('with a wrong password learns nothing, not even whether the name exists, and is shut out for a while', async () => {
    const known = await phoneOf('carla-desk', STRANGER_ADDRESS, 'guess');
    const unknown = await phoneOf('nobody', STRANGER_ADDRESS, 'guess');
    const [first, second] = [await known.register(), await unknown.register()];
    expect(statusOf(first)).toBe(401);
    expect(first.start).toBe(second.start);
    expect(tag(header(first, 'www-authenticate'))).toBe(tag(header(second, 'www-authenticate')));
    for (let n = 1; n < MAX_PER_NAME; n++) expect(statusOf(await known.register())).toBe(401);
    expect(statusOf(await known.register())).toBe(403);
    const right = await phoneOf('carla-desk', STRANGER_ADDRESS);
    expect(statusOf(await right.register())).toBe(403);
    const elsewhere = await phoneOf('carla-desk');
    expect(statusOf(await elsewhere.register())).toBe(200);
  });

  it('replayed by somebody else gets a fresh challenge', async () => {
    const phone = await phoneOf('ana-desk');
    await phone.register();
    const challenge = phone.received.map((one) => header(one, 'www-authenticate')).find((one) => one !== '') ?? '';
    const { host, port } = bench.switch.sip;
    const authorization = phone
      .authorization('REGISTER', `sip:${host}:${port}`, challenge)
      .replace(/nc=\w+/, 'nc=00000001');
    const thief = await phoneOf('ana-desk', STRANGER_ADDRESS);
    const before = thief.received.length;
    thief.send(
      [
        `REGISTER sip:${host}:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${thief.contact.split('@')[1]};rport;branch=z9hG4bKthief`,
        `From: <sip:ana-desk@${host}>;tag=t`,
        `To: <sip:ana-desk@${host}>`,
        'Call-ID: thief',
        'CSeq: 1 REGISTER',
        'Max-Forwards: 70',
        `Contact: <${thief.contact}>`,
        `Authorization: ${authorization}`,
        'Content-Length: 0\r\n\r\n',
      ].join('\r\n'),
    );
    await eventually('answer', () => thief.received.length > before);
    expect(statusOf(thief.received.at(-1) ?? { start: '', headers: new Map(), body: '' })).toBe(401);
  });
});

describe('a stranger', () => {
  it('gets 403 to everything, and no call comes of it', async () => {
    const stranger = await bench.phone('0034900', STRANGER_ADDRESS);
    const call = await stranger.invite('00881123456');
    const answer = await call.final.seen;
    expect(statusOf(answer)).toBe(403);
    expect(call.provisional).toEqual([]);
    expect(answer.headers.has('www-authenticate')).toBe(false);
    expect(statusOf(await stranger.options())).toBe(403);
  });

  it('with the name of a device gets no challenge either', async () => {
    const stranger = await bench.phone('ana-desk', STRANGER_ADDRESS, SECRETS['ana-desk']);
    expect(statusOf(await (await stranger.invite('1000')).final.seen)).toBe(403);
  });

  it('with a scanner is refused even at the address of a trunk', async () => {
    const phone = await bench.caller();
    const call = await phone.invite('1000', { headers: { 'User-Agent': 'friendly-scanner' } });
    expect(statusOf(await call.final.seen)).toBe(403);
    expect(JSON.stringify(bench.telephony.snapshot())).toContain('"scanner":1');
  });
});

describe('the peer of a trunk', () => {
  it('gets 200 to OPTIONS', async () => {
    expect(statusOf(await (await bench.caller()).options())).toBe(200);
  });
});
