// What supervisors change over the files: limits of alarms, alarms they have seen, agents in other teams, on all nodes.
import { describe, expect, test } from 'vitest';
import { AlarmWatch } from '../../../src/app/supervision/alarm-watch.js';
import { Alarms } from '../../../src/app/supervision/alarms.js';
import { REFRESH_MS } from '../../../src/app/supervision/refreshed.js';
import { Teams } from '../../../src/app/supervision/teams.js';
import type { Entry } from '../../../src/core/acd/entry.js';
import { NOTHING } from '../../../src/core/interaction/figures/counts.js';
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

describe('an alarm that was seen', () => {
  const LINE = { waiting: 0, waitMs: 60_000, serviceLevel: 0.8 };

  /** `pass`: seconds, each with its look. */
  async function watched() {
    const { clock, store, here, there } = await alarms();
    await here.setLimits('support', LINE, 'sofia');
    const entries: Entry[] = [];
    const counts = { answered: 10, answeredInTime: 5 };
    const watch = new AlarmWatch({
      ...{ alarms: here, clock, log: silentLog, centre: () => here.over(CENTRE) },
      live: { entries: () => entries.values() },
      agents: { all: () => [] },
      figures: { read: async () => ({ ...NO_FIGURES, total: { ...NOTHING, ...counts } }) },
    });
    watch.start();
    const pass = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1_000);
        await turns();
      }
    };
    const seen = () => here.acknowledged('support').map(({ kind }) => kind);
    return { clock, store, here, there, entries, counts, watch, pass, seen };
  }

  test('is forgotten when it has been over for a while: coming back it is heard, on every node', async () => {
    const { here, there, entries, pass, seen, watch, store } = await watched();
    entries.push(waiting('e1'));
    await here.acknowledge('support', 'waiting', 900_000, 'sofia');
    await pass(60);
    expect(seen()).toEqual(['waiting']);
    entries.length = 0;
    await pass(7);
    expect(seen()).toEqual([]);
    expect(store.seen).toEqual([]);
    await pass(REFRESH_MS / 1_000);
    expect(there.acknowledged('support')).toEqual([]);
    watch.close();
  });

  test('is the same one when it is gone for a moment only', async () => {
    const { here, entries, pass, seen, watch } = await watched();
    entries.push(waiting('e1'));
    await here.acknowledge('support', 'waiting', 900_000, 'sofia');
    for (let time = 0; time < 4; time += 1) {
      entries.length = 0;
      await pass(4);
      entries.push(waiting('e2'));
      await pass(2);
    }
    expect(seen()).toEqual(['waiting']);
    watch.close();
  });

  test('of the service level: judged by the figures of today', async () => {
    const { here, counts, pass, seen, watch } = await watched();
    await here.acknowledge('support', 'service-level', 900_000, 'sofia');
    await pass(20);
    expect(seen()).toEqual(['service-level']);
    counts.answeredInTime = 9;
    await pass(7);
    expect(seen()).toEqual([]);
    watch.close();
  });
});

function waiting(entry: string): Entry {
  return {
    ...{ entry, interaction: entry, kind: 'call', queue: 'support', priority: 5, refusedBy: {}, node: 'n1' },
    ...{ seniorityMs: 0, joinedAtMs: 0, state: 'waiting' },
  };
}

const NO_FIGURES = { fromMs: 0, toMs: 0, timeZone: 'Europe/Madrid', uncounted: 0, queues: [], rows: [] };
