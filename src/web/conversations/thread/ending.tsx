// The ends of a conversation for this agent: passing it on, and closing it with what it was about.
import { Button, Group, NativeSelect, Paper, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WireThread } from '../../../contract/conversation/conversation.js';
import type { Acting } from '../../agent/acting.js';
import { useLive } from '../../live/live.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { conversationPath } from '../requests.js';
import { conversationTexts } from '../texts.js';

interface EndingProps {
  readonly thread: WireThread;
  readonly acting: Acting;
  readonly done: () => void;
}

export function PassingOn({ thread, agent, acting, done }: EndingProps & { readonly agent: string }) {
  const texts = useTexts(conversationTexts);
  const { language } = useLanguage();
  const agents = [...useLive('agent').values()].filter(({ id }) => id !== agent);
  const queues = [...useLive('queue').values()].filter(({ id }) => id !== thread.queue);
  const [to, setTo] = useState({ agent: '', queue: '', note: '' });
  const note = to.note.trim();
  const body = {
    ...(to.agent === '' ? {} : { agent: to.agent }),
    ...(to.queue === '' ? {} : { queue: to.queue }),
    ...(note === '' ? {} : { note }),
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await acting.act('pass-on', `${conversationPath(thread.id)}/transfer`, body)) done();
  };
  return (
    <Paper component="form" withBorder p="sm" aria-label={texts.transfer} onSubmit={(event) => void submit(event)}>
      <Stack gap="xs">
        <NativeSelect
          label={texts.toAgent}
          value={to.agent}
          data={[{ value: '', label: texts.anybody }, ...agents.map(({ id, title }) => ({ value: id, label: title }))]}
          onChange={({ currentTarget: { value } }) => setTo({ ...to, agent: value })}
        />
        <NativeSelect
          label={texts.toQueue}
          value={to.queue}
          data={[
            { value: '', label: texts.sameQueue },
            ...queues.map(({ id, title }) => ({ value: id, label: title[language] ?? id })),
          ]}
          onChange={({ currentTarget: { value } }) => setTo({ ...to, queue: value })}
        />
        <TextInput
          label={texts.note}
          maxLength={1_000}
          value={to.note}
          onChange={({ currentTarget: { value } }) => setTo({ ...to, note: value })}
        />
        <Buttons
          title={texts.doTransfer}
          isReady={to.agent !== '' || to.queue !== ''}
          isBusy={acting.busy === 'pass-on'}
          cancel={done}
        />
      </Stack>
    </Paper>
  );
}

export function Closing({ thread, acting, done }: EndingProps) {
  const texts = useTexts(conversationTexts);
  const { language } = useLanguage();
  const [code, setCode] = useState('');
  const [note, setNote] = useState('');
  const { codes, codeRequired, id } = thread;
  const body = {
    ...(code === '' ? {} : { code }),
    ...(note.trim() === '' ? {} : { note: note.trim() }),
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await acting.act('close', `${conversationPath(id)}/close`, body)) done();
  };
  return (
    <Paper component="form" withBorder p="sm" aria-label={texts.close} onSubmit={(event) => void submit(event)}>
      <Stack gap="xs">
        {codes.length > 0 && (
          <NativeSelect
            label={texts.code}
            {...(codeRequired ? { description: texts.codeMissing } : {})}
            value={code}
            data={[
              { value: '', label: '—' },
              ...codes.map((one) => ({ value: one.code, label: one.title[language] ?? one.code })),
            ]}
            onChange={({ currentTarget }) => setCode(currentTarget.value)}
          />
        )}
        <Textarea
          label={texts.closingNote}
          autosize
          maxRows={5}
          maxLength={2_000}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        <Buttons
          title={texts.doClose}
          isReady={!codeRequired || code !== ''}
          isBusy={acting.busy === 'close'}
          cancel={done}
        />
      </Stack>
    </Paper>
  );
}

interface ButtonsProps {
  readonly title: string;
  readonly isReady: boolean;
  readonly isBusy: boolean;
  readonly cancel: () => void;
}

function Buttons({ title, isReady, isBusy, cancel }: ButtonsProps) {
  const texts = useTexts(conversationTexts);
  return (
    <Group gap="xs">
      <Button type="submit" size="xs" disabled={!isReady} loading={isBusy}>
        {title}
      </Button>
      <Button size="xs" variant="default" onClick={cancel}>
        {texts.cancel}
      </Button>
    </Group>
  );
}
