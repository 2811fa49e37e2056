// A field for any number: whoever has it is called in their own matter, on behalf of a queue.
import { Button, Group, NativeSelect, Paper, Text, TextInput, Title } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { expectOwnRing } from '../phone/own-ring.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { useActing } from './acting.js';
import { placingQueuesQuery } from './queries.js';
import { owedTexts } from './texts.js';

export function CallANumber() {
  const texts = useTexts(owedTexts);
  const { language } = useLanguage();
  const { data: queues = [] } = useQuery(placingQueuesQuery);
  const [number, setNumber] = useState('');
  const [queue, setQueue] = useState('');
  const [first] = queues;
  const titleOf = ({ id, title }: (typeof queues)[number]): string => title[language] ?? id;
  const { act, isBusy, failure } = useActing();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    expectOwnRing();
    const body = { number: number.trim(), ...(queue === '' ? {} : { queue }) };
    if (await act('/api/placed-calls', { method: 'POST', body })) setNumber('');
  };
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.callNumber}>
      <Title order={2} size="h4" mb="xs">
        {texts.callNumber}
      </Title>
      <form onSubmit={(event) => void submit(event)}>
        <Group align="end">
          <TextInput
            label={texts.number}
            type="tel"
            autoComplete="off"
            maxLength={40}
            value={number}
            onChange={({ currentTarget }) => setNumber(currentTarget.value)}
          />
          {first !== undefined && (
            <NativeSelect
              label={texts.onBehalfOf}
              value={queue}
              onChange={({ currentTarget }) => setQueue(currentTarget.value)}
              data={[
                { value: '', label: texts.theirQueueOr(titleOf(first)) },
                ...queues.map((one) => ({ value: one.id, label: titleOf(one) })),
              ]}
            />
          )}
          <Button
            type="submit"
            disabled={number.trim().length < 2}
            loading={isBusy}
            leftSection={<IconPhoneOutgoing size={18} aria-hidden />}
          >
            {texts.call}
          </Button>
        </Group>
      </form>
      <Text role="alert" size="sm" c="var(--mantine-color-error)">
        {failure}
      </Text>
    </Paper>
  );
}
