// The SIP side of the media server: who may call, what is refused, what a lost or late message does.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { LINGER_SECONDS_MAX, LOOPS_MAX } from '../../../src/switch/control/event-socket/connection.js';
import { ORPHAN_LIMIT_MS } from '../../../src/switch/media-server/application-socket.js';
import { parseInfoDigit } from '../../../src/switch/media-server/info-digit.js';
import { type Leg, LegScene, SECRET } from '../event-socket/leg-scene.js';

let scene: LegScene;
let stranger = false;
beforeAll(async () => {
  scene = await LegScene.open({
    channelsMax: 20,
    allowed: () => !stranger,
    timers: { t1Ms: 40, t2Ms: 80 },
    eventSocket: { address: '127.0.0.1', port: 0, secret: SECRET },
  });
});
afterAll(() => scene?.close());

const port = (): number => scene.server.sipPort;

describe('an INVITE', () => {
  test('from a stranger is forbidden', async () => {
    const { phone, rtp } = await scene.phone();
    stranger = true;
    scene.invite(phone, rtp.sdp);
    await phone.response(403, 'INVITE');
    stranger = false;
  });

  test.each([
    ['without an application to control it', { 'X-esl-outbound': '' }, 404],
    ['that names a host instead of an address', { 'X-esl-outbound': 'app.example:80' }, 404],
    ['that requires what we do not know', { Require: '100rel' }, 420],
    ['with a body that is no SDP', { 'Content-Type': 'text/plain' }, 415],
  ])('%s is refused', async (_, headers, status) => {
    const { phone, rtp } = await scene.phone();
    scene.invite(phone, rtp.sdp, headers);
    await phone.response(status, 'INVITE');
  });

  test.each([
    ['rubbish', 'v=0\r\nrubbish'],
    ['codecs we lack', 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 9\r\n'],
    ['encryption', 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/SAVP 0\r\n'],
  ])('that offers %s gets 488, and its port is free again', async (_, body) => {
    const { phone } = await scene.phone();
    const { portsFree } = scene.engine.snapshot();
    scene.invite(phone, body);
    const refused = await phone.response(488, 'INVITE');
    expect(refused.headers.get('Warning')).toMatch(/^399 hilo "/);
    await expect.poll(() => scene.engine.snapshot().portsFree).toBe(portsFree);
  });

  test('more than there is room for gets 503 with Retry-After, those admitted stay', async () => {
    const legs: Leg[] = [];
    while (scene.server.snapshot().calls < 20) legs.push(await scene.leg());
    const { phone, rtp } = await scene.phone();
    scene.invite(phone, rtp.sdp);
    expect((await phone.response(503, 'INVITE')).headers.get('Retry-After')).toBe('2');
    const client = await scene.client();
    expect(await client.ask(`api uuid_exists ${legs[0]?.id}`)).toBe('true');
    for (const leg of legs) await client.ask(`api uuid_kill ${leg.id}`);
    await expect.poll(() => scene.server.snapshot().calls).toBe(0);
    client.close();
  });

  test('whose application does not answer is hung up', async () => {
    const { phone, rtp } = await scene.phone();
    const invite = scene.invite(phone, rtp.sdp, { 'X-esl-outbound': '127.0.0.1:1' });
    const answer = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, answer, port());
    expect((await phone.asked('BYE')).headers.get('Reason')).toContain('NORMAL_TEMPORARY_FAILURE');
  });
});

describe('without a description', () => {
  test('the socket is dialled after the ACK, and our own description in it means nobody', async () => {
    const { phone } = await scene.phone();
    const sockets = await scene.sockets();
    const invite = scene.invite(phone, '', { 'X-esl-outbound': sockets.target });
    const answer = await phone.response(200, 'INVITE');
    const sdp = answer.body.toString();
    expect(sdp).toContain('RTP/AVP 0 8 101');
    await phone.response(200, 'INVITE'); // repeated: time enough to dial
    expect(sockets.waiting).toBe(0);
    phone.follow('ACK', invite, answer, port(), { body: sdp.replace('t=0 0\r\n', 't=0 0\r\na=recvonly\r\n') });
    const socket = await sockets.accept();
    socket.send('connect');
    const { headers } = await socket.next();
    expect(headers).toMatchObject({ 'Channel-Unique-ID': headers['Unique-ID'], 'Channel-Call-State': 'ACTIVE' });
    expect(decodeURIComponent(headers['variable_rtp_local_sdp_str'] ?? '')).toBe(sdp);
    expect(headers['variable_remote_media_port']).toBe(headers['variable_local_media_port']);
    phone.follow('BYE', invite, answer, port());
    await phone.response(200, 'BYE');
    socket.close();
  });

  test('an ACK that brings no answer ends the call', async () => {
    const { phone } = await scene.phone();
    const invite = scene.invite(phone, '');
    const answer = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, answer, port());
    expect((await phone.asked('BYE')).headers.get('Reason')).toContain('cause=88');
  });
});

describe('lost and late messages', () => {
  test('the 200 is repeated until the ACK comes', async () => {
    const { phone, rtp } = await scene.phone();
    const invite = scene.invite(phone, rtp.sdp);
    const answer = await phone.response(200, 'INVITE');
    await phone.response(200, 'INVITE');
    await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, answer, port());
    phone.follow('BYE', invite, answer, port());
    await phone.response(200, 'BYE');
  });

  test('without any ACK the call is ended by BYE', async () => {
    const { phone, rtp } = await scene.phone();
    scene.invite(phone, rtp.sdp);
    await phone.response(200, 'INVITE');
    expect((await phone.asked('BYE')).headers.get('Reason')).toContain('RECOVERY_ON_TIMER_EXPIRE');
  });

  test('a hang-up before the ACK waits for it with the BYE', async () => {
    const { phone, rtp } = await scene.phone();
    const sockets = await scene.sockets();
    const invite = scene.invite(phone, rtp.sdp, { 'X-esl-outbound': sockets.target });
    const answer = await phone.response(200, 'INVITE');
    const socket = await sockets.accept();
    socket.send('connect');
    const id = (await socket.next()).headers['Unique-ID'];
    expect(await socket.ask(`api uuid_kill ${id}`)).toBe('+OK\n');
    expect(phone.unread).not.toContain('BYE');
    phone.follow('ACK', invite, answer, port());
    await phone.asked('BYE');
    await expect.poll(() => scene.server.snapshot().calls).toBe(0);
  });

  test('a hang-up of both sides before the ACK leaves nothing behind, though the ACK never comes', async () => {
    const { phone, rtp } = await scene.phone();
    const sockets = await scene.sockets();
    const invite = scene.invite(phone, rtp.sdp, { 'X-esl-outbound': sockets.target });
    const answer = await phone.response(200, 'INVITE');
    const socket = await sockets.accept();
    socket.send('connect');
    const id = (await socket.next()).headers['Unique-ID'];
    expect(await socket.ask(`api uuid_kill ${id}`)).toBe('+OK\n');
    phone.follow('BYE', invite, answer, port());
    await phone.response(200, 'BYE');
    await expect.poll(() => scene.server.snapshot().calls).toBe(0);
  });

  test('CANCEL before the answer ends it with 487 and gives the port back', async () => {
    const { phone, rtp } = await scene.phone();
    const { portsFree } = scene.engine.snapshot();
    const open = scene.holdMedia();
    const invite = scene.invite(phone, rtp.sdp);
    await phone.response(100, 'INVITE');
    phone.cancel(invite, port());
    await phone.response(200, 'CANCEL');
    await phone.response(487, 'INVITE');
    open();
    await expect.poll(() => scene.engine.snapshot().portsFree).toBe(portsFree);
    expect(scene.server.snapshot()).toMatchObject({ calls: 0, channels: 0 });
  });

  test('a request of an unknown or ended dialog gets 481', async () => {
    const { phone, invite, answer } = await scene.leg();
    phone.follow('BYE', invite, answer, port());
    await phone.response(200, 'BYE');
    phone.follow('INFO', invite, answer, port());
    await phone.response(481, 'INFO');
    phone.ask('BYE', port());
    await phone.response(481, 'BYE');
  });

  test('a CSeq that goes back gets 500', async () => {
    const { phone, invite, answer } = await scene.leg();
    phone.follow('INFO', invite, answer, port(), { headers: { CSeq: '50 INFO' } });
    await phone.response(200, 'INFO');
    phone.follow('INFO', invite, answer, port(), { headers: { CSeq: '49 INFO' } });
    await phone.response(500, 'INFO');
    phone.follow('BYE', invite, answer, port(), { headers: { CSeq: '51 BYE' } });
    await phone.response(200, 'BYE');
  });
});

