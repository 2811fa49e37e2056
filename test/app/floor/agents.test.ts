// Phones that come and go faster than the live store can be told.
import { expect, test } from 'vitest';
import { Eventually } from '../../../src/app/eventually.js';
import { Agents, COMES_BACK_MS } from '../../../src/app/floor/agents.js';
import { LiveState } from '../../../src/app/floor/live-state.js';
import type { Telephony } from '../../../src/app/ports.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeLive } from '../../support/fakes/live.js';
import { agentConfig } from '../../support/floor.js';
import { sampleCentre } from '../../support/sample-centre.js';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function setUp(availableOnRegister = true) {
  const clock = new FakeClock();
  const store = new FakeLive(clock).connect();
  const eventually = new Eventually(clock, silentLog);
  const live = new LiveState(store, eventually);
  const ana = { ...agentConfig('ana', { sales: 1 }), availableOnRegister };
  const [device = ''] = ana.devices.map(({ name }) => name);
  const registered = new Set<string>();
  let tell: Parameters<Telephony['onRegistration']>[0] = () => undefined;
  const telephony = {
    isRegistered: (name: string) => registered.has(name),
    onRegistration: (listener: typeof tell) => {
      tell = listener;
    },
  } as unknown as Telephony;
  const centre = { ...sampleCentre(), agents: new Map([['ana', ana]]) };
  const agents = new Agents({
    ...{ live, telephony, eventually, clock, node: 'n1', log: silentLog },
    centre: () => centre,
  });
  const comes = (): void => {
    registered.add(device);
    tell(device, true);
  };
  const goes = (): void => {
    registered.delete(device);
    tell(device, false);
  };
  return { clock, store, agents, comes, goes };
}

test('a phone that restarts at once: its agent is there again, however slowly the store takes the going', async () => {
  const { store, agents, comes, goes } = setUp();
  comes();
  await turns();
  expect(agents.presence('ana').state).toBe('available');

  // The store takes its time for the going, and the phone is back before.
  const commit = store.commit.bind(store);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  store.commit = async (...given) => {
    await held;
    return commit(...given);
  };
  goes();
  await turns();
  comes();
  await turns();
  release();
  await turns();
  expect(agents.presence('ana').state).toBe('available');
});

test('a page that is loaded anew takes nobody out of work, where phones do not bring their agents in either', async () => {
  const { clock, agents, comes, goes } = setUp(false);
  const state = async (): Promise<string> => {
    await turns();
    return agents.presence('ana').state;
  };
  comes();
  expect(await state()).toBe('offline');
  await agents.apply('ana', { type: 'set-state', to: { state: 'available' }, reachable: true });
  goes();
  expect(await state()).toBe('offline');
  clock.advance(COMES_BACK_MS);
  comes();
  expect(await state()).toBe('available');

  goes();
  expect(await state()).toBe('offline');
  clock.advance(COMES_BACK_MS + 1);
  comes();
  expect(await state()).toBe('offline');
});
