// Requests of applications on their way into the network (compatibility A7 to A10, H1 uac.js).
import { describe, expect } from 'vitest';
import type { Req, Res } from '../switch/drachtio/application.js';
import { conforms } from './pair.js';
import { ANSWER, OFFER, promised, SipScene } from './sip-scene.js';

const CHALLENGE = 'Digest realm="centre", nonce="4711", algorithm=MD5, qop="auth"';

const scene = new SipScene();

describe('a call that an application makes', () => {
  conforms('goes out complete', async () => {
    const { invite, phone } = await scene.called({ headers: { 'X-Own': 'yes' }, callingNumber: '34600' });
    const { headers, uri, body } = invite;
    expect(uri).toBe(phone.uri);
    expect(body.toString()).toBe(OFFER);
    expect(headers.get('From')).toMatch(new RegExp(`sip:34600@${scene.pair.sip.host}.*;tag=`));
    expect(headers.get('Contact')).toContain(`${scene.pair.sip.host}:${scene.port}`);
    expect(headers.get('Max-Forwards')).toBe('70');
    expect(headers.get('Content-Type')).toBe('application/sdp');
    expect(headers.get('X-Own')).toBe('yes');
    expect(headers.all('Via')).toHaveLength(1);
  });

  conforms('becomes a dialog, whose BYE ends it for the application', async () => {
    const { dialog, phone, invite, ok } = await scene.called();
    expect(dialog.remote.sdp).toBe(ANSWER);
    expect(dialog.id).toBe(`${invite.headers.get('Call-ID')};from-tag=${dialog.sip.localTag}`);
    const ended = promised<unknown>();
    dialog.once('destroy', ended.resolve);
    phone.followAsCallee('BYE', invite, ok, 1);
    await phone.response(200, 'BYE');
    await ended.promise;
  });

  conforms('is hung up by the application; a second BYE finds no dialog', async () => {
    const { dialog, phone } = await scene.called();
    const ended = dialog.destroy();
    phone.answer(await phone.asked('BYE'), 200);
    await ended;
    await expect(dialog.request({ method: 'INFO' })).rejects.toMatchObject({ code: 'ENODIALOG' });
  });

  conforms('tells its progress', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    const progress: number[] = [];
    const dialing = srf.createUAC(
      phone.uri,
      { localSdp: OFFER },
      { cbProvisional: (res) => progress.push(res.status) },
    );
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 180);
    phone.answer(invite, 183, { body: ANSWER });
    phone.answer(invite, 200, { body: ANSWER });
    await phone.asked('ACK');
    await dialing;
    expect(progress).toEqual([180, 183]);
  });

  conforms('may be refused', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER });
    dialing.catch(() => undefined); // expected below
    phone.answer(await phone.asked('INVITE'), 404);
    await phone.asked('ACK');
    await expect(dialing).rejects.toMatchObject({ status: 404 });
  });

  conforms('may be cancelled', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    const sent = promised<Req>();
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER }, { cbRequest: (_, req) => sent.resolve(req) });
    dialing.catch(() => undefined); // expected below
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 180);
    (await sent.promise).cancel(() => undefined);
    phone.answer(await phone.asked('CANCEL'), 200);
    phone.answer(invite, 487);
    await phone.asked('ACK');
    await expect(dialing).rejects.toMatchObject({ status: 487 });
  });

  conforms('is hung up when the answer crosses the CANCEL', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    const sent = promised<Req>();
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER }, { cbRequest: (_, req) => sent.resolve(req) });
    dialing.catch(() => undefined); // either end is right: the call is over
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 180);
    (await sent.promise).cancel(() => undefined);
    phone.answer(await phone.asked('CANCEL'), 200);
    phone.answer(invite, 200, { body: ANSWER });
    await phone.asked('ACK');
    await phone.asked('BYE');
  });

  conforms('answers a challenge, with the Call-ID and tag it had', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER, auth: { username: 'ana', password: 'secret' } });
    const first = await phone.asked('INVITE');
    phone.answer(first, 401, { headers: { 'WWW-Authenticate': CHALLENGE } });
    await phone.asked('ACK');
    const second = await phone.asked('INVITE');
    expect(second.headers.get('Authorization')).toContain('username="ana"');
    expect(second.headers.get('Call-ID')).toBe(first.headers.get('Call-ID'));
    expect(second.headers.get('From')).toBe(first.headers.get('From'));
    const number = (request: typeof first): number => Number.parseInt(request.headers.get('CSeq') ?? '', 10);
    expect(number(second)).toBe(number(first) + 1);
    phone.answer(second, 200, { body: ANSWER });
    await phone.asked('ACK');
    await dialing;
  });

  conforms('follows a redirection', async () => {
    const srf = await scene.app();
    const [phone, other] = [await scene.phone(), await scene.phone()];
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER, followRedirects: true });
    phone.answer(await phone.asked('INVITE'), 302, { headers: { Contact: `<${other.uri}>` } });
    await phone.asked('ACK');
    other.answer(await other.asked('INVITE'), 200, { body: ANSWER });
    await other.asked('ACK');
    await dialing;
  });

  conforms('changes its session, and may be put on hold', async () => {
    const { dialog, phone } = await scene.called();
    const modified = dialog.modify(OFFER.replace('sendrecv', 'sendonly'));
    const again = await phone.asked('INVITE');
    expect(again.body.toString()).toContain('sendonly');
    phone.answer(again, 200, { body: ANSWER.replace('sendrecv', 'recvonly') });
    await phone.asked('ACK');
    expect(await modified).toContain('recvonly');
  });

  conforms('sends INFO and MESSAGE inside the dialog', async () => {
    const { dialog, phone } = await scene.called();
    for (const method of ['INFO', 'MESSAGE']) {
      const sent = dialog.request({ method, headers: { 'Content-Type': 'text/plain' }, body: 'hello' });
      const request = await phone.asked(method);
      expect(request.uri).toBe(phone.uri);
      expect(request.body.toString()).toBe('hello');
      phone.answer(request, 200);
      expect((await sent).status).toBe(200);
    }
  });

  conforms('repeats its ACK when the answer is repeated', async () => {
    const { phone, invite } = await scene.called();
    phone.answer(invite, 200, { body: ANSWER });
    await phone.asked('ACK');
  });

  conforms('takes the route that proxies have recorded', async () => {
    const srf = await scene.app();
    const [phone, proxy] = [await scene.phone(), await scene.phone()];
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER });
    const route = `<sip:${proxy.address}:${proxy.port};lr>`;
    phone.answer(await phone.asked('INVITE'), 200, { body: ANSWER, headers: { 'Record-Route': route } });
    const ack = await proxy.asked('ACK');
    expect(ack.uri).toBe(phone.uri);
    expect(ack.headers.get('Route')).toBe(route);
    await dialing;
  });

  conforms('goes by an outbound proxy', async () => {
    const srf = await scene.app();
    const proxy = await scene.phone();
    const to = `sip:${proxy.address}:${proxy.port}`;
    const dialing = srf.createUAC('sip:4711@example.org', { localSdp: OFFER, proxy: to });
    const invite = await proxy.asked('INVITE');
    expect(invite.uri).toBe('sip:4711@example.org');
    proxy.answer(invite, 486);
    await expect(dialing).rejects.toMatchObject({ status: 486 });
  });

  conforms('to the server itself is refused', async () => {
    const srf = await scene.app();
    const dialing = srf.createUAC(`sip:x@${scene.pair.sip.host}:${scene.port}`, { localSdp: OFFER });
    await expect(dialing).rejects.toThrow(/myself/);
  });

  conforms('with a body of unknown kind is refused', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    await expect(srf.request(phone.uri, { method: 'MESSAGE', body: 'hello' })).rejects.toThrow(/content-type/);
  });

  conforms('to two phones that both answer: the first has the call, the other is hung up', async () => {
    const srf = await scene.app();
    const [phone, fork] = [await scene.phone(), await scene.phone()];
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER });
    const invite = await phone.asked('INVITE');
    phone.answer(invite, 180, { headers: { 'To-Tag': 'first' } });
    phone.answer(invite, 180, { headers: { 'To-Tag': 'second', Contact: `<${fork.uri}>` } });
    phone.answer(invite, 200, { body: ANSWER, headers: { 'To-Tag': 'first' } });
    await phone.asked('ACK');
    phone.answer(invite, 200, { body: ANSWER, headers: { 'To-Tag': 'second', Contact: `<${fork.uri}>` } });
    await fork.asked('ACK');
    await fork.asked('BYE');
    expect((await dialing).sip.remoteTag).toBe('first');
  });
});

describe('other requests that an application makes', () => {
  conforms('are answered', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    for (const method of ['OPTIONS', 'MESSAGE', 'REGISTER', 'PUBLISH']) {
      const answered = promised<Res>();
      const req = await srf.request(phone.uri, { method, headers: { Event: 'presence' } });
      req.on('response', answered.resolve);
      phone.answer(await phone.asked(method), 202, { headers: { Contact: '' } });
      expect((await answered.promise).status).toBe(202);
    }
  });

  conforms('answer a challenge', async () => {
    const srf = await scene.app();
    const phone = await scene.phone();
    const answered = promised<Res>();
    const req = await srf.request(phone.uri, { method: 'OPTIONS', auth: { username: 'ana', password: 'secret' } });
    req.on('response', answered.resolve);
    phone.answer(await phone.asked('OPTIONS'), 407, { headers: { 'Proxy-Authenticate': CHALLENGE } });
    const again = await phone.asked('OPTIONS');
    expect(again.headers.get('Proxy-Authorization')).toContain('realm="centre"');
    phone.answer(again, 200);
    expect((await answered.promise).status).toBe(200);
  });
});
