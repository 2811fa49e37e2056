// What becomes of a request whose call ends, or whose sender vanishes, before it is answered.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OFFER, type Phone } from './phone.js';
import { RawApp } from './raw-app.js';
import { Scene, SECRET } from './scene.js';

let scene: Scene;
let app: RawApp;

beforeEach(async () => {
  scene = await Scene.open();
  app = await RawApp.open(scene.server.address.port, SECRET);
  await app.ask('route|invite');
});
afterEach(async () => {
  app?.destroy();
  await scene?.close();
});

describe('a change that the application asks for while the peer hangs up', () => {
  type Invite = Awaited<ReturnType<Phone['asked']>>;

  async function changing(): Promise<{ phone: Phone; change: Invite; hangUp: () => void }> {
    const phone = await scene.phone();
    const invite = phone.ask('INVITE', scene.sipPort, { body: OFFER });
    const { tokens } = await app.told('INVITE');
    const echo = await app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\ncseq: 1 INVITE\r\n\r\n${OFFER}`);
    const ok = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, ok, scene.sipPort);
    await app.told('ACK');
    expect((await app.ask(`sip||${echo[8]}\r\nINVITE sip:placeholder SIP/2.0\r\n\r\n${OFFER}`))[0]).toBe('OK');
    return {
      phone,
      change: await phone.asked('INVITE'),
      hangUp: () => void phone.follow('BYE', invite, ok, scene.sipPort),
    };
  }

  it('comes to nothing: cancelled, and the application hears of the end of it', async () => {
    const { phone, change, hangUp } = await changing();
    phone.answer(change, 100);
    await new Promise((resolve) => setImmediate(resolve));
    hangUp();
    await app.told('BYE');
    phone.answer(await phone.asked('CANCEL'), 200);
    phone.answer(change, 487);
    await phone.asked('ACK');
    await app.told('487');
    expect(scene.server.snapshot()).toMatchObject({ outgoing: 0, dialogs: 0 });
  });

  it('comes to nothing, though the peer accepts it all the same', async () => {
    const { phone, change, hangUp } = await changing();
    hangUp();
    await app.told('BYE');
    phone.answer(change, 200, { body: OFFER });
    await phone.asked('ACK');
    const frame = await app.told('487');
    expect(frame.message).toMatch(/^CSeq: \d+ INVITE/m);
    expect(scene.server.snapshot()).toMatchObject({ outgoing: 0, dialogs: 0 });
  });
});

describe('a caller who cannot be answered', () => {
  it('has cancelled: its application hears of it with the first answer that gets lost', async () => {
    const port = scene.server.sipListeners.find((own) => own.transport === 'tcp')?.port ?? 0;
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const via = 'Via: SIP/2.0/TCP 127.0.0.1:1;branch=z9hG4bKlost';
    const parties = 'From: <sip:a@b>;tag=t\r\nTo: <sip:a@b>\r\nContact: <sip:a@127.0.0.1:1;transport=tcp>';
    socket.write(`INVITE sip:a@b SIP/2.0\r\n${via}\r\n${parties}\r\nCall-ID: lost\r\nCSeq: 1 INVITE\r\n`);
    socket.write('Content-Length: 0\r\n\r\n');
    const { tokens } = await app.told('INVITE');
    socket.destroy();
    await scene.until('the connection is gone', () => scene.server.snapshot().sip.connections === 0);
    await app.ask(`sip|${tokens[8]}|\r\nSIP/2.0 180 Ringing\r\ncseq: 1 INVITE\r\n\r\n`);
    expect((await app.told('CANCEL')).tokens[8]).toBe(tokens[8]);
    expect(scene.server.snapshot()).toMatchObject({ incoming: 0, dialogs: 0 });
  });
});
