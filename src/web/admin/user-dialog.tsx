// What an administrator does with one user: each act says what follows from it before it is done.
import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WireAccount } from '../../contract/account/account.js';
import { useTexts } from '../texts/language.js';
import { isGood, NewPassword } from './new-password.js';
import { Fault } from './page.js';
import { type Act, useAct } from './requests.js';
import { adminTexts } from './texts.js';

export type UserAct =
  | { readonly kind: 'make' }
  | { readonly kind: 'password' | 'role' | 'factor' | 'disabled'; readonly user: WireAccount };

interface Draft {
  readonly name: string;
  readonly role: 'supervisor' | 'admin';
  readonly password: string;
}

export function UserDialog({ act, onClose }: { readonly act: UserAct; readonly onClose: () => void }) {
  const texts = useTexts(adminTexts);
  const [draft, setDraft] = useState<Draft>(() => firstDraft(act));
  const { mutate, isPending, error } = useAct<unknown>();
  const { title, hint, button, isRisky } = useWords(act);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate(requestOf(act, draft), { onSuccess: onClose });
  };
  const takesPassword = act.kind === 'make' || act.kind === 'password';
  const ready = !takesPassword || (draft.name !== '' && isGood(draft.password, draft.name));
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': texts.close }} centered>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{hint}</Text>
          <Fault error={error} />
          <Fields act={act} draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" {...(isRisky ? { color: 'red' } : {})} loading={isPending} disabled={!ready}>
              {button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  readonly act: UserAct;
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}

function Fields({ act, draft, onChange }: FieldsProps) {
  const texts = useTexts(adminTexts);
  return (
    <>
      {act.kind === 'make' && (
        <TextInput
          label={texts.name}
          description={texts.nameHint}
          autoComplete="off"
          required
          data-autofocus
          pattern="[A-Za-z0-9][A-Za-z0-9_\-]{0,63}"
          value={draft.name}
          onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
        />
      )}
      {(act.kind === 'make' || act.kind === 'role') && (
        <NativeSelect
          label={texts.role}
          value={draft.role}
          data={(['supervisor', 'admin'] as const).map((role) => ({ value: role, label: texts.roles[role] }))}
          onChange={({ currentTarget }) => onChange({ role: currentTarget.value as Draft['role'] })}
        />
      )}
      {(act.kind === 'make' || act.kind === 'password') && (
        <NewPassword
          label={texts.password}
          user={draft.name}
          value={draft.password}
          onChange={(password) => onChange({ password })}
          proposes
        />
      )}
    </>
  );
}

function useWords(act: UserAct) {
  const texts = useTexts(adminTexts);
  if (act.kind === 'make')
    return { title: texts.newUser, hint: texts.newUserHint, button: texts.create, isRisky: false };
  const { name, disabled } = act.user;
  const titled = (what: string): string => `${what}: ${name}`;
  switch (act.kind) {
    case 'password':
      return {
        ...{ title: titled(texts.setPassword), hint: texts.setPasswordHint },
        ...{ button: texts.save, isRisky: false },
      };
    case 'role':
      return { title: titled(texts.changeRole), hint: '', button: texts.save, isRisky: false };
    case 'factor':
      return {
        ...{ title: titled(texts.resetFactor), hint: texts.resetFactorHint },
        ...{ button: texts.resetFactor, isRisky: true },
      };
    case 'disabled': {
      const button = disabled ? texts.enable : texts.disable;
      return { title: titled(button), hint: disabled ? '' : texts.disableHint, button, isRisky: !disabled };
    }
  }
}

function firstDraft(act: UserAct): Draft {
  if (act.kind === 'make') return { name: '', role: 'supervisor', password: '' };
  const { name, role } = act.user;
  return { name, role: role === 'admin' ? 'admin' : 'supervisor', password: '' };
}

function requestOf(act: UserAct, { name, role, password }: Draft): Act {
  const path = `/api/users/${name}`;
  switch (act.kind) {
    case 'make':
      return { path: '/api/users', method: 'POST', body: { name, role, password } };
    case 'password':
      return { path, method: 'PATCH', body: { password } };
    case 'role':
      return { path, method: 'PATCH', body: { role } };
    case 'factor':
      return { path: `${path}/second-factor`, method: 'DELETE' };
    case 'disabled':
      return { path, method: 'PATCH', body: { disabled: !act.user.disabled } };
  }
}