describe('inside a call', () => {
  test('a re-INVITE moves the media and keeps our port; a bad one changes nothing', async () => {
    const { phone, invite, answer, rtp, socket, id } = await scene.leg();
    const ourPort = /m=audio (\d+)/.exec(answer.body.toString())?.[1];
    const held = rtp.sdp.replace('a=sendrecv', 'a=inactive');
    const type = { 'Content-Type': 'application/sdp' };
    phone.follow('INVITE', invite, answer, port(), { headers: { ...type, CSeq: '2 INVITE' }, body: held });
    const second = await phone.response(200, 'INVITE');
    expect(second.body.toString()).toContain(`m=audio ${ourPort} `);
    expect(second.body.toString()).toContain('a=inactive');
    phone.follow('ACK', invite, answer, port(), { headers: { CSeq: '2 ACK' } });
    phone.follow('INVITE', invite, answer, port(), { headers: { ...type, CSeq: '3 INVITE' }, body: 'v=0\r\nx' });
    await phone.response(488, 'INVITE');
    expect(await socket.ask(`api uuid_getvar ${id} audio_media_flow`)).toBe('inactive');
    phone.follow('UPDATE', invite, answer, port(), { headers: { ...type, CSeq: '4 UPDATE' }, body: rtp.sdp });
    expect((await phone.response(200, 'UPDATE')).body.toString()).toContain('a=sendrecv');
    phone.follow('BYE', invite, answer, port(), { headers: { CSeq: '5 BYE' } });
    await phone.response(200, 'BYE');
  });

  test('a second change has to wait for the first, which ends with the call', async () => {
    const { phone, invite, answer, rtp } = await scene.leg();
    const type = { 'Content-Type': 'application/sdp' };
    const open = scene.holdMedia();
    const body = `${rtp.sdp}m=text 5000 RTP/AVP 98\r\na=rtpmap:98 t140/1000\r\n`;
    phone.follow('INVITE', invite, answer, port(), { headers: { ...type, CSeq: '2 INVITE' }, body });
    phone.follow('UPDATE', invite, answer, port(), { headers: { ...type, CSeq: '3 UPDATE' }, body: rtp.sdp });
    expect(Number((await phone.response(500, 'UPDATE')).headers.get('Retry-After'))).toBeLessThan(10);
    phone.follow('BYE', invite, answer, port(), { headers: { CSeq: '4 BYE' } });
    await phone.response(200, 'BYE');
    open();
    await phone.response(487, 'INVITE');
  });

  test('a refresh keeps the version, a change raises it', async () => {
    const { phone, invite, answer, rtp } = await scene.leg();
    const version = (sdp: string): number => Number(/^o=\S+ \d+ (\d+)/m.exec(sdp)?.[1]);
    const update = async (cseq: number, body: string): Promise<number> => {
      const headers = { 'Content-Type': 'application/sdp', CSeq: `${cseq} UPDATE` };
      phone.follow('UPDATE', invite, answer, port(), { headers, body });
      return version((await phone.response(200, 'UPDATE')).body.toString());
    };
    const first = version(answer.body.toString());
    expect(await update(2, rtp.sdp)).toBe(first);
    expect(await update(3, rtp.sdp.replace('sendrecv', 'sendonly'))).toBe(first + 1);
    expect(await update(4, rtp.sdp)).toBe(first + 2);
    phone.follow('BYE', invite, answer, port(), { headers: { CSeq: '5 BYE' } });
  });

  test.each([
    ['OPTIONS', {}, '', 200],
    ['INFO', { 'Content-Type': 'application/media_control+xml' }, '<x/>', 415],
    ['INFO', {}, '', 200],
    ['MESSAGE', { 'Content-Type': 'text/plain' }, 'hi', 405],
  ])('%s %o is answered', async (method, headers, body, status) => {
    const { phone, invite, answer } = await scene.leg();
    phone.follow(method, invite, answer, port(), { headers, body });
    await phone.response(status, method);
    phone.follow('BYE', invite, answer, port(), { headers: { CSeq: '9 BYE' } });
  });
});

