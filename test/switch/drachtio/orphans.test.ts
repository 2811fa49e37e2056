// What becomes of calls whose application says nothing any more, or is gone; and of those that come meanwhile.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STALLED_MS, STALLED_REQUESTS } from '../../../src/switch/control/drachtio/app-connection.js';
import { OFFER, type Phone } from './phone.js';
import { RawApp } from './raw-app.js';
import { Scene, SECRET } from './scene.js';

const GRACE_MS = 5_000;

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene?.close());

const raw = (): Promise<RawApp> => RawApp.open(scene.server.address.port, SECRET);
const retryAfter = (response: Awaited<ReturnType<Phone['response']>>): number =>
  Number(response.headers.get('Retry-After'));

describe('a call that an application has no eyes for', () => {
  it('gets 503 with Retry-After at once when there is none', async () => {
    const phone = await scene.phone();
    phone.ask('INVITE', scene.sipPort, { body: OFFER });
    expect(retryAfter(await phone.response(503))).toBeGreaterThan(0);
  });

  it('gets 503 when several wait and the application says nothing; not before, and not when it speaks again', async () => {
    const app = await raw();
    await app.ask('route|invite');
    const phone = await scene.phone();
    for (let call = 0; call < STALLED_REQUESTS; call += 1) phone.ask('INVITE', scene.sipPort, { body: OFFER });
    await scene.until('all are given', () => scene.server.snapshot().incoming === STALLED_REQUESTS);
    scene.clock.advance(STALLED_MS);
    phone.ask('INVITE', scene.sipPort, { body: OFFER });
    await scene.until('in time', () => scene.server.snapshot().incoming === STALLED_REQUESTS + 1);

    scene.clock.advance(1);
    phone.ask('INVITE', scene.sipPort, { body: OFFER });
    expect(retryAfter(await phone.response(503))).toBeGreaterThan(0);
    // Whoever dials an emergency number is given to it all the same.
    const emergency = phone.ask('INVITE', scene.sipPort, { body: OFFER, uri: `sip:112@127.0.0.1:${scene.sipPort}` });
    await scene.until('the emergency', () => scene.server.snapshot().incoming === STALLED_REQUESTS + 2);
    expect(emergency.uri).toContain('112');

    await app.ask('ping');
    phone.ask('INVITE', scene.sipPort, { body: OFFER });
    await scene.until('it speaks', () => scene.server.snapshot().incoming === STALLED_REQUESTS + 3);
  });
});

describe('a dialog without application', () => {
  interface Orphan {
    readonly phone: Phone;
    readonly dialog: string;
    /** Inside the call. */
    readonly ask: (method: string) => void;
  }

  /** @param asked what the phone asks, and the application never answers */
  async function orphan(asked?: string): Promise<Orphan> {
    const app = await raw();
    const phone = await scene.phone();
    await app.ask('route|invite');
    const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER });
    const { tokens } = await app.told('INVITE');
    await app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\ncseq: 1 INVITE\r\n\r\n${OFFER}`);
    const ok = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, ok, scene.sipPort);
    await app.told('ACK');
    const ask = (method: string): void => void phone.follow(method, invite, ok, scene.sipPort, { body: OFFER });
    if (asked !== undefined) {
      ask(asked);
      await app.told(asked);
    }
    app.destroy();
    await scene.until('gone', () => scene.server.snapshot().applications.length === 0);
    const tag = /tag=(\w+)/.exec(invite.headers.get('From') ?? '')?.[1];
    return { phone, dialog: `${invite.headers.get('Call-ID')};from-tag=${tag}`, ask };
  }

  it('belongs to the first that speaks in it: that one hears of its end, and the grace is over', async () => {
    const { phone, dialog } = await orphan();
    const next = await raw();
    next.send(`sip||${dialog}\r\nOPTIONS sip:placeholder SIP/2.0\r\ncseq: 1 OPTIONS\r\n\r\n`);
    phone.answer(await phone.asked('OPTIONS'), 200);
    await next.told('200');
    scene.clock.advance(2 * GRACE_MS);
    expect(scene.server.snapshot().dialogs).toBe(1);
    // To another application it is a dialog that is not there.
    const third = await raw();
    const refusal = await third.ask(`sip||${dialog}\r\nBYE sip:placeholder SIP/2.0\r\ncseq: 1 BYE\r\n\r\n`);
    expect(refusal[0]).toBe('NOK');
    next.send(`sip||${dialog}\r\nBYE sip:placeholder SIP/2.0\r\ncseq: 2 BYE\r\n\r\n`);
    phone.answer(await phone.asked('BYE'), 200);
    await scene.until('over', () => scene.server.snapshot().dialogs === 0);
  });

  it('asks its peer to try later: 481 would have it hang up', async () => {
    const { phone, ask } = await orphan();
    ask('INFO');
    const later = await phone.response(500, 'INFO');
    expect(Number(later.headers.get('Retry-After'))).toBeLessThan(10);
    expect(scene.server.snapshot().dialogs).toBe(1);
  });

  it('lives on, though its application owes the answer to a change', async () => {
    const { phone } = await orphan('INVITE');
    await phone.response(500, 'INVITE');
    expect(scene.server.snapshot()).toMatchObject({ incoming: 0, dialogs: 1 });
  });

  it('ends with the BYE of its peer, answered or not', async () => {
    const { phone, ask } = await orphan();
    ask('BYE');
    await phone.response(200, 'BYE');
    expect(scene.server.snapshot().dialogs).toBe(0);
    await (await orphan('BYE')).phone.response(200, 'BYE');
    expect(scene.server.snapshot()).toMatchObject({ incoming: 0, dialogs: 0 });
  });

  it('is hung up after the grace when nobody does', async () => {
    const { phone } = await orphan();
    await raw();
    scene.clock.advance(GRACE_MS);
    await phone.asked('BYE');
    expect(scene.server.snapshot().dialogs).toBe(0);
  });
});
