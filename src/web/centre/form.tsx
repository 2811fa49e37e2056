// The form of one queue, agent, number or opening hours: each field writes its own place in the text.
import { NativeSelect, SimpleGrid, Stack, Textarea } from '@mantine/core';
import { useTexts } from '../texts/language.js';
import type { Field } from './forms.js';
import { Place, type PlaceNames } from './place.js';
import { Devices, Skills, Spans } from './rows.js';
import { TextField } from './text-field.js';
import { centreTexts } from './texts.js';

export interface FormProps {
  readonly fields: readonly Field[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly names: PlaceNames & { readonly skill: readonly string[] };
  readonly languages: readonly string[];
  /** `undefined`: as if nothing were written. */
  readonly onWrite: (path: readonly string[], value: unknown) => void;
}

const WIDE = ['skills', 'devices', 'spans', 'place', 'entry', 'days', 'texts'];

export function Form(props: FormProps) {
  const wide = props.fields.filter(({ type }) => WIDE.includes(type.kind));
  const narrow = props.fields.filter((field) => !wide.includes(field));
  return (
    <Stack>
      {wide
        .filter(({ type }) => type.kind === 'texts')
        .map((field) => (
          <FieldOf key={field.key} field={field} {...props} />
        ))}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {narrow.map((field) => (
          <FieldOf key={field.key} field={field} {...props} />
        ))}
      </SimpleGrid>
      {wide
        .filter(({ type }) => type.kind !== 'texts')
        .map((field) => (
          <FieldOf key={field.key} field={field} {...props} />
        ))}
    </Stack>
  );
}

function FieldOf({ field, data, names, languages, onWrite }: FormProps & { readonly field: Field }) {
  const texts = useTexts(centreTexts);
  const { key, type, otherwise } = field;
  const label = texts.fields[key] ?? key;
  const value = data[key];
  const write = (next: unknown): void => onWrite([key], next === '' ? undefined : next);
  switch (type.kind) {
    case 'text':
      return <TextField label={label} value={shown(value)} placeholder={otherwise} onWrite={write} />;
    case 'whole':
      return (
        <TextField
          label={label}
          value={shown(value)}
          placeholder={otherwise}
          inputMode="numeric"
          onWrite={(next) => write(/^\d+$/.test(next) ? Number(next) : next)}
        />
      );
    case 'texts':
      return (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {languages.map((language) => (
            <TextField
              key={language}
              label={texts.language(label, language)}
              value={shown((value as Record<string, unknown> | undefined)?.[language])}
              onWrite={(next) => onWrite([key, language], next)}
            />
          ))}
        </SimpleGrid>
      );
    case 'skills':
      return <Skills label={label} value={value} known={names.skill} onWrite={write} />;
    case 'devices':
      return <Devices label={label} value={value} onWrite={write} />;
    case 'spans':
      return <Spans label={label} value={value} onWrite={write} />;
    case 'place':
    case 'entry':
      return <Place label={label} value={value} names={names} takesFlows={type.kind === 'entry'} onWrite={write} />;
    case 'days':
      return <Days label={label} value={value} onWrite={write} />;
    default:
      return <Choice field={field} label={label} value={value} onWrite={write} />;
  }
}

interface ChoiceProps {
  readonly field: Field;
  readonly label: string;
  readonly value: unknown;
  readonly onWrite: (value: unknown) => void;
}

/** Yes or no, or one of some words; or what counts when nothing is written. */
function Choice({ field: { type, otherwise }, label, value, onWrite }: ChoiceProps) {
  const texts = useTexts(centreTexts);
  const options =
    type.kind === 'choice'
      ? type.values.map((one) => ({ value: one, label: one }))
      : [
          { value: 'true', label: texts.yes },
          { value: 'false', label: texts.no },
        ];
  const usual = otherwise ?? (type.kind === 'switch' ? texts.no : '');
  const read = (next: string): unknown => (type.kind === 'switch' && next !== '' ? next === 'true' : next);
  return (
    <NativeSelect
      label={label}
      data={[{ value: '', label: `${texts.byDefault} (${usual})` }, ...options]}
      value={shown(value)}
      onChange={({ currentTarget }) => onWrite(read(currentTarget.value))}
    />
  );
}

function Days({ label, value, onWrite }: Omit<ChoiceProps, 'field'>) {
  const written = ((value ?? []) as readonly string[]).join('\n');
  const days = (text: string): string[] => text.split(/[\s,]+/).filter((day) => day !== '');
  return (
    <Textarea
      key={written}
      label={label}
      autosize
      minRows={2}
      defaultValue={written}
      onBlur={({ currentTarget }) => {
        const next = days(currentTarget.value);
        if (next.join('\n') !== written) onWrite(next.length === 0 ? undefined : next);
      }}
    />
  );
}

function shown(value: unknown): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}
