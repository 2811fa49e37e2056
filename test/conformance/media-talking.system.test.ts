// Two legs that hear each other, and what a third may do with them, judged by tones (compatibility D3, F2, F3).
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { Connected, Endpoint } from '../switch/event-socket/media-scene.js';
import { heardMs } from '../switch/event-socket/tones.js';
import { MediaScene } from './media-scene.js';
import { mixedMs } from './mixed-tones.js';
import { conforms } from './pair.js';

interface Connection {
  sendRecv(command: string, done?: () => void): void;
  on(event: string, listener: () => void): void;
}

let scene: MediaScene;
let a: Connected;
let b: Connected;
let c: Connected;
let prompt = '';

const HZ = { a: 500, b: 700, c: 1100 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const api = async (command: string): Promise<string> => (await scene.media.api(command)).trim();
const forget = (): void => {
  for (const { rtp } of [a, b, c]) rtp.forget();
};
/** Somebody hears exactly these for a moment. */
async function hears(who: Connected, ...tones: number[]): Promise<void> {
  const missing = (): number[] => tones.filter((hz) => shareOf(who, hz) < 160);
  forget();
  await scene
    .until(`${tones.join(' and ')} Hz`, () => missing().length === 0)
    .catch(async (error: unknown) => {
      const heard = Object.values(HZ)
        .concat(900)
        .map((hz) => `${hz}: ${shareOf(who, hz)} ms`);
      throw new Error(`${String(error)}; heard ${heard.join(', ')}`);
    });
}
async function hearsNot(who: Connected, ...tones: number[]): Promise<void> {
  await pause(120);
  forget();
  await pause(240);
  for (const hz of tones) expect(shareOf(who, hz), `${hz} Hz`).toBeLessThan(60);
}
const shareOf = (who: Connected, hz: number): number => mixedMs(who.rtp.samples, hz);

beforeAll(async () => {
  scene = await MediaScene.open();
  prompt = scene.tone('prompt.wav', 900, 500);
  [a, b, c] = [await scene.caller(), await scene.caller(), await scene.caller()];
  for (const { endpoint } of [a, b, c])
    await endpoint.set({ park_after_bridge: 'true', hold_music: `tone_stream://%(1000,0,900);loops=-1` });
});
beforeEach(() => {
  a.rtp.say(HZ.a);
  b.rtp.say(HZ.b);
  c.rtp.say(HZ.c);
});
afterAll(() => scene?.close());

describe('a bridge', () => {
  conforms('lets two hear each other', async () => {
    await a.endpoint.bridge(b.endpoint);
    await hears(a, HZ.b);
    await hears(b, HZ.a);
  });

  conforms('tells that it is there, and that each is alone again', async () => {
    const told: string[] = [];
    for (const { endpoint } of [a, b]) {
      const { conn, uuid } = endpoint as Endpoint & { readonly conn: Connection };
      await new Promise<void>((done) => conn.sendRecv('event plain CHANNEL_BRIDGE CHANNEL_PARK', () => done()));
      const who = endpoint === a.endpoint ? 'a' : 'b';
      conn.on(`esl::event::CHANNEL_BRIDGE::${uuid}`, () => told.push(`${who} bridged`));
      conn.on(`esl::event::CHANNEL_PARK::${uuid}`, () => told.push(`${who} parked`));
    }
    await api(`uuid_transfer ${a.endpoint.uuid} -both park inline`);
    await scene.until('parked', () => told.length >= 2);
    await api(`uuid_bridge ${a.endpoint.uuid} ${b.endpoint.uuid}`);
    await scene.until('bridged', () => told.length >= 3);
    expect([told.slice(0, 2).sort(), told.slice(2)]).toEqual([['a parked', 'b parked'], ['a bridged']]);
    for (const { endpoint } of [a, b]) {
      (endpoint as Endpoint & { readonly conn: Connection }).conn.sendRecv('nixevent CHANNEL_BRIDGE CHANNEL_PARK');
    }
    await hears(a, HZ.b);
  });

  conforms('carries keys', async () => {
    b.rtp.keys = '';
    await a.rtp.press('12#');
    await scene.until('three keys', () => b.rtp.keys.length >= 3);
    expect(b.rtp.keys).toBe('12#');
  });

  conforms('is silent from the side that is muted', async () => {
    await a.endpoint.mute();
    await hearsNot(b, HZ.a);
    await hears(a, HZ.b);
    await a.endpoint.unmute();
    await hears(b, HZ.a);
  });

  conforms('hears a file that is played into it, both or one', async () => {
    forget();
    expect(await api(`uuid_broadcast ${a.endpoint.uuid} ${prompt} both`)).toMatch(/^\+OK/);
    await scene.until('both', () => [a, b].every((who) => mixedMs(who.rtp.samples, 900) >= 300));
    await hears(a, HZ.b);
    forget();
    expect(await api(`uuid_broadcast ${a.endpoint.uuid} ${prompt} aleg`)).toMatch(/^\+OK/);
    await scene.until('one', () => mixedMs(a.rtp.samples, 900) >= 300);
    expect(mixedMs(b.rtp.samples, 900)).toBe(0);
    await hears(a, HZ.b);
  });

  conforms('hears a whisper mixed into what one of them hears', async () => {
    forget();
    const whisper = scene.tone('whisper.wav', 900, 3_000);
    expect(await api(`uuid_displace ${a.endpoint.uuid} start ${whisper} 0 mux`)).toMatch(/^\+OK/);
    await hears(a, 900, HZ.b);
    expect(mixedMs(b.rtp.samples, 900)).toBe(0);
    expect(await api(`uuid_displace ${a.endpoint.uuid} stop ${whisper}`)).toMatch(/^\+OK/);
    await hearsNot(a, 900);
  });

  conforms('parts, and both can be played to again', async () => {
    await a.endpoint.unbridge();
    await hearsNot(a, HZ.b);
    await hearsNot(b, HZ.a);
    forget();
    await Promise.all([a.endpoint.play(prompt), b.endpoint.play(prompt)]);
    for (const who of [a, b]) expect(heardMs(who.rtp.samples, 900)).toBeGreaterThan(300);
  });

  conforms('is made again, and with somebody else', async () => {
    await a.endpoint.bridge(b.endpoint);
    await hears(b, HZ.a);
    await a.endpoint.unbridge();
    await a.endpoint.bridge(c.endpoint);
    await hears(c, HZ.a);
    await hears(a, HZ.c);
    await a.endpoint.unbridge();
  });

  conforms('ends a playback that is still going on', async () => {
    const playing = a.endpoint.play('silence_stream://30000');
    await pause(100);
    await a.endpoint.bridge(b.endpoint);
    await hears(b, HZ.a);
    await a.endpoint.unbridge();
    await playing;
  });

  conforms('with a leg that does not exist is refused', async () => {
    await expect(a.endpoint.bridge('00000000-0000-4000-8000-000000000000')).rejects.toThrow(/-ERR/);
  });

  conforms('leaves the other in place when one goes', async () => {
    const { rtp } = await scene.phone();
    const leaving = await scene.media.createEndpoint({ remoteSdp: rtp.sdp });
    rtp.follow(leaving.local.sdp);
    rtp.say(1300);
    await b.endpoint.bridge(leaving);
    await scene.until('they talk', () => mixedMs(b.rtp.samples, 1300) >= 200);
    await leaving.destroy();
    forget();
    await b.endpoint.play(prompt);
    expect(heardMs(b.rtp.samples, 900)).toBeGreaterThan(300);
  });
});

describe('hold', () => {
  conforms('gives the other music, and the conversation back', async () => {
    await a.endpoint.bridge(b.endpoint);
    await hears(b, HZ.a);
    await b.endpoint.set('hold_music', 'tone_stream://%(1000,0,900);loops=-1');
    expect(await api(`uuid_hold ${a.endpoint.uuid}`)).toMatch(/^\+OK/);
    await hears(b, 900);
    expect(await api(`uuid_hold off ${a.endpoint.uuid}`)).toMatch(/^\+OK/);
    await hears(b, HZ.a);
    await a.endpoint.unbridge();
  });
});

describe('a supervisor on a bridge', () => {
  conforms('listens, whispers to one, and speaks with both', async () => {
    await a.endpoint.bridge(b.endpoint);
    await hears(a, HZ.b);
    const listening = c.endpoint.execute('eavesdrop', a.endpoint.uuid);
    await hears(c, HZ.a, HZ.b);
    await hearsNot(a, HZ.c);
    await hearsNot(b, HZ.c);
    await c.rtp.press('2'); // to the leg that is listened to
    await hears(a, HZ.b, HZ.c);
    await hearsNot(b, HZ.c);
    await c.rtp.press('1'); // to the other one
    await hears(b, HZ.a, HZ.c);
    await hearsNot(a, HZ.c);
    await c.rtp.press('3'); // to both
    await hears(a, HZ.b, HZ.c);
    await hears(b, HZ.a, HZ.c);
    await c.rtp.press('0'); // listens only
    await hearsNot(a, HZ.c);
    await scene.media.api(`uuid_kill ${c.endpoint.uuid}`);
    void listening;
    await hears(a, HZ.b);
  });
});
