// Who tries the centre out: each a number of their own, secrets for a time, and no telephone of anybody else.
import { beforeEach, describe, expect, test } from 'vitest';
import { MAX_VISITS, RECENT_MS, UNSEEN_MS, Visits } from '../../../src/app/visits/visits.js';
import type { Centre } from '../../../src/core/routing/centre.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { sampleCentre } from '../../support/sample-centre.js';

let clock: FakeClock;
let centre: Centre;
let visits: Visits;
beforeEach(() => {
  clock = new FakeClock();
  centre = sampleCentre();
  visits = new Visits({ centre: () => centre, clock, ids: seededIds(seededRandom(7)) });
});

const pass = (ms: number): void => clock.advance(ms);

describe('a visit', () => {
  test('has a number and secrets of its own', () => {
    const [one, other] = [visits.begin(), visits.begin()];
    expect(one.number).toMatch(/^\+3460000\d{4}$/);
    expect(new Set([one.number, other.number]).size).toBe(2);
    expect(one.device).toBe('ana-desk');
    expect(visits.secretsOf(one.number)).toEqual([one.secrets.customer]);
    expect(visits.secretsOf('ana-desk')).toEqual([one.secrets.agent, other.secrets.agent]);
    expect(visits.secretsOf('bruno-desk')).toEqual([]);
  });

  test('calls in over the trunk of the try-out; an agent’s phone does not', () => {
    const { number } = visits.begin();
    expect(visits.trunkOf(number)).toBe('lab');
    expect(visits.trunkOf('ana-desk')).toBeUndefined();
    expect(visits.trunkOf('+34600123456')).toBeUndefined();
  });

  test('ends, and its secrets with it', () => {
    const { id, number } = visits.begin();
    visits.end(id);
    expect(visits.secretsOf(number)).toEqual([]);
    expect(visits.secretsOf('ana-desk')).toEqual([]);
    expect(() => visits.seen(id)).toThrow('this visit is over');
  });

  test('is over when nobody looks any more', () => {
    const [left, kept] = [visits.begin(), visits.begin()];
    pass(UNSEEN_MS - 1);
    visits.seen(kept.id);
    pass(1);
    expect(visits.secretsOf(left.number)).toEqual([]);
    expect(visits.secretsOf(kept.number)).not.toEqual([]);
    expect(visits.open).toBe(1);
  });

  test('is over when the centre lets nobody try any more', () => {
    const { number } = visits.begin();
    const { tryOut: _gone, ...others } = centre;
    centre = others;
    expect(visits.secretsOf(number)).toEqual([]);
    expect(visits.secretsOf('ana-desk')).toEqual([]);
    expect(visits.trunkOf(number)).toBeUndefined();
    expect(() => visits.begin()).toThrow('try-out');
  });

  test('nobody who is there is sent away for a newcomer, who was left a while ago is', () => {
    const first = visits.begin();
    for (let more = 1; more < MAX_VISITS; more += 1) visits.begin();
    expect(() => visits.begin()).toThrow(`${MAX_VISITS} visits are open`);
    pass(RECENT_MS);
    visits.begin();
    expect(visits.open).toBe(MAX_VISITS);
    expect(() => visits.seen(first.id)).toThrow('this visit is over');
  });
});

test('the numbers of visitors are known when their visits are over, and no others are taken for them', () => {
  expect(visits.isVisitor('+34600001234')).toBe(true);
  expect(visits.isVisitor('+34600012345')).toBe(false);
  expect(visits.isVisitor('+3460000123')).toBe(false);
  expect(visits.isVisitor('+346000012345')).toBe(false);
});
