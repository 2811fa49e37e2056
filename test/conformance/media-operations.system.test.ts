// Less common operations on a leg: an offer of our own, tones looked for on either side, recordings that follow, and
// what a member of a conference hears alone and does by keys (compatibility D4, F1-F3).
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Connected, Endpoint } from '../switch/event-socket/media-scene.js';
import { heardMs, readWav } from '../switch/event-socket/tones.js';
import { MediaScene } from './media-scene.js';
import { mixedMs } from './mixed-tones.js';
import { conforms } from './pair.js';

let scene: MediaScene;
let a: Connected;
let b: Connected;
let serial = 0;
beforeAll(async () => {
  scene = await MediaScene.open();
  [a, b] = [await scene.caller(), await scene.caller()];
});
afterAll(() => scene?.close());

const HZ = { a: 500, b: 700 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const api = async (command: string): Promise<string> => (await scene.media.api(command)).trim();

async function hears({ rtp }: Connected, hz: number, ms = 200): Promise<void> {
  rtp.forget();
  await scene.until(`${hz} Hz`, () => mixedMs(rtp.samples, hz) >= ms);
}
async function hearsNot({ rtp }: Connected, hz: number): Promise<void> {
  await pause(200);
  rtp.forget();
  await pause(300);
  expect(mixedMs(rtp.samples, hz)).toBeLessThan(60);
}

describe('an offer of the media server', () => {
  conforms('reaches the application, whose answer is in force from then on', async () => {
    const { endpoint, rtp } = a;
    const offered = new Promise<string>((resolve) => {
      endpoint.dialog.on('modify', (req, res) => {
        resolve(req.body);
        res.send(200, { body: rtp.sdp });
      });
    });
    expect(await api(`uuid_media_reneg ${endpoint.uuid}`)).toBe('+OK Success');
    expect(await offered).toContain(`m=audio ${endpoint.local.mediaPort} RTP/AVP `);
    rtp.forget();
    await endpoint.play('tone_stream://%(400,0,1300)');
    expect(heardMs(rtp.samples, 1300)).toBeGreaterThan(250);
    expect(await api('uuid_media_reneg nobody')).toBe('-ERR Operation Failed');
  });
});

describe('a tone', () => {
  let told = 0;
  /** The event that tone_detect has an application tell. */
  const TELL = 'event Event-Name=CUSTOM,Event-Subclass=hilo::tone 1';
  beforeAll(() => {
    const endpoint = a.endpoint as Endpoint & {
      addCustomEventListener(name: string, listener: () => void): void;
    };
    endpoint.addCustomEventListener('hilo::tone', () => {
      told++;
    });
  });

  conforms('is told once when the caller says it', async () => {
    await a.endpoint.execute('tone_detect', `said 1100 r +0 ${TELL}`);
    a.rtp.say(1100);
    await scene.until('told', () => told > 0);
    a.rtp.say(undefined);
    await pause(200);
    a.rtp.say(1100);
    await pause(800);
    expect(told).toBe(1);
    a.rtp.say(undefined);
    await a.endpoint.execute('stop_tone_detect');
  });

  conforms('is told when the caller hears it, and not when he says it', async () => {
    told = 0;
    await a.endpoint.execute('tone_detect', `heard 1100 w +0 ${TELL}`);
    a.rtp.say(1100);
    await pause(600);
    expect(told).toBe(0);
    a.rtp.say(undefined);
    await a.endpoint.play('tone_stream://%(1000,0,1100)');
    await scene.until('told', () => told === 1);
    await a.endpoint.execute('stop_tone_detect');
  });
});

describe('a recording', () => {
  conforms('goes on at the partner when he is sent elsewhere and it is to follow', async () => {
    const file = scene.file('followed.wav');
    await a.endpoint.set({ RECORD_STEREO: 'true', recording_follow_transfer: 'true', park_after_bridge: 'true' });
    await a.endpoint.bridge(b.endpoint);
    a.rtp.say(HZ.a);
    b.rtp.say(HZ.b);
    await hears(a, HZ.b);
    await a.endpoint.recordSession(file);
    await pause(1_000);
    expect(await api(`uuid_transfer ${a.endpoint.uuid} -bleg park inline`)).toMatch(/^\+OK/);
    a.rtp.say(undefined);
    await pause(300);
    await b.endpoint.play('tone_stream://%(800,0,1300)');
    expect(await api(`uuid_record ${b.endpoint.uuid} stop all`)).toMatch(/^\+OK/);
    await pause(200);
    const { samples, channels } = readWav(readFileSync(file));
    expect(channels).toBe(2);
    const [left, right] = [0, 1].map((one) => samples.filter((_, at) => at % 2 === one));
    expect(mixedMs(left ?? samples, HZ.a)).toBeGreaterThan(600);
    expect(mixedMs(left ?? samples, HZ.b)).toBeGreaterThan(600);
    expect(mixedMs(right ?? samples, 1300)).toBeGreaterThan(500);
    b.rtp.say(undefined);
    await a.endpoint.set({ RECORD_STEREO: 'false', recording_follow_transfer: 'false' });
  });
});

describe('a member of a conference', () => {
  const MUSIC_HZ = 900;
  let room = '';
  const line = async (who: Connected): Promise<readonly string[]> =>
    (await api(`conference ${room} list`))
      .split('\n')
      .find((one) => one.includes(who.endpoint.uuid))
      ?.split(';') ?? [];
  async function until(what: string, fact: (fields: readonly string[]) => boolean): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (fact(await line(a))) return;
      await pause(50);
    }
    throw new Error(`not in time: ${what}; ${(await line(a)).join(';')}`);
  }
  async function enter(who: Connected, argument = room): Promise<Promise<unknown>[]> {
    const left = who.endpoint.execute('conference', argument);
    for (let tries = 0; tries < 100 && (await line(who)).length === 0; tries++) await pause(50);
    return [left];
  }
  async function kick(who: Connected): Promise<void> {
    await api(`conference ${room} kick ${(await line(who))[0]}`);
  }

  conforms('hears the music that it brings while it is alone', async () => {
    room = `lone-${process.pid}-${++serial}`;
    await a.endpoint.set('conference_moh_sound', `tone_stream://%(1000,0,${MUSIC_HZ});loops=-1`);
    const [left] = await enter(a);
    await hears(a, MUSIC_HZ);
    b.rtp.say(HZ.b);
    const [other] = await enter(b);
    await hears(a, HZ.b);
    await hearsNot(a, MUSIC_HZ);
    await kick(b);
    await other;
    await hears(a, MUSIC_HZ);
    await kick(a);
    await left;
    await a.endpoint.set('conference_moh_sound', '');
  });

  conforms('mutes, deafens, turns up and leaves by keys when it has the controls', async () => {
    room = `keys-${process.pid}-${++serial}`;
    await a.endpoint.set('conference_controls', 'default');
    a.rtp.say(HZ.a);
    const [left] = await enter(a);
    const [other] = await enter(b);
    await hears(b, HZ.a);
    await a.rtp.press('0');
    await until('mute', (fields) => !/speak/.test(fields[5] ?? ''));
    await hearsNot(b, HZ.a);
    await a.rtp.press('0');
    await hears(b, HZ.a);
    await a.rtp.press('*');
    await until('deaf', (fields) => !/hear|speak/.test(fields[5] ?? ''));
    await hearsNot(a, HZ.b);
    await a.rtp.press('*');
    await hears(a, HZ.b);
    const before = Number((await line(a))[8]);
    await a.rtp.press('639');
    await until('levels', (fields) => fields[6] === '1' && fields[7] === '1' && Number(fields[8]) === before + 200);
    await a.rtp.press('528');
    await until('levels as before', (fields) => fields[6] === '0' && fields[7] === '0' && Number(fields[8]) === before);
    await a.rtp.press('#');
    await left;
    await kick(b);
    await other;
    await a.endpoint.set('conference_controls', '');
    a.rtp.say(undefined);
  });

  conforms('has neither music nor keys in the usual profile', async () => {
    room = `plain-${process.pid}-${++serial}`;
    const [left] = await enter(a);
    a.rtp.forget();
    await a.rtp.press('0#');
    await pause(300);
    expect((await line(a))[5]).toMatch(/hear\|speak/);
    expect(a.rtp.samples.some((sample) => Math.abs(sample) > 500)).toBe(false);
    await kick(a);
    await left;
  });
});
