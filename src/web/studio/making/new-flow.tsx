// A new flow: its name and what it begins with; from there on it is a draft like any other.
import { Alert, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTexts } from '../../texts/language.js';
import { CompilerThread } from '../compiler/thread.js';
import { keepDraft } from '../kept-draft.js';
import type { Published } from '../published.js';
import { copyOf, TEMPLATES, type Template, textOf } from './templates.js';
import { makingTexts } from './texts.js';

export interface NewFlowProps {
  readonly published: Readonly<Record<string, Published>>;
  readonly onClose: () => void;
}

/** As the server takes it. */
export const FLOW_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const COPY = 'copy ';

export function NewFlow({ published, onClose }: NewFlowProps) {
  const texts = useTexts(makingTexts);
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [from, setFrom] = useState<string>('menu');
  const begin = useMutation({
    mutationFn: async () => {
      const text = from.startsWith(COPY)
        ? copyOf(published[from.slice(COPY.length)]?.text ?? '', name)
        : textOf(from as Template, name, await namesOf(published));
      if (!keepDraft(localStorage, name, { text, base: '' })) throw new Error(texts.createAbout);
    },
    onSuccess: () => navigate({ to: '/admin/flows/$name', params: { name } }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    begin.mutate();
  };
  const isTaken = published[name] !== undefined;
  const error = name === '' || FLOW_NAME.test(name) ? (isTaken ? texts.taken(name) : undefined) : texts.badName;
  const flows = Object.keys(published).filter((one) => one !== 'centre');
  return (
    <Modal opened onClose={onClose} title={texts.createTitle} closeButtonProps={{ 'aria-label': texts.cancel }}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{texts.createAbout}</Text>
          <TextInput
            data-autofocus
            required
            label={texts.name}
            description={texts.nameAbout}
            value={name}
            error={error}
            onChange={({ currentTarget }) => setName(currentTarget.value.trim())}
          />
          <NativeSelect
            label={texts.from}
            value={from}
            onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            data={[
              ...TEMPLATES.map((one) => ({ value: one, label: texts.templates[one] })),
              ...flows.map((one) => ({ value: `${COPY}${one}`, label: texts.copyOf(one) })),
            ]}
          />
          {begin.error !== null && (
            <Alert color="red" role="alert">
              {begin.error.message}
            </Alert>
          )}
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={begin.isPending} disabled={name === '' || error !== undefined}>
              {texts.begin}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Queues and hours of the centre, so that the text is good from the beginning. */
async function namesOf(published: NewFlowProps['published']) {
  const texts = Object.fromEntries(Object.entries(published).map(([one, { text }]) => [one, text]));
  const compiler = new CompilerThread(texts);
  try {
    return (await compiler.check('centre', texts['centre'] ?? '')).names;
  } finally {
    compiler.close();
  }
}
