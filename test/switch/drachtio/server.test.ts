import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { AUTHENTICATE_WITHIN_MS, MAX_VERBS } from '../../../src/switch/control/drachtio/app-connection.js';
import { MAX_FRAME_BYTES } from '../../../src/switch/control/drachtio/frame.js';
import { MAX_APPLICATIONS, openDrachtioServer } from '../../../src/switch/control/drachtio/server.js';
import { RINGING_WITHIN_MS } from '../../../src/switch/control/exchange/app-responses.js';
import { ANSWER_IN_DIALOG_WITHIN_MS, ANSWER_WITHIN_MS } from '../../../src/switch/control/exchange/network-requests.js';
import { connectApp } from './application.js';
import { OFFER, type Phone } from './phone.js';
import { RawApp } from './raw-app.js';
import { promised, Scene, SECRET } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene?.close());

const raw = (secret?: string): Promise<RawApp> => RawApp.open(scene.server.address.port, secret);

describe('an application that connects', () => {
  it('is told the listeners and a version that switches pings on', async () => {
    const { hostports, version, local } = await scene.app();
    expect(hostports.split(',')).toHaveLength(2);
    expect(hostports).toContain(`udp/127.0.0.1:${scene.sipPort}`);
    expect(local).toBe(hostports);
    expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
  });

  it('is told addresses seen from outside beside the bound ones', async () => {
    const listen = [{ transport: 'udp', address: '127.0.0.1', port: 0, external: '192.0.2.1' }] as const;
    const outside = await Scene.open({ sip: { listen } });
    const { hostports, local } = await outside.app();
    expect([hostports, local]).toEqual([`udp/192.0.2.1:${outside.sipPort}`, `udp/127.0.0.1:${outside.sipPort}`]);
    await outside.close();
  });

  it('with a wrong secret hears so and is cut off', async () => {
    await expect(connectApp(scene.server.address.port, 'wrong', () => undefined)).rejects.toThrow(
      'failed to authenticate',
    );
    const app = await raw();
    expect(await app.ask('authenticate|cymr|')).toEqual(['NO', 'incorrect secret']);
    await app.closed();
  });

  it.each(['route|invite', 'ping', 'sip||\r\nOPTIONS sip:x@127.0.0.1 SIP/2.0\r\n\r\n'])(
    'may not say %j before it has authenticated',
    async (text) => {
      const app = await raw();
      expect(await app.ask(text)).toEqual(['NO', 'not authenticated']);
      await app.closed();
    },
  );

  it('and says nothing is cut off after a while', async () => {
    const app = await raw();
    await scene.until('welcomed', () => scene.server.snapshot().applications.length === 1);
    scene.clock.advance(AUTHENTICATE_WITHIN_MS);
    await app.closed();
  });

  it('may ping, add and remove routes, and proxies only what came', async () => {
    const app = await raw(SECRET);
    expect(await app.ask('ping')).toEqual(['OK', 'pong']);
    for (const again of [1, 2]) expect(`${again} ${await app.ask('route|invite')}`).toBe(`${again} OK`);
    expect(await app.ask('route|register')).toEqual(['OK']);
    expect(scene.server.snapshot().applications).toMatchObject([{ verbs: ['invite', 'register'] }]);
    expect(await app.ask('remove_route|invite')).toEqual(['OK']);
    expect(scene.server.snapshot().applications).toMatchObject([{ verbs: ['register'] }]);
    const proxy = 'proxy|t||||serial|||sip:127.0.0.1\r\nINVITE sip:x SIP/2.0\r\n\r\n';
    expect(await app.ask(proxy)).toEqual(['NOK', 'Unknown transaction id: t']);
    const verb = (n: number): string => `v${String.fromCharCode(97 + (n % 26), 97 + Math.floor(n / 26))}`;
    for (let n = 0; n < MAX_VERBS - 1; n++) expect(await app.ask(`route|${verb(n)}`)).toEqual(['OK']);
    expect(await app.ask('route|onemore')).toEqual(['NOK', 'too many routes']);
  });

  it.each([
    ['no length', 'hello there\r\n'],
    ['a length beyond the limit', `${MAX_FRAME_BYTES + 1}#`],
    ['an unknown word', '7#a|dance'],
    ['a message that is none', '12#a|sip||\r\nabc'],
    ['no id', '5#|ping'],
  ])('is refused and cut off for a frame with %s, others go on', async (_name, bytes) => {
    const good = await raw(SECRET);
    const bad = await raw(SECRET);
    bad.write(bytes);
    expect((await bad.next()).tokens[3]).toBe('NO');
    await bad.closed();
    expect(await good.ask('ping')).toEqual(['OK', 'pong']);
  });

  it('may cut its frames into pieces of 37 bytes, with emoji', async () => {
    const phone = await scene.phone();
    const app = await raw(SECRET);
    const body = '📞 hallo 5#a|b';
    const text = `id|sip||\r\nMESSAGE ${phone.uri} SIP/2.0\r\nX-Face: 🙂|#\r\nContent-Type: text/plain\r\n\r\n${body}`;
    const frame = Buffer.from(`${Buffer.byteLength(text)}#${text}`);
    for (let at = 0; at < frame.length; at += 37) {
      app.write(frame.subarray(at, at + 37));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const message = await phone.asked('MESSAGE');
    expect([message.headers.get('X-Face'), message.body.toString()]).toEqual(['🙂|#', body]);
  });

  it('is turned away when there are too many', async () => {
    const many = await Promise.all(Array.from({ length: MAX_APPLICATIONS }, () => raw(SECRET)));
    await (await raw()).closed();
    many[0]?.destroy();
    await scene.until('one has left', () => scene.server.snapshot().applications.length < MAX_APPLICATIONS);
    expect(await (await raw(SECRET)).ask('ping')).toEqual(['OK', 'pong']);
    for (const app of many) app.destroy();
  });
});

describe('several applications', () => {
  it('take turns, each kind of request by itself, and a gone one gets none', async () => {
    const phone = await scene.phone();
    const [first, second] = [await raw(SECRET), await raw(SECRET)];
    for (const app of [first, second, first]) await app.ask('route|options');
    await second.ask('route|message');
    const turn = async (app: RawApp): Promise<void> => {
      phone.ask('OPTIONS', scene.sipPort);
      await app.told('OPTIONS');
    };
    await turn(first);
    phone.ask('MESSAGE', scene.sipPort);
    await second.told('MESSAGE');
    await turn(second);
    await turn(first);
    second.destroy();
    await scene.until('gone', () => scene.server.snapshot().applications.length === 1);
    await turn(first);
    await turn(first);
  });

  it('cannot touch what belongs to another', async () => {
    const phone = await scene.phone();
    const [owner, other] = [await raw(SECRET), await raw(SECRET)];
    await owner.ask('route|invite');
    phone.ask('INVITE', scene.sipPort);
    const told = await owner.told('INVITE');
    const answer = `sip|${told.tokens[8]}|\r\nSIP/2.0 200 OK\r\ncseq: 1 INVITE\r\n\r\n`;
    expect(await other.ask(answer)).toEqual(['NOK', 'Response not sent due to unknown transaction']);
    const echo = await owner.ask(answer);
    expect(echo[0]).toBe('OK');
    expect((await other.ask(`sip||${echo[8]}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`))[1]).toContain(
      'unable to find dialog',
    );
  });
});

describe('requests that no application can answer', () => {
  let phone: Phone;
  beforeEach(async () => {
    phone = await scene.phone();
  });

  it.each(['INVITE', 'REGISTER', 'OPTIONS', 'MESSAGE', 'INFO', 'NOTIFY', 'SUBSCRIBE', 'PUBLISH'])(
    '%s gets 503 when nobody wants it',
    async (method) => {
      phone.ask(method, scene.sipPort);
      await phone.response(503, method);
    },
  );

  it.each([
    ['BYE', 481, {}],
    ['UPDATE', 481, {}],
    ['PRACK', 481, {}],
    ['REFER', 405, {}],
    ['DANCE', 501, {}],
    ['INVITE', 481, { To: '<sip:x@y>;tag=unknown' }],
    ['INFO', 481, { To: '<sip:x@y>;tag=unknown' }],
    ['INVITE', 400, { Contact: '' }],
    ['INVITE', 400, { From: '<sip:x@y>' }],
    ['INVITE', 400, { 'Call-ID': 'another;from-tag=call|x' }],
    ['REGISTER', 400, { Contact: '*', Expires: '60' }],
    ['REGISTER', 400, { Contact: 'nonsense<' }],
  ])('%s gets %i with %j', async (method, status, headers) => {
    const app = await raw(SECRET);
    for (const verb of ['invite', 'info', 'register']) await app.ask(`route|${verb}`);
    phone.ask(method, scene.sipPort, { headers });
    const response = await phone.response(status, method);
    if (status === 405 || status === 501) expect(response.headers.get('Allow')).toContain('INVITE');
    expect(app.unread).toBe(0);
  });

  it('are answered in the place of an application that never says anything', async () => {
    const app = await raw(SECRET);
    for (const verb of ['invite', 'options']) await app.ask(`route|${verb}`);
    phone.ask('INVITE', scene.sipPort);
    await app.told('INVITE');
    phone.ask('OPTIONS', scene.sipPort);
    await app.told('OPTIONS');
    scene.clock.advance(ANSWER_WITHIN_MS);
    await phone.response(408, 'INVITE');
    expect(scene.server.snapshot()).toMatchObject({ incoming: 0 });
  });

  it('may ring for long, not for ever', async () => {
    const app = await raw(SECRET);
    await app.ask('route|invite');
    phone.ask('INVITE', scene.sipPort);
    const { tokens } = await app.told('INVITE');
    await app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 180 Ringing\r\ncseq: 1 INVITE\r\n\r\n`);
    scene.clock.advance(ANSWER_WITHIN_MS);
    expect(scene.server.snapshot()).toMatchObject({ incoming: 1, dialogs: 1 });
    scene.clock.advance(RINGING_WITHIN_MS);
    await phone.response(408, 'INVITE');
    expect(scene.server.snapshot()).toMatchObject({ incoming: 0, dialogs: 0 });
  });

  it('malformed ones get 400 or silence, and the next call is served', async () => {
    for (const junk of [
      '',
      '\r\n\r\n',
      'INVITE',
      'INVITE sip:x SIP/2.0\r\n\r\n',
      'SIP/2.0 200 OK\r\n\r\n',
      '\u0000\u0001',
    ]) {
      phone.send(junk, scene.sipPort);
    }
    const via = `Via: SIP/2.0/UDP 127.0.0.1:${phone.port};branch=z9hG4bK9\r\nCall-ID: c\r\nCSeq: 1 OPTIONS`;
    const parties = 'From: <sip:a@b>;tag=t\r\nTo: <sip:a@b>';
    phone.send(`OPTIONS sip:a@b SIP/2.0\r\n${via}\r\n${parties}\r\nContent-Length: -1\r\n\r\n`, scene.sipPort);
    await phone.response(400);
    const app = await raw(SECRET);
    await app.ask('route|options');
    phone.ask('OPTIONS', scene.sipPort);
    await app.told('OPTIONS');
  });
});

describe('when an application goes away', () => {
  /** A call in, answered by a raw application. */
  async function call(
    app: RawApp,
  ): Promise<{ phone: Phone; invite: ReturnType<Phone['ask']>; ok: Awaited<ReturnType<Phone['response']>> }> {
    const phone = await scene.phone();
    await app.ask('route|invite');
    const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER });
    const { tokens } = await app.told('INVITE');
    await app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\ncseq: 1 INVITE\r\n\r\n${OFFER}`);
    const ok = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, ok, scene.sipPort);
    await app.told('ACK');
    return { phone, invite, ok };
  }

  const gone = (app: RawApp): Promise<void> => {
    app.destroy();
    return scene.until('gone', () => scene.server.snapshot().applications.length === 0);
  };

  it('callers who wait get 503, its calls are cancelled', async () => {
    const app = await raw(SECRET);
    const [caller, callee] = [await scene.phone(), await scene.phone()];
    await app.ask('route|invite');
    caller.ask('INVITE', scene.sipPort);
    await app.told('INVITE');
    await app.ask(`sip||\r\nINVITE ${callee.uri} SIP/2.0\r\n\r\n`);
    const invite = await callee.asked('INVITE');
    callee.answer(invite, 180);
    await app.told('180');
    await gone(app);
    expect(Number((await caller.response(503)).headers.get('Retry-After'))).toBeGreaterThan(0);
    callee.answer(await callee.asked('CANCEL'), 200);
    callee.answer(invite, 200, { body: OFFER });
    await callee.asked('ACK');
    await callee.asked('BYE');
    expect(scene.server.snapshot()).toMatchObject({ incoming: 0, outgoing: 0, dialogs: 0 });
  });

  it('its subscriptions are forgotten without a word', async () => {
    const app = await raw(SECRET);
    const phone = await scene.phone();
    app.send(`sip||\r\nSUBSCRIBE ${phone.uri} SIP/2.0\r\nEvent: presence\r\n\r\n`);
    phone.answer(await phone.asked('SUBSCRIBE'), 200);
    await app.told('200');
    expect(scene.server.snapshot().dialogs).toBe(1);
    await gone(app);
    scene.clock.advance(5_000);
    expect(scene.server.snapshot().dialogs).toBe(0);
    phone.ask('OPTIONS', scene.sipPort);
    await phone.response(503);
    expect(phone.unread).toEqual([]);
  });

  it('its dialogs live on when the server is told to keep them', async () => {
    await scene.close();
    scene = await Scene.open({ orphanGraceMs: 'keep' });
    const app = await raw(SECRET);
    const { phone } = await call(app);
    await gone(app);
    scene.clock.advance(600_000);
    expect(scene.server.snapshot().dialogs).toBe(1);
    expect(phone.unread).toEqual(['100']);
  });

  it('a BYE that it never answers is answered in its place', async () => {
    const app = await raw(SECRET);
    const { phone, invite, ok } = await call(app);
    phone.follow('BYE', invite, ok, scene.sipPort);
    await app.told('BYE');
    expect(scene.server.snapshot()).toMatchObject({ dialogs: 0, incoming: 1 });
    scene.clock.advance(ANSWER_IN_DIALOG_WITHIN_MS);
    expect(scene.server.snapshot()).toMatchObject({ incoming: 0 });
  });
});

