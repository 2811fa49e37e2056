// What a member of a conference does by keys, and what it hears while it is alone.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connected, type EslEvent, MediaScene } from './media-scene.js';
import { share } from './tones.js';

const [A_HZ, B_HZ] = [450, 700];
let scene: MediaScene;
let a: Connected;
let b: Connected;
let serial = 0;
let room = '';

beforeAll(async () => {
  scene = await MediaScene.open();
  [a, b] = [await scene.caller(), await scene.caller()];
  a.rtp.say(A_HZ);
  b.rtp.say(B_HZ);
});
afterAll(() => scene?.close());
beforeEach(() => {
  room = `sala${++serial}`;
});

const command = async (text: string): Promise<string> => (await scene.media.api(`conference ${room} ${text}`)).trim();
const lately = ({ rtp }: Connected): Int16Array => rtp.samples.slice(-1_600);
const isLoud = (who: Connected): boolean => lately(who).some((sample) => Math.abs(sample) > 500);
const hearsTone = (who: Connected, hz: number): boolean => isLoud(who) && share(lately(who), hz) > 0.8;
/** Neither silence nor the other party. */
const hearsMusic = (who: Connected): boolean =>
  isLoud(who) && share(lately(who), A_HZ) + share(lately(who), B_HZ) < 0.5;
const hearsNothing = (who: Connected): boolean => lately(who).length === 1_600 && !isLoud(who);

async function until(what: string, who: Connected, fact: (who: Connected) => boolean): Promise<void> {
  who.rtp.forget();
  await scene.until(what, () => who.rtp.samples.length >= 1_600 && fact(who));
}

interface Stay {
  readonly left: Promise<EslEvent>;
  /** By a kick. */
  leave(): Promise<void>;
}

/** Resolves when it is in. */
async function enter(who: Connected, argument: string): Promise<Stay> {
  const left = who.endpoint.execute('conference', argument);
  await expect.poll(() => command('list'), { timeout: 10_000 }).toContain(who.endpoint.uuid);
  const leave = async (): Promise<void> => {
    const [line = ''] = (await command('list')).split('\n').filter((one) => one.includes(who.endpoint.uuid));
    await command(`kick ${line.split(';')[0]}`);
    await left;
  };
  return { left, leave };
}

describe('one alone', () => {
  test('hears music where the profile has it, until somebody comes, and again when he has gone', async () => {
    const first = await enter(a, `${room}@meeting`);
    await until('music', a, hearsMusic);
    const second = await enter(b, room);
    await until('talk', a, (who) => hearsTone(who, B_HZ));
    await until('talk', b, (who) => hearsTone(who, A_HZ));
    await second.leave();
    await until('music', a, hearsMusic);
    await first.leave();
  });

  test('hears nothing in the usual profile, unless the one who comes first brings music', async () => {
    const silent = await enter(a, room);
    await until('nothing', a, hearsNothing);
    await silent.leave();
    await a.endpoint.set('conference_moh_sound', 'local_stream://moh');
    const first = await enter(a, room);
    await until('music', a, hearsMusic);
    await first.leave();
    const deaf = await enter(a, `${room}++flags{nomoh}`);
    await until('nothing', a, hearsNothing);
    await deaf.leave();
    await a.endpoint.set('conference_moh_sound', '_undef_');
  });

  test('is not in company with a ghost, who hears the music too', async () => {
    const [first, ghost] = [await enter(a, `${room}@meeting`), await enter(b, `${room}++flags{ghost|mute}`)];
    a.rtp.say(undefined);
    await until('music', b, hearsMusic);
    await until('music', a, hearsMusic);
    a.rtp.say(A_HZ);
    await ghost.leave();
    await first.leave();
  });

  test('hears other music, or none, by command; further company makes it forget that', async () => {
    const first = await enter(a, `${room}@meeting`);
    await until('music', a, hearsMusic);
    expect(await command('moh tone_stream://%(1000,0,1300)')).toBe('+OK moh');
    await until('other music', a, (who) => hearsTone(who, 1_300));
    expect(await command('moh off')).toBe('+OK moh');
    await until('nothing', a, hearsNothing);
    await command('moh toggle');
    await until('other music', a, (who) => hearsTone(who, 1_300));
    await command('moh off');
    await command('moh reset');
    const second = await enter(b, room);
    await until('talk', a, (who) => hearsTone(who, B_HZ));
    await second.leave();
    await until('music', a, hearsMusic);
    expect(await command('moh')).toMatch(/^-USAGE: moh /);
    await first.leave();
  });

  test('hears no sound of his own coming, the others do', async () => {
    for (const { endpoint } of [a, b]) await endpoint.set('conference_enter_sound', 'tone_stream://%(1000,0,1300)');
    const first = await enter(a, room);
    await until('nothing', a, hearsNothing);
    b.rtp.say(undefined);
    const second = await enter(b, room);
    await until('somebody comes', a, (who) => hearsTone(who, 1_300));
    b.rtp.say(B_HZ);
    await second.leave();
    await first.leave();
    for (const { endpoint } of [a, b]) await endpoint.set('conference_enter_sound', '_undef_');
  });
});