test('a call whose application is gone ends after a while, unless it talks to somebody', async () => {
  const clock = new FakeClock();
  const still = await LegScene.open({ clock });
  const [alone, a, b] = [await still.leg(), await still.leg(), await still.leg()];
  expect(await a.socket.ask(`api uuid_bridge ${a.id} ${b.id}`)).toBe(`+OK ${b.id}\n`);
  for (const { socket } of [alone, a]) {
    const alarms = clock.pending;
    socket.close();
    await expect.poll(() => clock.pending).toBe(alarms + 1);
  }
  clock.advance(ORPHAN_LIMIT_MS);
  await alone.phone.asked('BYE');
  expect(a.phone.unread).not.toContain('BYE');
  expect(await b.socket.ask(`api uuid_kill ${b.id}`)).toBe('+OK\n');
  await b.phone.asked('BYE');
  await expect.poll(() => still.server.channels.get(a.id)?.partner).toBeUndefined();
  clock.advance(ORPHAN_LIMIT_MS);
  await a.phone.asked('BYE');
  await still.close();
});

test('a socket that lingers hears the end and stays a little', async () => {
  const clock = new FakeClock();
  const still = await LegScene.open({ clock });
  const { socket, id, phone } = await still.leg();
  expect(await socket.ask('linger 9999')).toBe('+OK will linger 60 seconds');
  expect(await socket.ask(`api uuid_kill ${id}`)).toBe('+OK\n');
  expect((await socket.next()).headers).toMatchObject({ 'Content-Disposition': 'linger', 'Linger-Time': '60' });
  await phone.asked('BYE');
  expect(await socket.ask('api uuid_exists x')).toBe('false');
  clock.advance(LINGER_SECONDS_MAX * 1_000);
  await socket.closed();
  await still.close();
});

