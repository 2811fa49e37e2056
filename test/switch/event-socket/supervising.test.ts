// Eavesdrop and what else is heard beside a talk, as applications use it, checked by content at each party.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, MediaScene } from './media-scene.js';
import { share, tone, writeWav } from './tones.js';

const TONES = [450, 700, 1_100];
const GONG = 1_700;
let scene: MediaScene;
let agent: Connected;
let customer: Connected;
let supervisor: Connected;
const file = (name: string): string => join(scene.folder, name);

beforeAll(async () => {
  scene = await MediaScene.open();
  writeWav(file('gong.wav'), tone(GONG, 4_000));
  writeWav(file('two.wav'), Int16Array.from([...tone(GONG, 3_000), ...tone(2_300, 3_000)]));
  [agent, customer, supervisor] = [await scene.caller(), await scene.caller(), await scene.caller()];
  for (const [at, { rtp }] of [agent, customer, supervisor].entries()) rtp.say(TONES[at]);
  await agent.endpoint.bridge(customer.endpoint);
});
afterAll(() => scene?.close());

/** The tones that make up what was heard in the last 300 ms. */
function heard({ rtp }: Connected): number[] {
  const lately = rtp.samples.slice(-2_400);
  if (!lately.some((sample) => Math.abs(sample) > 500)) return [];
  return [...TONES, GONG, 2_300].filter((hertz) => share(lately, hertz) > 0.1);
}

/** What agent, customer and supervisor hear, soon. */
async function hear(...wanted: readonly number[][]): Promise<void> {
  const all = [agent, customer, supervisor].slice(0, wanted.length);
  for (const { rtp } of all) rtp.forget();
  const enough = (): boolean => all.every(({ rtp }, at) => rtp.samples.length >= 2_400 || wanted[at]?.length === 0);
  await scene
    .until('heard', () => enough() && JSON.stringify(all.map(heard)) === JSON.stringify(wanted))
    .catch(() => expect(all.map(heard)).toEqual(wanted));
}

describe('eavesdrop', () => {
  test('hears both; 2 speaks to the one it listens to, 1 to the other, 3 to both, 0 to nobody', async () => {
    const over = supervisor.endpoint.execute('eavesdrop', agent.endpoint.uuid);
    await hear([700], [450], [450, 700]);
    await supervisor.rtp.press('2');
    await hear([700, 1_100], [450], [450, 700]);
    await supervisor.rtp.press('1');
    await hear([700], [450, 1_100], [450, 700]);
    await scene.media.api(`uuid_recv_dtmf ${supervisor.endpoint.uuid} 3`);
    await hear([700, 1_100], [450, 1_100], [450, 700]);
    await supervisor.rtp.press('0');
    await hear([700], [450], [450, 700]);
    await supervisor.endpoint.api('uuid_break', [supervisor.endpoint.uuid, 'all']);
    expect((await over).getHeader('Application-Response')).toBe('_none_');
    await hear([700], [450], []);
  });

  test('whispers at once by its variables, and hears only the side it wants', async () => {
    await supervisor.endpoint.set({
      eavesdrop_whisper_bleg: 'true',
      eavesdrop_bridge_aleg: 'true',
      eavesdrop_enable_dtmf: 'false',
    });
    const over = supervisor.endpoint.execute('eavesdrop', agent.endpoint.uuid);
    await hear([700, 1_100], [450], [450]);
    await supervisor.rtp.press('3');
    await hear([700, 1_100], [450], [450]);
    await supervisor.endpoint.api('uuid_break', [supervisor.endpoint.uuid, 'all']);
    await over;
    await supervisor.endpoint.set({ eavesdrop_whisper_bleg: 'false', eavesdrop_bridge_aleg: 'false' });
  });

  test('only channels of the group it needs, and all of them with `all`; tones tell which', async () => {
    const { endpoint } = supervisor;
    await endpoint.set({ eavesdrop_require_group: 'ventas', eavesdrop_indicate_failed: 'tone_stream://%(300,0,2300)' });
    supervisor.rtp.forget();
    const refused = await endpoint.execute('eavesdrop', agent.endpoint.uuid);
    expect(refused.getHeader('Application-Response')).toBe('-ERR the channel is not of the group');
    expect(heard(supervisor)).toEqual([2_300]);
    await endpoint.set('eavesdrop_indicate_idle', 'tone_stream://%(400,0,2300)');
    const over = endpoint.execute('eavesdrop', 'all');
    await hear([700], [450], [2_300]);
    for (const { endpoint: one } of [agent, customer]) await one.set('eavesdrop_group', 'soporte, ventas');
    await hear([700], [450], [450, 700]);
    // There is no other talk to go on to.
    await supervisor.rtp.press('*');
    await hear([700], [450], [450, 700]);
    await endpoint.api('uuid_break', [endpoint.uuid, 'all']);
    expect((await over).getHeader('Application-Response')).toBe('_none_');
    for (const name of ['require_group', 'indicate_failed', 'indicate_idle'])
      await endpoint.execute('unset', `eavesdrop_${name}`);
  });

  test('three_way joins; nobody there is an error', async () => {
    const over = supervisor.endpoint.execute('three_way', customer.endpoint.uuid);
    await hear([700, 1_100], [450, 1_100], [450, 700]);
    await supervisor.endpoint.api('uuid_break', [supervisor.endpoint.uuid, 'all']);
    await over;
    const nobody = await supervisor.endpoint.execute('eavesdrop', 'nobody');
    expect(nobody.getHeader('Application-Response')).toBe('-ERR no such channel');
  });
});

