// Fields of several lines: lists of blocks, and names with a value each.
import { ActionIcon, Button, Fieldset, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTexts } from '../../texts/language.js';
import { centreTexts } from '../texts/texts.js';
import { Block } from './block.js';
import { type SortProps, useSurroundings } from './context.js';
import { begun, kindOf, type Schema } from './kind.js';
import { PAIR_NAMES, STARTS } from './named.js';
import { TextField } from './text-field.js';

interface LinesProps {
  readonly label: string;
  readonly help: string;
  readonly fault: string | undefined;
  readonly onAdd: () => void;
  readonly children: ReactNode;
}

function LinesOf({ label, help, fault, onAdd, children }: LinesProps) {
  const texts = useTexts(centreTexts);
  return (
    <Fieldset legend={label}>
      <Stack gap="xs">
        {help !== '' && (
          <Text size="sm" c="dimmed">
            {help}
          </Text>
        )}
        {fault !== undefined && (
          <Text size="sm" c="red" role="alert">
            {fault}
          </Text>
        )}
        {children}
        <Group>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={onAdd}>
            {texts.addRow}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

function Line({ number, onRemove, children }: { number: number; onRemove: () => void; children: ReactNode }) {
  const texts = useTexts(centreTexts);
  return (
    <Group align="flex-start" wrap="nowrap">
      <div className="centre-line">{children}</div>
      <ActionIcon variant="subtle" size="lg" aria-label={texts.removeRow(number)} onClick={onRemove}>
        <IconX size={16} />
      </ActionIcon>
    </Group>
  );
}

/** `[{ days: mon-fri, from: '09:00', to: '19:00' }]`; what has no field stays in its line. */
export function RowsOf({
  path,
  keys,
  label,
  help,
  fault,
  value,
  item,
  onWrite,
}: SortProps & { readonly item: Schema }) {
  const rows = (Array.isArray(value) ? value : []) as readonly unknown[];
  const kind = kindOf(item);
  const { Field } = useSurroundings();
  const taken = (index: number) => rows.filter((_, one) => one !== index);
  return (
    <LinesOf {...{ label, help, fault }} onAdd={() => onWrite([...rows, STARTS[keys.join('.')] ?? begun(item)])}>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <Line key={index} number={index + 1} onRemove={() => onWrite(taken(index))}>
          {kind.kind === 'block' ? (
            <Block
              path={[...path, index]}
              keys={[...keys, '*']}
              properties={kind.properties}
              required={kind.required}
              data={row}
              isLine
            />
          ) : (
            <Field path={[...path, index]} keys={[...keys, '*']} schema={item} value={row} isRequired label={label} />
          )}
        </Line>
      ))}
    </LinesOf>
  );
}

/** `{ support: 5 }` */
export function Pairs(props: SortProps & { readonly each: Schema; readonly names: RegExp }) {
  const { path, keys, label, help, fault, value, each, names: pattern, onWrite } = props;
  const texts = useTexts(centreTexts);
  const { Field, names } = useSurroundings();
  const pairs = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>);
  const known = names[PAIR_NAMES[keys.at(-1) ?? ''] ?? ''];
  const free = (known ?? []).find((one) => !pairs.some(([name]) => name === one)) ?? freshName(pattern, pairs);
  const rename = (from: string, to: string): void => {
    if (to === '' || pairs.some(([name]) => name === to)) return;
    onWrite(Object.fromEntries(pairs.map(([name, one]) => [name === from ? to : name, one])));
  };
  return (
    <LinesOf {...{ label, help, fault }} onAdd={() => onWrite({ ...Object.fromEntries(pairs), [free]: begun(each) })}>
      {pairs.map(([name, one], index) => (
        <Line
          key={name}
          number={index + 1}
          onRemove={() => onWrite(Object.fromEntries(pairs.filter(([other]) => other !== name)))}
        >
          <div className="centre-pair">
            <TextField label={texts.pairName} value={name} known={known} onWrite={(next) => rename(name, next)} />
            <div>
              <Field
                path={[...path, name]}
                keys={[...keys, '*']}
                schema={each}
                value={one}
                isRequired
                label={texts.pairValue(keys.at(-1) ?? '')}
              />
            </div>
          </div>
        </Line>
      ))}
    </LinesOf>
  );
}

/** One that the pattern allows: a letter and a number, or a digit alone. */
function freshName(pattern: RegExp, pairs: readonly (readonly [string, unknown])[]): string {
  const isTaken = (name: string): boolean => pairs.some(([one]) => one === name);
  const tries = Array.from({ length: 100 }, (_, index) => [`new-${index + 1}`, String(index)]).flat();
  return tries.find((name) => pattern.test(name) && !isTaken(name)) ?? '';
}
