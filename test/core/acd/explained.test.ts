// What a supervisor reads of an offer: true, in order of weight, complete where the lists are cut off.
import { describe, expect, test } from 'vitest';
import { scrutinise, scrutinyText } from '../../../src/core/acd/choice/scrutiny.js';
import { decidingText, filterText, strategyText, valuesText } from '../../../src/core/acd/choice/words.js';
import type { Entry } from '../../../src/core/acd/entry.js';
import { type Floor, selectOffers } from '../../../src/core/acd/select.js';
import { NO_TALLY } from '../../../src/core/acd/tally/tally.js';
import { workTransition } from '../../../src/core/acd/work/work-transition.js';
import type { Explanation } from '../../../src/core/interaction/explanation.js';
import type { Language } from '../../../src/core/interaction/language.js';
import { type ChoiceWords, decisionsOf } from '../../../src/core/interaction/timeline/decisions.js';
import { available, floorOf, NOON, offerTo, queue, waiting } from '../../support/floor.js';

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
    const away = Array.from({ length: 3 }, (_, n) => {
      const { agent, ...rest } = available(`away${n}`);
      return [{ ...rest, agent, state: 'break', reason: 'lunch' } as const, { sales: 1 }] as const;
    });
    const agents = [...people(11), ...away, ...others];
    const why = firstOf(floorOf({ queues: [queue('sales')], agents, waiting: [waiting('e', 'sales')] }));
    expect(told(why, 'en').join(' ')).toMatch(/Behind: .* and 3 more\. Could not: .* and 15 more\./);
    expect(told(why, 'es').join(' ')).toMatch(/Detrás: .* y 3 más\. No podían: .* y 15 más\./);
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

describe('one that waits', () => {
  function read(entry: Entry, floor: Floor, language: Language = 'en'): readonly string[] {
    const scrutiny = scrutinise(entry, floor);
    if (scrutiny === undefined) throw new Error('its queue is there');
    return scrutinyText(scrutiny, language, 'Europe/Madrid');
  }

  test('and that everybody refused: the time at which it may be offered again', () => {
    const refusedBy = { ana: { reason: 'rejected', untilMs: NOON + 20_000 } } as const;
    const entry = waiting('e', 'sales', 0, { refusedBy });
    const floor = floorOf({ queues: [queue('sales')], agents: [[available('ana'), { sales: 1 }]], waiting: [entry] });
    expect(read(entry, floor)).toContain('It may be offered again at 13:00:20.');
    expect(read(entry, floor)).toContain('ana: did not take it a moment ago (until 13:00:20).');
    expect(read(entry, floor, 'es')).toContain('Se volverá a ofrecer a las 13:00:20.');
  });

  test('for agents at rest: until when', () => {
    const entry = waiting('e', 'sales');
    const ana = { ...available('ana'), backOffUntilMs: NOON + 45_000 };
    const floor = floorOf({ queues: [queue('sales')], agents: [[ana, { sales: 1 }]], waiting: [entry] });
    expect(read(entry, floor)).toContain('ana: rests after an offer that was not taken (until 13:00:45).');
    expect(read(entry, floor, 'es')).toContain('ana: descansa tras no coger una oferta (hasta las 13:00:45).');
  });

  test('as a task that is offered: it rings nowhere, and who is offered it is not called free', () => {
    const ana = available('ana');
    const offer = { type: 'work-offered', offer: 'o', expiresAtMs: NOON + 9_000, entry: 'e', kind: 'task' } as const;
    const holds = workTransition(ana, { ...offer, interaction: 'i', queue: 'sales' }, NOON);
    if (!holds.ok) throw new Error(holds.refused);
    const entry: Entry = {
      ...waiting('e', 'sales', 0, { kind: 'task' }),
      state: 'offered',
      offer: offerTo('ana', 'o'),
    };
    const floor = floorOf({ queues: [queue('sales')], agents: [[holds.next, { sales: 1 }]], waiting: [entry] });
    expect(read(entry, floor)).toEqual([
      'Number 1 of 1 in sales. It is offered to ana.',
      'ana: is offered it now.',
      'Strategy: longest idle.',
    ]);
    expect(read(entry, floor, 'es')[0]).toBe('Puesto 1 de 1 en sales. Se le ha ofrecido a ana.');
    const call: Entry = { ...entry, kind: 'call' };
    expect(read(call, { ...floor, waiting: [call] })[0]).toBe('Number 1 of 1 in sales. It is ringing at ana.');
  });

  test('in a queue that widens: every ring is named, not the first skill alone', () => {
    const rings = [
      { afterMs: 0, skills: { sales: 4 } },
      { afterMs: 20_000, skills: { support: 2, english: 3 } },
    ];
    const entry = waiting('e', 'sales');
    const floor = floorOf({
      queues: [queue('sales', { rings })],
      agents: [[available('ana'), { sales: 3 }]],
      waiting: [entry],
    });
    expect(read(entry, floor)[0]).toBe(
      'Number 1 of 1 in sales. No agent has the skill sales ≥ 4 / support ≥ 2 + english ≥ 3.',
    );
  });
});
