// Templates: texts that the provider has approved, and that go also when the window is closed.
import { Button, Group, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WireTemplate } from '../../../contract/conversation/texts.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { conversationTexts } from '../texts.js';
import { filled } from './filled.js';

const VALUE_MAX_CHARS = 200;

export interface TemplateFormProps {
  readonly templates: readonly WireTemplate[];
  /** That of the customer. */
  readonly language: string;
  readonly send: (name: string, language: string, values: Record<string, string>, text: string) => void;
  readonly cancel?: () => void;
}

export function TemplateForm({ templates, language, send, cancel }: TemplateFormProps) {
  const texts = useTexts(conversationTexts);
  const { language: shown } = useLanguage();
  const [name, setName] = useState('');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const template = templates.find((one) => one.name === name);
  const written = template?.text[language] === undefined ? Object.keys(template?.text ?? {})[0] : language;
  const source = written === undefined ? '' : (template?.text[written] ?? '');
  const given = Object.fromEntries((template?.fields ?? []).map((field) => [field, (values[field] ?? '').trim()]));
  const labelOf = (field: string): string => template?.labels[field]?.[shown] ?? field;
  // What is missing stands in the text as it does beside its field.
  const preview = Object.fromEntries(
    Object.entries(given).map(([field, value]) => [field, value === '' ? `{${labelOf(field)}}` : value]),
  );
  const isReady = written !== undefined && Object.values(given).every((value) => value !== '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (template !== undefined && isReady) send(template.name, written, given, filled(source, given));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <NativeSelect
          label={texts.templates}
          value={name}
          data={[
            { value: '', label: texts.chooseTemplate },
            ...templates.map((one) => ({ value: one.name, label: one.title[shown] ?? one.name })),
          ]}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        {template?.fields.map((field) => (
          <TextInput
            key={field}
            label={labelOf(field)}
            maxLength={VALUE_MAX_CHARS}
            value={values[field] ?? ''}
            onChange={({ currentTarget: { value } }) => setValues((before) => ({ ...before, [field]: value }))}
          />
        ))}
        {template !== undefined && (
          <Paper withBorder p="xs">
            <Text size="sm" className="conversation-text" lang={written}>
              {filled(source, preview)}
            </Text>
          </Paper>
        )}
        <Group gap="xs">
          <Button type="submit" size="xs" disabled={template === undefined || !isReady}>
            {texts.sendTemplate}
          </Button>
          {cancel !== undefined && (
            <Button size="xs" variant="default" onClick={cancel}>
              {texts.cancel}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
