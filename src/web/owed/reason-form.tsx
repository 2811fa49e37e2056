// Asks for a reason, or a note, below the button that wants one.
import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTexts } from '../texts/language.js';
import { owedTexts } from './texts.js';

export interface ReasonFormProps {
  readonly label: string;
  readonly isNeeded: boolean;
  readonly isBusy: boolean;
  readonly onSend: (reason: string) => void;
  readonly onClose: () => void;
}

export function ReasonForm({ label, isNeeded, isBusy, onSend, onClose }: ReasonFormProps) {
  const texts = useTexts(owedTexts);
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSend(reason.trim());
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" gap="xs">
        <TextInput
          label={label}
          size="xs"
          maxLength={500}
          data-autofocus
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Button type="submit" size="xs" loading={isBusy} disabled={isNeeded && reason.trim() === ''}>
          {texts.send}
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          {texts.close}
        </Button>
      </Group>
    </form>
  );
}
