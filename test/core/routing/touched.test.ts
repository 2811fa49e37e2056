// Whom a change touches, told from the sample centre and its flow.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withValue } from '../../../src/core/document/yaml-edit.js';
import { type Path, readYaml } from '../../../src/core/document/yaml-text.js';
import type { Centre } from '../../../src/core/routing/centre.js';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { effectsBetween } from '../../../src/core/routing/effect/centre-effect.js';
import { namedIn, touchedBy } from '../../../src/core/routing/effect/touched.js';

const TEXT = readFileSync('ivr-flows/centre.yaml', 'utf8');
const MAIN = namedIn(
  readYaml({ file: 'main.yaml', text: readFileSync('ivr-flows/main.yaml', 'utf8'), revision: '' }).value,
);

function compiled(text: string): Centre {
  const result = compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main', 'outer']) });
  if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('; '));
  return result.value;
}

function touched(path: Path, value: unknown, start = TEXT) {
  const [before, after] = [compiled(start), compiled(withValue(start, path, value))];
  const outer = namedIn({ steps: { in: { do: 'flow', flow: 'main' } } });
  return touchedBy(
    effectsBetween(before, after),
    before,
    after,
    new Map([
      ['main', MAIN],
      ['outer', outer],
    ]),
  );
}

test('a queue touches who serves it, the flows that lead to it, and their numbers', () => {
  expect(touched(['queues', 'sales', 'ring'], '33s')).toEqual({
    numbers: ['1000', '2003'],
    queues: ['sales'],
    agents: ['bruno', 'carla'],
    flows: ['main', 'outer'],
  });
});

test('opening hours touch the flows that ask for them, through others as well', () => {
  const outside = withValue(TEXT, ['numbers', '1005'], { to: { flow: 'outer' } });
  expect(touched(['hours', 'office', 'open', 1, 'to'], '14:00', outside)).toMatchObject({
    numbers: ['1000', '1005'],
    queues: [],
    flows: ['main', 'outer'],
  });
});

test('a skill touches the queues that want it', () => {
  expect(touched(['agents', 'ana', 'skills', 'sales'], 2)).toMatchObject({ queues: ['sales'], agents: ['ana'] });
});

test('what is for the whole centre touches no single one', () => {
  expect(touched(['outbound', 'max-per-hour'], 100)).toEqual({ numbers: [], queues: [], agents: [], flows: [] });
});
