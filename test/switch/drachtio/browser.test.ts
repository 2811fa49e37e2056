// Phones in browsers: they come by WebSocket, are called over it, and are gone when it closes.
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../../src/lib/clock.js';
import { withTimeOut } from '../../../src/lib/time-out.js';
import { openUdp } from '../../../src/switch/sip/transport/udp.js';
import { openWebSocket } from '../../../src/switch/sip/transport/web-socket.js';
import { OFFER } from './phone.js';
import { RawApp } from './raw-app.js';
import { Scene, SECRET } from './scene.js';

const LIMIT_MS = 5_000;
const CONTACT = 'sip:ann@df7jal23ls0d.invalid;transport=ws';

class Browser {
  readonly #heard: string[] = [];
  #woken = (): void => undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.#heard.push(data.toString());
      this.#woken();
    });
    socket.on('error', () => undefined);
  }

  static async open(scene: Scene): Promise<Browser> {
    const port = scene.server.sipListeners.find((own) => own.transport === 'ws')?.port ?? 0;
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'sip');
    await withTimeOut(systemClock, 'upgrade', LIMIT_MS, once(socket, 'open'));
    return new Browser(socket);
  }

  ask(method: string, callId: string, extra: readonly string[] = [], body = ''): void {
    this.send([
      `${method} sip:service@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK${callId}${method}`,
      'Max-Forwards: 70',
      'From: <sip:ann@127.0.0.1>;tag=a',
      ...(extra.some((line) => line.startsWith('To:')) ? [] : ['To: <sip:service@127.0.0.1>']),
      `Call-ID: ${callId}`,
      `CSeq: 1 ${method}`,
      `Contact: <${CONTACT}>`,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      ...extra,
      `Content-Length: ${body.length}\r\n\r\n${body}`,
    ]);
  }

  /** Answers a request with the headers it has to repeat. */
  answer(request: string, status: string): void {
    const repeated = request.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq|To)/.test(line));
    this.send([
      `SIP/2.0 ${status}`,
      ...repeated.map((line) => (line.startsWith('To:') ? `${line};tag=b` : line)),
      `Contact: <${CONTACT}>`,
      'Content-Length: 0\r\n\r\n',
    ]);
  }

  send(lines: readonly string[]): void {
    this.socket.send(lines.join('\r\n'));
  }

  async next(start: string): Promise<string> {
    for (;;) {
      const at = this.#heard.findIndex((text) => text.startsWith(start));
      const [found] = at < 0 ? [] : this.#heard.splice(at, 1);
      if (found !== undefined) return found;
      await withTimeOut(systemClock, start, LIMIT_MS, new Promise<void>((resolve) => (this.#woken = resolve)));
    }
  }
}

let scene: Scene;
let app: RawApp;

async function open(lostConnectionMs: number | 'keep' = 5_000, idleMs?: number): Promise<void> {
  const listen = (['udp', 'ws'] as const).map((transport) => ({ transport, address: '127.0.0.1', port: 0 }));
  const transports = { udp: openUdp, ws: openWebSocket() };
  const sip = { listen, transports, ...(idleMs === undefined ? {} : { idleMs }) };
  scene = await Scene.open({ sip, lostConnectionMs });
  app = await RawApp.open(scene.server.address.port, SECRET);
  for (const verb of ['register', 'invite']) await app.ask(`route|${verb}`);
}

beforeEach(() => open());
afterEach(async () => {
  app?.destroy();
  await scene?.close();
});

async function registered(browser: Browser, expires = 600, others = '', wish: readonly string[] = []): Promise<void> {
  browser.ask('REGISTER', `reg${Math.random()}`, wish);
  const { tokens } = await app.told('REGISTER');
  expect(tokens[4]).toBe('tcp'); // what drachtio calls WebSocket
  await app.ask(
    `sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\ncseq: 1 REGISTER\r\nContact: ${others}${expires === 0 ? '' : `<${CONTACT}>;expires=${expires}`}\r\n\r\n`,
  );
  await browser.next('SIP/2.0 200');
}

/** The browser calls and is answered; returns the dialog's id. */
async function inCall(browser: Browser): Promise<string> {
  browser.ask('INVITE', 'call', [], OFFER);
  const { tokens } = await app.told('INVITE');
  const reply = await app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\ncseq: 1 INVITE\r\n\r\n${OFFER}`);
  const ok = await browser.next('SIP/2.0 200');
  browser.ask('ACK', 'call', [/^To:.*$/m.exec(ok)?.[0] ?? '']);
  await app.told('ACK');
  return reply[8] ?? '';
}

const INVITE = `sip||\r\nINVITE ${CONTACT} SIP/2.0\r\n\r\n`;
const NO_CALLS = { dialogs: 0, incoming: 0, outgoing: 0 };

describe('a browser that registered', () => {
  it('is called over its connection, and rings no more once that is closed', async () => {
    const browser = await Browser.open(scene);
    await registered(browser);
    expect((await app.ask(INVITE))[0]).toBe('OK');
    const invite = await browser.next('INVITE');
    expect(invite).toMatch(/^Via: SIP\/2\.0\/WS 127\.0\.0\.1/m);
    browser.answer(invite, '180 Ringing');
    await app.told('180');
    browser.socket.terminate();
    await app.told('503');
    expect(scene.server.snapshot()).toMatchObject({ ...NO_CALLS, flows: 0 });
  });

  it('and is gone: whoever answers registrations is told, as if it had left', async () => {
    const browser = await Browser.open(scene);
    await registered(browser);
    browser.socket.terminate();
    const { tokens, message } = await app.told('REGISTER');
    expect([tokens[2], tokens[8]]).toEqual(['application', 'unsolicited']);
    expect(message).toContain(`Contact: <${CONTACT}>;expires=0`);
    expect(message).toMatch(/^Reason: SIP ;cause=430/m);
  });

  it('beside another phone of the same account has the time granted to itself', async () => {
    const browser = await Browser.open(scene);
    await registered(browser, 600, '<sip:ann@192.0.2.1>;expires=5, ');
    scene.clock.advance(6_000);
    await app.ask(INVITE);
    await browser.next('INVITE');
  });

  it('rings no more when it has left, though another phone of the account stays', async () => {
    const browser = await Browser.open(scene);
    await registered(browser);
    await registered(browser, 0, '<sip:ann@192.0.2.1>;expires=300', ['Expires: 0']);
    expect(scene.server.snapshot().flows).toBe(0);
  });

  it('that is not connected fails at once, as a peer that cannot be reached', async () => {
    expect((await app.ask(INVITE))[0]).toBe('OK');
    await app.told('503');
    expect(scene.server.snapshot()).toMatchObject(NO_CALLS);
  });
});

describe('a connection that nobody uses', () => {
  const connections = (): number => scene.server.snapshot().sip.connections;

  it('is closed, unless its browser is registered now or talks', async () => {
    await scene.close();
    await open(5_000, 8_000);
    await registered(await Browser.open(scene), 10);
    await inCall(await Browser.open(scene));
    await Browser.open(scene);
    await scene.until('all are there', () => connections() === 3);
    scene.clock.advance(8_000);
    await scene.until('the idle one is gone', () => connections() === 2);
    scene.clock.advance(8_000); // the registration has run out
    await scene.until('only the caller is left', () => connections() === 1);
    expect(scene.server.snapshot().dialogs).toBe(1);
  });
});

describe('a browser that calls', () => {
  it('and vanishes while it waits has cancelled', async () => {
    const browser = await Browser.open(scene);
    browser.ask('INVITE', 'call', [], OFFER);
    const { tokens } = await app.told('INVITE');
    browser.socket.terminate();
    const cancel = await app.told('CANCEL');
    expect(cancel.tokens[8]).toBe(tokens[8]);
    expect(scene.server.snapshot()).toMatchObject(NO_CALLS);
  });

  it('somebody it is passed on to, and vanishes while that one rings, has cancelled', async () => {
    const browser = await Browser.open(scene);
    const phone = await scene.phone();
    browser.ask('INVITE', 'call', [], OFFER);
    const { tokens } = await app.told('INVITE');
    app.send(`proxy|${tokens[8]}||fullResponse||serial|||${phone.uri}\r\nINVITE ${phone.uri} SIP/2.0\r\n\r\n`);
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 180);
    await browser.next('SIP/2.0 180');
    browser.socket.terminate();
    phone.answer(await phone.asked('CANCEL'), 200);
    phone.answer(invite, 487);
    await scene.until('it is over', () => scene.server.snapshot().proxied === 0);
  });

  it('and loses its connection is hung up after a grace', async () => {
    const browser = await Browser.open(scene);
    const dialogId = await inCall(browser);
    browser.socket.terminate();
    await scene.until('noticed', () => scene.server.snapshot().sip.connections === 0);
    scene.clock.advance(4_999);
    expect(scene.server.snapshot().dialogs).toBe(1);
    scene.clock.advance(1);
    const bye = await app.told('BYE');
    expect(bye.tokens.slice(8, 10)).toEqual(['unsolicited', dialogId]);
    expect(bye.message).toContain('text="connection lost"');
    expect(scene.server.snapshot().dialogs).toBe(0);
  });

  it('keeps its call when it registers again in time, over the new connection', async () => {
    const browser = await Browser.open(scene);
    const dialogId = await inCall(browser);
    browser.socket.terminate();
    await scene.until('noticed', () => scene.server.snapshot().sip.connections === 0);
    const again = await Browser.open(scene);
    await registered(again);
    scene.clock.advance(5_000);
    expect(scene.server.snapshot().dialogs).toBe(1);
    expect((await app.ask(`sip||${dialogId}\r\nINFO sip:placeholder SIP/2.0\r\n\r\n`))[0]).toBe('OK');
    await again.next(`INFO ${CONTACT}`);
  });

  it('keeps its call for ever when that is wanted', async () => {
    await scene.close();
    await open('keep');
    const browser = await Browser.open(scene);
    await inCall(browser);
    browser.socket.terminate();
    await scene.until('noticed', () => scene.server.snapshot().sip.connections === 0);
    scene.clock.advance(60_000);
    expect(scene.server.snapshot().dialogs).toBe(1);
  });
});
