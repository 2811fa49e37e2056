// What a supervisor reads of an offer: true, in order of weight, complete where the lists are cut off.
import { describe, expect, test } from 'vitest';
import { scrutinise, scrutinyText } from '../../../src/core/acd/choice/scrutiny.js';
import { decidingText, filterText, strategyText, valuesText } from '../../../src/core/acd/choice/words.js';
import { type Floor, selectOffers } from '../../../src/core/acd/select.js';
import { NO_TALLY } from '../../../src/core/acd/tally/tally.js';
import type { Explanation } from '../../../src/core/interaction/explanation.js';
import type { Language } from '../../../src/core/interaction/language.js';
import { type ChoiceWords, decisionsOf } from '../../../src/core/interaction/timeline/decisions.js';
import { available, floorOf, NOON, queue, waiting } from '../../support/floor.js';

const WORDS: ChoiceWords = {
  ...{ strategy: strategyText, filter: filterText },
  values: (values, language) => valuesText(values, language, 'Europe/Madrid'),
  deciding: (first, second, language) => decidingText(first, second, language, 'Europe/Madrid'),
};

function told(why: Explanation, language: Language): readonly string[] {
  const data = { entry: 'e', offer: 'o', queue: 'sales', agent: why.candidates[0]?.agent ?? '', why };
  const recorded = { interaction: 'i', version: 1, atMs: NOON, event: { type: 'offered', data } as const };
  return decisionsOf([recorded], language, WORDS)[0]?.sentences.slice(1) ?? [];
}

function firstOf(floor: Floor): Explanation {
  const [decision] = selectOffers(floor);
  if (decision === undefined) throw new Error('nothing is offered');
  return decision.why;
}

const people = (count: number) =>
  Array.from({ length: count }, (_, n) => [available(`agent${n}`, n * 1_000), { sales: 1 }] as const);

describe('an offer', () => {
  test('says what decided, whatever the order in which a database gave the values back', () => {
    const early = { ...available('ana', 5_000), tally: { ...NO_TALLY, lastOfferedMs: NOON - 60_000 } };
    const late = { ...available('bruno', 90_000), tally: { ...NO_TALLY, lastOfferedMs: NOON - 30_000 } };
    const agents = [early, late].map((presence) => [presence, { sales: 1 }] as const);
    const floor = floorOf({
      queues: [queue('sales', { strategy: 'round-robin' })],
      agents,
      waiting: [waiting('e', 'sales')],
    });
    const why = firstOf(floor);
    const sorted = why.candidates.map(({ agent, values }) => ({
      agent,
      values: Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    }));
    for (const one of [why, { ...why, candidates: sorted }]) {
      expect(told(one, 'en')).toEqual([
        'Strategy: round robin.',
        'Chosen: ana (last offered at 12:59:00, idle for 5 s, skill level 1).',
        'Decided by: last offered at 12:59:00, against last offered at 12:59:30.',
        'Behind: bruno (last offered at 12:59:30, idle for 90 s, skill level 1).',
        'Priority 5; first in its queue.',
      ]);
      expect(told(one, 'es')).toContain(
        'Decidió: última oferta a las 12:59:00, frente a última oferta a las 12:59:30.',
      );
    }
  });

  test('to one of equals: the name', () => {
    const agents = ['bruno', 'ana'].map((name) => [available(name, 5_000), { sales: 1 }] as const);
    const why = firstOf(floorOf({ queues: [queue('sales')], agents, waiting: [waiting('e', 'sales')] }));
    expect(told(why, 'en')).toContain('Decided by name: equal in all.');
    expect(told(why, 'es')).toContain('Decidió el nombre: en todo iguales.');
  });

  test('where what decided is less than a second apart, to the millisecond', () => {
    const agents = [10_400, 10_020].map((ms) => [available(`idle${ms}`, ms), { sales: 1 }] as const);
    const why = firstOf(floorOf({ queues: [queue('sales')], agents, waiting: [waiting('e', 'sales')] }));
    expect(told(why, 'en')).toContain('Decided by: idle for 10.400 s, against idle for 10.020 s.');
  });

  test('says how many the lists leave out', () => {
    const others = Array.from({ length: 20 }, (_, n) => [available(`other${n}`), { support: 1 }] as const);
    const agents = [...people(11), ...others];
    const why = firstOf(floorOf({ queues: [queue('sales')], agents, waiting: [waiting('e', 'sales')] }));
    expect(told(why, 'en').join(' ')).toMatch(/Behind: .* and 3 more\. Could not: .* and 12 more\./);
    expect(told(why, 'es').join(' ')).toMatch(/Detrás: .* y 3 más\. No podían: .* y 12 más\./);
  });

  test('to several together names them all', () => {
    const ringing = queue('sales', { strategy: 'ring-all', ringAtMost: 2 });
    const why = firstOf(floorOf({ queues: [ringing], agents: people(3), waiting: [waiting('e', 'sales')] }));
    const [, chosen, behind] = told(why, 'en');
    expect(chosen).toBe('Chosen: agent2 (idle for 2 s, skill level 1); agent1 (idle for 1 s, skill level 1).');
    expect(behind).toBe('Behind: agent0 (idle for 0 s, skill level 1).');
  });

  test('ahead are those of its own line: a task that waits stands before no call', () => {
    const agents = [[available('ana'), { sales: 1 }] as const];
    const entries = [
      waiting('task', 'sales', 60_000, { kind: 'task', refusedBy: { ana: { reason: 'rejected', untilMs: NOON + 1 } } }),
      waiting('call', 'sales', 1_000),
    ];
    expect(firstOf(floorOf({ queues: [queue('sales')], agents, waiting: entries })).ahead).toBe(0);
    const calls = entries.map((entry) => ({ ...entry, kind: 'call' as const }));
    const why = firstOf(floorOf({ queues: [queue('sales')], agents, waiting: calls }));
    expect(told(why, 'en')).toContain('Priority 5; 1 before it in its queue had to wait on.');
    expect(told(why, 'es')).toContain('Prioridad 5; 1 delante en su cola tenían que esperar todavía.');
  });
});

test('one that everybody refused is told with the time at which it may be offered again', () => {
  const refusedBy = { ana: { reason: 'rejected', untilMs: NOON + 20_000 } } as const;
  const entry = waiting('e', 'sales', 0, { refusedBy });
  const floor = floorOf({ queues: [queue('sales')], agents: [[available('ana'), { sales: 1 }]], waiting: [entry] });
  const scrutiny = scrutinise(entry, floor);
  if (scrutiny === undefined) throw new Error('its queue is there');
  expect(scrutinyText(scrutiny, 'en', 'Europe/Madrid')).toContain('It may be offered again at 13:00:20.');
  expect(scrutinyText(scrutiny, 'es', 'Europe/Madrid')).toContain('Se volverá a ofrecer a las 13:00:20.');
});
