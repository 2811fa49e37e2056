// Another name for a queue, an agent or opening hours, in every text that names them: found by looking which texts would miss the old
// name, so that nothing is forgotten.
import { isError, type SourceFile } from '../document/issue.js';
import { withKey, withValue } from '../document/yaml-edit.js';
import { type Path, readYaml } from '../document/yaml-text.js';
import { type CentreTexts, issuesOf, namedAt, type Reference, replacedAt } from './references.js';

export type NamedKind = 'queue' | 'agent' | 'hours';
export const NAMED_KINDS: readonly NamedKind[] = ['queue', 'agent', 'hours'];

export interface Renaming {
  readonly kind: NamedKind;
  readonly from: string;
  readonly to: string;
}

export interface Renamed {
  /** File → its new text. */
  readonly files: ReadonlyMap<string, string>;
  /** Where it was named, besides its own place. */
  readonly references: readonly Reference[];
  /** Places that name it in a way that is not understood: they have to be changed by hand first. */
  readonly left: readonly Reference[];
}

const CENTRE_FILE = 'centre.yaml';
const PART_OF: Readonly<Record<NamedKind, string>> = { queue: 'queues', agent: 'agents', hours: 'hours' };
/** Mistakes of one place may hide those of another. */
const ROUNDS_MAX = 20;
/** Keys of a line in a test that name one: no compiler misses it there. */
const TEST_KEYS: Readonly<Record<NamedKind, readonly string[]>> = {
  queue: ['queue', 'callback'],
  agent: ['agent'],
  hours: [],
};

/** The texts have to be good, `from` has to be there, and `to` must not. */
export function renamedInCentre({ kind, from, to }: Renaming, { sources, tests }: CentreTexts): Renamed {
  const texts = new Map([...sources, ...tests].map(({ file, text }) => [file, text]));
  const written = new Set([CENTRE_FILE]);
  const part = PART_OF[kind];
  const renamed = withKey(texts.get(CENTRE_FILE) ?? '', [part, from], to);
  // One that gets back an old name has that as its present one; the list stays on its line, and so does what comes below.
  const back = formerNames(renamed, part, to);
  texts.set(CENTRE_FILE, back.includes(to) ? withFormer(renamed, part, to, without(back, to)) : renamed);
  const now = (of: readonly SourceFile[]) => of.map((one) => ({ ...one, text: texts.get(one.file) ?? '' }));
  const references = tests.flatMap((test) => namedInTest(TEST_KEYS[kind], from, test));
  replaceAll(references);
  let left: readonly Reference[] = [];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const present = now(sources);
    const missed = issuesOf(present).filter(isError);
    const found = missed.flatMap((issue) => namedAt(from, present, issue));
    if (found.length === 0) {
      left = missed.map(({ file, line, column }) => ({ file, line, column }));
      break;
    }
    const fresh = [...new Map(found.map((one) => [`${one.file}:${one.line}:${one.column}`, one])).values()];
    replaceAll(fresh);
    references.push(...fresh);
  }
  // Nothing that is kept names opening hours.
  if (kind !== 'hours') {
    const centre = texts.get(CENTRE_FILE) ?? '';
    // Promises and the record name it as it was called then.
    texts.set(CENTRE_FILE, withFormer(centre, part, to, [...formerNames(centre, part, to), from]));
  }
  const files = new Map([...texts].filter(([file]) => written.has(file)));
  return { files, references: references.toSorted(byPlace), left };

  function replaceAll(places: readonly Reference[]): void {
    // From the end, so that places before stay what they are.
    for (const { file, line, column } of places.toSorted(byPlace).toReversed()) {
      texts.set(file, replacedAt(texts.get(file) ?? '', { line, column }, from, to));
      written.add(file);
    }
  }
}

function formerNames(centre: string, part: string, name: string): readonly string[] {
  const { formerly } = recordOf(recordOf(recordOf(dataOf(centre))[part])[name]);
  return Array.isArray(formerly) ? formerly.map(String) : [];
}

function withFormer(centre: string, part: string, name: string, former: readonly string[]): string {
  return withValue(centre, [part, name, 'formerly'], [...former]);
}

function without(names: readonly string[], name: string): readonly string[] {
  return names.filter((one) => one !== name);
}

function namedInTest(keys: readonly string[], name: string, test: SourceFile): Reference[] {
  const yaml = readYaml(test);
  const { cases } = recordOf(yaml.value);
  if (!Array.isArray(cases)) return [];
  return cases.flatMap((one: unknown, index) => {
    const { script } = recordOf(one);
    return pathsIn(keys, script, ['cases', index, 'script'])
      .filter(({ value }) => value === name)
      .flatMap(({ path }) => namedAt(name, [test], { file: test.file, ...yaml.placeOf(path) }));
  });
}

/** Of values under these keys, wherever they stand. */
function pathsIn(
  keys: readonly string[],
  data: unknown,
  path: Path,
): { readonly path: Path; readonly value: unknown }[] {
  if (Array.isArray(data)) return data.flatMap((one: unknown, index) => pathsIn(keys, one, [...path, index]));
  return Object.entries(recordOf(data)).flatMap(([key, value]) =>
    typeof value === 'string'
      ? keys.includes(key)
        ? [{ path: [...path, key], value }]
        : []
      : pathsIn(keys, value, [...path, key]),
  );
}

function byPlace(a: Reference, b: Reference): number {
  return a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column;
}

function dataOf(text: string): unknown {
  return readYaml({ file: CENTRE_FILE, text, revision: '' }).value;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
