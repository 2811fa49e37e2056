// The fields of a block: the first ones at once, the rest where one asks for more.
import { SimpleGrid, Stack, Text } from '@mantine/core';
import type { Path } from '../../../core/document/yaml-text.js';
import { useTexts } from '../../texts/language.js';
import { centreTexts } from '../texts/texts.js';
import { faultAt, useSurroundings } from './context.js';
import { isWide, type Schema } from './kind.js';
import { BESIDE_THE_ONE } from './named.js';
import { OneOf } from './one-of.js';

export interface BlockProps {
  readonly path: Path;
  readonly keys: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly data: unknown;
  /** Shown at once, in this order; all when left out. */
  readonly first?: readonly string[];
  /** One of several in a list: its fields stand side by side. */
  readonly isLine?: boolean;
  /** Edited elsewhere. */
  readonly without?: readonly string[];
}

export function Block(props: BlockProps) {
  const texts = useTexts(centreTexts);
  const { issues } = useSurroundings();
  const { properties, first, without = [], path } = props;
  const all = Object.keys(properties).filter((key) => !without.includes(key));
  const early = first === undefined ? all : first.filter((key) => all.includes(key));
  const late = all.filter((key) => !early.includes(key));
  const data = (props.data ?? {}) as Readonly<Record<string, unknown>>;
  const written = late.filter((key) => key in data).length;
  const isWrong = late.some((key) => faultAt(issues, [...path, key], true) !== undefined);
  return (
    <Stack>
      <Fields {...props} shown={early} />
      {late.length > 0 && (
        <details {...(isWrong ? { open: true } : {})}>
          <summary>
            {texts.more}
            {written > 0 && (
              <Text span size="sm" c="dimmed">
                {' '}
                {texts.moreWritten(written)}
              </Text>
            )}
          </summary>
          <Stack mt="md">
            <Fields {...props} shown={late} />
          </Stack>
        </details>
      )}
    </Stack>
  );
}

function Fields(props: BlockProps & { readonly shown: readonly string[] }) {
  const { Field } = useSurroundings();
  const { path, keys, properties, required, shown, isLine = false } = props;
  const data = (props.data ?? {}) as Readonly<Record<string, unknown>>;
  const fieldOf = (key: string) => (
    <Field
      key={key}
      path={[...path, key]}
      keys={[...keys, key]}
      schema={properties[key] ?? {}}
      value={data[key]}
      isRequired={required.includes(key)}
    />
  );
  const wide = shown.filter((key) => isWide(properties[key] ?? {}));
  const beside = BESIDE_THE_ONE[keys.join('.')];
  const one = beside === undefined ? undefined : shown.filter((key) => !beside.includes(key));
  const narrow = shown.filter((key) => !wide.includes(key) && key !== 'note' && one?.includes(key) !== true);
  const isTitle = (key: string) => key === 'title';
  return (
    <>
      {wide.filter(isTitle).map(fieldOf)}
      {isLine && (one !== undefined || narrow.length > 0) && (
        <div className="centre-fields">
          {one !== undefined && <OneOf {...props} possible={one} />}
          {narrow.map(fieldOf)}
        </div>
      )}
      {!isLine && narrow.length > 0 && <SimpleGrid cols={{ base: 1, sm: 2 }}>{narrow.map(fieldOf)}</SimpleGrid>}
      {wide.filter((key) => !isTitle(key)).map(fieldOf)}
      {shown.includes('note') && fieldOf('note')}
    </>
  );
}
