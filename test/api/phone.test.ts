// The telephone in the browser as the API gives it out: to whom, for how long, and where it finds SIP.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sipWebSocket } from '../../src/api/phone/web-socket.js';
import { WebPhones, WINDOW_MS, webDeviceOf } from '../../src/app/desk/web-phones.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

const account = (as: string | undefined) =>
  scene.ask('POST', '/api/phone/account', { ...(as === undefined ? {} : { as }), body: {} });

describe('the account', () => {
  test('is one’s own, with a password that others do not get, and is audited', async () => {
    const [ana, bruno] = [(await account('ana')).json(), (await account('bruno')).json()];
    expect(ana).toMatchObject({ device: 'ana-web', user: 'ana-web', uri: expect.stringMatching(/^sip:ana-web@/) });
    expect(bruno.device).toBe('bruno-web');
    expect(bruno.password).not.toBe(ana.password);
    const { lines } = (await scene.ask('GET', '/api/audit', { as: 'admin' })).json();
    expect(JSON.stringify(lines)).toContain('web-phone-account-given');
    expect(JSON.stringify(lines) + JSON.stringify(scene.log.lines)).not.toContain(ana.password);
  });

  test('is not for strangers, nor for who has no device', async () => {
    expect((await account(undefined)).statusCode).toBe(401);
    expect((await account('admin')).statusCode).toBe(404);
  });

  test('the page may speak with just that SIP server', async () => {
    const { server } = (await account('ana')).json();
    expect(server).toMatch(/^wss?:\/\/[^/]+:\d+$/);
  });
});

describe('a password', () => {
  const centre = () => scene.options.centre();
  const phones = (key = 'a key') => new WebPhones({ centre, key: () => key, clock: scene.clock });

  test('holds for one window and the next, then no more', () => {
    const { password, device, expiresAtMs } = phones().secretFor('ana');
    expect(phones().secretsOf(device)).toContain(password);
    scene.clock.advance(WINDOW_MS);
    expect(phones().secretsOf(device)).toContain(password);
    scene.clock.advance(WINDOW_MS);
    expect(scene.clock.nowMs()).toBeGreaterThanOrEqual(expiresAtMs);
    expect(phones().secretsOf(device)).not.toContain(password);
  });

  test('is that of one device, made with one key', () => {
    const { password } = phones().secretFor('ana');
    expect(phones().secretsOf('bruno-web')).not.toContain(password);
    expect(phones('another').secretsOf('ana-web')).not.toContain(password);
    expect(phones().secretsOf('ana-desk')).toEqual([]);
    expect(phones().secretsOf('nobody')).toEqual([]);
  });

  test('a telephone’s place is taken where none is a browser; never that of one with keys in SDP', () => {
    const desk = { name: 'd', kind: 'sip' as const };
    expect(webDeviceOf({ devices: [desk] })).toBe(desk);
    expect(webDeviceOf({ devices: [{ ...desk, security: 'sdes' }] })).toBeUndefined();
    expect(webDeviceOf({ devices: [{ name: 'n', kind: 'number', number: '+34600000000' }] })).toBeUndefined();
  });
});

describe('the devices that ring', () => {
  const ask = (kind: string | null) => scene.ask('PUT', '/api/phone/devices', { as: 'ana', body: { kind } });

  test('are chosen by the agent, and are those of the centre then', async () => {
    const chosen = await ask('browser');
    expect(chosen.json()).toMatchObject({ kind: 'browser', devices: [{ kind: 'desk' }, { kind: 'browser' }] });
    expect((await scene.ask('GET', '/api/phone/devices', { as: 'ana' })).json().kind).toBe('browser');
    expect((await ask(null)).json().kind).toBeNull();
  });

  test('a kind the agent has none of is refused', async () => {
    const response = await ask('number');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'invalid-input' });
  });
});

const LISTENERS = ['wss://127.0.0.1:7443', 'ws://127.0.0.1:5066'];
test.each([
  ['localhost', LISTENERS, undefined, 'ws://127.0.0.1:5066'],
  ['127.0.0.1', LISTENERS, undefined, 'ws://127.0.0.1:5066'],
  ['hilo.example', LISTENERS, undefined, 'wss://hilo.example:7443'],
  ['hilo.example', LISTENERS, 'wss://sip.example', 'wss://sip.example'],
  ['127.0.0.1', ['wss://127.0.0.1:7443'], undefined, 'wss://127.0.0.1:7443'],
  ['127.0.0.1', [], undefined, undefined],
  ["x; script-src 'unsafe-inline'", LISTENERS, undefined, undefined],
])('a page of %s speaks SIP by %s (configured %s) with %s', (host, listeners, configured, server) => {
  expect(sipWebSocket(host, { configured, listeners })).toBe(server);
});
