// A field for a new password: says at once what is wrong with it, and proposes one.
import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { passwordFault } from '../../lib/password-rules.js';
import { useTexts } from '../texts/language.js';
import { adminTexts } from './texts.js';

/** 120 bits. */
const PROPOSED_BYTES = 15;

export interface NewPasswordProps {
  readonly label: string;
  readonly user: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Somebody else is told it: it may be proposed, and is shown then. */
  readonly proposes?: boolean;
}

export function NewPassword({ label, user, value, onChange, proposes = false }: NewPasswordProps) {
  const texts = useTexts(adminTexts);
  const fault = value === '' ? undefined : passwordFault(value, user);
  return (
    <Stack gap="xs">
      <PasswordInput
        label={label}
        description={texts.passwordHint}
        autoComplete="new-password"
        required
        value={value}
        error={fault === undefined ? null : texts.faults[fault]}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      {proposes && (
        <Group>
          <Button variant="default" size="xs" onClick={() => onChange(proposal())}>
            {texts.generate}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

export function isGood(password: string, user: string): boolean {
  return passwordFault(password, user) === undefined;
}

function proposal(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(PROPOSED_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
