// The fakes do what the real stores do: the same cases run on both (see stores.system.test.ts).
import { describe } from 'vitest';
import { FakeClock } from '../../src/lib/clock.js';
import { systemIds } from '../../src/lib/ids.js';
import { liveStoreCases } from '../support/cases/live-store.js';
import { recordStoreCases } from '../support/cases/record-store.js';
import { FakeLive } from '../support/fakes/live.js';
import { FakeRecords } from '../support/fakes/records.js';

const TURNS = 10;

describe('the fake live store', () => {
  liveStoreCases(async () => {
    const clock = new FakeClock();
    const server = new FakeLive(clock);
    return {
      connect: async () => server.connect(),
      flush: async () => server.flushAll(),
      pass: async (ms) => clock.advance(ms),
      async arrives(condition) {
        for (let turn = 0; turn < TURNS && !condition(); turn += 1)
          await new Promise((resolve) => setImmediate(resolve));
      },
    };
  });
});

describe('the fake record', () => {
  const records = new FakeRecords(systemIds);
  recordStoreCases(() => records);
});
