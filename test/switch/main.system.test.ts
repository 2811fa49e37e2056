// The switch as its own process, compiled: what it says, a real call through it, how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { openCertificates } from '../../src/switch/certificates.js';
import { compile } from '../support/compiled.js';
import { eventually, removeFolder } from '../support/servers.js';
import { connectApp, type Dlg } from './drachtio/application.js';
import { Phone } from './drachtio/phone.js';
import { EslClient } from './event-socket/esl-client.js';
import { connectMedia, type Endpoint, type Media } from './event-socket/media-scene.js';
import { RtpPeer } from './event-socket/rtp-peer.js';
import { heardMs, tone, writeWav } from './event-socket/tones.js';

interface Ready {
  readonly ready: true;
  readonly drachtio: string;
  readonly eventSocket: string;
  readonly sip: readonly string[];
  readonly secretFile: string;
}

let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await compile(['switch/main.ts', 'switch/media/worker.ts']);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => removeFolder(folder));

function start(environment: Record<string, string> = {}, ...args: string[]): ChildProcess {
  const anyPort = { HILO_SIP_PORT: '0', DRACHTIO_PORT: '0', FREESWITCH_PORT: '0', HILO_RTP_PORTS: '40000-40999' };
  const env = { PATH: process.env['PATH'] ?? '', HILO_DATA: join(folder, 'data'), ...anyPort, ...environment };
  const child = spawn(process.execPath, [join(folder, 'dist/switch/main.js'), ...args], { env });
  children.push(child);
  return child;
}

async function ready(child: ChildProcess): Promise<Ready> {
  if (!child.stdout) throw new Error('no output');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as Ready;
}

async function end(child: ChildProcess): Promise<{ code: number | null; errors: string; output: string }> {
  let [errors, output] = ['', ''];
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, errors, output };
}

const portOf = (address: string): number => Number(address.split(':').at(-1));

test('serves a call from ring to hang-up, says goodbye when it is told to stop', async () => {
  const child = start();
  const told = await ready(child);
  expect(told.sip.map((address) => address.split('/')[0])).toEqual(['udp', 'tcp', 'tls', 'ws', 'wss']);
  expect((await stat(told.secretFile)).mode & 0o777).toBe(0o600);
  const secrets = JSON.parse(await readFile(told.secretFile, 'utf8')) as { drachtio: string; eventSocket: string };
  const prompt = join(folder, 'prompt.wav');
  writeWav(prompt, tone(500, 400));

  let onCall: (connected: { endpoint: Endpoint; dialog: Dlg }) => void = () => undefined;
  const connected = new Promise<{ endpoint: Endpoint; dialog: Dlg }>((resolve) => {
    onCall = resolve;
  });
  const holder: { media?: Media } = {};
  const { srf } = await connectApp(portOf(told.drachtio), secrets.drachtio, (app) => {
    app.invite((req, res) => void holder.media?.connectCaller(req, res).then(onCall));
  });
  const [address, port] = told.eventSocket.split(':');
  holder.media = await connectMedia(srf, { address, port: Number(port), secret: secrets.eventSocket });
  const [phone, rtp] = [await Phone.open(), await RtpPeer.open()];
  const sipPort = portOf(told.sip[0] ?? '');
  const invite = phone.ask('INVITE', sipPort, { body: rtp.sdp });
  const answer = await phone.response(200, 'INVITE');
  phone.follow('ACK', invite, answer, sipPort);
  rtp.follow(answer.body.toString());
  const { endpoint } = await connected;
  await endpoint.play(prompt);
  await eventually('the prompt was heard', () => heardMs(rtp.samples, 500) > 300);

  holder.media.disconnect(); // later they would try to connect again for ever
  srf.disconnect();
  child.kill('SIGTERM');
  const { code } = await end(child);
  await phone.asked('BYE');
  expect(code).toBe(0);
  phone.close();
  rtp.close();
});

