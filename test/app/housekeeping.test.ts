// What is too old is forgotten by itself, on one node of the centre.
import { beforeEach, expect, test } from 'vitest';
import type { Agents } from '../../src/app/floor/agents.js';
import { FORGOTTEN_AT_ONCE, Housekeeping, PRESENCE_KEPT_MS } from '../../src/app/housekeeping.js';
import type { RecordStore } from '../../src/app/ports.js';
import type { Interactions } from '../../src/app/record/interactions.js';
import { FakeClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { FakeAgentStore } from '../support/fakes/agents.js';

const MINUTE_MS = 60_000;

let clock: FakeClock;
let agentStore: FakeAgentStore;
let leading: boolean;
beforeEach(() => {
  clock = new FakeClock();
  agentStore = new FakeAgentStore();
  leading = true;
});

function open(): Housekeeping {
  const housekeeping = new Housekeeping({
    store: { find: async () => ({ interactions: [] }) } as unknown as RecordStore,
    interactions: {} as Interactions,
    agents: { reconcile: () => undefined } as unknown as Agents,
    agentStore,
    works: { restore: async () => undefined },
    reception: { lookAfter: async () => undefined },
    files: { forgetOld: async () => undefined },
    leading: () => leading,
    clock,
    log: silentLog,
  });
  housekeeping.start();
  return housekeeping;
}

/** One change a second, `count` of them until `agoMs` ago. */
async function keepChanges(count: number, agoMs: number): Promise<void> {
  const lastMs = clock.nowMs() - agoMs;
  await agentStore.keepPresence(
    Array.from({ length: count }, (_, at) => {
      return { agent: 'ana', atMs: lastMs - 1_000 * (count - at), version: at, state: 'break' };
    }),
  );
}

async function pass(): Promise<void> {
  clock.advance(MINUTE_MS);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

test('changes of agents are forgotten when they are too old, some at a time; the last one before stays', async () => {
  await keepChanges(FORGOTTEN_AT_ONCE + 10, PRESENCE_KEPT_MS);
  await keepChanges(5, 0);
  const housekeeping = open();
  await pass();
  expect(agentStore.rows.size).toBe(10 + 5);
  await pass();
  expect(agentStore.rows.size).toBe(1 + 5);
  housekeeping.close();
});

test('only the node that leads forgets', async () => {
  await keepChanges(10, PRESENCE_KEPT_MS);
  leading = false;
  const housekeeping = open();
  await pass();
  expect(agentStore.rows.size).toBe(10);
  housekeeping.close();
});
