// Every torture message of RFC 4475 and RFC 5118 over UDP and TCP, at a server whose application accepts everything.
import { createSocket } from 'node:dgram';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { withTimeOut } from '../../../src/lib/time-out.js';
import { PlainApplication } from '../../../src/sim/fuzz/plain-application.js';
import { Scene, SECRET } from './scene.js';

const LIMIT_MS = 5_000;
const VERBS = ['invite', 'register', 'options', 'message', 'info', 'subscribe', 'notify', 'publish', 'refer'];

/** File, section, final answer, and the one over TCP if it is another; `-`: silence, as for responses and ACK. */
type Row = readonly [file: string, section: string, answer: string, overTcp?: string];

const RFC_4475: readonly Row[] = [
  ['wsinv', '3.1.1.1', '481 Call/Transaction Does Not Exist'], // its To tag names a dialog that nobody knows
  ['intmeth', '3.1.1.2', '501 Not Implemented'],
  ['esc01', '3.1.1.3', '200 OK'],
  ['escnull', '3.1.1.4', '200 OK'],
  ['esc02', '3.1.1.5', '501 Not Implemented'], // a method is not unescaped
  ['lwsdisp', '3.1.1.6', '200 OK'],
  ['longreq', '3.1.1.7', '200 OK'],
  ['dblreq', '3.1.1.8', '200 OK', '400 Missing or invalid Contact'], // a datagram has one message; the stream breaks behind the second
  ['semiuri', '3.1.1.9', '200 OK'],
  ['transports', '3.1.1.10', '200 OK'],
  ['mpart01', '3.1.1.11', '200 OK'],
  ['unreason', '3.1.1.12', '-'],
  ['noreason', '3.1.1.13', '-'],
  ['badinv01', '3.1.2.1', '400 Bad Via'],
  ['clerr', '3.1.2.2', '400 Content-Length Exceeds Message', '-'], // the stream waits for the rest
  ['ncl', '3.1.2.3', '400 Bad Content-Length'],
  ['scalar02', '3.1.2.4', '400 Bad CSeq'],
  ['scalarlg', '3.1.2.5', '-'],
  ['quotbal', '3.1.2.6', '400 Bad To'],
  ['ltgtruri', '3.1.2.7', '400 Bad Request-URI'],
  ['lwsruri', '3.1.2.8', '400 Bad Request-URI'],
  ['lwsstart', '3.1.2.9', '400 Bad Request-URI'],
  ['trws', '3.1.2.10', '400 Bad Request Line'],
  ['escruri', '3.1.2.11', '400 Headers in Request-URI'],
  ['baddate', '3.1.2.12', '200 OK'], // nobody here reads Date
  ['regbadct', '3.1.2.13', '400 Bad Contact'],
  ['badaspec', '3.1.2.14', '400 Bad To'],
  ['baddn', '3.1.2.15', '200 OK', '-'], // MAY be let through; without the blank line a stream waits for more
  ['badvers', '3.1.2.16', '505 Version Not Supported'],
  ['mismatch01', '3.1.2.17', '400 CSeq Method Differs'],
  ['mismatch02', '3.1.2.18', '400 CSeq Method Differs'],
  ['bigcode', '3.1.2.19', '-'],
  ['badbranch', '3.2.1', '200 OK'], // matched by the rules of RFC 2543
  ['insuf', '3.3.1', '400 Missing From'],
  ['unkscm', '3.3.2', '416 Unsupported URI Scheme'],
  ['novelsc', '3.3.3', '416 Unsupported URI Scheme'],
  ['unksm2', '3.3.4', '200 OK'], // the address of record is the registrar's business
  ['bext01', '3.3.5', '420 Bad Extension'],
  ['invut', '3.3.6', '200 OK'], // its body is the application's business
  ['regaut01', '3.3.7', '200 OK'], // the scheme is the registrar's business
  ['multi01', '3.3.8', '400 Repeated CSeq'],
  ['mcl01', '3.3.9', '400 Repeated Content-Length'],
  ['bcast', '3.3.10', '-'],
  ['zeromf', '3.3.11', '200 OK'], // only a proxy refuses it
  ['cparam01', '3.3.12', '200 OK'],
  ['cparam02', '3.3.13', '200 OK'],
  ['regescrt', '3.3.14', '200 OK'],
  ['sdp01', '3.3.15', '200 OK'],
  ['inv2543', '3.4.1', '400 Missing From tag', '400 Missing Content-Length'], // drachtio needs the tag; a stream needs the length
];

const RFC_5118: readonly Row[] = [
  ['ipv6-good', '4.1', '200 OK'],
  ['ipv6-bad', '4.2', '400 Bad Request-URI'],
  ['port-ambiguous', '4.3', '200 OK'],
  ['port-unambiguous', '4.4', '200 OK'],
  ['via-received-param-with-delim', '4.5', '481 Call/Transaction Does Not Exist'], // well understood: there is no such dialog
  ['via-received-param-no-delim', '4.5', '481 Call/Transaction Does Not Exist'],
  ['ipv6-in-sdp', '4.6', '200 OK'],
  ['mult-ip-in-header', '4.7', '481 Call/Transaction Does Not Exist'],
  ['mult-ip-in-sdp', '4.8', '200 OK'],
  ['ipv4-mapped-ipv6', '4.9', '200 OK'],
  ['ipv6-bug-abnf-3-colons', '4.10', '200 OK'],
];

