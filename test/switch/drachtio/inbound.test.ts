import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SipRequest, SipResponse } from '../../../src/switch/sip/message/message.js';
import { tagOf } from '../../../src/switch/sip/message/name-address.js';
import type { App, Dlg, Message, Req, Res } from './application.js';
import { OFFER, type Phone } from './phone.js';
import { promised, Scene } from './scene.js';

describe('calls from the network', () => {
  let scene: Scene;
  let phone: Phone;

  beforeEach(async () => {
    scene = await Scene.open();
    phone = await scene.phone();
  });
  afterEach(() => scene?.close());

  /** One application that hands every INVITE to the test. */
  async function invites(): Promise<{ next: Promise<{ req: Req; res: Res }>; srf: App }> {
    const { promise, resolve } = promised<{ req: Req; res: Res }>();
    const { srf } = await scene.app((app) => app.invite((req, res) => resolve({ req, res })));
    await scene.until('the route is known', () => JSON.stringify(scene.server.snapshot()).includes('invite'));
    return { next: promise, srf };
  }

  interface Answered {
    readonly invite: SipRequest;
    readonly ok: SipResponse;
    readonly dialog: Dlg;
    readonly srf: App;
  }

  async function answered(): Promise<Answered> {
    const { next, srf } = await invites();
    const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER });
    const { req, res } = await next;
    const dialog = await srf.createUAS(req, res, { localSdp: OFFER });
    const ok = await phone.response(200, 'INVITE');
    return { invite, ok, dialog, srf };
  }

  /** Frames are handled in order, and so are datagrams on loopback: when this one is here, earlier ones are too. */
  async function everythingSaid(srf: App): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve)); // what drachtio-srf puts off to a later microtask
    void srf.request(phone.uri, { method: 'OPTIONS' });
    phone.answer(await phone.asked('OPTIONS'), 200);
  }

  it('are answered, acknowledged and ended by the caller', async () => {
    const { invite, ok, dialog } = await answered();
    const acked = promised<Req>();
    const ended = promised<string>();
    dialog.once('ack', (req) => acked.resolve(req));
    dialog.once('destroy', (_req, reason) => ended.resolve(reason));
    expect(phone.unread).toEqual(['100']);
    expect(tagOf(ok.headers.get('To'))).toBe(dialog.sip.localTag);
    expect(ok.headers.get('Contact')).toBe(`<sip:127.0.0.1:${scene.sipPort}>`);
    expect(ok.headers.get('Content-Type')).toBe('application/sdp');
    expect(dialog.id).toBe(`${invite.headers.get('Call-ID')};from-tag=${tagOf(invite.headers.get('From'))}`);
    phone.follow('ACK', invite, ok, scene.sipPort);
    expect((await acked.promise).source).toBe('network');
    phone.follow('BYE', invite, ok, scene.sipPort);
    await phone.response(200, 'BYE');
    expect(await ended.promise).toBe('normal release');
    expect(scene.server.snapshot()).toMatchObject({ dialogs: 0, incoming: 0, outgoing: 0 });
  });

  it('are ended by the application, not before the ACK', async () => {
    const { invite, ok, dialog, srf } = await answered();
    const gone = dialog.destroy();
    await everythingSaid(srf);
    expect(phone.unread).toEqual(['100']);
    phone.follow('ACK', invite, ok, scene.sipPort);
    const bye = await phone.asked('BYE');
    expect(bye.headers.get('From')).toBe(ok.headers.get('To'));
    expect(bye.headers.get('To')).toBe(invite.headers.get('From'));
    expect(bye.uri).toBe(`sip:caller@127.0.0.1:${phone.port}`);
    phone.answer(bye, 200);
    await gone;
    await scene.until('dialog forgotten', () => scene.server.snapshot().dialogs === 0);
  });

  it('tell the application where they came from and on', async () => {
    const { next } = await invites();
    phone.ask('INVITE', scene.sipPort);
    const { req } = await next;
    expect([req.protocol, req.source_address, req.source_port]).toEqual(['udp', '127.0.0.1', phone.port]);
    expect(req.receivedOn).toBe(`127.0.0.1:${scene.sipPort}`);
    expect(req.stackDialogId).toBe('');
  });

  it('hide headers whose names an application would read as others', async () => {
    const { next } = await invites();
    const odd = { '%43all-ID': 'other', 'Content%2DLength': '0', '%u0046rom': '<sip:boss@h>', 'X-100%-Sure': 'yes' };
    const invite = phone.ask('INVITE', scene.sipPort, { headers: odd, body: OFFER });
    const { req } = await next;
    expect(req.get('Call-ID')).toBe(invite.headers.get('Call-ID'));
    expect(req.get('From')).toBe(invite.headers.get('From'));
    expect(req.body).toBe(OFFER);
    expect(req.get('X-100%-Sure')).toBe('yes');
  });

  it.each([486, 503, 603])('are refused with %i', async (status) => {
    const { next } = await invites();
    const invite = phone.ask('INVITE', scene.sipPort);
    const { res } = await next;
    res.send(status, { headers: { 'X-Why': 'busy' } });
    const refusal = await phone.response(status);
    expect(refusal.headers.get('X-Why')).toBe('busy');
    phone.send(
      {
        ...invite,
        method: 'ACK',
        headers: invite.headers
          .clone()
          .set('To', refusal.headers.get('To') ?? '')
          .set('CSeq', '1 ACK'),
      },
      scene.sipPort,
    );
    expect(scene.server.snapshot()).toMatchObject({ dialogs: 0, incoming: 0 });
  });

  it('ring and are cancelled: 200, 487, a cancel event, and a late answer is refused', async () => {
    const { next, srf } = await invites();
    const invite = phone.ask('INVITE', scene.sipPort);
    const { req, res } = await next;
    const cancelled = promised<Req>();
    req.on('cancel', (cancel) => cancelled.resolve(cancel));
    res.send(180);
    const ringing = await phone.response(180);
    phone.cancel(invite, scene.sipPort);
    await phone.response(200, 'CANCEL');
    const terminated = await phone.response(487);
    expect(terminated.headers.get('To')).toBe(ringing.headers.get('To'));
    await cancelled.promise;
    const late = promised<unknown>();
    res.send(200, { body: OFFER }, (error) => late.resolve(error));
    expect(await late.promise).toBe('Response not sent due to unknown transaction');
    expect(scene.server.snapshot()).toMatchObject({ dialogs: 0, incoming: 0 });
    expect(srf).toBeDefined();
  });

  it('keep one To tag, the one the application chooses with its first response', async () => {
    const { next } = await invites();
    phone.ask('INVITE', scene.sipPort);
    const { res } = await next;
    res.send(180, { headers: { to: 'x;tag=mine' } });
    expect(tagOf((await phone.response(180)).headers.get('To'))).toBe('mine');
    const sent = promised<Message>();
    res.send(200, { body: OFFER }, (_error, message) => sent.resolve(message));
    expect(tagOf((await phone.response(200)).headers.get('To'))).toBe('mine');
    expect((await sent.promise).has('Contact')).toBe(true);
  });

  it('repeat the 200 until the ACK, and end with BYE when it never comes', async () => {
    const { dialog } = await answered();
    const ended = promised<string>();
    dialog.once('destroy', (_req, reason) => ended.resolve(reason));
    for (const gapMs of [500, 1_000, 2_000, 4_000, 4_000]) {
      scene.clock.advance(gapMs);
      await phone.response(200, 'INVITE');
    }
    scene.clock.advance(21_000);
    const bye = await phone.asked('BYE');
    expect(bye.headers.get('Reason')).toBe('SIP ;cause=200 ;text="ACK timeout"');
    expect(await ended.promise).toBe('ACK timeout');
    expect(scene.server.snapshot().dialogs).toBe(0);
  });

  it('are hung up when a CANCEL crossed the 200 and the caller stays', async () => {
    const { invite, ok, dialog } = await answered();
    const ended = promised<string>();
    dialog.once('destroy', (_req, reason) => ended.resolve(reason));
    const acked = promised<Req>();
    dialog.once('ack', (req) => acked.resolve(req));
    phone.cancel(invite, scene.sipPort);
    await phone.response(200, 'CANCEL');
    phone.follow('ACK', invite, ok, scene.sipPort);
    await acked.promise;
    scene.clock.advance(500);
    await phone.asked('BYE');
    expect(await ended.promise).toBe('CANCEL after 200 OK');
  });

  it('bring re-INVITE, INFO, UPDATE and REFER inside the dialog', async () => {
    const { invite, ok, dialog } = await answered();
    phone.follow('ACK', invite, ok, scene.sipPort);
    const heard: string[] = [];
    for (const event of ['info', 'update', 'refer', 'modify']) {
      dialog.on(event, (req, res) => {
        heard.push(`${event} ${req.body.trim()}`);
        res.send(event === 'refer' ? 202 : 200, event === 'modify' ? { body: OFFER } : {});
      });
    }
    let cseq = 1;
    const ask = async (method: string, status: number, body: string) => {
      const headers = {
        CSeq: `${++cseq} ${method}`,
        'Content-Type': 'text/plain',
        Contact: `<sip:moved@127.0.0.1:${phone.port}>`,
      };
      const request = phone.follow(method, invite, ok, scene.sipPort, { headers, body });
      return { request, response: await phone.response(status, method) };
    };
    await ask('INFO', 200, 'Signal=5');
    await ask('UPDATE', 200, 'up');
    await ask('REFER', 202, 'go');
    const again = await ask('INVITE', 200, OFFER);
    expect(again.response.headers.get('Contact')).toBe(`<sip:127.0.0.1:${scene.sipPort}>`);
    phone.follow('ACK', again.request, again.response, scene.sipPort);
    expect(heard.slice(0, 3)).toEqual(['info Signal=5', 'update up', 'refer go']);
    expect(heard[3]).toContain('modify v=0');
    void dialog.destroy();
    expect((await phone.asked('BYE')).uri).toBe(`sip:moved@127.0.0.1:${phone.port}`);
  });

  it('take the next re-INVITE for the ACK of the one before, when its offer is answered', async () => {
    const { invite, ok, dialog } = await answered();
    const ended = promised<string>();
    dialog.once('destroy', (_req, reason) => ended.resolve(reason));
    dialog.on('modify', (_req, res) => res.send(200, { body: OFFER }));
    const acked = [promised<Req>(), promised<Req>()] as const;
    let acks = 0;
    dialog.on('ack', (req) => acked[acks++]?.resolve(req));
    phone.follow('ACK', invite, ok, scene.sipPort);
    await acked[0].promise;
    const again = (cseq: number, body = OFFER) =>
      phone.follow('INVITE', invite, ok, scene.sipPort, { headers: { CSeq: `${cseq} INVITE` }, body });
    again(2);
    await phone.response(200, 'INVITE');
    const third = again(3);
    const answer = await phone.response(200, 'INVITE');
    expect(answer.headers.get('CSeq')).toBe('3 INVITE');
    phone.follow('ACK', third, answer, scene.sipPort);
    expect((await acked[1].promise).get('CSeq')).toBe('3 ACK');
    scene.clock.advance(33_000);
    expect(scene.server.snapshot()).toMatchObject({ dialogs: 1 });
    // Without an offer the answer would have been in its ACK: what holds now is not known before that comes.
    again(4, '');
    await phone.response(200, 'INVITE');
    again(5);
    await phone.response(500, 'INVITE');
    scene.clock.advance(33_000);
    expect(await ended.promise).toBe('ACK timeout');
  });

  it('refuse what is out of order inside a dialog', async () => {
    const { invite, ok } = await answered();
    phone.follow('ACK', invite, ok, scene.sipPort);
    phone.follow('INFO', invite, ok, scene.sipPort, { headers: { CSeq: '0 INFO' } });
    await phone.response(500, 'INFO');
    phone.follow('INFO', invite, ok, scene.sipPort, { headers: { To: '<sip:service@127.0.0.1>;tag=wrong' } });
    await phone.response(481, 'INFO');
    phone.follow('PRACK', invite, ok, scene.sipPort, { headers: { CSeq: '5 PRACK', RAck: '1 1 INVITE' } });
    await phone.response(481, 'PRACK');
  });

  it('hear reliable provisional responses until their PRACK, and the 200 with SDP only then', async () => {
    const { next, srf } = await invites();
    const invite = phone.ask('INVITE', scene.sipPort, { headers: { Supported: '100rel' }, body: OFFER });
    const { req, res } = await next;
    const pracked = promised<Req>();
    res.send(183, { headers: { Require: '100rel' }, body: OFFER }, undefined, (prack) => pracked.resolve(prack));
    const progress = await phone.response(183);
    expect(progress.headers.get('RSeq')).toBe('1');
    expect(progress.headers.get('Contact')).toBe(`<sip:127.0.0.1:${scene.sipPort}>`);
    scene.clock.advance(500);
    await phone.response(183);
    const dialog = srf.createUAS(req, res, { localSdp: OFFER });
    await everythingSaid(srf);
    expect(phone.unread).toEqual(['100']);
    phone.follow('PRACK', invite, progress, scene.sipPort, { headers: { RAck: '1 1 INVITE' } });
    await phone.response(200, 'PRACK');
    expect((await pracked.promise).get('RAck')).toBe('1 1 INVITE');
    const ok = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, ok, scene.sipPort);
    await dialog;
  });

  it.each([
    ['2 1 INVITE', 481],
    ['1 2 INVITE', 481],
    ['1 1 UPDATE', 481],
    ['1 1', 481],
    ['1 1 INVITE INVITE', 200],
  ])('have their PRACK with RAck "%s" answered with %i', async (rack, status) => {
    const { next } = await invites();
    const invite = phone.ask('INVITE', scene.sipPort, { headers: { Supported: '100rel' } });
    const { res } = await next;
    res.send(183, { headers: { Require: '100rel' } });
    phone.follow('PRACK', invite, await phone.response(183), scene.sipPort, { headers: { RAck: rack } });
    await phone.response(status, 'PRACK');
  });

  it('end with 504 when a reliable provisional response is never acknowledged', async () => {
    const { next } = await invites();
    phone.ask('INVITE', scene.sipPort, { headers: { Supported: '100rel' } });
    const { res } = await next;
    res.send(183, { headers: { Require: '100rel' } });
    await phone.response(183);
    scene.clock.advance(32_000);
    await phone.response(504);
    expect(scene.server.snapshot()).toMatchObject({ dialogs: 0, incoming: 0 });
  });

  it('get no reliable provisional response when they cannot PRACK', async () => {
    const { next } = await invites();
    phone.ask('INVITE', scene.sipPort);
    const { res } = await next;
    const outcome = promised<unknown>();
    res.send(183, { headers: { Require: '100rel' } }, (error) => outcome.resolve(error));
    expect(await outcome.promise).toBe('Remote endpoint does not support 100rel');
  });

  it('may be updated and ended by BYE while they ring', async () => {
    const { next } = await invites();
    const invite = phone.ask('INVITE', scene.sipPort);
    const { req, res } = await next;
    const cancelled = promised<Req>();
    req.on('cancel', (cancel) => cancelled.resolve(cancel));
    req.on('update', (_update, updateRes) => updateRes.send(200, { body: OFFER }));
    res.send(180);
    const ringing = await phone.response(180);
    phone.follow('UPDATE', invite, ringing, scene.sipPort, { headers: { CSeq: '2 UPDATE' }, body: OFFER });
    expect((await phone.response(200, 'UPDATE')).headers.get('Contact')).toBe(`<sip:127.0.0.1:${scene.sipPort}>`);
    phone.follow('BYE', invite, ringing, scene.sipPort, { headers: { CSeq: '3 BYE' } });
    await phone.response(200, 'BYE');
    await phone.response(487, 'INVITE');
    await cancelled.promise;
  });

  it('go back to where they came from when their Contact lies', async () => {
    const { next, srf } = await invites();
    const invite = phone.ask('INVITE', scene.sipPort, { headers: { Contact: '<sip:caller@192.0.2.9:5060>' } });
    const { req, res } = await next;
    const dialog = await srf.createUAS(req, res, { localSdp: OFFER });
    phone.follow('ACK', invite, await phone.response(200, 'INVITE'), scene.sipPort);
    void dialog.destroy();
    expect((await phone.asked('BYE')).uri).toBe('sip:caller@192.0.2.9:5060');
  });

  it('follow the proxies that asked to stay in the way', async () => {
    const { next, srf } = await invites();
    const proxy = await scene.phone();
    const route = `<sip:127.0.0.1:${proxy.port};lr>`;
    const invite = phone.ask('INVITE', scene.sipPort, { headers: { 'Record-Route': route } });
    const { req, res } = await next;
    const dialog = await srf.createUAS(req, res, { localSdp: OFFER });
    const ok = await phone.response(200, 'INVITE');
    expect(ok.headers.get('Record-Route')).toBe(route);
    phone.follow('ACK', invite, ok, scene.sipPort);
    void dialog.destroy();
    const bye = await proxy.asked('BYE');
    expect([bye.uri, bye.headers.get('Route')]).toEqual([`sip:caller@127.0.0.1:${phone.port}`, route]);
  });
});
