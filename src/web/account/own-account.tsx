// One's own account: the password, and the second factor.
import { Alert, Button, Group, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { WireOwnAccount } from '../../contract/account/account.js';
import { isGood, NewPassword } from '../admin/new-password.js';
import { Fault } from '../admin/page.js';
import { useAct } from '../admin/requests.js';
import { ask } from '../session/http.js';
import { PageTitle } from '../shell/page-title.js';
import { useTexts } from '../texts/language.js';
import { SecondFactor } from './second-factor.js';
import { accountTexts } from './texts.js';

const ownQuery = queryOptions({
  queryKey: ['accounts', 'own'],
  queryFn: () => ask<WireOwnAccount>('/api/me/account'),
});

export function OwnAccount() {
  const texts = useTexts(accountTexts);
  const { data: own, error } = useQuery(ownQuery);
  return (
    <Stack maw={560} mx="auto">
      <PageTitle>{own === undefined ? texts.account : `${texts.account} · ${own.name}`}</PageTitle>
      <Fault error={error} />
      {own !== undefined && (
        <>
          <Paper withBorder p="lg">
            <OwnPassword own={own} />
          </Paper>
          <Paper withBorder p="lg">
            <SecondFactor isOn={own.secondFactor} />
          </Paper>
        </>
      )}
    </Stack>
  );
}

function OwnPassword({ own }: { readonly own: WireOwnAccount }) {
  const texts = useTexts(accountTexts);
  const [present, setPresent] = useState('');
  const [wanted, setWanted] = useState('');
  const [code, setCode] = useState('');
  const { mutate, isPending, isSuccess, error } = useAct<undefined>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const body = { present, wanted, ...(code === '' ? {} : { code }) };
    const clear = (): void => {
      for (const set of [setPresent, setWanted, setCode]) set('');
    };
    mutate({ path: '/api/me/password', method: 'PUT', body }, { onSuccess: clear });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={2} size="h4">
          {texts.changePassword}
        </Title>
        <Fault error={error} />
        {isSuccess && (
          <Alert color="green" role="status">
            {texts.changed}
          </Alert>
        )}
        <PasswordInput
          label={texts.present}
          autoComplete="current-password"
          required
          value={present}
          onChange={({ currentTarget }) => setPresent(currentTarget.value)}
        />
        <NewPassword label={texts.wanted} user={own.name} value={wanted} onChange={setWanted} />
        {own.secondFactor && (
          <TextInput
            label={texts.code}
            description={texts.codeHint}
            autoComplete="one-time-code"
            required
            value={code}
            onChange={({ currentTarget }) => setCode(currentTarget.value)}
          />
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={isPending} disabled={!isGood(wanted, own.name)}>
            {texts.change}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
