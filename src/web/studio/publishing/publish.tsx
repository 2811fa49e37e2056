// Publishing a draft: with a note, over the revision it was begun from, in spite of failing tests only when one says so.
import { Alert, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { RequestFailed } from '../../session/http.js';
import { useTexts } from '../../texts/language.js';
import type { Draft } from '../draft.js';
import { usePublish } from '../published.js';
import { studioTexts } from '../texts.js';

export interface PublishProps {
  readonly name: string;
  readonly draft: Draft;
  readonly isDisabled: boolean;
}

const MAX_NOTE_CHARS = 500;

export function PublishButton({ name, draft, isDisabled }: PublishProps) {
  const texts = useTexts(studioTexts);
  const publish = usePublish(name);
  const [isOpen, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const [isForced, setForced] = useState(false);
  const close = (): void => {
    setOpen(false);
    setForced(false);
    setNote('');
  };
  const open = (): void => {
    publish.reset();
    setOpen(true);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    publish.mutate({ text: draft.text, base: draft.base, note, isForced }, { onSuccess: close });
  };
  const failsTests = publish.error instanceof RequestFailed && publish.error.code === 'tests-failed';
  return (
    <>
      <Text role="status" size="sm">
        {publish.data === undefined ? '' : texts.isPublished(publish.data.revision)}
      </Text>
      <Button disabled={isDisabled} onClick={open}>
        {texts.publish}
      </Button>
      <Modal opened={isOpen} onClose={close} title={texts.publish} closeButtonProps={{ 'aria-label': texts.cancel }}>
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              data-autofocus
              label={texts.note}
              description={texts.noteAbout}
              value={note}
              maxLength={MAX_NOTE_CHARS}
              required={isForced}
              onChange={({ currentTarget }) => setNote(currentTarget.value)}
            />
            <Refusal error={publish.error} />
            {(failsTests || isForced) && (
              <Checkbox
                label={texts.force}
                checked={isForced}
                onChange={({ currentTarget }) => setForced(currentTarget.checked)}
              />
            )}
            <Group justify="end">
              <Button variant="default" onClick={close}>
                {texts.cancel}
              </Button>
              <Button type="submit" loading={publish.isPending}>
                {texts.publishNow}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

/** What Hilo said, with the mistakes or the cases that fail. */
export function Refusal({ error }: { readonly error: Error | null }) {
  const texts = useTexts(studioTexts);
  if (error === null) return null;
  const issues = error instanceof RequestFailed ? (error.issues ?? []) : [];
  const failsTests = error instanceof RequestFailed && error.code === 'tests-failed';
  return (
    <Alert color="red" role="alert" title={failsTests ? texts.testsFailed : undefined}>
      {issues.length === 0
        ? error.message
        : issues.map(({ file, line, column, message }) => (
            <Text key={`${file} ${line} ${column} ${message}`} size="sm">
              {file}:{line}:{column}: {message}
            </Text>
          ))}
    </Alert>
  );
}
