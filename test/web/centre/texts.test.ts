// Every field of the centre has a name and help in both languages, and every word that may stand there.
import { expect, test } from 'vitest';
import { centreJsonSchema } from '../../../src/core/routing/keys/centre-json.js';
import { kindOf, type Schema } from '../../../src/web/centre/form/kind.js';
import { CHOICES } from '../../../src/web/centre/texts/choice-texts.js';
import { labelOf } from '../../../src/web/centre/texts/field-texts.js';
import { HELP_ES } from '../../../src/web/centre/texts/help-es.js';
import { LABELS_EN, LABELS_ES } from '../../../src/web/centre/texts/labels.js';

const ROOT: Schema = centreJsonSchema();
/** Parts by themselves, not fields. */
const PARTS = ['version', 'numbers', 'queues', 'agents', 'trunks', 'hours', 'texts', 'breaks', 'channels'];

function nodes(
  schema: Schema,
  keys: readonly string[],
): { readonly keys: readonly string[]; readonly schema: Schema }[] {
  const { properties = {}, additionalProperties: others, items, anyOf = [] } = schema;
  const inner = [
    ...Object.entries(properties).map(([key, one]) => [[...keys, key], one] as const),
    ...[typeof others === 'object' ? others : [], items ?? []].flat().map((one) => [[...keys, '*'], one] as const),
    ...anyOf.map((one) => [keys, one] as const),
  ];
  return [{ keys, schema }, ...inner.flatMap(([below, one]) => nodes(one, below))];
}

const ALL = nodes(ROOT, []).filter(({ keys }) => keys.length > 0);

test('each key has a name in both languages', () => {
  const places = new Set(
    ALL.filter(({ keys }) => !keys.includes('to') || keys.at(-1) === 'to').map(({ keys }) => keys),
  );
  const nameless = [...places].filter((keys) => {
    const names = keys.filter((key) => key !== '*');
    const last = names.at(-1) ?? '';
    if (names.length === 1 && PARTS.includes(last)) return false;
    return [LABELS_ES, LABELS_EN].some((labels) => labelOf(labels, keys) === last);
  });
  const isPlace = (keys: readonly string[]) => ['flow', 'queue', 'agent', 'number'].includes(keys.at(-1) ?? '');
  expect(nameless.filter((keys) => !isPlace(keys)).map((keys) => keys.join('.'))).toEqual([]);
});

test('each description is there in Spanish, and none that is no longer in the schema', () => {
  const said = new Set(ALL.flatMap(({ schema: { description } }) => description ?? []));
  expect([...said].filter((one) => !(one in HELP_ES))).toEqual([]);
  expect(Object.keys(HELP_ES).filter((one) => !said.has(one))).toEqual([]);
});

test('each word that may be chosen has a text', () => {
  const words = ALL.flatMap(({ keys, schema }) => {
    const kind = kindOf(schema);
    if (keys[0] === 'version') return [];
    if (kind.kind === 'choice' || kind.kind === 'several') return kind.values;
    return kind.kind === 'place' ? [...kind.words, ...kind.named] : [];
  });
  expect([...new Set(words)].filter((word) => !(word in CHOICES))).toEqual([]);
});
