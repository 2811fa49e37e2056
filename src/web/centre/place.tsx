// Where a call goes: a word, or a queue, an agent, a number, and for numbers of the centre a flow.
import { Group, NativeSelect } from '@mantine/core';
import { useTexts } from '../texts/language.js';
import { TextField } from './text-field.js';
import { centreTexts } from './texts.js';

const WORDS = ['voicemail', 'message', 'callback', 'hangup'] as const;
const NAMED = ['queue', 'agent', 'number'] as const;
type Kind = (typeof WORDS)[number] | (typeof NAMED)[number] | 'flow';

export interface PlaceNames {
  readonly queue: readonly string[];
  readonly agent: readonly string[];
  readonly flow: readonly string[];
}

export interface PlaceProps {
  readonly label: string;
  readonly value: unknown;
  readonly names: PlaceNames;
  readonly takesFlows: boolean;
  readonly onWrite: (value: unknown) => void;
}

export function Place({ label, value, names, takesFlows, onWrite }: PlaceProps) {
  const texts = useTexts(centreTexts);
  const { kind, name } = read(value);
  const kinds: readonly Kind[] = [...(takesFlows ? ['flow' as const] : []), ...NAMED, ...WORDS];
  const known = kind === 'queue' || kind === 'agent' || kind === 'flow' ? names[kind] : undefined;
  const choose = (next: Kind): void => {
    if (isWord(next)) onWrite(next);
    else onWrite({ [next]: next === 'number' ? '' : (names[next][0] ?? '') });
  };
  return (
    <Group grow align="flex-end">
      <NativeSelect
        label={label}
        data={kinds.map((one) => ({ value: one, label: texts.places[one] }))}
        value={kind}
        onChange={({ currentTarget }) => choose(currentTarget.value as Kind)}
      />
      {known !== undefined && (
        <NativeSelect
          label={texts.which}
          data={[...new Set([...known, name])]}
          value={name}
          onChange={({ currentTarget }) => onWrite({ ...(value as object), [kind]: currentTarget.value })}
        />
      )}
      {kind === 'number' && <TextField label={texts.which} value={name} onWrite={(number) => onWrite({ number })} />}
    </Group>
  );
}

function isWord(kind: Kind): kind is (typeof WORDS)[number] {
  return WORDS.some((word) => word === kind);
}

function read(value: unknown): { readonly kind: Kind; readonly name: string } {
  if (typeof value !== 'object' || value === null) return { kind: (value as Kind | undefined) ?? 'message', name: '' };
  const [kind = 'queue', name = ''] = Object.entries(value).find(([key]) => key !== 'give') ?? [];
  return { kind: kind as Kind, name: String(name) };
}
