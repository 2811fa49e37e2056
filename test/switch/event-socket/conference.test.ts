// Conferences as an application on drachtio-fsmrf sees them, checked by what each party hears.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Conference, type Connected, MediaScene } from './media-scene.js';
import { readWav, share, tone, writeWav } from './tones.js';

const TONES = [450, 700, 1_100];
let scene: MediaScene;
let all: Connected[];
let conference: Conference;
const file = (name: string): string => join(scene.folder, name);

beforeAll(async () => {
  scene = await MediaScene.open();
  writeWav(file('gong.wav'), tone(1_700, 2_000));
  writeWav(file('short.wav'), tone(1_700, 200));
  all = [await scene.caller(), await scene.caller(), await scene.caller()];
  for (const [at, { rtp }] of all.entries()) rtp.say(TONES[at]);
  conference = await scene.media.createConference('sala', { maxMembers: 10 });
});
afterAll(() => scene?.close());

/** The tones that make up what somebody has heard lately. */
function heard({ rtp }: Connected): number[] {
  const lately = rtp.samples.slice(-2_400);
  if (!lately.some((sample) => Math.abs(sample) > 500)) return [];
  return [...TONES, 1_700].filter((hertz) => share(lately, hertz) > 0.1);
}

async function hears(wanted: readonly (readonly number[])[]): Promise<void> {
  for (const { rtp } of all) rtp.forget();
  const now = (): string => JSON.stringify(all.map(heard));
  const enough = (): boolean => all.every(({ rtp }, at) => rtp.samples.length >= 2_400 || wanted[at]?.length === 0);
  await scene
    .until('heard', () => enough() && now() === JSON.stringify(wanted))
    .catch(() => expect(all.map(heard)).toEqual(wanted));
}

async function api(command: string): Promise<string> {
  return scene.media.api(`conference sala ${command}`);
}

async function joined(): Promise<{ memberId: number }[]> {
  const members: { memberId: number }[] = [];
  for (const { endpoint } of all) members.push(await endpoint.join(conference));
  return members;
}

/** Polls until the list says that this member talks. */
async function untilTalking(id: number): Promise<void> {
  const talks = (line: string): boolean => line.startsWith(`${id};`) && line.includes('talking');
  let list = await api('list');
  for (let round = 0; round < 100 && !list.split('\n').some(talks); round++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    list = await api('list');
  }
  expect(list.split('\n').filter(talks)).toHaveLength(1);
}

