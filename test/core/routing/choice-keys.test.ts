// What an administrator writes about who gets whom: what it becomes, what is refused, and the examples of docs/routing.md at work.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Entry } from '../../../src/core/acd/entry.js';
import { selectOffers } from '../../../src/core/acd/select.js';
import { formatIssue } from '../../../src/core/document/issue.js';
import type { Centre } from '../../../src/core/routing/centre.js';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { available, NOON, waiting } from '../../support/floor.js';
import { SAMPLE_TEXT } from '../../support/sample-centre.js';

type Tree = { [key: string]: Tree } & object;

function compile(queue: object, rest: object = {}) {
  const sample: Tree = parse(SAMPLE_TEXT);
  const text = stringify({
    ...sample,
    ...rest,
    queues: { ...sample['queues'], support: { ...sample['queues']?.['support'], ...queue } },
  });
  return compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
}

function mistakes(queue: object, rest: object = {}): string[] {
  const compiled = compile(queue, rest);
  return compiled.ok ? [] : compiled.issues.map(({ message }) => message);
}

describe('what is refused', () => {
  test.each([
    ['a strategy that does not exist', { strategy: 'best' }, /this value is not known here/],
    ['an order without top-down', { order: ['ana'] }, /longest-idle knows no order/],
    ['an agent in the order who does not exist', { strategy: 'top-down', order: ['ana', 'eva'] }, /no agent 'eva'/],
    ['an agent twice', { strategy: 'top-down', order: ['ana', 'ana'] }, /'ana' is here twice/],
    ['ring-at-most without ring-all', { 'ring-at-most': 3 }, /rings one at a time/],
    ['a first step that never ends', { skills: [{ skill: 'support' }, { skill: 'sales' }] }, /never ends/],
    ['a last step that ends', { skills: [{ skill: 'support', for: '10s' }] }, /last step does not end/],
    ['a step with skill and skills', { skills: [{ skill: 'a', skills: { b: 1 } }] }, /either skill or skills/],
    ['a step without', { skills: [{ level: 2 }] }, /either skill or skills/],
    ['a level of 6', { skills: [{ skill: 'support', level: 6 }] }, /this is too much/],
    ['a delay for a team that nobody belongs to', { 'team-delays': { backup: '10s' } }, /no team 'backup'/],
    ['nobody to serve it', { skill: undefined }, /nobody is named who serves it/],
  ])('%s', (_name, queue, message) => {
    expect(mistakes(queue).join('\n')).toMatch(message);
  });

  test('more conversations than anybody has, and calls by the dozen', () => {
    expect(mistakes({}, { channels: { message: { 'per-agent': 21 } } })).toHaveLength(1);
    expect(mistakes({}, { channels: { call: { 'per-agent': 2 } } })).toHaveLength(1);
    expect(mistakes({}, { channels: { call: { interrupts: ['post'] } } })).toHaveLength(1);
  });

  test('at its line', () => {
    const compiled = compile({ strategy: 'top-down', order: ['eva'] });
    const [issue] = compiled.ok ? [] : compiled.issues;
    expect(issue && formatIssue(issue)).toMatch(/^centre\.yaml:\d+:\d+.*no agent 'eva'/);
  });
});

describe('the examples of docs/routing.md', () => {
  const examples = readFileSync('docs/routing.md', 'utf8')
    .split(/^## Waiting$/m)[0]
    ?.match(/(?<=```yaml\n)[\s\S]*?(?=```)/g);

  function centreOf(index: number): Centre {
    const text = stringify(over(parse(SAMPLE_TEXT), parse(examples?.[index] ?? '')));
    const compiled = compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
    if (!compiled.ok) throw new Error(compiled.issues.map(formatIssue).join('\n'));
    return compiled.value;
  }

  /** Everybody free, Ana for longest; who is offered what. */
  function offers(index: number, ...entries: readonly Entry[]): string[] {
    const { agents, queues, channels } = centreOf(index);
    const decisions = selectOffers({
      ...{ waiting: entries, queues, agentConfigs: agents, nowMs: NOON },
      agents: [...agents.keys()].map((name, n) => available(name, 100_000 - n * 1_000)),
      ...(channels === undefined ? {} : { channels }),
    });
    return decisions.map(({ entry, agent, beside }) => [entry.entry, agent, ...beside.map((o) => o.agent)].join(' '));
  }

  test('top-down: Carla before Bruno', () => {
    expect(offers(0, waiting('e', 'sales'))).toEqual(['e carla']);
  });

  test('ring-all: Ana and Bruno at once', () => {
    expect(offers(1, waiting('e', 'support'))).toEqual(['e ana bruno']);
    expect(centreOf(1).agents.get('bruno')?.weight).toBe(3);
  });

  test('rings: Carla (5) first, Bruno (3) after 20 s', () => {
    const two = (waitedMs: number) => offers(2, waiting('e1', 'sales', waitedMs + 1), waiting('e2', 'sales', waitedMs));
    expect(two(19_998)).toEqual(['e1 carla']);
    expect(two(20_000)).toEqual(['e1 bruno', 'e2 carla']);
    expect(centreOf(2).queues.get('sales')?.rings?.[2]).toEqual({
      afterMs: 60_000,
      skills: { support: 3, english: 2 },
    });
  });

  test('teams: Carla helps after 30 s', () => {
    const three = (waitedMs: number) => offers(3, ...['e1', 'e2', 'e3'].map((id) => waiting(id, 'support', waitedMs)));
    expect(three(29_999)).toEqual(['e1 ana', 'e2 bruno']);
    expect(three(30_000)).toEqual(['e1 ana', 'e2 bruno', 'e3 carla']);
  });

  test('sticky, ageing and channels', () => {
    expect(centreOf(4).queues.get('support')?.stickyMs).toBe(30_000);
    expect(centreOf(5).queues.get('support')).toMatchObject({ priority: 7, ageingMs: 60_000 });
    expect(offers(6, waiting('e', 'support', 0, { kind: 'task' }))).toEqual(['e bruno']);
    expect(centreOf(6).channels?.message).toEqual({ perAgent: 4, interrupts: ['task'] });
  });
});

function over(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, Object.hasOwn(above, key) ? over(below[key], above[key]) : below[key]]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
