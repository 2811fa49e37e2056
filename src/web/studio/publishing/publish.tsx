// Publishing a draft: with a note, over the revision it was begun from, in spite of failing tests only when one says so.
import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { RequestFailed } from '../../session/http.js';
import { useTexts } from '../../texts/language.js';
import type { Draft } from '../draft.js';
import { usePublish } from '../published.js';
import { studioTexts } from '../texts.js';
import { Refusal } from './refusal.js';

export interface PublishProps {
  readonly name: string;
  readonly draft: Draft;
  readonly isDisabled: boolean;
  /** Changed as well: may go along. */
  readonly tests?: Draft;
}

const MAX_NOTE_CHARS = 500;

export function PublishButton({ name, draft, isDisabled, tests }: PublishProps) {
  const texts = useTexts(studioTexts);
  const { publish, ...form } = usePublishing({ name, draft, tests });
  const { isOpen, note, isForced, isWithTests, close } = form;
  const failsTests = publish.error instanceof RequestFailed && publish.error.code === 'tests-failed';
  return (
    <>
      {/* Can be come to also where there is nothing to publish: who has just published comes back to it (WCAG 2.4.3). */}
      <Button data-disabled={isDisabled} aria-disabled={isDisabled} onClick={() => isDisabled || form.open()}>
        {texts.publish}
      </Button>
      <Text role="status" size="sm">
        {publish.data === undefined ? '' : texts.isPublished(publish.data.revision)}
      </Text>
      <Modal opened={isOpen} onClose={close} title={texts.publish} closeButtonProps={{ 'aria-label': texts.cancel }}>
        <form onSubmit={form.submit}>
          <Stack>
            <TextInput
              data-autofocus
              label={texts.note}
              description={texts.noteAbout}
              value={note}
              maxLength={MAX_NOTE_CHARS}
              required={isForced}
              onChange={({ currentTarget }) => form.setNote(currentTarget.value)}
            />
            {tests !== undefined && (
              <Checkbox
                label={texts.withTests}
                checked={isWithTests}
                onChange={({ currentTarget }) => form.setWithTests(currentTarget.checked)}
              />
            )}
            <Refusal error={publish.error} />
            {(failsTests || isForced) && (
              <Checkbox
                label={texts.force}
                checked={isForced}
                onChange={({ currentTarget }) => form.setForced(currentTarget.checked)}
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

/** What the form holds, and what is done with it. */
function usePublishing({
  name,
  draft,
  tests,
}: Omit<PublishProps, 'isDisabled' | 'tests'> & { tests: Draft | undefined }) {
  const publish = usePublish(name);
  const [isWithTests, setWithTests] = useState(true);
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
    const { text, base } = draft;
    const along = tests === undefined || !isWithTests ? {} : { tests: { text: tests.text, base: tests.base } };
    publish.mutate({ text, base, note, isForced, ...along }, { onSuccess: close });
  };
  return {
    ...{ publish, isOpen, note, isForced, isWithTests },
    ...{ open, close, submit, setNote, setForced, setWithTests },
  };
}