describe('the keys of a member', () => {
  const line = async (who: Connected): Promise<readonly string[]> =>
    (await command('list'))
      .split('\n')
      .find((one) => one.includes(who.endpoint.uuid))
      ?.split(';') ?? [];
  /** What it may, its volumes in and out, its energy. */
  const state = async (who: Connected): Promise<readonly unknown[]> => {
    const fields = await line(who);
    const flags = (fields[5] ?? '').split('|').filter((flag) => flag === 'hear' || flag === 'speak');
    return [flags.join(), ...fields.slice(6).map(Number)];
  };
  const shows = async (...wanted: unknown[]): Promise<void> =>
    expect.poll(() => state(a), { timeout: 10_000 }).toEqual(wanted);

  test('mute and deafen it', async () => {
    const [first, second] = [await enter(a, `${room}@meeting`), await enter(b, room)];
    await until('talk', b, (who) => hearsTone(who, A_HZ));
    await a.rtp.press('0');
    await until('nothing', b, hearsNothing);
    await until('talk', a, (who) => hearsTone(who, B_HZ));
    await a.rtp.press('0');
    await until('talk', b, (who) => hearsTone(who, A_HZ));
    await a.rtp.press('*');
    await until('nothing', a, hearsNothing);
    await until('nothing', b, hearsNothing);
    await a.rtp.press('0');
    await shows('hear,speak', 0, 0, 300);
    await second.leave();
    await first.leave();
  });

  test('change volumes and energy, within bounds, and back', async () => {
    const first = await enter(a, `${room}@meeting`);
    await shows('hear,speak', 0, 0, 300);
    await a.rtp.press('6639');
    await shows('hear,speak', 2, 1, 500);
    await a.rtp.press('52711');
    await shows('hear,speak', 0, -2, 300);
    await a.rtp.press('77');
    await shows('hear,speak', 0, -2, 0);
    await a.rtp.press('82');
    await shows('hear,speak', 0, 0, 300);
    await a.rtp.press('444444');
    await shows('hear,speak', -4, 0, 300);
    await first.leave();
  }, 30_000);

  test('let it leave; the call goes on', async () => {
    const first = await enter(a, `${room}@meeting`);
    await shows('hear,speak', 0, 0, 300);
    await a.rtp.press('#');
    const event = await first.left;
    expect(event.getHeader('variable_conference_last_matching_digits')).toBe('#');
    expect((await a.endpoint.play('silence_stream://20')).playbackSeconds).toBe('0');
  });

  test.each([
    ['in the usual profile', '', '', false],
    ['with conference_controls=default', '', 'default', true],
    ['with conference_controls=none', '@meeting', 'none', false],
    ['with controls that do not exist', '@meeting', 'mine', false],
    ['that are passed on to the others', '@meeting++flags{dist-dtmf}', 'default', false],
  ])('%s', async (_, where, controls, works) => {
    await a.endpoint.set('conference_controls', controls || '_undef_');
    const first = await enter(a, `${room}${where}`);
    await shows('hear,speak', 0, 0, 300);
    await a.rtp.press('06');
    if (works) await shows('hear', 1, 0, 300);
    else {
      await a.rtp.press('9');
      expect(await state(a)).toEqual(['hear,speak', 0, 0, 300]);
    }
    await first.leave();
    await a.endpoint.set('conference_controls', '_undef_');
  });
});
