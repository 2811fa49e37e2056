// The forms without a browser: which field a place has, where a mistake stands, and changes of several places at once.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Path, readYaml } from '../../../src/core/document/yaml-text.js';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { centreJsonSchema } from '../../../src/core/routing/keys/centre-json.js';
import {
  devicesOf,
  withDeviceOf,
  withLevel,
  withoutTeam,
  withSkillNamed,
  withTeam,
  withTeamNamed,
} from '../../../src/web/centre/across/edits.js';
import { dataOf, namesOf, skillsOf, teamsOf } from '../../../src/web/centre/data.js';
import { faultAt } from '../../../src/web/centre/form/context.js';
import { begun, kindOf, type Schema, schemaAt, variantOf } from '../../../src/web/centre/form/kind.js';
import { FORM_PARTS, freshOf, GROUPS, PARTS } from '../../../src/web/centre/parts.js';

const TEXT = readFileSync('ivr-flows/centre.yaml', 'utf8');
const ROOT: Schema = centreJsonSchema();
const kindAt = (keys: string) => kindOf(schemaAt(ROOT, keys.split('.')) ?? {});
const compiled = (text: string) =>
  compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
const linesChanged = (text: string) => {
  const then = TEXT.split('\n');
  return text
    .split('\n')
    .filter((line, index) => line !== then[index])
    .map((line) => line.trim());
};

test('which field a place has follows from the schema', () => {
  expect(kindAt('queues.*.strategy')).toMatchObject({ kind: 'choice', values: expect.arrayContaining(['ring-all']) });
  expect(kindAt('queues.*.ring')).toEqual({ kind: 'time', hint: '3s – 2m' });
  expect(kindAt('queues.*.title').kind).toBe('texts');
  expect(kindAt('numbers.*.to')).toMatchObject({ kind: 'place', named: ['flow', 'queue', 'agent', 'number'] });
  expect(kindAt('queues.*.priority')).toEqual({ kind: 'whole', least: 0, most: 9 });
  expect(kindAt('hours.*.open.*.days').kind).toBe('words');
  expect(kindAt('outbound.allowed').kind).toBe('lines');
  expect(kindAt('channels.call.interrupts')).toMatchObject({ kind: 'several' });
  expect(kindAt('agents.*.skills').kind).toBe('pairs');
  expect(kindAt('agents.*.devices').kind).toBe('rows');
  expect(kindAt('queues.*.dispositions').kind).toBe('block');
  expect(kindAt('queues.*.wrap-up')).toMatchObject({ kind: 'variants' });
});

test('which of several sorts is written', () => {
  const wrapUp = kindAt('queues.*.wrap-up');
  if (wrapUp.kind !== 'variants') throw new Error('it has no variants');
  const sort = (value: unknown) => {
    const variant = wrapUp.variants[variantOf(wrapUp.variants, value)] ?? {};
    const kind = kindOf(variant);
    return kind.kind === 'choice' ? kind.values[0] : kind.kind;
  };
  expect(['none', 'until-done', '15s', { for: '15s' }].map(sort)).toEqual(['none', 'until-done', 'time', 'block']);
});

test('a field that has to be there begins good', () => {
  expect(begun(schemaAt(ROOT, ['queues', '*', 'divert']) ?? {})).toEqual({ to: 'voicemail' });
  expect(begun(schemaAt(ROOT, ['queues', '*', 'wrap-up']) ?? {})).toBe('15s');
});

test('each part stands in one group, and is in the schema', () => {
  expect(GROUPS.flatMap(([, parts]) => parts as readonly string[]).toSorted()).toEqual([...FORM_PARTS].toSorted());
  const keys = Object.values(PARTS).flatMap((part) => ('key' in part ? [part.key] : 'keys' in part ? part.keys : []));
  expect(keys.filter((key: string) => schemaAt(ROOT, [key]) === undefined)).toEqual([]);
});

test('a new one of each part is good as it is', async () => {
  const { withValue } = await import('../../../src/core/document/yaml-edit.js');
  for (const part of Object.values(PARTS)) {
    if (part.kind !== 'many') continue;
    const name = part.key === 'numbers' ? '1999' : 'fresh';
    const text = withValue(TEXT, [part.key, name], freshOf(part.key, name, ['es', 'en']));
    expect(compiled(text), part.key).toMatchObject({ ok: true });
  }
});

test('a mistake stands at its field, one that is missing at the field that it would have', () => {
  const issues = (text: string) => {
    const result = compiled(text);
    return result.ok ? [] : result.issues;
  };
  const bad = issues(TEXT.replace('ring: 20s', 'ring: 20 carrots').replace('overflow: message', ''));
  const at = (path: Path) => faultAt(bad, path, true);
  expect(at(['queues', 'support', 'ring'])).toContain('carrots');
  expect(at(['queues', 'support', 'overflow'])).toContain('missing');
  expect(at(['queues', 'support', 'max-wait'])).toBeUndefined();
  expect(at(['queues', 'sales'])).toBeUndefined();
  // Where a field holds others only what is its own is told there.
  expect(faultAt(bad, ['queues', 'support'], false)).toBeUndefined();
});

test('a team is made, renamed where it stands, and dissolved', () => {
  const made = withTeam(TEXT, 'day', ['ana', 'bruno']);
  expect(teamsOf(dataOf(made))).toEqual(['day']);
  const waited = made.replace('    skill: support\n', '    skill: support\n    team-delays: { day: 10s }\n');
  const named = withTeamNamed(waited, 'day', 'morning');
  expect(named).toContain('team-delays: { morning: 10s }');
  expect(teamsOf(dataOf(named))).toEqual(['morning']);
  expect(compiled(named)).toMatchObject({ ok: true });
  expect(withoutTeam(named, 'morning')).toBe(TEXT);
});

test('a skill under another name is the same for agents, queues and steps', () => {
  const steps = TEXT.replace(
    'skill: nobody',
    'skills: [{ skill: sales, for: 10s }, { skills: { sales: 2, nobody: 1 } }]',
  );
  const named = withSkillNamed(steps, 'sales', 'selling');
  expect(skillsOf(dataOf(named))).toEqual(['nobody', 'selling', 'support']);
  expect(compiled(named)).toMatchObject({ ok: true });
  expect(named).toContain('skills: [{ skill: selling, for: 10s }, { skills: { selling: 2, nobody: 1 } }]');
});

test('an agent learns and forgets; the rest of the text stays', () => {
  const learnt = withLevel(TEXT, 'ana', 'sales', 2);
  expect(linesChanged(learnt)).toEqual(['skills: { support: 5, sales: 2 }']);
  expect(withLevel(learnt, 'ana', 'sales', undefined)).toBe(TEXT);
  const none = withLevel(TEXT, 'ana', 'support', undefined);
  expect(linesChanged(none)).toEqual(['skills: {}']);
});

test('a device goes to another agent', () => {
  const moved = withDeviceOf(TEXT, 'ana', 1, 'bruno');
  expect(devicesOf(moved, 'ana')).toEqual([{ sip: 'ana-desk' }]);
  expect(devicesOf(moved, 'bruno').at(-1)).toEqual({ browser: 'ana-web' });
  expect(compiled(moved)).toMatchObject({ ok: true });
});

test('the names of the centre are proposed', () => {
  const names = namesOf(dataOf(TEXT), ['main']);
  expect(names).toMatchObject({ flow: ['main'], hours: ['office', 'always'], trunk: ['lab'] });
  expect(names['skill']).toContain('support');
  expect(readYaml({ file: 'x', text: TEXT, revision: '' }).issues).toEqual([]);
});
