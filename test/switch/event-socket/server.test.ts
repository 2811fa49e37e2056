// The event-socket port towards clients good and bad: start-up, replies in order, limits, hostile input.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock, systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { type Log, silentLog } from '../../../src/lib/log.js';
import { withTimeOut } from '../../../src/lib/time-out.js';
import { Schedule } from '../../../src/switch/channel/beside/schedule.js';
import type { Channel } from '../../../src/switch/channel/channel.js';
import { Channels } from '../../../src/switch/channel/channels.js';
import { API_COMMANDS } from '../../../src/switch/channel/command/catalogue.js';
import { Conferences } from '../../../src/switch/channel/conference/conferences.js';
import { Core } from '../../../src/switch/channel/core.js';
import { SwitchEvent } from '../../../src/switch/channel/event.js';
import { EventBus } from '../../../src/switch/channel/event-bus.js';
import {
  BACKGROUND_JOBS_MAX,
  FIRST_COMMAND_LIMIT_MS,
  PENDING_COMMANDS_MAX,
  UNREAD_BYTES_MAX,
} from '../../../src/switch/control/event-socket/connection.js';
import {
  CLIENTS_MAX,
  type EventSocketServer,
  HEARTBEAT_MS,
  openEventSocketServer,
  parseTarget,
} from '../../../src/switch/control/event-socket/server.js';
import { HEAD_BYTES_MAX } from '../../../src/switch/control/event-socket/wire.js';
import { LINES_PER_PERIOD } from '../../../src/switch/sip/paced-log.js';
import { EslClient } from './esl-client.js';

const SECRET = 'ClueCon';
const clock = new FakeClock();
const core = new Core({ uuid: 'core-1', hostname: 'vm', address: '127.0.0.1' }, clock);
const bus = new EventBus();
const board = {
  channels: new Channels(clock, 10),
  conferences: new Conferences({ core, bus, ids: systemIds, openRoom: () => expect.fail('nobody joins') }),
  core,
  ids: systemIds,
  log: silentLog,
  schedule: new Schedule(clock),
  globals: new Map<string, string>(),
  run: (text: string) => `+OK ${text}\n`,
  load: () => ({ loop: { utilisation: 0.5, delayMs: 1 }, lateTicks: 0 }),
  profile: { name: 'drachtio_mrf', address: '127.0.0.1', port: 20_070, securePort: undefined },
};
let server: EventSocketServer;
let strangers = false;

beforeAll(async () => {
  const options = { address: '127.0.0.1', port: 0, secret: SECRET, allowed: () => !strangers };
  server = await openEventSocketServer(options, { board, bus, commands: API_COMMANDS, log: silentLog });
});
afterAll(() => server?.close());

const open = (): Promise<EslClient> => EslClient.open(server.port, SECRET);

describe('start-up', () => {
  test('goes as recorded, except that the first heartbeat comes at once', async () => {
    const trace = readFileSync('test/traces/event-socket/01-connect.txt', 'utf8');
    const client = await EslClient.dial(server.port);
    expect((await client.next()).headers).toEqual({ 'Content-Type': 'auth/request' });
    expect(await client.ask('auth ClueCon')).toBe('+OK accepted');
    expect(await client.ask('event json HEARTBEAT')).toBe('+OK event listener enabled json');
    expect(await client.event()).toMatchObject({
      'Event-Name': 'HEARTBEAT',
      'Max-Sessions': '10',
      'Core-UUID': 'core-1',
    });
    const status = await client.ask('api sofia status');
    expect(trace).toContain(/sip:mod_sofia@127.0.0.1:20070\tRUNNING \(0\)/.exec(status)?.[0] ?? 'no profile');
    expect(status).toMatch(/^\s*drachtio_mrf\s.*sip:mod_sofia@127\.0\.0\.1:20070/m);
    expect(await client.ask('exit')).toBe('+OK bye');
    expect((await client.next()).headers['Content-Type']).toBe('text/disconnect-notice');
    await client.closed();
  });

  test('heartbeats go on every 20 s', async () => {
    const client = await open();
    await client.ask('event json HEARTBEAT');
    await client.event();
    clock.advance(HEARTBEAT_MS);
    expect(await client.event()).toMatchObject({ 'Event-Name': 'HEARTBEAT', 'Session-Count': '0' });
    client.close();
  });

  test('a wrong secret is told and ends the connection', async () => {
    const client = await EslClient.dial(server.port);
    await client.next();
    expect(await client.ask('auth wrong')).toBe('-ERR invalid');
    await client.closed();
  });

  test('without a secret nothing can be done', async () => {
    const client = await EslClient.dial(server.port);
    await client.next();
    expect(await client.ask('api status')).toBe('-ERR command not found');
    expect(await client.ask('event json ALL')).toBe('-ERR command not found');
    clock.advance(FIRST_COMMAND_LIMIT_MS);
    await client.closed();
  });

  test('a client from elsewhere is sent away', async () => {
    strangers = true;
    const client = await EslClient.dial(server.port);
    expect((await client.next()).headers['Content-Type']).toBe('text/rude-rejection');
    await client.closed();
    strangers = false;
  });

  test('one client too many is sent away, the others stay', async () => {
    const clients = [];
    for (let at = 0; at < CLIENTS_MAX; at++) clients.push(await EslClient.dial(server.port));
    for (const client of clients) await client.next();
    const last = await EslClient.dial(server.port);
    expect((await last.next()).headers['Content-Type']).toBe('text/rude-rejection');
    expect(await clients[0]?.ask('auth ClueCon')).toBe('+OK accepted');
    for (const client of clients) client.close();
    await expect.poll(async () => (await EslClient.dial(server.port)).next()).toMatchObject({ body: '' });
  });
});

