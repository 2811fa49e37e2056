// Texts with something wrong at every place: nothing throws, what an editor refuses is refused at load too, and it is told in words.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { formatIssue, type Issue, isError } from '../../src/core/document/issue.js';
import { readYaml } from '../../src/core/document/yaml-text.js';
import { compileFlows } from '../../src/core/ivr/compile.js';
import { flowSchema } from '../../src/core/ivr/schema/flow-schema.js';
import { STEP_KINDS } from '../../src/core/ivr/step-kinds.js';
import { compileCentre } from '../../src/core/routing/compile-centre.js';
import { centreJsonSchema } from '../../src/core/routing/keys/centre-json.js';
import { namesInCentre } from '../../src/core/routing/keys/names-in-centre.js';
import { AROUND } from '../support/flow-caller.js';

type Block = Record<string, unknown>;

const ajv = new Ajv({ strict: false });
const isFlow = ajv.compile(flowSchema());
const isCentre = ajv.compile(centreJsonSchema());

/** What somebody may have written there instead. */
const WRONG: readonly unknown[] = [null, 7, true, ['a'], {}];

const plain = (value: unknown): Block => JSON.parse(JSON.stringify(value)) as Block;

function pathsIn(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...at, key]))];
}

/** The value with something else at a place; undefined: with nothing there. */
function changed(value: Block, path: readonly string[], wrong: unknown): Block {
  const copy = plain(value);
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key] as Block;
  const key = path.at(-1) ?? '';
  if (wrong !== undefined) parent[key] = wrong;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return copy;
}

/** Faults that this leaves; each would be a sentence here. */
function faultsOf(
  value: Block,
  wrongs: readonly unknown[],
  compile: (text: string) => readonly Issue[],
  isGood: (value: unknown) => boolean,
) {
  return pathsIn(value)
    .slice(1)
    .flatMap((path) => [undefined, ...wrongs].map((wrong) => ({ path, wrong })))
    .flatMap(({ path, wrong }): string[] => {
      const text = stringify(changed(value, path, wrong), { lineWidth: 0 });
      const place = `${path.join('.')} = ${JSON.stringify(wrong)}`;
      const read = readYaml({ file: 'a.yaml', text, revision: '' }).value;
      const errors = compile(text).filter(isError);
      const told = errors.map(formatIssue).filter((line) => /Invalid|\[object|undefined/.test(line));
      const refused = !isGood(plain(read)) && errors.length === 0;
      return [...told.map((line) => `${place}: ${line}`), ...(refused ? [`${place}: only editors refuse it`] : [])];
    });
}

const HEAD = `version: 1
name: a
languages: [es, en]
start: one
variables: { order: '', tries: 0, vip: false }
steps:
`;
/** The steps that examples lead to. */
const OTHERS = ['support', 'sales', 'voicemail', 'goodbye', 'found', 'thanks', 'weekend']
  .map((step) => `  ${step}: { do: queue, queue: support }\n`)
  .join('');
const flowWith = (step: string) => `${HEAD}  one:\n${step.trimEnd().replace(/^/gm, '    ')}\n${OTHERS}`;

describe('a wrong value at every place', () => {
  test.each(Object.entries(STEP_KINDS))('of the example of %s', { timeout: 60_000 }, (_, { example }) => {
    const compile = (step: string) => {
      const compiled = compileFlows([{ file: 'a.yaml', text: flowWith(step), revision: '' }], AROUND);
      return compiled.ok ? [] : compiled.issues;
    };
    const whole = plain(readYaml({ file: 'a.yaml', text: flowWith(example.trim()), revision: '' }).value);
    const steps = whole['steps'] as Block;
    const isGood = (one: unknown) => isFlow({ ...whole, steps: { ...steps, one } });
    expect(faultsOf(steps['one'] as Block, WRONG, compile, isGood)).toEqual([]);
  });

  test('of the sample centre', { timeout: 120_000 }, () => {
    const source = { file: 'centre.yaml', text: readFileSync('ivr-flows/centre.yaml', 'utf8'), revision: '' };
    const { texts, queues, agents, numbers, hours, ...others } = plain(readYaml(source).value);
    // One of each is enough.
    const first = (block: unknown) => Object.fromEntries(Object.entries(block as Block).slice(0, 1));
    const parts = {
      ...others,
      queues: first(queues),
      agents: first(agents),
      numbers: first(numbers),
      hours: first(hours),
    };
    const written = stringify({ texts }, { lineWidth: 0 });
    const compile = (text: string) => {
      const whole = { ...source, text: text + written };
      namesInCentre(whole);
      const compiled = compileCentre(whole, { flows: new Set(['main']) });
      return compiled.ok ? [] : compiled.issues;
    };
    expect(faultsOf(parts, [7, {}], compile, (value) => isCentre({ ...(value as Block), texts }))).toEqual([]);
  });
});
