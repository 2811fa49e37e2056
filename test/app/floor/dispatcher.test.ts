// The one who gives out: more than a round may offer goes out in the next ones, without anything else happening.
import { expect, test } from 'vitest';
import { Eventually } from '../../../src/app/eventually.js';
import { Dispatcher, OFFERS_A_ROUND } from '../../../src/app/floor/dispatcher.js';
import { LiveState } from '../../../src/app/floor/live-state.js';
import { newDay } from '../../../src/core/acd/tally/counting.js';
import { dayAround } from '../../../src/core/acd/tally/day.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeLive } from '../../support/fakes/live.js';
import { agentConfig, available, queue, waiting } from '../../support/floor.js';
import { sampleCentre } from '../../support/sample-centre.js';

test('everybody is free at once: a round offers so many, and all are offered in the end', async () => {
  const count = 2 * OFFERS_A_ROUND + 1;
  const clock = new FakeClock();
  const server = new FakeLive(clock);
  const store = server.connect();
  const live = new LiveState(store, new Eventually(clock, silentLog));
  const names = Array.from({ length: count }, (_, n) => `agent${n}`);
  const agents = new Map(names.map((name) => [name, agentConfig(name, { sales: 1 })]));
  const { fromMs } = dayAround(clock.nowMs(), 'Europe/Madrid');
  const centre = { ...sampleCentre(), agents, queues: new Map([['sales', queue('sales')]]) };
  server.commit(names.map((id) => ({ kind: 'agent', id, expected: 0, value: newDay(available(id), fromMs) })));
  server.commit(names.map((id) => ({ kind: 'entry', id, expected: 0, value: waiting(id, 'sales') })));
  const rounds: number[] = [];
  const commit = store.commit.bind(store);
  store.commit = (...given) => {
    const atMs = clock.nowMs();
    rounds[atMs] = (rounds[atMs] ?? 0) + 1;
    return commit(...given);
  };
  const dispatcher = new Dispatcher({
    ...{ store, live, clock, node: 'n1', centre: () => centre },
    ...{ ids: seededIds(seededRandom(7)), log: silentLog },
  });
  await dispatcher.start();
  const offered = () => [...live.entries()].filter(({ state }) => state === 'offered').length;
  for (let ms = 0; ms < 100 && offered() < count; ms += 1) {
    clock.advance(1);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(offered()).toBe(count);
  expect(Object.values(rounds).filter((commits) => commits > 1)).toEqual([OFFERS_A_ROUND, OFFERS_A_ROUND]);
  await dispatcher.close();
});
