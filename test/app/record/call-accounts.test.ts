// Every call has one end; those that have none, or two, are counted.
import { beforeEach, expect, test } from 'vitest';
import { CallAccounts } from '../../../src/app/record/call-accounts.js';
import type { Interactions } from '../../../src/app/record/interactions.js';
import type { Thread } from '../../../src/app/record/thread.js';
import { answered, arrived, connected, ended, inFlow, queued, record, type Told } from '../../support/record.js';

type Listener = Parameters<Interactions['onEvent']>[0];

let tell: (...events: Told[1][]) => void;
let accounts: CallAccounts;

beforeEach(() => {
  let listener: Listener = () => undefined;
  const told: Told[1][] = [];
  const interactions = {
    onEvent(given: Listener) {
      listener = given;
      return () => undefined;
    },
  };
  accounts = new CallAccounts(interactions);
  tell = (...events) => {
    for (const event of events) {
      told.push(event);
      listener({ id: 'i1', events: record(told.map((one) => [0, one])) } as Partial<Thread> as Thread, event);
    }
  };
});

test('a call is where its last fact left it', () => {
  tell(arrived());
  expect(accounts.counts()).toEqual({ ringing: 1, 'in-flow': 0, queued: 0, talking: 0 });
  tell(answered(), inFlow());
  expect(accounts.counts()).toMatchObject({ ringing: 0, 'in-flow': 1 });
  tell(queued('e1', 0));
  expect(accounts.counts()).toMatchObject({ 'in-flow': 0, queued: 1 });
  tell(connected('e1', 1));
  expect(accounts.counts()).toMatchObject({ queued: 0, talking: 1 });
  tell(ended('served'));
  expect(accounts.counts()).toEqual({ ringing: 0, 'in-flow': 0, queued: 0, talking: 0 });
  expect(accounts.open()).toEqual([]);
});

test('calls are open from their first fact to their end, by the Call-ID of their line as soon as there is one', () => {
  tell(arrived('s1'), arrived('s2'));
  expect(accounts.open().map(({ segment }) => segment)).toEqual(['s1', 's2']);
  expect(accounts.open()[0]).toMatchObject({ interaction: 'i1', callId: expect.any(String) });
  tell(ended('failed', { segment: 's1' }));
  expect(accounts.open().map(({ segment }) => segment)).toEqual(['s2']);
  tell({ type: 'call-dialled', data: { segment: 's3', to: '+34600123123', purpose: 'callback', node: 'n1' } });
  expect(accounts.open()[1]).toEqual({ segment: 's3', interaction: 'i1' });
  tell({ type: 'call-answered', data: { segment: 's3', callId: 'c3' } });
  expect(accounts.open()[1]).toEqual({ segment: 's3', interaction: 'i1', callId: 'c3' });
});

test('a call that ended twice is unaccounted for', () => {
  tell(arrived(), ended('served'), ended('failed'));
  expect(accounts.endedTwice).toBe(1);
});

test('the end of a call of another node is none of ours', () => {
  tell(ended('failed', { segment: 'theirs' }));
  expect(accounts.endedTwice).toBe(0);
});

test('the same arrival told twice is one call', () => {
  tell(arrived(), arrived());
  expect(accounts.counts().ringing).toBe(1);
});
