import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DECIDE_WITHIN_MS } from '../../../src/switch/control/exchange/outbound-requests.js';
import { type OutboundTarget, parseTarget } from '../../../src/switch/control/outbound/targets.js';
import { type App, newApp } from '../drachtio/application.js';
import { OFFER, type Phone } from '../drachtio/phone.js';
import { Scene, SECRET } from '../drachtio/scene.js';

describe('a server that dials its applications', () => {
  const closers: (() => unknown)[] = [];
  let scene: Scene;
  let phone: Phone;

  afterEach(async () => {
    await scene?.close();
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function open(url: string, method = '*'): Promise<void> {
    const target = parseTarget(url) as OutboundTarget;
    scene = await Scene.open({ outbound: { targets: new Map([[method, target]]) } });
    phone = await scene.phone();
  }

  /** An application that listens; the port it listens at. */
  async function listening(prepare: (app: Listening) => void): Promise<number> {
    const app = newApp() as Listening;
    prepare(app);
    const server = app.listen({ host: '127.0.0.1', port: 0, secret: SECRET });
    await once(server, 'listening');
    closers.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  interface Listening extends App {
    listen(options: object): Server;
    endSession(req: object): void;
  }

  /** A directory that answers every question with `decision`; keeps the questions. */
  async function directory(decision: (query: URLSearchParams) => unknown): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const server: HttpServer = createHttpServer((req, res) => {
      const url = new URL(req.url ?? '', 'http://x');
      asked.push(`${req.method} ${url.searchParams}`);
      const answer = decision(url.searchParams);
      if (answer !== undefined) res.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/route`, asked };
  }

  it('hands a call to the application at a fixed address, until that ends the session', async () => {
    const port = await listening((app) =>
      app.invite((req, res) => {
        void app
          .createUAS(req, res, { localSdp: OFFER })
          .then((dialog) => dialog.on('destroy', () => app.endSession(req)));
      }),
    );
    await open(`tcp://127.0.0.1:${port}`);
    const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER });
    const ok = await phone.response(200);
    phone.follow('ACK', invite, ok, scene.sipPort);
    expect(scene.server.snapshot().applications).toHaveLength(1);
    phone.follow('BYE', invite, ok, scene.sipPort);
    await phone.response(200, 'BYE');
    await scene.until('the session is over', () => scene.server.snapshot().applications.length === 0);
    expect(scene.server.snapshot().dialogs).toBe(0);
  });

  it('dials anew for each call', async () => {
    const port = await listening((app) => app.invite((_, res) => res.send(180)));
    await open(`tcp://127.0.0.1:${port}`);
    for (const count of [1, 2]) {
      phone.ask('INVITE', scene.sipPort);
      await phone.response(180);
      expect(scene.server.snapshot().applications).toHaveLength(count);
    }
  });

  it('says 480 when nobody listens there', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await open(`tcp://127.0.0.1:${port}`);
    phone.ask('INVITE', scene.sipPort);
    await phone.response(480);
    expect(scene.server.snapshot().applications).toHaveLength(0);
  });

  it('says 480 when an application takes too long to authenticate', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    closers.push(() => mute.close());
    const dialled = once(mute, 'connection');
    await open(`tcp://127.0.0.1:${(mute.address() as AddressInfo).port}`);
    phone.ask('INVITE', scene.sipPort);
    await dialled;
    scene.clock.advance(DECIDE_WITHIN_MS);
    await phone.response(480);
    await scene.until('the connection is closed', () => scene.server.snapshot().applications.length === 0);
  });

  it('does not hand over a call that was cancelled meanwhile', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    closers.push(() => mute.close());
    const dialled = once(mute, 'connection');
    await open(`tcp://127.0.0.1:${(mute.address() as AddressInfo).port}`);
    const invite = phone.ask('INVITE', scene.sipPort);
    await dialled;
    phone.cancel(invite, scene.sipPort);
    await phone.response(487);
    await scene.until('the connection is closed', () => scene.server.snapshot().applications.length === 0);
    expect(scene.server.snapshot().incoming).toBe(0);
  });

  it('asks a directory, which may refuse', async () => {
    const { url, asked } = await directory(() => ({ action: 'reject', data: { status: 503, reason: 'Maintenance' } }));
    await open(url);
    phone.ask('INVITE', scene.sipPort, { body: OFFER });
    expect((await phone.response(503)).reason).toBe('Maintenance');
    const query = new URLSearchParams(asked[0]?.replace('GET ', ''));
    expect(Object.fromEntries(query)).toMatchObject({
      method: 'INVITE',
      domain: '127.0.0.1',
      protocol: 'udp',
      source_address: '127.0.0.1',
      fromUser: 'caller',
      toUser: 'service',
      uriUser: 'service',
      contentType: 'application/sdp',
      uri: `sip:service@127.0.0.1:${scene.sipPort}`,
    });
  });

  it('asks a directory, which may redirect', async () => {
    const { url } = await directory(() => ({ action: 'redirect', data: { contact: '<sip:other@example.org>' } }));
    await open(url);
    phone.ask('INVITE', scene.sipPort);
    expect((await phone.response(302)).headers.get('Contact')).toBe('<sip:other@example.org>');
  });

  it('asks a directory, which may have it passed on', async () => {
    let target = '';
    const { url } = await directory(() => ({ action: 'proxy', data: { destination: target, recordRoute: true } }));
    await open(url);
    const callee = await scene.phone();
    target = callee.uri;
    phone.ask('INVITE', scene.sipPort);
    const onward = await callee.asked('INVITE');
    expect(onward.headers.has('Record-Route')).toBe(true);
    callee.answer(onward, 200);
    await phone.response(200);
  });

  it('asks a directory, which may name an application that listens, or the tag of a connected one', async () => {
    const port = await listening((app) => app.invite((_, res) => res.send(486)));
    const { url } = await directory((query) =>
      query.get('method') === 'INVITE'
        ? { action: 'route', data: { uri: `127.0.0.1:${port};transport=tcp` } }
        : { action: 'route', data: { tag: query.get('uriUser') === 'service' ? 'north' : 'south' } },
    );
    await open(url);
    phone.ask('INVITE', scene.sipPort);
    await phone.response(486);
    const tagged = await scene.app((app) => app.options((_, res) => res.send(200)), 'north');
    expect(tagged).toBeDefined();
    phone.ask('OPTIONS', scene.sipPort);
    await phone.response(200, 'OPTIONS');
  });

  it('says 480 when nobody bears the tag', async () => {
    const { url } = await directory(() => ({ action: 'route', data: { tag: 'nobody' } }));
    await open(url);
    phone.ask('OPTIONS', scene.sipPort);
    await phone.response(480);
  });

  it.each([
    ['no decision', { action: 'dance' }],
    ['no JSON', '<html>'],
    ['far too much', ' '.repeat(70_000)],
  ])('says 500 when the directory answers %s', async (_, answer) => {
    const { url } = await directory(() => answer);
    await open(url);
    phone.ask('INVITE', scene.sipPort);
    await phone.response(500);
  });

  it('says 480 when the directory takes too long', async () => {
    const { url, asked } = await directory(() => undefined);
    await open(url);
    phone.ask('INVITE', scene.sipPort);
    await scene.until('it was asked', () => asked.length === 1);
    scene.clock.advance(DECIDE_WITHIN_MS);
    await phone.response(480);
  });

  it('gives other methods to connected applications', async () => {
    const { url } = await directory(() => ({ action: 'reject', data: { status: 403 } }));
    await open(url, 'INVITE');
    await scene.app((app) => app.options((_, res) => res.send(200)));
    await scene.until('the route is known', () => JSON.stringify(scene.server.snapshot()).includes('options'));
    phone.ask('OPTIONS', scene.sipPort);
    await phone.response(200);
    phone.ask('INVITE', scene.sipPort);
    await phone.response(403);
  });
});
