// Rooms for several: members, who hears whom, files and recordings, judged by tones (compatibility D4).
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { Connected, Endpoint } from '../switch/event-socket/media-scene.js';
import { heardMs, readWav } from '../switch/event-socket/tones.js';
import { MediaScene } from './media-scene.js';
import { mixedMs } from './mixed-tones.js';
import { conforms } from './pair.js';

interface Room {
  readonly name: string;
  readonly uuid: string;
  readonly memberId: number;
  readonly endpoint: Endpoint;
  getSize(): Promise<number>;
  set(name: string, value: string | number): Promise<unknown>;
  mute(who: string): Promise<unknown>;
  unmute(who: string): Promise<unknown>;
  deaf(who: string): Promise<unknown>;
  undeaf(who: string): Promise<unknown>;
  lock(): Promise<string>;
  unlock(): Promise<string>;
  play(file: string | readonly string[]): Promise<{ seconds: number; milliseconds: number; samples: number }>;
  startRecording(file: string): Promise<unknown>;
  pauseRecording(file: string): Promise<unknown>;
  resumeRecording(file: string): Promise<unknown>;
  stopRecording(file: string): Promise<unknown>;
  on(event: string, listener: (event: unknown) => void): void;
}
interface Rooms {
  createConference(name?: string | object, options?: object): Promise<Room>;
}
type Member = Endpoint & {
  join(room: Room | string, options?: object): Promise<{ memberId: string; confUuid: string }>;
  confMute(): Promise<unknown>;
  confUnmute(): Promise<unknown>;
  confDeaf(): Promise<unknown>;
  confUndeaf(): Promise<unknown>;
  confKick(): Promise<unknown>;
  confHup(): Promise<unknown>;
  confPlay(file: string): Promise<unknown>;
  unjoin(): Promise<unknown>;
  transfer(room: string): Promise<unknown>;
};

let scene: MediaScene;
let a: Connected;
let b: Connected;
let c: Connected;
let room: Room;
let prompt = '';
const ids = new Map<Connected, string>();
const serial = process.pid;