describe('registrations over a connection', () => {
  it('let calls to an unreachable Contact go over it until it closes', async () => {
    const app = await raw(SECRET);
    await app.ask('route|register');
    const port = scene.server.sipListeners.find((own) => own.transport === 'tcp')?.port ?? 0;
    const browser = connect(port, '127.0.0.1');
    const heard: string[] = [];
    browser.on('data', (piece) => heard.push(piece.toString()));
    browser.write(
      [
        `REGISTER sip:127.0.0.1 SIP/2.0`,
        'Via: SIP/2.0/TCP df7jal23ls0d.invalid;branch=z9hG4bK1',
        'Max-Forwards: 70',
        'From: <sip:ann@127.0.0.1>;tag=a',
        'To: <sip:ann@127.0.0.1>',
        'Call-ID: reg',
        'CSeq: 1 REGISTER',
        'Contact: <sip:ann@df7jal23ls0d.invalid;transport=tcp>',
        'Content-Length: 0\r\n\r\n',
      ].join('\r\n'),
    );
    const { tokens } = await app.told('REGISTER');
    const invite = 'sip||\r\nINVITE sip:ann@df7jal23ls0d.invalid;transport=tcp SIP/2.0\r\n\r\n';
    expect((await app.ask(invite))[1]).toContain('names no address');
    await app.ask(
      `sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\ncseq: 1 REGISTER\r\nContact: <sip:ann@df7jal23ls0d.invalid>;expires=60\r\n\r\n`,
    );
    expect(scene.server.snapshot().flows).toBe(1);
    expect((await app.ask(invite))[0]).toBe('OK');
    await scene.until('the INVITE has come', () => heard.join('').includes('INVITE sip:ann@df7jal23ls0d.invalid'));
    scene.clock.advance(60_000);
    expect((await app.ask(invite))[0]).toBe('NOK');
    browser.destroy();
    await scene.until('forgotten', () => scene.server.snapshot().flows === 0);
  });
});