describe('three in a conference', () => {
  let ids: number[];
  beforeAll(async () => {
    ids = (await joined()).map(({ memberId }) => memberId);
  });

  test('hear each other; the control leg is counted', async () => {
    await hears([
      [700, 1_100],
      [450, 1_100],
      [450, 700],
    ]);
    expect(await conference.getSize()).toBe(4);
    const lines = (await api('list')).trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]?.split(';')).toMatchObject({ 0: String(ids[0]), 2: all[0]?.endpoint.uuid, 8: '300' });
    expect(lines[1]).toContain('hear|speak');
  });

  test('one muted, one deaf', async () => {
    const [a, b] = all;
    await a?.endpoint.confMute();
    await b?.endpoint.confDeaf();
    await hears([[700, 1_100], [], [700]]);
    await a?.endpoint.confUnmute();
    await b?.endpoint.confUndeaf();
    await hears([
      [700, 1_100],
      [450, 1_100],
      [450, 700],
    ]);
  });

  test('a supervisor whispers to one by relate', async () => {
    const [agent = 0, customer = 0, supervisor = 0] = ids;
    expect(await api(`relate ${supervisor} ${customer} nospeak`)).toBe(`+OK ${supervisor}->${customer} nospeak set\n`);
    await hears([[700, 1_100], [450], [450, 700]]);
    expect(await api('relate')).toBe(`${supervisor} -> ${customer} NOSPEAK HEAR\n`);
    expect(await api(`relate ${supervisor} ${customer} clear`)).toBe(
      `+OK relationship ${supervisor}->${customer} cleared.\n`,
    );
    expect(await api(`relate ${agent} ${supervisor},${customer} nohear`)).toContain('nohear set');
    await hears([[], [450, 1_100], [450, 700]]);
    await api(`relate ${agent} ${supervisor},${customer} clear`);
    expect(await api('relate')).toBe('+OK No relationships\n');
    expect(await api('relate 1 999 nospeak')).toMatch(/^-ERR/);
  });

  test('files for all and for one, and those that are not there', async () => {
    const done = conference.play(file('gong.wav'));
    await hears([
      [700, 1_100, 1_700],
      [450, 1_100, 1_700],
      [450, 700, 1_700],
    ]);
    expect(await done).toMatchObject({ seconds: 2, milliseconds: 2_000, samples: 16_000 });
    await all[1]?.endpoint.confPlay(file('gong.wav'));
    await hears([
      [700, 1_100],
      [450, 1_100, 1_700],
      [450, 700],
    ]);
    expect(await api(`play ${file('nothing.wav')}`)).toBe(`-ERR (play) File: ${file('nothing.wav')} not found.\n`);
    expect(await api(`play ${file('gong.wav')} 999`)).toBe('-ERR Member: 999 not found.\n');
  });

  test('is recorded, with a silent stretch while paused', async () => {
    await conference.startRecording(file('sala.wav'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    await conference.pauseRecording(file('sala.wav'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await conference.resumeRecording(file('sala.wav'));
    expect(await api('chkrecord')).toBe(`+OK Record file ${file('sala.wav')}\n`);
    expect(await api('recording stop')).toBe(
      `Stopped recording file ${file('sala.wav')}\n+OK Stopped recording 1 file\n`,
    );
    expect(existsSync(file('sala.wav'))).toBe(true);
    const { samples } = readWav(readFileSync(file('sala.wav')));
    for (const hertz of TONES) expect(share(samples, hertz)).toBeGreaterThan(0.15);
    expect(samples.filter((sample) => sample === 0).length).toBeGreaterThan(1_600);
    expect(await api('recording check')).toBe('+OK Conference is not being recorded.\n');
    expect(await api('recording pause nothing.wav')).toMatch(/^-ERR/);
  });

  test('lock, limits, parameters, usage', async () => {
    await conference.lock();
    expect(await conference.get('is_locked')).toBe('locked');
    await conference.unlock();
    expect(await conference.set('max_members', '7')).toBe('10');
    expect(await conference.get('max_members')).toBe(7);
    expect(await api('set endconference_grace_time 3')).toBe('0');
    expect(await api('set endconference_grace_time 0')).toBe('3');
    expect(await api('mute')).toBe('-USAGE: mute <member_id|all|last|non_moderator>\n');
    expect(await api('mute 999')).toBe('-ERR Non-Existant ID 999\n');
    expect(await api('dance')).toBe("-ERR Conference command 'dance' not found.\n");
    expect(await scene.media.api('conference nowhere list')).toBe('-ERR Conference nowhere not found\n');
    expect(await scene.media.api('conference list')).toMatch(/^\+OK Conference sala \(4 members rate: 8000\)\n/);
  });

  test('volumes', async () => {
    expect(await api(`volume_in ${ids[0]} -2`)).toBe(`+OK Volume IN ${ids[0]} = -2\n`);
    expect(await api(`volume_out ${ids[0]} up`)).toBe(`+OK Volume OUT ${ids[0]} = 1\n`);
    expect(await api(`volume_in ${ids[0]} 0`)).toBe(`+OK Volume IN ${ids[0]} = 0\n`);
    expect(await api(`volume_out ${ids[0]} 0`)).toBe(`+OK Volume OUT ${ids[0]} = 0\n`);
  });

  test('who is kicked is out, lives on and can come back', async () => {
    const [a] = all;
    await a?.endpoint.unjoin();
    await hears([[], [1_100], [700]]);
    await a?.endpoint.play(file('short.wav'));
    const again = await a?.endpoint.join(conference);
    ids[0] = again?.memberId ?? 0;
    await hears([
      [700, 1_100],
      [450, 1_100],
      [450, 700],
    ]);
  });

  test('starts and ends of talk are told', async () => {
    const told: string[] = [];
    conference.on('stopTalking', () => told.push('stop'));
    conference.on('startTalking', () => told.push('start'));
    // Who has only just come back does not talk yet, and so cannot cease to.
    await untilTalking(ids[0] ?? 0);
    all[0]?.rtp.say(undefined);
    await scene.until('silence told', () => told.includes('stop'));
    all[0]?.rtp.say(TONES[0]);
    await scene.until('talk told', () => told.includes('start'));
  });

  test('a member is sent to another conference', async () => {
    const other = await scene.media.createConference('otra');
    const [, b] = all;
    await b?.endpoint.transfer(other);
    await hears([[1_100], [], [450]]);
    await scene.until('is there', () => scene.server.channels.get(b?.endpoint.uuid ?? '') !== undefined);
    expect(await scene.media.api('conference otra list count')).toBe('2');
    // The other conference ends with its control leg, and hangs its members up.
    const gone = new Promise((resolve) => b?.endpoint.once('destroy', resolve));
    await other.destroy();
    await gone;
    all.splice(1, 1);
    expect(await scene.media.api('conference otra list')).toBe('-ERR Conference otra not found\n');
  });

  test('ends with its control leg; destroying it finishes', async () => {
    const gone = all.map(({ endpoint }) => new Promise((resolve) => endpoint.once('destroy', resolve)));
    await conference.destroy();
    await Promise.all(gone);
    expect(await scene.media.api('conference sala list count')).toBe('-ERR Conference sala not found\n');
    expect(scene.engine.snapshot().legs).toBe(0);
  });
});

describe('rules of joining', () => {
  let a: Connected;
  let b: Connected;
  beforeEach(async () => {
    [a, b] = [await scene.caller(), await scene.caller()];
    a.rtp.say(450);
    b.rtp.say(700);
  });

  /** Polls until the conference says so. */
  async function untilCount(name: string, parameter: 'count' | 'count_ghosts', count: number): Promise<void> {
    let said = '';
    for (let round = 0; round < 80 && said !== String(count); round++) {
      said = await scene.media.api(`conference ${name} get ${parameter}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(said).toBe(String(count));
  }

  test('a pin is asked for by keys when it did not come along', async () => {
    void a.endpoint.execute('conference', 'cofre+4711');
    await untilCount('cofre', 'count', 1);
    void b.endpoint.execute('conference', 'cofre');
    b.rtp.forget();
    await scene.until('asked for', () => b.rtp.samples.some((sample) => Math.abs(sample) > 500));
    await b.rtp.press('1234');
    await untilCount('cofre', 'count', 1);
    await b.rtp.press('4711');
    await untilCount('cofre', 'count', 2);
    await a.endpoint.destroy();
    await b.endpoint.destroy();
  });

  test('locked, full and missing ones take nobody in', async () => {
    const noRoom = await b.endpoint.execute('conference', 'sola+flags{join-only}');
    expect(noRoom.getHeader('Application-Response')).toBe('_none_');
    void a.endpoint.execute('conference', 'sola++flags{ghost}');
    await untilCount('sola', 'count_ghosts', 1);
    await scene.media.api('conference sola lock');
    await b.endpoint.execute('conference', 'sola');
    await scene.media.api('conference sola unlock');
    await scene.media.api('conference sola set max_members 1');
    await b.endpoint.execute('conference', 'sola');
    await untilCount('sola', 'count', 0);
    await a.endpoint.destroy();
    await b.endpoint.destroy();
  });

  test('waits with music for the moderator', async () => {
    await a.endpoint.set('conference_moh_sound', 'local_stream://moh');
    void a.endpoint.execute('conference', 'espera++flags{wait-mod}');
    a.rtp.forget();
    await scene.until('music', () => a.rtp.samples.slice(-1_600).some((sample) => Math.abs(sample) > 500));
    void b.endpoint.execute('conference', 'espera++flags{moderator}');
    await scene.until('talk', () => share(a.rtp.samples.slice(-1_600), 700) > 0.8);
    expect(share(b.rtp.samples.slice(-800), 450)).toBeGreaterThan(0.5);
    await b.endpoint.destroy();
    await a.endpoint.destroy();
  });
});