test('speaks secure WebSocket with a certificate of its own, read again when it is told to', async () => {
  const child = start({ HILO_DATA: join(folder, 'tls-data') });
  const told = await ready(child);
  const port = portOf(told.sip.find((address) => address.startsWith('wss/')) ?? '');
  const answer = async (): Promise<{ readonly text: string; readonly fingerprint: string }> => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}`, 'sip', { rejectUnauthorized: false });
    let fingerprint = '';
    socket.once('upgrade', (response: IncomingMessage) => {
      fingerprint = (response.socket as TLSSocket).getPeerCertificate().fingerprint256;
    });
    await once(socket, 'open');
    socket.send(
      'OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n' +
        'To: <sip:x@h>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n\r\n',
    );
    const [data] = (await once(socket, 'message')) as [Buffer];
    socket.terminate();
    return { text: data.toString(), fingerprint };
  };
  const first = await answer();
  expect(first.text).toMatch(
    /^SIP\/2\.0 503 .*\r\nVia: SIP\/2\.0\/WSS x\.invalid;branch=z9hG4bK1;rport=\d+;received=127/s,
  );
  const newer = await openCertificates({
    folder: join(folder, 'tls-newer'),
    hosts: [],
    clock: systemClock,
    log: silentLog,
  });
  newer.close();
  for (const [from, name] of [
    [newer.files.key, 'key.pem'],
    [newer.files.cert, 'cert.pem'],
  ] as const) {
    await writeFile(join(folder, 'tls-data/tls', name), await readFile(from));
  }
  const said = new Promise<void>((resolve) => {
    child.stderr?.on('data', (line: Buffer) => line.includes('certificate read again') && resolve());
  });
  child.kill('SIGHUP');
  await said;
  expect((await answer()).fingerprint).not.toBe(first.fingerprint);
});

test('listens only where it is told to', async () => {
  const told = await ready(start({ HILO_SIPS_PORT: 'off', HILO_WSS_PORT: 'off' }));
  expect(told.sip.map((address) => address.split('/')[0])).toEqual(['udp', 'tcp', 'ws']);
});

test('takes the secrets it is given and writes none', async () => {
  const child = start({ DRACHTIO_SECRET: 'one', FREESWITCH_SECRET: 'two' });
  const told = await ready(child);
  expect(told).not.toHaveProperty('secretFile');
  const client = await EslClient.dial(portOf(told.eventSocket));
  await client.next();
  expect(await client.ask('auth two')).toBe('+OK accepted');
  client.close();
});

test('a port that is taken ends it with the reason, and nothing stays open', async () => {
  const first = await ready(start());
  const { code, errors } = await end(start({ FREESWITCH_PORT: String(portOf(first.eventSocket)) }));
  expect(code).toBe(1);
  expect(errors).toContain('EADDRINUSE');
});

test.each([
  ['HILO_SIP_HOST', 'phone.example'],
  ['HILO_SIP_HOST', '0.0.0.0'],
  ['HILO_RTP_PORTS', '20000'],
  ['HILO_RTP_PORTS', '20000-10000'],
  ['DRACHTIO_PORT', '70000'],
  ['HILO_MEDIA_WORKERS', 'many'],
  ['HILO_WSS_PORT', 'none'],
  ['HILO_TLS_CERT', '/nowhere/cert.pem'],
  ['HILO_TLS_CA', '/nowhere/ca.pem'],
  ['HILO_SIP_CONNECTIONS', '0'],
  ['HILO_SIP_RATE', '-1'],
  ['HILO_SIP_LOST_CONNECTION', 'never'],
  ['HILO_SIP_IDLE', '5'],
  ['HILO_MEDIA_ENGINE', 'quick'],
])('a bad %s (%s) is named', async (name, value) => {
  const { code, errors } = await end(start({ [name]: value }));
  expect(code).toBe(2);
  expect(errors).toContain(name);
});

test('--help tells the settings', async () => {
  const { code, output } = await end(start({}, '--help'));
  expect(code).toBe(0);
  expect(output).toContain('HILO_SIP_PORT');
});
