// A note about the matter while the call goes on.
import { Button, Group, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { NotDone } from '../shell/not-done.js';
import { useTexts } from '../texts/language.js';
import { useActing } from './acting.js';
import { deskTexts } from './texts.js';

export const NOTE_MAX = 2_000;

export function NoteBox({ interaction }: { readonly interaction: string }) {
  const texts = useTexts(deskTexts);
  const { act, busy, failure, forget } = useActing();
  const [text, setText] = useState('');
  const [saved, setSaved] = useState(false);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (text.trim() === '') return;
    const done = await act('note', `/api/interactions/${interaction}/notes`, { text: text.trim() });
    setSaved(done);
    if (done) setText('');
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack gap="xs">
        <Textarea
          label={texts.notes}
          value={text}
          maxLength={NOTE_MAX}
          autosize
          minRows={2}
          maxRows={8}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setSaved(false);
          }}
        />
        <Group gap="xs">
          <Button type="submit" variant="default" disabled={text.trim() === ''} loading={busy === 'note'}>
            {texts.saveNote}
          </Button>
          <span role="status">{saved ? texts.noteSaved : ''}</span>
        </Group>
        <NotDone failure={failure} forget={forget} />
      </Stack>
    </form>
  );
}
