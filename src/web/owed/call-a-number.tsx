// A field for any number: whoever has it is called in their own matter.
import { Button, Group, Paper, Text, TextInput, Title } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { expectOwnRing } from '../phone/own-ring.js';
import { useTexts } from '../texts/language.js';
import { useActing } from './acting.js';
import { owedTexts } from './texts.js';

export function CallANumber() {
  const texts = useTexts(owedTexts);
  const [number, setNumber] = useState('');
  const { act, isBusy, failure } = useActing();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    expectOwnRing();
    if (await act('/api/placed-calls', { method: 'POST', body: { number: number.trim() } })) setNumber('');
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
