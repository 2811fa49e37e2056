// Steps of the day: read once for all who look, from midnight of the centre, and read again when that went wrong.
import { expect, test } from 'vitest';
import { KEPT_MS, StepsToday } from '../../../src/app/walkers/steps-today.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { FakeSteps } from '../../support/fakes/walkers.js';

const MADRID = 'Europe/Madrid';
const at = (clock: FakeClock) => new Date(clock.nowMs()).toISOString();

function today() {
  const [clock, store] = [new FakeClock(), new FakeSteps()];
  store.outcomes = [
    { flow: 'main', step: 'menu', outcome: 'key:1', count: 2 },
    { flow: 'main', step: 'menu', outcome: 'time-out', count: 7 },
    { flow: 'other', step: 'menu', outcome: 'key:1', count: 9 },
  ];
  return { clock, store, steps: new StepsToday({ store, clock, centre: () => ({ timeZone: MADRID }) }) };
}

test('of this flow, most frequent first, since midnight where the centre is', async () => {
  const { steps, store, clock } = today();
  expect((await steps.of('main')).steps).toEqual([
    { step: 'menu', outcome: 'time-out', count: 7 },
    { step: 'menu', outcome: 'key:1', count: 2 },
  ]);
  const [sinceMs = 0] = store.asked;
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: MADRID, timeStyle: 'medium' }).format(sinceMs);
  expect({ time, isPast: sinceMs <= clock.nowMs() }, at(clock)).toEqual({ time: '00:00:00', isPast: true });
});

test('those who look at the same time share one look; later it is looked again', async () => {
  const { steps, store, clock } = today();
  await Promise.all([steps.of('main'), steps.of('other')]);
  expect(store.asked).toHaveLength(1);
  clock.advance(KEPT_MS);
  await steps.of('main');
  expect(store.asked).toHaveLength(2);
});

test('a look that went wrong is not kept', async () => {
  const { steps, store } = today();
  store.state = 'away';
  await expect(steps.of('main')).rejects.toMatchObject({ code: 'store-unavailable' });
  store.state = 'there';
  await expect(steps.of('main')).resolves.toMatchObject({ steps: [{ count: 7 }, { count: 2 }] });
});
