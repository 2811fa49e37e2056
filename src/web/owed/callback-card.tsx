// A call-back that is promised: done now, put off, or cancelled with the reason.

import { Badge, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { WireCallbackItem } from '../../contract/owed/work-list.js';
import { localeOf } from '../texts/clock.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { type Acting, useActing } from './acting.js';
import { ItemCard } from './item.js';
import { timesQuery, workPath } from './queries.js';
import { ReasonForm } from './reason-form.js';
import { owedTexts } from './texts.js';

type Open = 'postpone' | 'cancel' | undefined;

export function CallbackCard({ item }: { readonly item: WireCallbackItem }) {
  const texts = useTexts(owedTexts);
  const acting = useActing();
  const [open, setOpen] = useState<Open>();
  const { interaction, dueAt, attempts, state } = item;
  const cancel = async (reason: string): Promise<void> => {
    const body = { reason };
    if (await acting.act(`${workPath(interaction)}/cancel`, { method: 'POST', body })) setOpen(undefined);
  };
  return (
    <ItemCard
      item={item}
      acting={acting}
      facts={
        <>
          <Text size="sm">
            {texts.due} <Moment time={dueAt} />
          </Text>
          {attempts > 0 && <Text size="sm">{texts.attempts(attempts)}</Text>}
          <Badge variant="default" tt="none">
            {texts.states[state]}
          </Badge>
        </>
      }
      acts={
        <>
          <Button size="compact-sm" variant="default" onClick={() => setOpen('postpone')}>
            {texts.postpone}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setOpen('cancel')}>
            {texts.cancel}
          </Button>
        </>
      }
    >
      {open === 'postpone' && <Postpone interaction={interaction} acting={acting} onClose={() => setOpen(undefined)} />}
      {open === 'cancel' && (
        <ReasonForm
          label={texts.reason}
          isNeeded
          isBusy={acting.isBusy}
          onSend={(reason) => void cancel(reason)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </ItemCard>
  );
}

interface PostponeProps {
  readonly interaction: string;
  readonly acting: Acting;
  readonly onClose: () => void;
}

/** Among the next moments at which the customer may be called, or at another one. */
function Postpone({ interaction, acting, onClose }: PostponeProps) {
  const texts = useTexts(owedTexts);
  const { language } = useLanguage();
  const { data: times = [] } = useQuery(timesQuery(interaction));
  const [chosen, setChosen] = useState('');
  const [other, setOther] = useState('');
  const at = other === '' ? (chosen === '' ? (times[0] ?? '') : chosen) : new Date(other).toISOString();
  const format = new Intl.DateTimeFormat(localeOf(language), {
    weekday: 'short',
    dateStyle: undefined,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await acting.act(`${workPath(interaction)}/postpone`, { method: 'POST', body: { at } })) onClose();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="xs">
        <NativeSelect
          size="xs"
          label={texts.times}
          value={chosen}
          disabled={other !== ''}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          data={times.map((time) => ({ value: time, label: format.format(new Date(time)) }))}
        />
        <TextInput
          size="xs"
          type="datetime-local"
          label={texts.otherTime}
          value={other}
          onChange={({ currentTarget }) => setOther(currentTarget.value)}
        />
        <Group gap="xs">
          <Button type="submit" size="xs" loading={acting.isBusy} disabled={at === ''}>
            {texts.send}
          </Button>
          <Button size="xs" variant="default" onClick={onClose}>
            {texts.close}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