describe('the server', () => {
  it('opens nothing when one of its ports is taken', async () => {
    const { host, port } = scene.server.address;
    const listen = [{ transport: 'udp', address: '127.0.0.1', port: 0 }] as const;
    const options = { host, secret: 's', clock: new FakeClock(), ids: systemIds, log: silentLog };
    await expect(openDrachtioServer({ ...options, port, sip: { listen } })).rejects.toThrow('EADDRINUSE');
    const taken = [{ transport: 'udp', address: '127.0.0.1', port: scene.sipPort }] as const;
    await expect(openDrachtioServer({ ...options, port: 0, sip: { listen: taken } })).rejects.toThrow('EADDRINUSE');
  });

  it('hangs up its calls when it closes, and may be closed twice', async () => {
    const phone = await scene.phone();
    const { promise, resolve } = promised<void>();
    await scene.app((srf) =>
      srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: OFFER }).then(() => resolve())),
    );
    await scene.until('the route is known', () => JSON.stringify(scene.server.snapshot()).includes('invite'));
    const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER });
    phone.follow('ACK', invite, await phone.response(200, 'INVITE'), scene.sipPort);
    await promise;
    const closed = scene.server.close();
    await phone.asked('BYE');
    await Promise.all([closed, scene.server.close()]);
    expect(scene.clock.pending).toBe(0);
  });
});
