// The recorded conversations of FreeSWITCH 1.10.12 and drachtio-fsmrf, command by command: our messages must come in
// the same order and say the same. Files are shorter than the recorded ones; only order and words count.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EslClient, Message } from './esl-client.js';
import { type Leg, LegScene } from './leg-scene.js';
import { tone, writeWav } from './tones.js';

let scene: LegScene;
beforeAll(async () => {
  scene = await LegScene.open();
  for (const [name, ms] of [
    ['p2', 200],
    ['p5', 1_500],
    ['p10', 3_000],
  ] as const) {
    writeWav(join(scene.folder, `${name}.wav`), tone(500, ms));
  }
});
afterAll(() => scene?.close());

interface Line {
  readonly link: string;
  readonly what: 'command' | 'message' | 'connect' | 'end';
  readonly text: string;
}

function readTrace(name: string): Line[] {
  const text = readFileSync(join('test/traces/event-socket', `${name}.sum`), 'utf8');
  return text.split('\n').flatMap((line): Line[] => {
    const match = /^ *\d+ (esl-\S+) +(app->fs|fs->app|==):? (.*)$/.exec(line);
    const [, link = '', direction, rest = ''] = match ?? [];
    if (direction === 'app->fs') return [{ link, what: 'command', text: rest }];
    if (direction === 'fs->app' && !/ HEARTBEAT /.test(` ${rest} `)) return [{ link, what: 'message', text: rest }];
    if (direction === '==') return [{ link, what: rest.startsWith('connect') ? 'connect' : 'end', text: rest }];
    return [];
  });
}

/** What both sides must agree on, of a recorded line. */
function recorded(text: string): string {
  const event = /^EVENT (\S+)/.exec(text)?.[1];
  const field = (name: string): string | undefined =>
    new RegExp(` ${name}=(.*?)(?= [A-Z][\\w-]*=| variable_|$)`).exec(text)?.[1];
  if (event !== undefined) return signature(event, field);
  if (text.startsWith('API-RESPONSE')) return `API ${firstWords(text.slice('API-RESPONSE '.length))}`;
  if (text.startsWith('REPLY')) return text.includes('CHANNEL_DATA') ? 'REPLY CHANNEL_DATA' : masked(text.trim());
  return text.startsWith('text/disconnect-notice') ? 'NOTICE' : text;
}

/** The same of a message of ours. */
function sent(message: Message): string {
  const type = message.headers['Content-Type'];
  if (type === 'text/event-json') {
    const event = JSON.parse(message.body) as Record<string, string>;
    return signature(event['Event-Name'] ?? '', (name) => event[name]);
  }
  if (type === 'api/response') return `API ${firstWords(message.body)}`;
  if (type === 'text/disconnect-notice') return 'NOTICE';
  return message.headers['Event-Name'] === 'CHANNEL_DATA'
    ? 'REPLY CHANNEL_DATA'
    : masked(`REPLY ${message.headers['Reply-Text']}`);
}

function signature(event: string, field: (name: string) => string | undefined): string {
  const names = ['Application', 'Channel-Call-State', 'Channel-State', 'Hangup-Cause', 'Playback-Status', 'DTMF-Digit'];
  // FreeSWITCH shows in the end of `socket` what the application before it said.
  if (field('Application') !== 'socket') names.push('Application-Response');
  return [event, ...names.map((name) => field(name)?.trim() ?? '')].join(' ').trimEnd();
}

function firstWords(body: string): string {
  return masked(body.trim()).split(/[\n/]/)[0]?.trim().slice(0, 40) ?? '';
}

function masked(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, '<uuid>');
}

/** A recorded command, with our ids and folders in place of theirs. */
function command(text: string, ids: readonly string[]): string {
  let at = 0;
  const [line = '', ...headers] = text.split(' | ');
  const named = line.replace(/<uuid>/g, () => ids[Math.min(at++, ids.length - 1)] ?? '');
  return [named, ...headers]
    .map((part) => part.replace('<uuid>', crypto.randomUUID()).replaceAll(/\/srv\/refpbx\/\w+/g, scene.folder))
    .join('\n');
}

/** The links in order of appearance; the first leg's partner is the second. */
async function replay(name: string): Promise<{ ours: string[]; theirs: string[]; legs: Leg[] }> {
  const legs = new Map<string, Leg>();
  const links = new Map<string, EslClient>();
  const ours: string[] = [];
  const theirs: string[] = [];
  for (const { link, what, text } of readTrace(name)) {
    if (what === 'connect') legs.set(link, await scene.leg());
    const leg = legs.get(link);
    if (!links.has(link)) links.set(link, leg?.socket ?? (await scene.client()));
    const client = links.get(link);
    const ids = [...(leg ? [leg.id] : []), ...[...legs.values()].filter((one) => one !== leg).map((one) => one.id)];
    if (what === 'command' && text !== 'connect') client?.send(command(text, ids));
    if (what === 'end') await client?.closed();
    if (what !== 'message' || !client || text.includes('CHANNEL_DATA headers')) continue;
    const digit = /DTMF-Digit=(\S)/.exec(text)?.[1];
    if (digit !== undefined) void leg?.rtp.press(digit);
    theirs.push(`${link} ${recorded(text)}`);
    ours.push(`${link} ${sent(await client.next())}`);
  }
  return { ours, theirs, legs: [...legs.values()] };
}

test.each([
  '02-createEndpoint-3pcc',
  '03-createEndpoint-remoteSdp',
  '05-play',
  '06-playCollect',
  '07-record',
  '08-bridge',
  '10-mute',
  '11-caller-hangup-mid-playback',
  '12-fs-side-hangup',
])('%s', async (name) => {
  const { ours, theirs, legs } = await replay(name);
  expect(ours).toEqual(theirs);
  expect(theirs.length).toBeGreaterThan(5);
  for (const { phone } of legs) expect((await phone.asked('BYE')).headers.get('Reason')).toContain('cause=16');
});
