// What changes for callers and agents, from the texts to the sentences' data.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withValue } from '../../../src/core/document/yaml-edit.js';
import type { Path } from '../../../src/core/document/yaml-text.js';
import type { Centre } from '../../../src/core/routing/centre.js';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { effectsBetween } from '../../../src/core/routing/effect/centre-effect.js';

const TEXT = readFileSync('ivr-flows/centre.yaml', 'utf8');

function compiled(text: string): Centre {
  const result = compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
  if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('; '));
  return result.value;
}

const effectsOf = (...edits: readonly (readonly [Path, unknown])[]) =>
  effectsBetween(compiled(TEXT), compiled(edits.reduce((text, [path, value]) => withValue(text, path, value), TEXT)));

test('nothing, for what is only written otherwise', () => {
  expect(effectsBetween(compiled(TEXT), compiled(`${TEXT}\n# a comment\n`))).toEqual([]);
  expect(effectsOf([['queues', 'support', 'ring'], '20000ms'], [['queues', 'support', 'priority'], 5])).toEqual([]);
});

test('a queue whose agents are rung for longer', () => {
  expect(effectsOf([['queues', 'support', 'ring'], '30s'])).toEqual([
    { kind: 'changed', part: 'queue', name: 'support', key: 'ringMs', from: '20 s', to: '30 s' },
  ]);
});

test('an agent who learns a skill serves the queues that want it', () => {
  expect(effectsOf([['agents', 'ana', 'skills', 'sales'], 2])).toEqual([
    { kind: 'changed', part: 'agent', name: 'ana', key: 'skills', from: 'support 5', to: 'support 5, sales 2' },
    { kind: 'serves', agent: 'ana', queue: 'sales' },
  ]);
});

test('a queue that wants another skill is served by others', () => {
  const effects = effectsOf([['queues', 'support', 'skill'], 'sales']);
  expect(effects.filter(({ kind }) => kind !== 'changed')).toEqual([
    { kind: 'serves-no-more', agent: 'ana', queue: 'support' },
    { kind: 'serves', agent: 'carla', queue: 'support' },
  ]);
});

test('a number that leads elsewhere, one more and one less', () => {
  expect(
    effectsOf(
      [['numbers', '1001', 'to'], { queue: 'sales' }],
      [['numbers', '1003'], undefined],
      [['numbers', '1004'], { to: 'voicemail' }],
    ),
  ).toEqual([
    { kind: 'changed', part: 'number', name: '1001', key: 'entry', from: 'queue support', to: 'queue sales' },
    { kind: 'added', part: 'number', name: '1004' },
    { kind: 'removed', part: 'number', name: '1003' },
  ]);
});

test('hours, and what there is one of', () => {
  expect(effectsOf([['hours', 'office', 'open', 1, 'to'], '14:00'], [['recovery', 'cool-down'], '20m'])).toEqual([
    expect.objectContaining({ kind: 'changed', part: 'hours', name: 'office', key: 'spans' }),
    { kind: 'changed', part: 'recovery', name: '', key: 'coolDownMs', from: '900 s', to: '1200 s' },
  ]);
});

test('breaks, rests, texts, other systems; what was not there before', () => {
  expect(
    effectsOf(
      [['breaks'], { lunch: { title: { es: 'Comida', en: 'Lunch' } } }],
      [['back-off'], { rejected: ['5s', '10s'] }],
      [['texts', 'queue-wait', 'en'], 'Wait {{ wait }}.'],
      [['http'], { hosts: ['crm.example.com'] }],
      [['crm'], { url: 'https://crm.example.com/{{ contact.id }}' }],
      [['name'], 'Centre'],
    ),
  ).toEqual([
    { kind: 'added', part: 'break', name: 'lunch' },
    expect.objectContaining({ kind: 'changed', part: 'text', name: 'queue-wait', key: 'en', to: 'Wait {{ wait }}.' }),
    { kind: 'added', part: 'host', name: 'crm.example.com:443' },
    { kind: 'changed', part: 'centre', name: '', key: 'name', from: 'Hilo', to: 'Centre' },
    { kind: 'added', part: 'crm', name: '' },
    {
      ...{ kind: 'changed', part: 'backOff', name: '', key: 'rejectedMs' },
      ...{ from: '10 s, 30 s, 60 s', to: '5 s, 10 s' },
    },
  ]);
});
