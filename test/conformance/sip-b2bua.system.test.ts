// Two legs joined by an application (H1 b2b.js).
import { describe, expect } from 'vitest';
import type { Dlg } from '../switch/drachtio/application.js';
import { conforms } from './pair.js';
import { ANSWER, OFFER, type Phone, promised, SipScene } from './sip-scene.js';

const scene = new SipScene();

describe('a call that an application joins to another', () => {
  interface Joining {
    readonly caller: Phone;
    readonly callee: Phone;
    readonly joined: Promise<{ uas: Dlg; uac: Dlg }>;
  }

  async function joining(options: object = {}): Promise<Joining> {
    const [caller, callee] = [await scene.phone(), await scene.phone()];
    const joined = promised<{ uas: Dlg; uac: Dlg }>();
    await scene.app((srf) =>
      srf.invite((req, res) => {
        srf.createB2BUA(req, res, callee.uri, options).then(joined.resolve, () => undefined); // the caller hears it
      }),
    );
    return { caller, callee, joined: joined.promise };
  }

  conforms('is connected, and ends on both sides', async () => {
    const { caller, callee, joined } = await joining();
    const invite = caller.ask('INVITE', scene.port, { body: OFFER });
    const onward = await callee.asked('INVITE');
    expect(onward.body.toString()).toBe(OFFER);
    callee.answer(onward, 180);
    await caller.response(180);
    callee.answer(onward, 200, { body: ANSWER });
    await callee.asked('ACK');
    const ok = await caller.response(200);
    expect(ok.body.toString()).toBe(ANSWER);
    caller.follow('ACK', invite, ok, scene.port);
    const { uas, uac } = await joined;
    uas.once('destroy', () => void uac.destroy());
    caller.follow('BYE', invite, ok, scene.port);
    await caller.response(200, 'BYE');
    callee.answer(await callee.asked('BYE'), 200);
  });

  conforms('keeps a BYE of the callee until the caller has acknowledged', async () => {
    const { caller, callee, joined } = await joining();
    const invite = caller.ask('INVITE', scene.port, { body: OFFER });
    const onward = await callee.asked('INVITE');
    const accepted = callee.answer(onward, 200, { body: ANSWER });
    await callee.asked('ACK');
    const ok = await caller.response(200);
    const { uas, uac } = await joined;
    uac.once('destroy', () => void uas.destroy());
    callee.followAsCallee('BYE', onward, accepted, 1);
    caller.follow('ACK', invite, ok, scene.port);
    await callee.response(200, 'BYE');
    caller.answer(await caller.asked('BYE'), 200);
  });

  conforms('carries a late offer through', async () => {
    const { caller, callee, joined } = await joining();
    const invite = caller.ask('INVITE', scene.port);
    const onward = await callee.asked('INVITE');
    expect(onward.body.length).toBe(0);
    callee.answer(onward, 200, { body: OFFER });
    const ok = await caller.response(200);
    expect(ok.body.toString()).toBe(OFFER);
    caller.follow('ACK', invite, ok, scene.port, { body: ANSWER, headers: { 'Content-Type': 'application/sdp' } });
    expect((await callee.asked('ACK')).body.toString()).toBe(ANSWER);
    await joined;
  });

  conforms('is cancelled through', async () => {
    const { caller, callee } = await joining();
    const invite = caller.ask('INVITE', scene.port, { body: OFFER });
    const onward = await callee.asked('INVITE');
    callee.answer(onward, 180);
    await caller.response(180);
    caller.cancel(invite, scene.port);
    await caller.response(487);
    callee.answer(await callee.asked('CANCEL'), 200);
    callee.answer(onward, 487);
    await callee.asked('ACK');
  });

  conforms('is refused as the callee refuses', async () => {
    const { caller, callee } = await joining();
    caller.ask('INVITE', scene.port, { body: OFFER });
    callee.answer(await callee.asked('INVITE'), 486);
    await caller.response(486);
  });

  conforms('passes headers both ways', async () => {
    const { caller, callee } = await joining({
      proxyRequestHeaders: ['X-Request'],
      proxyResponseHeaders: ['X-Response'],
      responseHeaders: { 'X-Fixed': 'yes' },
    });
    const invite = caller.ask('INVITE', scene.port, { body: OFFER, headers: { 'X-Request': 'one' } });
    const onward = await callee.asked('INVITE');
    expect(onward.headers.get('X-Request')).toBe('one');
    callee.answer(onward, 200, { body: ANSWER, headers: { 'X-Response': 'two' } });
    const ok = await caller.response(200);
    expect([ok.headers.get('X-Response'), ok.headers.get('X-Fixed')]).toEqual(['two', 'yes']);
    caller.follow('ACK', invite, ok, scene.port);
  });

  conforms('gives each side the descriptions of the application', async () => {
    const mine = OFFER.replace('4000', '6000');
    const { caller, callee } = await joining({
      localSdpB: mine,
      localSdpA: (sdp: string) => Promise.resolve(sdp.replace('5000', '7000')),
    });
    const invite = caller.ask('INVITE', scene.port, { body: OFFER });
    const onward = await callee.asked('INVITE');
    expect(onward.body.toString()).toBe(mine);
    callee.answer(onward, 200, { body: ANSWER });
    const ok = await caller.response(200);
    expect(ok.body.toString()).toContain('7000');
    caller.follow('ACK', invite, ok, scene.port);
  });
});