describe('commands', () => {
  test.each([
    ['event', '-ERR no keywords supplied'],
    ['event xml ALL', '-ERR xml is not supported'],
    ['event DTMF', '+OK event listener enabled plain'],
    ['nixevent DTMF', '+OK events nixed'],
    ['noevents', '+OK no longer listening for events'],
    ['myevents json', '-ERR invalid uuid'],
    ['filter Unique-ID a-1', '+OK filter added. [Unique-ID]=[a-1]'],
    ['filter delete Unique-ID a-1', '+OK filter deleted. [Unique-ID][a-1]'],
    ['filter Unique-ID', '-ERR invalid syntax'],
    ['linger 5', '+OK will linger 5 seconds'],
    ['nolinger', '+OK will not linger'],
    ['connect', '-ERR command not found'],
    ['sendmsg nobody\ncall-command: execute\nexecute-app-name: set', '-ERR invalid session id [nobody]'],
    ['sendmsg\ncall-command: execute', '-ERR invalid session id []'],
    ['reboot now', '-ERR command not found'],
    ['api nothing at all', '-ERR nothing Command not found!\n'],
    ['api', '-ERR  Command not found!\n'],
    ['api show calls count', '\n0 total.\n'],
    ['api show channels as json', '{"row_count":0}\n'],
    ['api uuid_exists x', 'false'],
    ['api  uuid_dump   x ', '-ERR No such channel!\n'],
    ['api uuid_getvar', '-ERR No such channel!\n'],
    ['api uuid_broadcast x y', '-ERR invalid uuid\n'],
    ['api uuid_record x start y', '-ERR Cannot locate session!\n'],
  ])('%s', async (command, reply) => {
    const client = await open();
    expect(await client.ask(command)).toBe(reply);
    client.close();
  });

  test('are answered in their order, however many come at once', async () => {
    const client = await open();
    const ids = Array.from({ length: 300 }, (_, at) => `x${at}`);
    client.socket.write(ids.map((id) => `api ${id}\n\n`).join(''));
    for (const id of ids) expect((await client.next()).body).toBe(`-ERR ${id} Command not found!\n`);
    client.close();
  });

  test('bgapi answers at once and tells the result as an event', async () => {
    const client = await open();
    await client.ask('event json BACKGROUND_JOB');
    expect(await client.ask('bgapi version\nJob-UUID: job-1')).toBe('+OK Job-UUID: job-1');
    const event = await client.event();
    expect(event).toMatchObject({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': 'job-1', 'Job-Command': 'version' });
    expect(event['_body']).toMatch(/^FreeSWITCH Version/);
    client.close();
  });

  test('sendevent is heard by those who asked for it', async () => {
    const [speaker, hearer, other] = [await open(), await open(), await open()];
    await hearer.ask('event json CUSTOM queue::joined');
    await other.ask('event json CUSTOM queue::left');
    const command = 'sendevent CUSTOM\nEvent-Subclass: queue::joined\nCaller: 50% ñ\ncontent-length: 4\n\nbody';
    speaker.socket.write(command);
    expect((await speaker.next()).headers['Reply-Text']).toMatch(/^\+OK /);
    expect(await hearer.event()).toMatchObject({ Caller: '50% ñ', _body: 'body', 'Core-UUID': 'core-1' });
    expect(await other.ask('api version')).toMatch(/^FreeSWITCH/); // and nothing before it
    for (const client of [speaker, hearer, other]) client.close();
  });
});

describe('hostile clients', () => {
  test.each([
    ['a command without end', 'x'.repeat(HEAD_BYTES_MAX + 2)],
    ['a body that is too long', 'sendevent X\nContent-Length: 9999999\n\n'],
    ['more commands than can wait', 'api version\n\n'.repeat(PENDING_COMMANDS_MAX + 1)],
  ])('are cut off: %s', async (_, text) => {
    const [bad, good] = [await open(), await open()];
    bad.socket.write(text);
    await bad.closed();
    expect(await good.ask('api uuid_exists x')).toBe('false');
    good.close();
  });

  test('that never read are cut off, and others go on', async () => {
    const [bad, good] = [await open(), await open()];
    await bad.ask('event json CUSTOM flood');
    bad.socket.pause();
    const body = 'x'.repeat(500_000);
    let gone = false;
    bad.socket.once('close', () => {
      gone = true;
    });
    for (let sent = 0; sent < 3 * UNREAD_BYTES_MAX; sent += body.length) {
      bus.publish({ name: 'CUSTOM', subclass: 'flood' }, () => new SwitchEvent({ 'Event-Name': 'CUSTOM' }, body));
      await new Promise((resolve) => setImmediate(resolve));
    }
    bad.socket.resume();
    await expect.poll(() => gone).toBe(true);
    expect(await good.ask('api uuid_exists x')).toBe('false');
    good.close();
  });

  test('get only so many jobs at once', async () => {
    const client = await open();
    client.socket.write('bgapi version\n\n'.repeat(BACKGROUND_JOBS_MAX + 1));
    const replies: (string | undefined)[] = [];
    while (replies.length <= BACKGROUND_JOBS_MAX) replies.push((await client.next()).headers['Reply-Text']);
    expect(replies.at(-1)).toBe('-ERR too many jobs');
    expect(replies.at(-2)).toMatch(/^\+OK Job-UUID/);
    expect(await client.ask('bgapi version')).toMatch(/^\+OK Job-UUID/); // the others are done
    client.close();
  });

  test('bytes of every kind do no harm', async () => {
    const good = await open();
    for (const text of [
      '\0\0\0\n\n',
      '%%%\n\n',
      '\u{1F600}\n\n',
      `${'a: b\n'.repeat(5_000)}\n`,
      ': \n\n',
      'api %\n\n',
    ]) {
      const bad = await EslClient.dial(server.port);
      bad.socket.write(text);
      bad.socket.write(text.slice(0, -1));
      bad.close();
    }
    expect(await good.ask('api %n')).toBe('-ERR %n Command not found!\n');
    expect(await good.ask('filter a %25%')).toBe('+OK filter added. [a]=[%2525%25]');
    good.close();
  });
});

test.each([
  ['127.0.0.1:8085', { host: '127.0.0.1', port: 8_085 }],
  [' localhost:1 ', { host: '127.0.0.1', port: 1 }],
  ['127.0.0.1', undefined],
  ['127.0.0.1:0', undefined],
  ['127.0.0.1:99999', undefined],
  ['app.example:8085', undefined],
  ['300.1.1.1:8085', undefined],
  ['', undefined],
])('the address of an application: "%s"', (text, target) => {
  expect(parseTarget(text)).toEqual(target);
});

describe('when it closes', () => {
  const another = (allowed: boolean, log = silentLog): Promise<EventSocketServer> => {
    const options = { address: '127.0.0.1', port: 0, secret: SECRET, allowed: () => allowed };
    return openEventSocketServer(options, { board, bus, commands: API_COMMANDS, log });
  };
  /** One that never closes its side. */
  async function holding(port: number): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    socket.on('error', () => undefined);
    await withTimeOut(systemClock, 'rejection', 5_000, once(socket, 'data'));
    return socket;
  }

  test('nobody who was refused can hold it up', async () => {
    const closing = await another(false);
    const socket = await holding(closing.port);
    await withTimeOut(systemClock, 'close', 5_000, closing.close());
    socket.destroy();
  });

  test('no socket is dialled for a channel any more', async () => {
    const closing = await another(true);
    const application = createServer().listen(0, '127.0.0.1');
    await once(application, 'listening');
    const { port } = application.address() as AddressInfo;
    await closing.close();
    await expect(closing.attach({} as Channel, `127.0.0.1:${port}`)).rejects.toThrow('closed');
    application.close();
  });

  test('or before: a flood of strangers writes few lines', async () => {
    let lines = 0;
    const log: Log = { ...silentLog, warn: () => void lines++, child: () => log };
    const flooded = await another(false, log);
    const sockets = await Promise.all(Array.from({ length: 20 }, () => holding(flooded.port)));
    expect(lines).toBe(LINES_PER_PERIOD);
    for (const socket of sockets) socket.destroy();
    await flooded.close();
  });
});
