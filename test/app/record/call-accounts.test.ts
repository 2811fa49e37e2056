// Every call has one end; those that have none, or two, are counted.
import { beforeEach, expect, test } from 'vitest';
import { CallAccounts } from '../../../src/app/record/call-accounts.js';
import type { Interactions } from '../../../src/app/record/interactions.js';
import type { Thread } from '../../../src/app/record/thread.js';
import { answered, arrived, connected, ended, inFlow, queued, record, type Told } from '../../support/record.js';

type Listener = Parameters<Interactions['onEvent']>[0];

let tell: (...events: Told[1][]) => void;
let accounts: CallAccounts;
let live: number;

beforeEach(() => {
  live = 0;
  let listener: Listener = () => undefined;
  const told: Told[1][] = [];
  const interactions = {
    onEvent(given: Listener) {
      listener = given;
    },
  };
  accounts = new CallAccounts(interactions, () => live);
  tell = (...events) => {
    for (const event of events) {
      told.push(event);
      listener({ events: record(told.map((one) => [0, one])) } as Partial<Thread> as Thread, event);
    }
  };
});

test('a call is where its last fact left it', () => {
  live = 1;
  tell(arrived());
  expect(accounts.counts()).toEqual({ ringing: 1, 'in-flow': 0, queued: 0, talking: 0 });
  tell(answered(), inFlow());
  expect(accounts.counts()).toMatchObject({ ringing: 0, 'in-flow': 1 });
  tell(queued('e1', 0));
  expect(accounts.counts()).toMatchObject({ 'in-flow': 0, queued: 1 });
  tell(connected('e1', 1));
  expect(accounts.counts()).toMatchObject({ queued: 0, talking: 1 });
  tell(ended('served'));
  live = 0;
  expect(accounts.counts()).toEqual({ ringing: 0, 'in-flow': 0, queued: 0, talking: 0 });
  expect(accounts.unaccounted()).toBe(0);
});

test('a call that nobody tends and that has no end is unaccounted for', () => {
  live = 2;
  tell(arrived('s1'), arrived('s2'));
  expect(accounts.unaccounted()).toBe(0);
  live = 1;
  expect(accounts.unaccounted()).toBe(1);
  tell(ended('failed', { segment: 's1' }));
  expect(accounts.unaccounted()).toBe(0);
});

test('a call that ended twice is unaccounted for', () => {
  tell(arrived(), ended('served'), ended('failed'));
  expect(accounts.unaccounted()).toBe(1);
});

test('the end of a call of another node is none of ours', () => {
  tell(ended('failed', { segment: 'theirs' }));
  expect(accounts.unaccounted()).toBe(0);
});

test('the same arrival told twice is one call', () => {
  live = 1;
  tell(arrived(), arrived());
  expect(accounts.counts().ringing).toBe(1);
});
