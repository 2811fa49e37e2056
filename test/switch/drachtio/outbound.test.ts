import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tagOf } from '../../../src/switch/sip/message/name-address.js';
import type { App, Dlg, Req, Res } from './application.js';
import { OFFER, type Phone } from './phone.js';
import { promised, Scene } from './scene.js';

describe('calls of applications', () => {
  let scene: Scene;
  let phone: Phone;
  let srf: App;

  beforeEach(async () => {
    scene = await Scene.open();
    phone = await scene.phone();
    ({ srf } = await scene.app());
  });
  afterEach(() => scene?.close());

  const idle = { dialogs: 0, incoming: 0, outgoing: 0 };

  /** A call that the phone has answered, and the messages that did it. */
  async function connected(): Promise<{
    dialog: Dlg;
    invite: Awaited<ReturnType<Phone['asked']>>;
    ok: ReturnType<Phone['answer']>;
  }> {
    const call = srf.createUAC(phone.uri, { localSdp: OFFER });
    const invite = await phone.asked('INVITE');
    const ok = phone.answer(invite, 200, { body: OFFER });
    await phone.asked('ACK');
    return { dialog: await call, invite, ok };
  }

  it('ring, are answered, and ended by the application', async () => {
    const ringing = promised<Res>();
    const call = srf.createUAC(
      phone.uri,
      { localSdp: OFFER, callingNumber: '555' },
      { cbProvisional: ringing.resolve },
    );
    const invite = await phone.asked('INVITE');
    expect(invite.headers.get('From')).toContain(`<sip:555@127.0.0.1:${scene.sipPort}>`);
    expect(invite.headers.get('To')).toBe(`<${phone.uri}>`);
    expect(invite.headers.get('Max-Forwards')).toBe('70');
    phone.answer(invite, 100);
    phone.answer(invite, 180);
    expect((await ringing.promise).status).toBe(180);
    phone.answer(invite, 200, { body: OFFER });
    const ack = await phone.asked('ACK');
    expect(ack.headers.get('CSeq')).toBe(invite.headers.get('CSeq')?.replace('INVITE', 'ACK'));
    expect(tagOf(ack.headers.get('To'))).toBe('callee');
    const dialog = await call;
    expect(dialog.id).toBe(`${invite.headers.get('Call-ID')};from-tag=${tagOf(invite.headers.get('From'))}`);
    const gone = dialog.destroy();
    phone.answer(await phone.asked('BYE'), 200);
    await gone;
    expect(scene.server.snapshot()).toMatchObject(idle);
  });

  it('are ended by the other side', async () => {
    const { dialog, invite, ok } = await connected();
    const ended = promised<string>();
    dialog.once('destroy', (_req, reason) => ended.resolve(reason));
    phone.followAsCallee('BYE', invite, ok, 1);
    await phone.response(200, 'BYE');
    expect(await ended.promise).toBe('normal release');
    expect(scene.server.snapshot()).toMatchObject(idle);
  });

  it.each([
    [404, 'Nobody here'],
    [486, 'Busy Here'],
    [603, 'Decline'],
  ])('fail with %i, acknowledged by the server', async (status, reason) => {
    const call = srf.createUAC(phone.uri, { localSdp: OFFER });
    phone.answer(await phone.asked('INVITE'), status, { reason });
    await expect(call).rejects.toMatchObject({ status, reason });
    await phone.asked('ACK');
    expect(scene.server.snapshot()).toMatchObject(idle);
  });

  it('hear answers without headers whose names they would read as others', async () => {
    const ringing = promised<Res>();
    const call = srf.createUAC(phone.uri, { localSdp: OFFER }, { cbProvisional: ringing.resolve });
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 180, { headers: { '%54o': '<sip:else@h>;tag=else' } });
    expect((await ringing.promise).get('To')).toBe(`${invite.headers.get('To')};tag=callee`);
    phone.answer(invite, 486);
    await expect(call).rejects.toMatchObject({ status: 486 });
  });

  it('fail with 408 when nobody answers', async () => {
    const call = srf.createUAC(phone.uri, { localSdp: OFFER });
    await phone.asked('INVITE');
    scene.clock.advance(32_000);
    await expect(call).rejects.toMatchObject({ status: 408 });
    expect(scene.server.snapshot()).toMatchObject(idle);
  });

  it('fail with 503 when there is nobody to connect to', async () => {
    await expect(srf.createUAC('sip:x@127.0.0.1:9;transport=tcp', { localSdp: OFFER })).rejects.toMatchObject({
      status: 503,
    });
    expect(scene.server.snapshot()).toMatchObject(idle);
  });

  it('are cancelled while they ring, and only after a provisional response', async () => {
    const sent = promised<Req>();
    const call = srf.createUAC(phone.uri, { localSdp: OFFER }, { cbRequest: (_error, req) => sent.resolve(req) });
    (await sent.promise).cancel({ headers: { Reason: 'SIP;cause=200;text="elsewhere"' } });
    const invite = await phone.asked('INVITE');
    await scene.until('the cancel is taken', () => scene.server.snapshot().outgoing === 1);
    expect(phone.unread).toEqual([]);
    phone.answer(invite, 180);
    const cancel = await phone.asked('CANCEL');
    expect(cancel.headers.get('Via')).toBe(invite.headers.get('Via'));
    phone.answer(cancel, 200);
    phone.answer(invite, 487);
    await expect(call).rejects.toMatchObject({ status: 487 });
    expect(scene.server.snapshot()).toMatchObject(idle);
  });

  it('are hung up when the answer crosses the CANCEL', async () => {
    const sent = promised<Req>();
    const call = srf.createUAC(phone.uri, { localSdp: OFFER }, { cbRequest: (_error, req) => sent.resolve(req) });
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 180);
    (await sent.promise).cancel();
    await phone.asked('CANCEL');
    phone.answer(invite, 200, { body: OFFER });
    await phone.asked('ACK');
    const bye = await phone.asked('BYE');
    expect(bye.headers.get('Reason')).toContain('ACK-BYE due to cancel race condition');
    const ended = promised<string>();
    (await call).once('destroy', (_req, reason) => ended.resolve(reason));
    expect(await ended.promise).toBe('ACK-BYE due to cancel race condition');
    expect(scene.server.snapshot()).toMatchObject(idle);
  });

  it('offer late: SDP in the 200, the answer in the ACK', async () => {
    const call = srf.createUAC(phone.uri, {});
    const invite = await phone.asked('INVITE');
    expect(invite.body.length).toBe(0);
    phone.answer(invite, 200, { body: OFFER });
    const ack = await phone.asked('ACK');
    expect(ack.headers.get('Content-Type')).toBe('application/sdp');
    expect(ack.body.toString()).toContain('a=recvonly');
    await call;
  });

  it('repeat the ACK for a repeated 200, but say nothing before the application has given it', async () => {
    const sent = promised<Req>();
    const acknowledge = promised<() => void>();
    void srf.request(phone.uri, { method: 'INVITE', body: OFFER }).then((req) => {
      req.on('response', (_res, ack) => acknowledge.resolve(ack));
      sent.resolve(req);
    });
    const invite = await phone.asked('INVITE');
    const ok = phone.answer(invite, 200, { body: OFFER });
    const ack = await acknowledge.promise;
    phone.send(ok, scene.sipPort);
    phone.ask('OPTIONS', scene.sipPort);
    await phone.response(503); // it was sent after the repeated 200, so that has been handled
    expect(phone.unread).toEqual([]);
    ack();
    const first = await phone.asked('ACK');
    phone.send(ok, scene.sipPort);
    expect((await phone.asked('ACK')).headers.get('Via')).toBe(first.headers.get('Via'));
    expect(scene.server.snapshot().dialogs).toBe(1);
  });

  it('are hung up with a reason when the application never gives its ACK', async () => {
    void srf.request(phone.uri, { method: 'INVITE', body: OFFER });
    phone.answer(await phone.asked('INVITE'), 200, { body: OFFER });
    await scene.until('answered', () => scene.server.snapshot().dialogs === 1);
    scene.clock.advance(32_000);
    await phone.asked('ACK');
    expect((await phone.asked('BYE')).headers.get('Reason')).toContain('ACK timeout');
  });

  it('keep the first phone that answers; another one is acknowledged and hung up', async () => {
    const other = await scene.phone();
    const { invite } = await connected();
    const second = { 'To-Tag': 'other', Contact: `<${other.uri}>` };
    phone.answer(invite, 200, { body: OFFER, headers: second });
    expect(tagOf((await other.asked('ACK')).headers.get('To'))).toBe('other');
    expect(tagOf((await other.asked('BYE')).headers.get('To'))).toBe('other');
    expect(scene.server.snapshot().dialogs).toBe(1);
  });

  it('send PRACK for reliable provisional responses, repeated ones are told once', async () => {
    const heard: number[] = [];
    const call = srf.createUAC(phone.uri, { localSdp: OFFER }, { cbProvisional: (res) => heard.push(res.status) });
    const invite = await phone.asked('INVITE');
    const reliable = { headers: { RSeq: '77', Require: '100rel' } };
    phone.answer(invite, 183, reliable);
    const prack = await phone.asked('PRACK');
    expect(prack.headers.get('RAck')).toBe(`77 ${invite.headers.get('CSeq')}`);
    phone.answer(prack, 200);
    phone.answer(invite, 183, reliable);
    phone.answer(invite, 200, { body: OFFER });
    const dialog = await call;
    expect(heard).toEqual([183]);
    void dialog.destroy();
    const byeNumber = Number((await phone.asked('BYE')).headers.get('CSeq')?.split(' ')[0]);
    expect(byeNumber).toBe(Number(prack.headers.get('CSeq')?.split(' ')[0]) + 1);
  });

  it('hear reliable provisional responses in their order only, and acknowledge each phone of a fork', async () => {
    const heard: number[] = [];
    const dialing = srf.createUAC(
      phone.uri,
      { localSdp: OFFER, headers: { Supported: '100rel' } },
      { cbProvisional: (res) => heard.push(res.status) },
    );
    const invite = await phone.asked('INVITE');
    const reliably = (status: number, rseq: number, tag: string) =>
      phone.answer(invite, status, { headers: { Require: '100rel', RSeq: String(rseq), 'To-Tag': tag } });
    reliably(180, 7, 'first');
    reliably(180, 7, 'second');
    const pracks = [await phone.asked('PRACK'), await phone.asked('PRACK')];
    expect(pracks.map((prack) => prack.headers.get('To')?.split('tag=')[1])).toEqual(['first', 'second']);
    for (const prack of pracks) phone.answer(prack, 200);
    reliably(182, 9, 'first');
    reliably(183, 8, 'first');
    phone.answer(await phone.asked('PRACK'), 200);
    expect(heard).toEqual([180, 180, 183]);
    phone.answer(invite, 200, { body: OFFER, headers: { 'To-Tag': 'first' } });
    await dialing;
  });

  it('subscribe, and are notified after the answer although the NOTIFY was faster', async () => {
    const subscribing = srf.createUAC(phone.uri, {
      method: 'SUBSCRIBE',
      headers: { Event: 'presence', Expires: '60', From: '<sip:ana@localhost>' },
    });
    const subscribe = await phone.asked('SUBSCRIBE');
    const accepted = phone.answer(subscribe, 202, { headers: { Expires: '60' }, silent: true });
    const headers = { Event: 'presence', 'Subscription-State': 'active', Contact: `<${phone.uri}>` };
    phone.followAsCallee('NOTIFY', subscribe, accepted, 1, { headers });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(phone.unread).toEqual([]);
    phone.send(accepted, scene.sipPort);
    const dialog = await subscribing;
    const notified = promised<unknown>();
    dialog.on('notify', (_, res) => {
      res.send(200);
      notified.resolve(undefined);
    });
    scene.clock.advance(100);
    await notified.promise;
    await phone.response(200, 'NOTIFY');
  });

  it('carry requests of both sides inside the dialog', async () => {
    const { dialog, invite, ok } = await connected();
    const info = dialog.request({
      method: 'INFO',
      body: 'Signal=5',
      headers: { 'Content-Type': 'application/dtmf-relay' },
    });
    const asked = await phone.asked('INFO');
    expect([asked.uri, asked.body.toString()]).toEqual([phone.uri, 'Signal=5']);
    phone.answer(asked, 200);
    expect((await info).status).toBe(200);
    const modified = dialog.modify(OFFER.replace('sendrecv', 'sendonly'));
    const again = await phone.asked('INVITE');
    expect(again.headers.get('Contact')).toBe(`<sip:127.0.0.1:${scene.sipPort}>`);
    phone.answer(again, 200, { body: OFFER });
    expect(await modified).toBe(OFFER);
    await phone.asked('ACK');
    dialog.on('refer', (_req, res) => res.send(202));
    phone.followAsCallee('REFER', invite, ok, 1, { headers: { 'Refer-To': '<sip:x@y>' } });
    await phone.response(202, 'REFER');
  });

  it('refuse a re-INVITE of the peer with 491 while their own is open', async () => {
    const { dialog, invite, ok } = await connected();
    const modified = dialog.modify(OFFER);
    const ours = await phone.asked('INVITE');
    phone.followAsCallee('INVITE', invite, ok, 1, { body: OFFER });
    await phone.response(491, 'INVITE');
    phone.answer(ours, 200, { body: OFFER });
    await modified;
  });

  it('are over although the peer is not there any more', async () => {
    const { dialog } = await connected();
    const gone = dialog.destroy();
    await phone.asked('BYE');
    scene.clock.advance(32_000);
    await gone;
    expect(scene.server.snapshot()).toMatchObject(idle);
    await expect(dialog.request({ method: 'INFO' })).rejects.toMatchObject({ code: 'ENODIALOG' });
  });

  it('leave nothing behind when the 200 has no Contact', async () => {
    const call = srf.createUAC(phone.uri, { localSdp: OFFER });
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 200, { body: OFFER, headers: { Contact: '' } });
    await expect(call).rejects.toMatchObject({ status: 500 });
    await phone.asked('ACK');
    await phone.asked('BYE');
    expect(scene.server.snapshot()).toMatchObject(idle);
  });

  it.each([
    ['bob', /invalid request-uri/],
    ['sip:bob@host.example', /names no address/],
    ['sip:bob@127.0.0.1;transport=tls', /not available/],
  ])('to %s are refused at once', async (uri, text) => {
    await expect(srf.request(uri, { method: 'OPTIONS' })).rejects.toThrow(text);
  });

  it('do not go to the server itself', async () => {
    await expect(srf.createUAC(`sip:x@127.0.0.1:${scene.sipPort}`, {})).rejects.toThrow(
      'can not send request to myself',
    );
  });

  it('may be sent by way of a proxy', async () => {
    const call = srf.createUAC('sip:bob@far.example', { localSdp: OFFER, proxy: `127.0.0.1:${phone.port}` });
    const invite = await phone.asked('INVITE');
    expect(invite.uri).toBe('sip:bob@far.example');
    phone.answer(invite, 486);
    await expect(call).rejects.toMatchObject({ status: 486 });
  });

  it('answer a challenge with the credentials of the application', async () => {
    const auth = { username: 'u', password: 'p' };
    const call = srf.createUAC(phone.uri, { localSdp: OFFER, auth });
    const first = await phone.asked('INVITE');
    phone.answer(first, 407, { headers: { 'Proxy-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' } });
    const second = await phone.asked('INVITE');
    for (const name of ['From', 'Call-ID']) expect(second.headers.get(name)).toBe(first.headers.get(name));
    expect(second.headers.get('Proxy-Authorization')).toContain('username="u"');
    phone.answer(second, 200, { body: OFFER });
    await call;
    expect((await phone.asked('ACK')).headers.get('CSeq')).toBe(first.headers.get('CSeq')?.replace('INVITE', 'ACK'));
  });

  it('subscribe and are notified', async () => {
    const call = srf.createUAC(phone.uri, { method: 'SUBSCRIBE', headers: { Event: 'presence', Expires: '60' } });
    const subscribe = await phone.asked('SUBSCRIBE');
    const ok = phone.answer(subscribe, 202);
    const dialog = await call;
    dialog.on('notify', (_req, res) => res.send(200));
    const over = { headers: { Event: 'presence', 'Subscription-State': 'terminated' } };
    phone.followAsCallee('NOTIFY', subscribe, ok, 1, over);
    await phone.response(200, 'NOTIFY');
    expect(scene.server.snapshot()).toMatchObject(idle);
  });
});
