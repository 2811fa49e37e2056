import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TIMER_C_MS } from '../../../src/switch/sip/proxy/forwarded-request.js';
import { connectApp, type ProxyResult } from './application.js';
import { OFFER, type Phone } from './phone.js';
import { Scene, SECRET } from './scene.js';

describe('a request that an application has passed on', () => {
  let scene: Scene;
  let caller: Phone;
  let first: Phone;
  let second: Phone;
  let result: Promise<ProxyResult> | undefined;

  beforeEach(async () => {
    result = undefined;
    scene = await Scene.open();
    [caller, first, second] = [await scene.phone(), await scene.phone(), await scene.phone()];
  });
  afterEach(() => scene?.close());

  async function proxy(targets: Phone[] | string[], options: object = {}, method = 'invite'): Promise<void> {
    const uris = targets.map((target) => (typeof target === 'string' ? target : target.uri));
    await scene.app((app) =>
      (app as unknown as Record<string, (handler: unknown) => void>)[method]?.((req: never) => {
        result = app.proxyRequest(req, uris, options);
        result.catch(() => undefined); // told to whoever awaits it
      }),
    );
    await scene.until('the route is known', () => JSON.stringify(scene.server.snapshot()).includes(method));
  }

  const invite = (headers: Record<string, string> = {}) =>
    caller.ask('INVITE', scene.sipPort, { body: OFFER, headers });

  it('reaches its target with one hop less, its body and its headers, and the ones that were added', async () => {
    await proxy([first], { headers: { 'X-Centre': 'north' } });
    invite({ 'X-Own': 'kept', 'Max-Forwards': '11' });
    const onward = await first.asked('INVITE');
    expect(onward.uri).toBe(first.uri);
    expect(onward.body.toString()).toBe(OFFER);
    expect(onward.headers.get('Max-Forwards')).toBe('10');
    expect(onward.headers.get('X-Own')).toBe('kept');
    expect(onward.headers.get('X-Centre')).toBe('north');
    expect(onward.headers.all('Via')).toHaveLength(2);
    expect(onward.headers.has('Record-Route')).toBe(false);
    first.answer(onward, 180);
    await caller.response(180);
    first.answer(onward, 200, { body: OFFER });
    const ok = await caller.response(200);
    expect(ok.headers.all('Via')).toHaveLength(1);
    expect(await result).toMatchObject({ connected: true, finalStatus: 200 });
  });

  it('keeps a request-URI that does not name the server, and goes to the target as next hop', async () => {
    await proxy([first]);
    const invited = invite();
    caller.send(
      {
        ...invited,
        uri: 'sip:4711@example.org',
        headers: invited.headers
          .clone()
          .set('Call-ID', 'other')
          .set('Via', `SIP/2.0/UDP 127.0.0.1:${caller.port};branch=z9hG4bK-other`),
      },
      scene.sipPort,
    );
    await first.asked('INVITE');
    expect((await first.asked('INVITE')).uri).toBe('sip:4711@example.org');
  });

  it('has the target in place of a request-URI that names the server', async () => {
    await proxy([`127.0.0.1:${first.port}`]);
    invite();
    expect((await first.asked('INVITE')).uri).toBe(`sip:127.0.0.1:${first.port}`);
  });

  it('goes to its target also when further routes were given', async () => {
    await proxy([first]);
    invite({ Route: `<sip:127.0.0.1:${scene.sipPort};lr>, <sip:127.0.0.1:9;lr>` });
    const onward = await first.asked('INVITE');
    expect(onward.headers.all('Route')).toEqual(['<sip:127.0.0.1:9;lr>']);
  });

  it('stays in the path of the dialog: ACK, re-INVITE and BYE pass, also from the callee', async () => {
    await proxy([first], { remainInDialog: true });
    const invited = invite();
    const onward = await first.asked('INVITE');
    const [route = ''] = onward.headers.all('Record-Route');
    expect(onward.headers.all('Record-Route')).toHaveLength(1);
    const accepted = first.answer(onward, 200, { body: OFFER, headers: { 'Record-Route': route } });
    const ok = await caller.response(200);
    caller.follow('ACK', invited, ok, scene.sipPort, { headers: { Route: route } });
    const ack = await first.asked('ACK');
    expect(ack.headers.has('Route')).toBe(false);
    expect(ack.uri).toBe(first.uri);
    const callee = first.followAsCallee('INFO', onward, accepted, 1, { headers: { Route: route }, to: scene.sipPort });
    const info = await caller.asked('INFO');
    expect(info.uri).toBe(callee.uri);
    caller.answer(info, 200);
    await first.response(200, 'INFO');
    caller.follow('BYE', invited, ok, scene.sipPort, { headers: { Route: route } });
    first.answer(await first.asked('BYE'), 200);
    await caller.response(200, 'BYE');
    expect(scene.server.snapshot()).toMatchObject({ incoming: 0, proxied: 0, dialogs: 0 });
  });

  it('does not stay in the path of dialogs it knows nothing of: nobody is an open relay', async () => {
    await proxy([first], { remainInDialog: true });
    const invited = invite();
    const onward = await first.asked('INVITE');
    const [route = ''] = onward.headers.all('Record-Route');
    const ok = first.answer(onward, 200, { headers: { 'Record-Route': route } });
    await caller.response(200);
    const headers = { Route: `<sip:127.0.0.1:${scene.sipPort};lr>` };
    caller.follow('BYE', invited, ok, scene.sipPort, { headers });
    await caller.response(481);
    const other = { Route: route, 'Call-ID': 'of-another-call' };
    caller.follow('BYE', invited, ok, scene.sipPort, { headers: other });
    await caller.response(481);
    expect(first.unread).not.toContain('BYE');
  });

  it('tries one target after the other, and takes the best of the refusals', async () => {
    await proxy([first, second]);
    invite();
    first.answer(await first.asked('INVITE'), 503);
    await first.asked('ACK');
    const later = await second.asked('INVITE');
    second.answer(later, 404);
    const refusal = await caller.response(404);
    expect(refusal.headers.all('Via')).toHaveLength(1);
    const { responses, finalStatus, connected } = (await result) ?? { responses: [] };
    expect({ finalStatus, connected }).toEqual({ finalStatus: 404, connected: false });
    expect(responses.flatMap(({ msgs }) => msgs.map(({ status }) => status))).toEqual([503, 404]);
    expect(scene.server.snapshot()).toMatchObject({ proxied: 0 });
  });

  it('rings several targets at once; the first to answer gets the call, the others are cancelled', async () => {
    await proxy([first, second], { forking: 'simultaneous' });
    invite();
    const [one, two] = [await first.asked('INVITE'), await second.asked('INVITE')];
    first.answer(one, 180);
    second.answer(two, 180, { headers: { 'To-Tag': 'second' } });
    await caller.response(180);
    await caller.response(180);
    second.answer(two, 200, { headers: { 'To-Tag': 'second' } });
    await caller.response(200);
    const cancel = await first.asked('CANCEL');
    expect(cancel.headers.get('Reason')).toContain('cause=200');
    first.answer(cancel, 200);
    first.answer(one, 487);
    await first.asked('ACK');
    expect(await result).toMatchObject({ connected: true, finalStatus: 200 });
    expect(caller.unread).not.toContain('487');
  });

  it('passes a second 2xx on as well: only the caller can hang up that call', async () => {
    await proxy([first, second], { forking: 'simultaneous' });
    invite();
    const [one, two] = [await first.asked('INVITE'), await second.asked('INVITE')];
    first.answer(one, 200);
    await caller.response(200);
    second.answer(two, 200, { headers: { 'To-Tag': 'second' } });
    expect((await caller.response(200)).headers.get('To')).toContain('second');
  });

  it('ends the search when a callee wants to be rung nowhere', async () => {
    await proxy([first, second], { forking: 'simultaneous' });
    invite();
    const [one, two] = [await first.asked('INVITE'), await second.asked('INVITE')];
    second.answer(two, 180);
    first.answer(one, 603);
    second.answer(await second.asked('CANCEL'), 200);
    second.answer(two, 487);
    await caller.response(603);
  });

  it('is cancelled by its caller: every phone that rings stops', async () => {
    await proxy([first, second], { forking: 'simultaneous' });
    const invited = invite();
    const [one, two] = [await first.asked('INVITE'), await second.asked('INVITE')];
    first.answer(one, 180);
    second.answer(two, 180);
    await caller.response(180);
    await caller.response(180);
    caller.cancel(invited, scene.sipPort);
    await caller.response(200, 'CANCEL');
    first.answer(await first.asked('CANCEL'), 200);
    second.answer(await second.asked('CANCEL'), 200);
    first.answer(one, 487);
    second.answer(two, 487);
    await caller.response(487);
    expect(scene.server.snapshot()).toMatchObject({ proxied: 0 });
  });

  it('goes on to the next target when the first stays silent', async () => {
    await proxy([first, second], { provisionalTimeout: '1500ms' });
    invite();
    await first.asked('INVITE');
    scene.clock.advance(1_500);
    second.answer(await second.asked('INVITE'), 200);
    await caller.response(200);
  });

  it('goes on to the next target when the first only rings', async () => {
    await proxy([first, second], { provisionalTimeout: '1s', finalTimeout: '20s' });
    invite();
    const rung = await first.asked('INVITE');
    first.answer(rung, 180);
    await caller.response(180);
    scene.clock.advance(20_000);
    first.answer(await first.asked('CANCEL'), 200);
    first.answer(rung, 487);
    second.answer(await second.asked('INVITE'), 486);
    await caller.response(486);
  });

  it('is given up when nobody answers at all', async () => {
    await proxy([first]);
    invite();
    await first.asked('INVITE');
    scene.clock.advance(32_000);
    await caller.response(408);
    expect(await result).toMatchObject({ connected: false });
  });

  it('lets a phone ring for three minutes, and longer when it gives signs of life', async () => {
    await proxy([first]);
    invite();
    const rung = await first.asked('INVITE');
    first.answer(rung, 180);
    await caller.response(180);
    scene.clock.advance(TIMER_C_MS - 1);
    first.answer(rung, 180);
    await caller.response(180);
    scene.clock.advance(TIMER_C_MS - 1);
    expect(first.unread).not.toContain('CANCEL');
    scene.clock.advance(1);
    await first.asked('CANCEL');
    await caller.response(408);
  });

  it('follows redirections, the preferred contact first, each only once', async () => {
    await proxy([first], { followRedirects: true });
    invite();
    const Contact = `<${second.uri}>;q=0.9, <sip:nobody@no-such-host.invalid>, <${first.uri}>;q=0.1`;
    first.answer(await first.asked('INVITE'), 302, { headers: { Contact } });
    const redirected = await second.asked('INVITE');
    expect(redirected.uri).toBe(second.uri);
    second.answer(redirected, 486);
    await caller.response(486);
    expect(first.unread).not.toContain('INVITE');
  });

  it('gives a redirection back that is not to be followed', async () => {
    await proxy([first]);
    invite();
    first.answer(await first.asked('INVITE'), 302, { headers: { Contact: `<${second.uri}>` } });
    expect((await caller.response(302)).headers.get('Contact')).toContain(second.uri);
  });

  it('may take no further hop: 483, and the application is told', async () => {
    await proxy([first]);
    invite({ 'Max-Forwards': '0' });
    await caller.response(483);
    await expect(result).rejects.toBe('Too many hops');
  });

  it('stays with the application when a target names no address', async () => {
    await proxy(['sip:bob@no-such-host.invalid']);
    invite();
    await scene.until('the application has answered', () => result !== undefined);
    await expect(result).rejects.toContain('invalid destination');
    expect(scene.server.snapshot()).toMatchObject({ incoming: 1, proxied: 0 });
  });

  it('is not sent to the server itself', async () => {
    await proxy([`127.0.0.1:${scene.sipPort}`]);
    invite();
    await scene.until('the application has answered', () => result !== undefined);
    await expect(result).rejects.toBe('can not send request to myself');
  });

  it('leaves a path for calls to a device that registered through the server', async () => {
    await proxy([first], { path: true }, 'register');
    caller.ask('REGISTER', scene.sipPort);
    const register = await first.asked('REGISTER');
    expect(register.headers.get('Path')).toContain(`127.0.0.1:${scene.sipPort};lr`);
    expect(register.headers.list('Require')).toContain('path');
    first.answer(register, 200);
    await caller.response(200);
  });

  it('gets all challenges of its targets at once', async () => {
    await proxy([first, second], { forking: 'simultaneous' });
    invite();
    first.answer(await first.asked('INVITE'), 401, { headers: { 'WWW-Authenticate': 'Digest realm="a", nonce="1"' } });
    second.answer(await second.asked('INVITE'), 407, {
      headers: { 'Proxy-Authenticate': 'Digest realm="b", nonce="2"' },
    });
    const challenge = await caller.response(401);
    expect(challenge.headers.get('Proxy-Authenticate')).toContain('realm="b"');
  });

  it('is forwarded to its end when the application goes away meanwhile', async () => {
    const { srf } = await connectApp(scene.server.address.port, SECRET, (app) =>
      app.invite((req) => void app.proxyRequest(req, first.uri)),
    );
    await scene.until('the route is known', () => JSON.stringify(scene.server.snapshot()).includes('invite'));
    invite();
    const onward = await first.asked('INVITE');
    srf.disconnect();
    await scene.until('the application is gone', () => scene.server.snapshot().applications.length === 0);
    first.answer(onward, 200);
    await caller.response(200);
  });
});
