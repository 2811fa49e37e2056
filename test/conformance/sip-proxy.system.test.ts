// Requests that an application has passed on (compatibility A14, H1 proxy.js).
import { describe, expect } from 'vitest';
import type { ProxyResult, Req } from '../switch/drachtio/application.js';
import { conforms } from './pair.js';
import { OFFER, type Phone, promised, SipScene } from './sip-scene.js';

const scene = new SipScene();

describe('a call that an application has passed on', () => {
  interface Proxied {
    readonly caller: Phone;
    readonly result: Promise<ProxyResult>;
  }

  async function proxied(targets: readonly Phone[], options: object = {}): Promise<Proxied> {
    const result = promised<ProxyResult>();
    const uris = targets.map(({ uri }) => uri);
    await scene.app((srf) =>
      srf.invite((req: Req) => {
        srf.proxyRequest(req, uris, options).then(result.resolve, () => undefined); // the caller hears it
      }),
    );
    return { caller: await scene.phone(), result: result.promise };
  }

  conforms('is answered by its target', async () => {
    const callee = await scene.phone();
    const { caller, result } = await proxied([callee], { headers: { 'X-Centre': 'north' } });
    caller.ask('INVITE', scene.port, { body: OFFER, headers: { 'X-Own': 'yes', 'Max-Forwards': '20' } });
    const onward = await callee.asked('INVITE');
    expect(onward.uri).toContain(`${callee.address}:${callee.port}`);
    expect(onward.body.toString()).toBe(OFFER);
    expect([onward.headers.get('X-Own'), onward.headers.get('X-Centre')]).toEqual(['yes', 'north']);
    expect(onward.headers.get('Max-Forwards')).toBe('19');
    expect(onward.headers.all('Via')).toHaveLength(2);
    expect(onward.headers.has('Record-Route')).toBe(false);
    callee.answer(onward, 180);
    await caller.response(180);
    callee.answer(onward, 200, { body: OFFER });
    expect((await caller.response(200)).headers.all('Via')).toHaveLength(1);
    expect(await result).toMatchObject({ connected: true, finalStatus: 200 });
  });

  conforms('has the server in its path when it is to remain', async () => {
    const callee = await scene.phone();
    const { caller } = await proxied([callee], { remainInDialog: true });
    const invite = caller.ask('INVITE', scene.port, { body: OFFER });
    const onward = await callee.asked('INVITE');
    const [route = ''] = onward.headers.all('Record-Route');
    expect(route).toContain(`:${scene.port}`);
    expect(route).toContain(';lr');
    callee.answer(onward, 200, { body: OFFER, headers: { 'Record-Route': route } });
    const ok = await caller.response(200);
    const headers = { Route: route };
    caller.follow('ACK', invite, ok, scene.port, { headers });
    const ack = await callee.asked('ACK');
    expect([ack.uri, ack.headers.has('Route')]).toEqual([callee.uri, false]);
    caller.follow('BYE', invite, ok, scene.port, { headers });
    callee.answer(await callee.asked('BYE'), 200);
    await caller.response(200, 'BYE');
  });

  conforms('goes to the next target when the first refuses, and fails with the best answer', async () => {
    const [first, second] = [await scene.phone(), await scene.phone()];
    const { caller, result } = await proxied([first, second]);
    caller.ask('INVITE', scene.port, { body: OFFER });
    first.answer(await first.asked('INVITE'), 486);
    await first.asked('ACK');
    second.answer(await second.asked('INVITE'), 404);
    const refusal = await Promise.race([caller.response(404), caller.response(486)]);
    expect(refusal.headers.all('Via')).toHaveLength(1);
    expect(await result).toMatchObject({ connected: false });
  });

  conforms('goes to the next target when the first is silent', async () => {
    const [silent, second] = [await scene.phone(), await scene.phone()];
    const { caller } = await proxied([silent, second], { provisionalTimeout: '600ms' });
    caller.ask('INVITE', scene.port, { body: OFFER });
    await silent.asked('INVITE');
    second.answer(await second.asked('INVITE'), 200, { body: OFFER });
    await caller.response(200);
  });

  conforms('rings several phones, of which one answers and the others are cancelled', async () => {
    const [first, second] = [await scene.phone(), await scene.phone()];
    const { caller, result } = await proxied([first, second], { forking: 'simultaneous' });
    caller.ask('INVITE', scene.port, { body: OFFER });
    const [one, two] = [await first.asked('INVITE'), await second.asked('INVITE')];
    first.answer(one, 180);
    await caller.response(180);
    second.answer(two, 200, { body: OFFER, headers: { 'To-Tag': 'second' } });
    await caller.response(200);
    first.answer(await first.asked('CANCEL'), 200);
    first.answer(one, 487);
    await first.asked('ACK');
    expect(await result).toMatchObject({ connected: true });
  });

  conforms('is cancelled by its caller', async () => {
    const callee = await scene.phone();
    const { caller } = await proxied([callee]);
    const invite = caller.ask('INVITE', scene.port, { body: OFFER });
    const onward = await callee.asked('INVITE');
    callee.answer(onward, 180);
    await caller.response(180);
    caller.cancel(invite, scene.port);
    await caller.response(200, 'CANCEL');
    callee.answer(await callee.asked('CANCEL'), 200);
    callee.answer(onward, 487);
    await callee.asked('ACK');
    await caller.response(487);
  });

  conforms('follows a redirection', async () => {
    const [first, second] = [await scene.phone(), await scene.phone()];
    const { caller } = await proxied([first], { followRedirects: true });
    caller.ask('INVITE', scene.port, { body: OFFER });
    first.answer(await first.asked('INVITE'), 302, { headers: { Contact: `<${second.uri}>` } });
    second.answer(await second.asked('INVITE'), 200, { body: OFFER });
    await caller.response(200);
  });

  conforms('may take no further hop', async () => {
    const callee = await scene.phone();
    const { caller } = await proxied([callee]);
    caller.ask('INVITE', scene.port, { body: OFFER, headers: { 'Max-Forwards': '0' } });
    await caller.response(483);
  });

  conforms('as any other request', async () => {
    const callee = await scene.phone();
    await scene.app((srf) => srf.message((req) => void srf.proxyRequest(req, callee.uri).catch(() => undefined)));
    const caller = await scene.phone();
    caller.ask('MESSAGE', scene.port);
    callee.answer(await callee.asked('MESSAGE'), 202);
    await caller.response(202);
  });
});
