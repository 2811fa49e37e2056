import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCSeq } from '../../../src/switch/sip/message/cseq.js';
import type { SipMessage, SipRequest } from '../../../src/switch/sip/message/message.js';
import { tagOf } from '../../../src/switch/sip/message/name-address.js';
import { parseMessage } from '../../../src/switch/sip/message/parse.js';
import type { Phone } from './phone.js';
import { type Frame, RawApp } from './raw-app.js';
import { Scene, SECRET } from './scene.js';

/** The SIP port of the recorded server. */
const SERVER_PORT = '20060';
/** Headers that hold what each side makes up, or that differ in form alone. */
const OWN_HEADERS = new Set(['Via', 'Content-Length']);

const MISPLACED = /To: <?(sip:[^>;\r]*)>?;transport=tcp/g;

interface Recorded {
  readonly from: 'app' | 'server';
  readonly payload: string;
}

function recording(name: string): Recorded[] {
  const text = readFileSync(new URL(`../../traces/drachtio/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);
}

function frameOf(payload: string): Frame {
  const end = payload.indexOf('\r\n');
  const leader = end < 0 ? payload : payload.slice(0, end);
  return { tokens: leader.split('|'), message: end < 0 ? '' : payload.slice(end + 2) };
}

function sipOf(text: string): SipMessage {
  const parsed = parseMessage(Buffer.from(text));
  if (!parsed.ok) throw new Error(`not SIP: ${parsed.reason}\n${text}`);
  return parsed.message;
}

/** Plays the application and the phones of a recording against our server, and compares what the server says. */
class Replay {
  readonly #phones = new Map<string, Phone>();
  /** Requests with a provisional answer, by Call-ID and method. */
  readonly #ringing = new Map<string, SipRequest>();
  /** What the recorded server made up, and what ours made up instead. */
  readonly #ours = new Map<string, string>();

  constructor(
    readonly scene: Scene,
    readonly app: RawApp,
    readonly sipPort = scene.sipPort,
  ) {
    this.#ours.set(SERVER_PORT, String(sipPort));
  }

  async play(recorded: readonly Recorded[]): Promise<void> {
    for (const { from, payload } of recorded) await this.#openPhones(payload, from);
    for (const { from, payload } of recorded) {
      if (from === 'app') {
        const text = this.#translated(payload);
        this.app.write(`${Buffer.byteLength(text)}#${text}`);
      } else await this.#hear(frameOf(payload));
    }
    expect(this.app.unread).toBe(0);
  }

  /** One phone for every port that the recorded server was called from or called. */
  async #openPhones(payload: string, from: 'app' | 'server'): Promise<void> {
    const { tokens, message } = frameOf(payload);
    const source = from === 'server' && tokens[1] === 'sip' ? tokens[6] : undefined;
    const target =
      from === 'app' && !message.includes('transport=tcp') ? /^\w+ sip:[^ ]*:(\d+)/.exec(message)?.[1] : undefined;
    for (const port of [source, target]) {
      if (port === undefined || port === '0' || this.#phones.has(port)) continue;
      const phone = await this.scene.phone();
      this.#phones.set(port, phone);
      this.#ours.set(port, String(phone.port));
    }
  }

  async #hear(theirs: Frame): Promise<void> {
    const phone = theirs.tokens[1] === 'sip' ? this.#phones.get(theirs.tokens[6] ?? '') : undefined;
    if (phone !== undefined) await this.#speak(phone, theirs.message);
    const ours = await this.app.next();
    this.#learn(theirs, ours);
    expect(leaderOf(ours)).toBe(this.#translated(leaderOf(theirs)));
    if (theirs.message === '') return;
    expect(Number(ours.tokens[ours.tokens[1] === 'sip' ? 3 : 5])).toBe(bytesOf(ours));
    expect(linesOf(ours.message)).toEqual(linesOf(this.#translated(theirs.message)));
    expect(sipOf(ours.message).body.equals(sipOf(theirs.message).body)).toBe(true);
  }

  /** Lets a phone send what the recorded server heard from it. */
  async #speak(phone: Phone, recorded: string): Promise<void> {
    const message = sipOf(this.#translated(recorded));
    if (message.kind === 'request') {
      const via = message.headers.get('Via') ?? '';
      message.headers.setFirst('Via', via.replace(/;rport=\d+/, ''));
      phone.send(message, this.sipPort);
      return;
    }
    const method = parseCSeq(message.headers.get('CSeq') ?? '')?.method ?? '';
    const call = `${message.headers.get('Call-ID')} ${method}`;
    const asked = this.#ringing.get(call) ?? (await phone.asked(method));
    if (message.status < 200) this.#ringing.set(call, asked);
    else this.#ringing.delete(call);
    for (const name of ['Via', 'CSeq']) message.headers.setFirst(name, asked.headers.get(name) ?? '');
    phone.send(message, this.sipPort);
  }

  #learn(theirs: Frame, ours: Frame): void {
    const isReply = theirs.tokens[1] === 'response';
    const txn = isReply ? 10 : 8;
    this.#pair(theirs.tokens[txn], ours.tokens[txn]);
    if (theirs.message === '' || ours.message === '') return;
    const [a, b] = [sipOf(theirs.message), sipOf(ours.message)];
    this.#pair(a.headers.get('Call-ID'), b.headers.get('Call-ID'));
    for (const name of ['From', 'To']) this.#pair(tagOf(a.headers.get(name)), tagOf(b.headers.get(name)));
  }

  #pair(theirs: string | undefined, ours: string | undefined): void {
    if (theirs === undefined || ours === undefined || theirs.length < 5) return;
    if (!this.#ours.has(theirs)) this.#ours.set(theirs, ours);
  }

  /** The recorded words with our names in them; bodies stay as they are. */
  #translated(text: string): string {
    const end = text.indexOf('\r\n\r\n');
    let head = end < 0 ? text : text.slice(0, end);
    for (const [theirs, ours] of this.#ours)
      head = head.replaceAll(new RegExp(`(?<![\\w-])${escaped(theirs)}(?!\\w)`, 'g'), ours);
    return end < 0 ? head : head + text.slice(end);
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A leader without what no two runs share: the server's own id, sizes and times. */
function leaderOf({ tokens }: Frame): string {
  const masked = tokens.map((token) => (/^\d\d:\d\d:\d\d\.\d{6}$/.test(token) ? '<time>' : token));
  const size = tokens[1] === 'sip' ? 3 : 5;
  if (masked.length > size && masked[size] !== '0') masked[size] = '<bytes>';
  return ['<id>', ...masked.slice(1)].join('|');
}

function bytesOf({ tokens, message }: Frame): number {
  return tokens[1] === 'sip' && tokens[6] === '0' ? 0 : Buffer.byteLength(message);
}

/** Start line, then headers in alphabetical order; of CSeq only the method: where numbers begin is free. */
function linesOf(text: string): string[] {
  const message = sipOf(text);
  const start = message.kind === 'request' ? `${message.method} ${message.uri}` : `${message.status} ${message.reason}`;
  const headers = [...message.headers].filter(([name]) => !OWN_HEADERS.has(name));
  return [start, ...headers.map(([name, value]) => `${name}: ${name === 'CSeq' ? value.split(' ')[1] : value}`).sort()];
}

describe('conversations recorded from the real server', () => {
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

  it.each(['02-createEndpoint-3pcc', '04-connectCaller', '08-bridge', '11-caller-hangup-mid-playback'])(
    '%s',
    async (name) => {
      await new Replay(scene, app).play(recording(name));
      expect(scene.server.snapshot()).toMatchObject({ incoming: 0, outgoing: 0, dialogs: 0 });
    },
  );

  it('14-sip-misc: a refused call', () => new Replay(scene, app).play(recording('14-sip-misc').slice(15)));

  it('14-sip-misc: an unreachable peer', async () => {
    const tcp = scene.server.sipListeners.find((own) => own.transport === 'tcp');
    // The recorded server misplaces the URI parameter in To; ours does not.
    const recorded = recording('14-sip-misc')
      .slice(0, 5)
      .map(({ from, payload }) => ({ from, payload: payload.replace(MISPLACED, 'To: <$1;transport=tcp>') }));
    await new Replay(scene, app, tcp?.port).play(recorded);
  });

  it('01-connect: the greeting', async () => {
    const [, theirs] = recording('01-connect').map(({ payload }) => frameOf(payload));
    const raw = await RawApp.open(scene.server.address.port);
    const ours = await raw.ask(`authenticate|${SECRET}|`);
    expect(ours).toHaveLength((theirs?.tokens.length ?? 0) - 3);
    raw.destroy();
  });
});
