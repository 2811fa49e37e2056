// Who may not, and what cannot be understood: wrong passwords, strangers, unknown numbers, garbage.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../src/lib/free-port.js';
import { statusOf } from '../../src/sim/phone/message.js';
import { Phone } from '../../src/sim/phone/phone.js';
import { TONES } from '../support/hilo/centre.js';
import { answering, hears, nextCall } from '../support/hilo/scene.js';
import { isOnRealPair, PASSWORD } from '../support/hilo/server.js';
import { onStage } from '../support/hilo/stage.js';

/** Nobody else in these tests has these addresses: what is shut out stays out. */
const GUESSER = '127.0.0.21';
const STRANGER = '127.0.0.22';
/** Wrong passwords for one name before its address is shut out for a while. */
const GUESSES = 5;

const scene = onStage();

describe('registration', () => {
  const keys = { device: 'agent020', expires: '300' };
  /** The same each time: what was registered from it can be taken away again. */
  let port: number;
  beforeEach(async () => {
    port = await freePort();
  });

  test('right password: registered, and away again', async () => {
    const account = { user: keys.device, password: PASSWORD };
    await scene.run('register', { port, account, keys });
    expect(await stateOf(keys.device)).toBe('available');
    await scene.run('register', { port, account, keys: { ...keys, expires: '0' } });
    expect(await stateOf(keys.device)).toBe('offline');
  });

  test('wrong password: challenged again, then shut out, also with the right one', async () => {
    const wrong = { user: keys.device, password: 'wrong' };
    for (let guess = 1; guess <= GUESSES; guess += 1) {
      await scene.run('register-wrong', { address: GUESSER, account: wrong, keys });
    }
    await scene.run('register-banned', { address: GUESSER, keys });
    expect(await stateOf(keys.device)).toBe('offline');
    // Others are not.
    const account = { user: keys.device, password: PASSWORD };
    await scene.run('register', { port, account, keys });
    await scene.run('register', { port, account, keys: { ...keys, expires: '0' } });
  });
});

describe('who calls', () => {
  test('a stranger gets 403', async () => {
    const number = scene.newNumber();
    await scene.run('caller-refused-403', { address: STRANGER, keys: { to: '1000' }, list: [number] });
    expect(await scene.matters.of(number)).toEqual([]);
  });

  test('a stranger with the name of a registered device as well', async () => {
    await scene.agent('agent001');
    await scene.run('caller-refused-403', { address: STRANGER, keys: { to: '1000' }, list: ['agent001'] });
  });

  test('a scanner from the address of the trunk as well', async () => {
    const { phone } = await scene.customer();
    const call = await phone.invite('1000', { headers: { 'User-Agent': 'friendly-scanner' } });
    expect(statusOf(await call.final.seen)).toBe(403);
  });

  test('a number that nobody has: 404', async () => {
    const number = scene.newNumber();
    await scene.run('caller-refused-404', { keys: { to: '4711' }, list: [number] });
    expect(await scene.matters.of(number)).toEqual([]);
  });

  test('OPTIONS: 200', async () => {
    const { phone } = await scene.customer();
    expect(statusOf(await phone.options())).toBe(200);
  });
});

// Real servers have their own ways with garbage: drachtio-server keeps the connection over which it came.
test.skipIf(isOnRealPair)('garbage by SIP, RTP and TCP while two people talk: they do not notice', async () => {
  const agent = await scene.agent('agent001');
  answering(agent, TONES.agent);
  const { number, phone } = await scene.customer();
  const call = await phone.invite('1001');
  call.audio.say(TONES.caller);
  await hears(call, TONES.agent);
  const atAgent = await nextCall(agent);

  await sendGarbage(call.audio.target?.port ?? 0);
  call.audio.forget();
  atAgent.audio.forget();
  await hears(call, TONES.agent);
  await hears(atAgent, TONES.caller);
  expect(call.byeReceived.happened || atAgent.byeReceived.happened).toBe(false);
  expect(statusOf(await phone.options())).toBe(200);

  call.bye();
  const matter = await scene.matters.untilOver(number);
  expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
});

async function stateOf(agent: string): Promise<string> {
  return (await scene.api.agent(agent)).state;
}

/** A few hundred packets that are not what they should be, to the SIP port and to the media port of a call. */
async function sendGarbage(mediaPort: number): Promise<void> {
  const { host, port } = scene.hilo.sip;
  const socket = createSocket('udp4');
  socket.bind(0, STRANGER);
  await once(socket, 'listening');
  const send = (packet: Buffer, to: number): Promise<void> =>
    new Promise((resolve) => socket.send(packet, to, host, () => resolve()));
  const malformed = [
    'INVITE\r\n\r\n',
    'INVITE sip:1000@127.0.0.1 SIP/2.0\r\nVia: \r\nCSeq: x\r\n\r\n',
    `INVITE sip:${'9'.repeat(9_000)}@127.0.0.1 SIP/2.0\r\nContent-Length: -1\r\n\r\n`,
    'SIP/2.0 999 \r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK\r\n\r\n',
    `BYE sip:x SIP/2.0\r\n${'X: y\r\n'.repeat(2_000)}\r\n`,
    '\r\n\r\n',
    '\0\0\0\0',
  ];
  for (let round = 0; round < 20; round += 1) {
    for (const text of malformed) await send(Buffer.from(text), port);
    const random = Buffer.from(Array.from({ length: 172 }, (_, at) => (at * 37 + round * 101) & 0xff));
    await send(random, port);
    for (const size of [0, 3, 12, 172]) await send(random.subarray(0, size), mediaPort);
  }
  socket.close();
  const connection = connect(port, host);
  await once(connection, 'connect');
  connection.on('error', () => connection.destroy());
  connection.write(`INVITE sip:1000@127.0.0.1 SIP/2.0\r\nContent-Length: 99999999\r\n\r\n${'x'.repeat(70_000)}`);
  await new Promise((resolve) => connection.once('close', resolve));
}

test('a phone may call from where it is registered', async () => {
  const { host, port } = scene.hilo.sip;
  const phone = await Phone.open({
    user: 'agent001',
    password: PASSWORD,
    server: { host, port },
    address: '127.0.0.3',
  });
  await phone.register();
  const call = await phone.inviteWithPassword('1003');
  expect(statusOf(await call.final.seen)).toBe(200);
  await call.byeReceived.seen;
  await phone.register({ expires: 0 });
  phone.close();
});
