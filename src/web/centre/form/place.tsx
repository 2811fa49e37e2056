// Where a call goes: a word, or something named; which of both there are says the schema.
import { Group, NativeSelect, Stack } from '@mantine/core';
import { useTexts } from '../../texts/language.js';
import { choiceText } from '../texts/choice-texts.js';
import { centreTexts } from '../texts/texts.js';
import { useSurroundings } from './context.js';
import type { Kind } from './kind.js';
import { TextField } from './text-field.js';

export interface PlaceProps {
  readonly label: string;
  readonly help: string;
  readonly fault: string | undefined;
  readonly value: unknown;
  readonly kind: Extract<Kind, { kind: 'place' }>;
  readonly isRequired: boolean;
  readonly onWrite: (value: unknown) => void;
}

export function Place({ label, help, fault, value, kind: possible, isRequired, onWrite }: PlaceProps) {
  const texts = useTexts(centreTexts);
  const words = useTexts(choiceText);
  const { names } = useSurroundings();
  const { kind, name } = read(value);
  const known = names[kind];
  const choose = (next: string): void => {
    if (next === '') onWrite(undefined);
    else if (possible.words.includes(next)) onWrite(next);
    else onWrite({ [next]: names[next]?.[0] ?? '' });
  };
  const all = [...possible.named, ...possible.words];
  const options = all.map((one) => ({ value: one, label: words(one) }));
  return (
    <Stack gap={4}>
      <Group grow align="flex-end">
        <NativeSelect
          label={label}
          description={help}
          withAsterisk={isRequired}
          error={fault}
          data={[...(isRequired && all.includes(kind) ? [] : [{ value: '', label: '—' }]), ...options]}
          value={all.includes(kind) ? kind : ''}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
        {possible.named.includes(kind) && known !== undefined && (
          <NativeSelect
            label={texts.which}
            data={[...new Set([...known, name])]}
            value={name}
            onChange={({ currentTarget }) => onWrite({ ...(value as object), [kind]: currentTarget.value })}
          />
        )}
        {possible.named.includes(kind) && known === undefined && (
          <TextField label={texts.which} value={name} onWrite={(number) => onWrite({ [kind]: number })} />
        )}
      </Group>
    </Stack>
  );
}

function read(value: unknown): { readonly kind: string; readonly name: string } {
  if (typeof value !== 'object' || value === null) return { kind: String(value ?? ''), name: '' };
  const [kind = '', name = ''] = Object.entries(value).find(([key]) => key !== 'give') ?? [];
  return { kind, name: String(name) };
}