const HZ = { a: 500, b: 700, c: 1100 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const member = (who: Connected): Member => who.endpoint as Member;
const rooms = (): Rooms => scene.media as unknown as Rooms;
const ms = (who: Connected, hz: number): number => mixedMs(who.rtp.samples, hz);
const command = async (text: string): Promise<string> =>
  (await scene.media.api(`conference ${room.name} ${text}`)).trim();

async function hears(who: Connected, ...tones: number[]): Promise<void> {
  who.rtp.forget();
  await scene.until(`${tones.join(' and ')} Hz`, () => tones.every((hz) => ms(who, hz) >= 160));
}
async function hearsNot(who: Connected, ...tones: number[]): Promise<void> {
  await pause(160);
  who.rtp.forget();
  await pause(240);
  for (const hz of tones) expect(ms(who, hz), `${hz} Hz`).toBeLessThan(60);
}
async function enter(who: Connected, options: object = {}): Promise<void> {
  ids.set(who, (await member(who).join(room, options)).memberId);
}

beforeAll(async () => {
  scene = await MediaScene.open();
  prompt = scene.tone('prompt.wav', 900, 500);
  [a, b, c] = [await scene.caller(), await scene.caller(), await scene.caller()];
  room = await rooms().createConference(`room-${serial}`, { maxMembers: 5 });
});
beforeEach(() => {
  a.rtp.say(HZ.a);
  b.rtp.say(HZ.b);
  c.rtp.say(HZ.c);
});
afterAll(() => scene?.close());

describe('a room', () => {
  conforms('is made once', async () => {
    expect(room.uuid).toMatch(/^[0-9a-f-]{36}$/);
    await expect(rooms().createConference(room.name)).rejects.toBe('conference exists');
  });

  conforms('lets those who join hear each other, and nobody himself', async () => {
    await enter(a);
    await enter(b);
    await hears(a, HZ.b);
    await hears(b, HZ.a);
    expect(ms(a, HZ.a)).toBe(0);
    await enter(c);
    await hears(a, HZ.b, HZ.c);
    await hears(c, HZ.a, HZ.b);
  });

  conforms('counts and lists them', async () => {
    expect(await room.getSize()).toBe(4);
    const lines = (await command('list')).split('\n').map((line) => line.split(';'));
    expect(lines.map((fields) => fields[0])).toEqual(expect.arrayContaining([...ids.values()].map(String)));
    const line = lines.find((fields) => fields[2] === a.endpoint.uuid);
    expect(line?.[5]).toMatch(/hear\|speak/);
  });

  conforms('keeps its limits', async () => {
    expect(await command('get max_members')).toBe('5');
    await room.set('max_members', 6);
    expect(await command('get max_members')).toBe('6');
  });

  conforms('mutes and deafens one', async () => {
    await member(a).confMute();
    await hearsNot(b, HZ.a);
    await hears(a, HZ.b);
    await member(a).confUnmute();
    await hears(b, HZ.a);
    await member(a).confDeaf();
    await hearsNot(a, HZ.b, HZ.c);
    await member(a).confUndeaf();
    await hears(a, HZ.b, HZ.c);
  });

  conforms('mutes all', async () => {
    await room.mute('all');
    await hearsNot(a, HZ.b, HZ.c);
    await room.unmute('all');
    await hears(a, HZ.b, HZ.c);
  });

  conforms('hears a file, whose end is told', async () => {
    for (const { rtp } of [a, b]) rtp.forget();
    const played = await room.play(prompt);
    expect(played.milliseconds).toBeGreaterThan(350);
    await pause(100);
    for (const who of [a, b]) expect(ms(who, 900)).toBeGreaterThan(300);
  });

  conforms('plays a file to one', async () => {
    for (const { rtp } of [a, b]) rtp.forget();
    await member(a).confPlay(prompt);
    await scene.until('the file', () => ms(a, 900) >= 300);
    expect(ms(b, 900)).toBe(0);
  });

  conforms('relates two: one does not hear the other', async () => {
    const [from, to] = [ids.get(c), ids.get(a)];
    expect(await command(`relate ${from} ${to} nospeak`)).toBe(`+OK ${from}->${to} nospeak set`);
    await hearsNot(a, HZ.c);
    await hears(b, HZ.c);
    await hears(c, HZ.a, HZ.b);
    expect(await command(`relate ${from} ${to} clear`)).toBe(`+OK relationship ${from}->${to} cleared.`);
    await hears(a, HZ.c);
  });

  conforms('is recorded, with a pause', async () => {
    const file = scene.file('room.wav');
    await room.startRecording(file);
    await pause(1_000);
    await room.pauseRecording(file);
    await room.resumeRecording(file);
    await pause(400);
    await room.stopRecording(file);
    const recorded = (hz: number): number => mixedMs(readWav(readFileSync(file)).samples, hz);
    await scene.until('all three in the file', () => Object.values(HZ).every((hz) => recorded(hz) > 500));
  });

  conforms('is locked and unlocked', async () => {
    expect((await room.lock()).trim()).toBe(`+OK ${room.name} locked`);
    expect((await room.unlock()).trim()).toBe(`+OK ${room.name} unlocked`);
  });

  conforms('sends a member to another room', async () => {
    const other = await rooms().createConference(`other-${serial}`);
    await member(c).transfer(other.name);
    await hearsNot(a, HZ.c);
    expect(await other.getSize()).toBe(2);
    await scene.media.api(`conference ${other.name} hup all`);
    expect(await room.getSize()).toBe(3);
  });

  conforms('is left by a member, who can be played to and come back', async () => {
    await member(b).unjoin();
    await hearsNot(a, HZ.b);
    b.rtp.forget();
    await b.endpoint.play(prompt);
    expect(heardMs(b.rtp.samples, 900)).toBeGreaterThan(300);
    await enter(b, { flags: { mute: true } });
    await hears(b, HZ.a);
    await hearsNot(a, HZ.b);
    await member(b).confHup();
  });

  conforms('refuses what it does not know', async () => {
    expect(await scene.media.api('conference nobody-here list')).toMatch(/not found/i);
    expect(await command('mute 9999')).not.toMatch(/^\+OK/);
  });

  conforms('is over when the last have been sent away', async () => {
    await command('hup all');
    await scene.until('nobody', () => true);
    for (let tries = 0; tries < 50; tries++) {
      if (/not found/i.test(await command('list'))) return;
      await pause(100);
    }
    throw new Error('the room is still there');
  });
});