test('an application runs as often as `loops` says, up to a most', async () => {
  const { socket, id, phone, invite, answer } = await scene.leg();
  await socket.ask('event json CHANNEL_EXECUTE_COMPLETE');
  const set = 'call-command: execute\nexecute-app-name: set\nexecute-app-arg: a=b\nEvent-UUID: e-1';
  expect(await socket.ask(`sendmsg ${id}\n${set}\nloops: 1000`)).toBe('+OK');
  for (let loop = 0; loop < LOOPS_MAX; loop++) expect((await socket.event())['Application-UUID']).toBe('e-1');
  expect(await socket.ask('api uuid_exists x')).toBe('false'); // and not one more
  phone.follow('BYE', invite, answer, port());
});

test('OPTIONS outside a call tells what we speak', async () => {
  const { phone } = await scene.phone();
  phone.ask('OPTIONS', port());
  expect((await phone.response(200, 'OPTIONS')).headers.get('Allow')).toContain('INVITE');
  phone.ask('REGISTER', port());
  await phone.response(405, 'REGISTER');
});

test.each([
  ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', { digit: '5', durationMs: 160 }],
  ['application/dtmf-relay;x=y', 'Signal= *\nDuration = 99999', { digit: '*', durationMs: 24_000 }],
  ['Application/DTMF-Relay', 'signal=11', { digit: '#', durationMs: 250 }],
  ['application/dtmf', ' 7 \r\n', { digit: '7', durationMs: 250 }],
  ['application/dtmf-relay', 'Signal=99', undefined],
  ['application/dtmf-relay', '', undefined],
  ['text/plain', '5', undefined],
])('keys by INFO: %s %j', (type, body, digit) => {
  expect(parseInfoDigit(type, body)).toEqual(digit);
});
