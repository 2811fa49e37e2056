// What supervisors change over the files: limits of alarms, alarms they have seen, agents in other teams, on all nodes.
import { expect, test } from 'vitest';
import { Alarms } from '../../../src/app/supervision/alarms.js';
import { REFRESH_MS } from '../../../src/app/supervision/refreshed.js';
import { Teams } from '../../../src/app/supervision/teams.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeAlarmStore, FakeTeamStore } from '../../support/fakes/changes.js';
import { sampleCentre } from '../../support/sample-centre.js';

const CENTRE = sampleCentre((text) =>
  text
    .replace('title: Ana Molina', 'title: Ana Molina\n    team: day')
    .replace('title: Bruno Vidal', 'title: Bruno Vidal\n    team: night'),
);
const LIMITS = { waiting: 2, waitMs: 30_000, serviceLevel: 0.9 };
const turns = () => new Promise(setImmediate);

async function alarms() {
  const clock = new FakeClock();
  const store = new FakeAlarmStore();
  const node = () => new Alarms({ store, files: () => CENTRE, clock, log: silentLog });
  const [here, there] = [node(), node()];
  await Promise.all([here.start(), there.start()]);
  return { clock, store, here, there };
}

async function teams() {
  const clock = new FakeClock();
  const store = new FakeTeamStore();
  const node = () => new Teams({ store, files: () => CENTRE, clock, log: silentLog });
  const [here, there] = [node(), node()];
  await Promise.all([here.start(), there.start()]);
  return { clock, store, here, there, teamOf: (of: Teams, agent: string) => of.over(CENTRE).agents.get(agent)?.team };
}

test('limits are in force at once where they are set, soon elsewhere, and gone when taken back', async () => {
  const { clock, here, there } = await alarms();
  await here.setLimits('support', LIMITS, 'sofia');
  expect(here.over(CENTRE).queues.get('support')?.alarms).toEqual(LIMITS);
  expect(here.over(CENTRE)).toBe(here.over(CENTRE));
  expect(there.over(CENTRE)).toBe(CENTRE);
  clock.advance(REFRESH_MS);
  await turns();
  expect(there.over(CENTRE).queues.get('support')?.alarms).toEqual(LIMITS);
  expect(there.given('support')).toMatchObject({ by: 'sofia' });
  await there.clearLimits('support');
  expect(there.over(CENTRE)).toBe(CENTRE);
});

test('an alarm that was seen is silent for as long as it was said', async () => {
  const { clock, here } = await alarms();
  await here.acknowledge('support', 'waiting', 60_000, 'sofia');
  await here.acknowledge('support', 'waiting', 120_000, 'marta');
  expect(here.acknowledged('support')).toMatchObject([{ kind: 'waiting', by: 'marta' }]);
  clock.advance(120_000);
  expect(here.acknowledged('support')).toEqual([]);
});

test('a queue or an agent that is not there is refused', async () => {
  const { here } = await alarms();
  const { here: of } = await teams();
  await expect(here.setLimits('nowhere', LIMITS, 'sofia')).rejects.toMatchObject({ code: 'not-found' });
  await expect(here.acknowledge('nowhere', 'nobody', 1, 'sofia')).rejects.toMatchObject({ code: 'not-found' });
  await expect(of.move('nobody', 'day', undefined, 'sofia')).rejects.toMatchObject({ code: 'not-found' });
  await expect(of.move('ana', 'moon', undefined, 'sofia')).rejects.toMatchObject({ code: 'invalid-input' });
});

test('an agent is in another team for a while, on all nodes, then in that of the file', async () => {
  const { clock, here, there, teamOf } = await teams();
  await here.move('ana', 'night', 60_000, 'sofia');
  expect([teamOf(here, 'ana'), teamOf(there, 'ana'), here.of('ana')?.by]).toEqual(['night', 'day', 'sofia']);
  clock.advance(REFRESH_MS);
  await turns();
  expect(teamOf(there, 'ana')).toBe('night');
  clock.advance(60_000);
  expect([teamOf(here, 'ana'), here.of('ana')]).toEqual(['day', undefined]);
  expect(here.names()).toEqual(['day', 'night']);
});

test('… or until somebody changes it', async () => {
  const { clock, here, teamOf } = await teams();
  await here.move('bruno', 'day', undefined, 'sofia');
  clock.advance(7 * 86_400_000);
  expect(teamOf(here, 'bruno')).toBe('day');
  await here.back('bruno');
  expect(teamOf(here, 'bruno')).toBe('night');
});
