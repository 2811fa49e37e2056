import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SipRequest, SipResponse } from '../../../src/switch/sip/message/message.js';
import type { Dlg } from './application.js';
import { OFFER, type Phone } from './phone.js';
import { promised, Scene } from './scene.js';

const ANSWER = OFFER.replace('4000', '5000');

describe('a call with a session timer', () => {
  let scene: Scene;
  let phone: Phone;

  beforeEach(async () => {
    scene = await Scene.open();
    phone = await scene.phone();
  });
  afterEach(() => scene?.close());

  interface Incoming {
    readonly invite: SipRequest;
    readonly ok: SipResponse;
    readonly dialog: Dlg;
    readonly ended: Promise<string>;
  }

  async function acknowledge(dialog: Dlg, invite: SipRequest, ok: SipResponse): Promise<void> {
    const heard = promised<unknown>();
    dialog.once('ack', heard.resolve);
    phone.follow('ACK', invite, ok, scene.sipPort);
    await heard.promise;
  }

  /** A call from the phone, answered by an application. */
  async function answered(headers: Record<string, string>, answer: Record<string, string> = {}): Promise<Incoming> {
    const made = promised<Dlg>();
    await scene.app((app) =>
      app.invite((req, res) => void app.createUAS(req, res, { localSdp: ANSWER, headers: answer }).then(made.resolve)),
    );
    await scene.until('the route is known', () => JSON.stringify(scene.server.snapshot()).includes('invite'));
    const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER, headers });
    const ok = await phone.response(200);
    const dialog = await made.promise;
    const ended = promised<string>();
    dialog.once('destroy', (_, reason) => ended.resolve(reason));
    await acknowledge(dialog, invite, ok);
    return { invite, ok, dialog, ended: ended.promise };
  }

  const timer = { Supported: 'timer', 'Session-Expires': '600' };

  it('is answered with the terms of the caller, who refreshes', async () => {
    const { invite, ok, dialog } = await answered(timer);
    expect(ok.headers.get('Session-Expires')).toBe('600;refresher=uac');
    expect(ok.headers.list('Require')).toContain('timer');
    scene.clock.advance(300_000);
    const again = phone.follow('INVITE', invite, ok, scene.sipPort, {
      headers: { ...timer, Contact: `<sip:caller@127.0.0.1:${phone.port}>`, 'Content-Type': 'application/sdp' },
      body: OFFER,
    });
    const renewed = await phone.response(200);
    expect(renewed.headers.get('Session-Expires')).toBe('600;refresher=uac');
    await acknowledge(dialog, again, renewed);
    scene.clock.advance(500_000);
    expect(scene.server.snapshot().dialogs).toBe(1);
  });

  it('is hung up when the caller does not refresh it', async () => {
    const { ended } = await answered(timer);
    scene.clock.advance(567_999);
    expect(phone.unread).not.toContain('BYE');
    scene.clock.advance(1);
    const bye = await phone.asked('BYE');
    expect(bye.headers.get('Reason')).toContain('Session timer expired');
    expect(await ended).toBe('Session timer expired');
  });

  it('is refreshed by the server with the same description when that is its part; the application hears nothing', async () => {
    const { dialog } = await answered({ ...timer, 'Session-Expires': '600;refresher=uas' });
    const heard: string[] = [];
    for (const event of ['modify', 'refresh', 'destroy']) dialog.on(event, () => heard.push(event));
    for (const round of [1, 2]) {
      scene.clock.advance(300_000);
      const refresh = await phone.asked('INVITE');
      expect(refresh.body.toString()).toBe(ANSWER);
      expect(refresh.headers.get('Session-Expires')).toBe('600;refresher=uac');
      expect(refresh.headers.get('Contact')).toBeDefined();
      phone.answer(refresh, 200, { body: OFFER, headers: { 'Session-Expires': '600;refresher=uac' } });
      await phone.asked('ACK');
      expect(`${round} ${scene.server.snapshot().dialogs}`).toBe(`${round} 1`);
    }
    expect(heard).toEqual([]);
  });

  it('is refreshed by UPDATE when the server has never given a description', async () => {
    const { srf } = await scene.app();
    const dialing = srf.createUAC(phone.uri, { localSdp: '', noAck: true }) as unknown as Promise<{
      ack(sdp: string): void;
    }>;
    phone.answer(await phone.asked('INVITE'), 200, {
      body: OFFER,
      headers: { 'Session-Expires': '600;refresher=uac' },
    });
    (await dialing).ack('');
    await phone.asked('ACK');
    scene.clock.advance(300_000);
    const refresh = await phone.asked('UPDATE');
    expect(refresh.body.length).toBe(0);
    phone.answer(refresh, 200, { headers: { 'Session-Expires': '600;refresher=uac' } });
  });

  it('is hung up when the peer only rings on a refresh', async () => {
    const { ended } = await answered({ ...timer, 'Session-Expires': '600;refresher=uas' });
    scene.clock.advance(300_000);
    const refresh = await phone.asked('INVITE');
    phone.answer(refresh, 180);
    phone.ask('OPTIONS', scene.sipPort);
    await phone.response(503); // so the 180 has been heard
    scene.clock.advance(32_000);
    phone.answer(await phone.asked('CANCEL'), 200);
    phone.answer(refresh, 487);
    await phone.asked('BYE');
    expect(await ended).toBe('Session timer expired');
    expect(scene.server.snapshot().dialogs).toBe(0);
  });

  it('is hung up when the refresh is refused', async () => {
    const { ended } = await answered({ ...timer, 'Session-Expires': '600;refresher=uas' });
    scene.clock.advance(300_000);
    phone.answer(await phone.asked('INVITE'), 500);
    await phone.asked('BYE');
    expect(await ended).toBe('Session timer expired');
  });

  it('is refreshed a little later after a glare, and stretched at the wish of the peer', async () => {
    await answered({ ...timer, 'Session-Expires': '600;refresher=uas' });
    scene.clock.advance(300_000);
    phone.answer(await phone.asked('INVITE'), 491);
    await phone.asked('ACK');
    scene.clock.advance(2_000);
    phone.answer(await phone.asked('INVITE'), 422, { headers: { 'Min-SE': '900' } });
    await phone.asked('ACK');
    phone.takeAll(); // copies that the clock has brought out
    scene.clock.advance(0);
    const stretched = await phone.asked('INVITE');
    expect(stretched.headers.get('Session-Expires')).toBe('900;refresher=uac');
    phone.answer(stretched, 200, { body: OFFER, headers: { 'Session-Expires': '900;refresher=uac' } });
    await phone.asked('ACK');
  });

  it('of too short an interval is refused with the shortest possible one, new or going on', async () => {
    const { invite, ok } = await answered(timer);
    const short = { Supported: 'timer', 'Session-Expires': '30' };
    phone.ask('INVITE', scene.sipPort, { headers: short });
    expect((await phone.response(422)).headers.get('Min-SE')).toBe('90');
    const headers = { ...short, Contact: `<sip:caller@127.0.0.1:${phone.port}>` };
    phone.follow('INVITE', invite, ok, scene.sipPort, { headers });
    expect((await phone.response(422)).headers.get('Min-SE')).toBe('90');
  });

  it('that an application makes is refreshed by the server, and its own re-INVITE goes on with the timer', async () => {
    const { srf } = await scene.app();
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER });
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 200, { body: ANSWER, headers: { 'Session-Expires': '600;refresher=uac' } });
    await phone.asked('ACK');
    const dialog = await dialing;
    scene.clock.advance(300_000);
    const refresh = await phone.asked('INVITE');
    expect(refresh.body.toString()).toBe(OFFER);
    // The application's own INVITE waits for the refresh.
    const modified = dialog.modify(OFFER.replace('sendrecv', 'sendonly'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(phone.unread).not.toContain('INVITE');
    phone.answer(refresh, 200, { body: ANSWER, headers: { 'Session-Expires': '600;refresher=uac' } });
    const own = await phone.asked('INVITE');
    expect(own.body.toString()).toContain('sendonly');
    expect(own.headers.get('Session-Expires')).toBe('600;refresher=uac');
    expect(own.headers.list('Supported')).toContain('timer');
    phone.answer(own, 200, { body: ANSWER, headers: { 'Session-Expires': '600;refresher=uas' } });
    await modified;
    scene.clock.advance(568_000);
    await phone.asked('BYE');
  });

  it('is over when it is hung up: no timer goes on', async () => {
    const { dialog } = await answered(timer);
    const destroyed = dialog.destroy();
    phone.answer(await phone.asked('BYE'), 200);
    await destroyed;
    scene.clock.advance(700_000);
    expect(phone.unread.filter((what) => what === 'BYE')).toEqual([]);
  });
});