describe('beside a talk', () => {
  const uuid = (): string => agent.endpoint.uuid;
  const api = (command: string): Promise<string> => scene.media.api(command);

  test('a file is heard under it, or in its place', async () => {
    expect(await api(`uuid_displace ${uuid()} start ${file('gong.wav')} 60 mux`)).toBe('+OK Success\n');
    await hear([700, GONG], [450]);
    expect(await api(`uuid_buglist ${uuid()}`)).toContain(`<target>${file('gong.wav')}</target>`);
    expect(await api(`uuid_displace ${uuid()} stop ${file('gong.wav')}`)).toBe('+OK Success\n');
    await hear([700], [450]);
    expect(await api(`uuid_displace ${uuid()} start ${file('gong.wav')}`)).toBe('+OK Success\n');
    await hear([GONG], [450]);
    expect(await api(`uuid_displace ${uuid()} stop ${file('gong.wav')}`)).toBe('+OK Success\n');
    expect(await api(`uuid_displace ${uuid()} stop ${file('gong.wav')}`)).toMatch(/^-ERR/);
    await agent.endpoint.execute('displace_session', `${file('gong.wav')} r`);
    await hear([700], [GONG]);
    await agent.endpoint.execute('stop_displace_session', file('gong.wav'));
    await hear([700], [450]);
  });

  test('levels and mute', async () => {
    expect(await api(`uuid_audio ${uuid()} start read mute 1`)).toBe('+OK Success\n');
    await hear([700], []);
    expect(await api(`uuid_audio ${uuid()} start write level -2`)).toBe('+OK Success\n');
    await hear([700], []);
    expect(await api(`uuid_audio ${uuid()} stop`)).toBe('+OK Success\n');
    await hear([700], [450]);
    expect(await api(`uuid_audio ${uuid()} start sideways`)).toMatch(/^-USAGE/);
  });

  test('intercept takes the partner over', async () => {
    await supervisor.endpoint.execute('intercept', `-bleg ${uuid()}`);
    await hear([], [1_100], [700]);
    expect(await scene.media.api(`uuid_exists ${agent.endpoint.uuid}`)).toBe('false');
    await supervisor.endpoint.set('intercept_unbridged_only', 'true');
    await supervisor.endpoint.execute('intercept', customer.endpoint.uuid);
    await hear([], [1_100], [700]);
  });
});

describe('alone', () => {
  beforeAll(() => scene.media.api(`uuid_park ${supervisor.endpoint.uuid}`));

  test('a file is paused, sought in and stopped', async () => {
    const { uuid } = supervisor.endpoint;
    const api = (command: string): Promise<string> => scene.media.api(`uuid_fileman ${uuid} ${command}`);
    expect(await api('pause')).toMatch(/^-ERR/);
    const playing = supervisor.endpoint.play(file('two.wav'));
    await scene.until('begins', () => heard(supervisor).includes(GONG));
    expect(await api('pause')).toBe('+OK\n');
    await scene.until('stands still', () => heard(supervisor).length === 0);
    expect(await api('resume')).toBe('+OK\n');
    await scene.until('goes on', () => heard(supervisor).join() === String(GONG));
    expect(await api('pause')).toBe('+OK\n');
    await scene.until('stands still again', () => heard(supervisor).length === 0);
    expect(await api('pause')).toBe('+OK\n');
    await scene.until('goes on again', () => heard(supervisor).join() === String(GONG));
    expect(await api('seek:4000')).toBe('+OK\n');
    await scene.until('is further on', () => heard(supervisor).join() === '2300');
    expect(await api('seek:-3500')).toBe('+OK\n');
    await scene.until('is back', () => heard(supervisor).join() === String(GONG));
    expect(await api('stop')).toBe('+OK\n');
    await playing;
  });

  test('the party hears itself', async () => {
    const over = supervisor.endpoint.execute('echo');
    await scene.until('itself', () => heard(supervisor).join() === '1100');
    await supervisor.endpoint.api('uuid_break', [supervisor.endpoint.uuid, 'all']);
    await over;
  });
});