let scene: Scene;
let app: PlainApplication;

beforeEach(async () => {
  scene = await Scene.open();
  const { host, port } = scene.server.address;
  app = await PlainApplication.open({ host, port, secret: SECRET, verbs: VERBS, ids: systemIds });
});
afterEach(async () => {
  app?.close();
  await scene?.close();
});

/** Healthy, and sent behind the torture message: when it is answered, so is what came before it. */
const probe = (transport: string): string =>
  [
    'OPTIONS sip:probe@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/${transport.toUpperCase()} 127.0.0.1;branch=z9hG4bKprobe`,
    'Max-Forwards: 70',
    'From: <sip:probe@127.0.0.1>;tag=probe',
    'To: <sip:probe@127.0.0.1>',
    'Call-ID: probe',
    'CSeq: 1 OPTIONS',
    'Content-Length: 0\r\n\r\n',
  ].join('\r\n');

/** Sends over a socket of its own, and returns the final answers once `count` have come and the probe is answered. */
async function overUdp(bytes: Buffer, count: number): Promise<string[]> {
  const socket = createSocket('udp4');
  const heard = new Heard();
  socket.on('message', (data) => heard.take(data.toString()));
  socket.send(bytes, scene.sipPort, '127.0.0.1');
  await heard.until('the answer', () => heard.answers.length >= count);
  socket.send(probe('udp'), scene.sipPort, '127.0.0.1');
  await heard.until('the healthy probe', () => heard.probed);
  socket.close();
  return heard.answers;
}

/** The probe comes over a second connection: a torture message may have broken the stream of the first. */
async function overTcp(bytes: Buffer, count: number): Promise<string[]> {
  const port = scene.server.sipListeners.find((own) => own.transport === 'tcp')?.port ?? 0;
  const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')] as const;
  const heard = new Heard();
  for (const socket of sockets) {
    let stream = '';
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      const heads = (stream + data.toString()).split('\r\n\r\n');
      stream = heads.pop() ?? '';
      for (const head of heads) heard.take(`${head}\r\n`);
    });
  }
  const [tortured, healthy] = sockets;
  tortured.write(bytes);
  await heard.until('the answer', () => heard.answers.length >= count);
  healthy.write(probe('tcp'));
  await heard.until('the healthy probe', () => heard.probed);
  for (const socket of sockets) socket.destroy();
  return heard.answers;
}

class Heard {
  readonly answers: string[] = [];
  probed = false;
  #woken = (): void => undefined;

  take(text: string): void {
    if (/^Call-ID: probe\r$/m.test(text)) this.probed = true;
    else if (!text.startsWith('SIP/2.0 1')) this.answers.push(text.slice(8, text.indexOf('\r\n')));
    this.#woken();
  }

  async until(what: string, fact: () => boolean): Promise<void> {
    while (!fact()) {
      const woken = new Promise<void>((resolve) => {
        this.#woken = resolve;
      });
      await withTimeOut(systemClock, what, LIMIT_MS, woken);
    }
  }
}

function messagesOf(folder: string): Map<string, Buffer> {
  const path = fileURLToPath(new URL(`../sip/${folder}/`, import.meta.url));
  return new Map(readdirSync(path).map((name) => [name.replace('.dat', ''), readFileSync(`${path}${name}`)]));
}

describe.each([
  ['RFC 4475', 'torture', RFC_4475],
  ['RFC 5118', 'torture-ipv6', RFC_5118],
] as const)('%s', (_rfc, folder, table) => {
  const messages = messagesOf(folder);
  const rows = table.map(([file, section, answer, ofTcp = answer]) => ({ file, section, answer, ofTcp }));

  it('has each of its messages in the table', () => {
    expect(rows.map(({ file }) => file).sort()).toEqual([...messages.keys()].sort());
  });

  it.each(rows)('$file (§$section) over UDP: $answer', async ({ file, answer }) => {
    expect(await overUdp(bytesOf(file), countOf(answer))).toEqual(listOf(answer));
  });

  it.each(rows)('$file (§$section) over TCP: $ofTcp', async ({ file, ofTcp }) => {
    expect((await overTcp(bytesOf(file), countOf(ofTcp))).sort()).toEqual(listOf(ofTcp));
  });

  function bytesOf(file: string): Buffer {
    return messages.get(file) ?? Buffer.alloc(0);
  }
});

it('an extension that nobody knows is named in the answer', async () => {
  const bext01 = messagesOf('torture').get('bext01') ?? Buffer.alloc(0);
  const socket = createSocket('udp4');
  const answer = new Promise<string>((resolve) => socket.once('message', (data) => resolve(data.toString())));
  socket.send(bext01, scene.sipPort, '127.0.0.1');
  expect(await withTimeOut(systemClock, 'answer', LIMIT_MS, answer)).toContain('Unsupported: nothingSupportsThis');
  socket.close();
});

function listOf(answer: string): string[] {
  return answer === '-' ? [] : answer.split(', ');
}

function countOf(answer: string): number {
  return listOf(answer).length;
}
