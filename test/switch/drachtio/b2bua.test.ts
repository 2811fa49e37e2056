import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dlg } from './application.js';
import { OFFER, type Phone } from './phone.js';
import { Scene } from './scene.js';

const ANSWER = OFFER.replace('4000', '5000');

describe('two legs joined by createB2BUA', () => {
  let scene: Scene;
  let caller: Phone;
  let callee: Phone;
  let joined: Promise<{ uas: Dlg; uac: Dlg }>;

  beforeEach(async () => {
    scene = await Scene.open();
    [caller, callee] = [await scene.phone(), await scene.phone()];
  });
  afterEach(() => scene?.close());

  async function bridge(): Promise<void> {
    await scene.app((app) =>
      app.invite((req, res) => {
        joined = app.createB2BUA(req, res, callee.uri, {});
        joined.catch(() => undefined); // told to whoever awaits it
      }),
    );
    await scene.until('the route is known', () => JSON.stringify(scene.server.snapshot()).includes('invite'));
  }

  it('connect, and end together when the callee hangs up before the ACK of the caller is told', async () => {
    await bridge();
    const invite = caller.ask('INVITE', scene.sipPort, { body: OFFER });
    const onward = await callee.asked('INVITE');
    expect(onward.body.toString()).toBe(OFFER);
    callee.answer(onward, 180);
    await caller.response(180);
    const accepted = callee.answer(onward, 200, { body: ANSWER });
    await callee.asked('ACK');
    const ok = await caller.response(200, 'INVITE');
    expect(ok.body.toString()).toBe(ANSWER);
    const { uas, uac } = await joined;
    uac.once('destroy', () => void uas.destroy());
    callee.followAsCallee('BYE', onward, accepted, 1);
    caller.follow('ACK', invite, ok, scene.sipPort);
    await callee.response(200, 'BYE');
    caller.answer(await caller.asked('BYE'), 200);
    await scene.until('all forgotten', () => scene.server.snapshot().dialogs === 0);
  });

  it('pass the refusal of the callee back', async () => {
    await bridge();
    caller.ask('INVITE', scene.sipPort, { body: OFFER });
    callee.answer(await callee.asked('INVITE'), 486);
    await caller.response(486);
    await expect(joined).rejects.toMatchObject({ status: 486 });
  });

  it('pass the CANCEL of the caller on', async () => {
    await bridge();
    const invite = caller.ask('INVITE', scene.sipPort, { body: OFFER });
    const onward = await callee.asked('INVITE');
    callee.answer(onward, 180);
    await caller.response(180);
    caller.cancel(invite, scene.sipPort);
    await caller.response(487);
    callee.answer(await callee.asked('CANCEL'), 200);
    callee.answer(onward, 487);
    await callee.asked('ACK');
    await scene.until('all forgotten', () => {
      const { incoming, outgoing, dialogs } = scene.server.snapshot();
      return incoming + outgoing + dialogs === 0;
    });
  });

  it('carry a late offer from one end to the other', async () => {
    await bridge();
    const invite = caller.ask('INVITE', scene.sipPort);
    const onward = await callee.asked('INVITE');
    expect(onward.body.length).toBe(0);
    callee.answer(onward, 200, { body: OFFER });
    const ok = await caller.response(200, 'INVITE');
    expect(ok.body.toString()).toBe(OFFER);
    caller.follow('ACK', invite, ok, scene.sipPort, { body: ANSWER, headers: { 'Content-Type': 'application/sdp' } });
    expect((await callee.asked('ACK')).body.toString()).toBe(ANSWER);
    await joined;
  });
});
