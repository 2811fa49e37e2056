// Tokens of programs: made with a role and an end, shown once, taken back.
import { Button, Group, Modal, NativeSelect, NumberInput, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { WireMadeToken, WireProgramToken } from '../../contract/account/account.js';
import type { Role } from '../../contract/session.js';
import { useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { AdminPage, Fault, Waiting } from './page.js';
import { tokensQuery, useAct } from './requests.js';
import { ShownOnce } from './shown-once.js';
import { adminTexts } from './texts.js';

const ROLES: readonly Role[] = ['agent', 'supervisor', 'admin'];
const DAYS_MAX = 366;
const DAYS_DEFAULT = 90;

export function Tokens() {
  const texts = useTexts(adminTexts);
  const { data: tokens, error } = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {texts.newToken}
    </Button>
  );
  return (
    <AdminPage part="tokens" action={add}>
      {tokens === undefined || tokens.length === 0 ? (
        <Waiting error={error} empty={tokens !== undefined} hint={texts.noTokens} />
      ) : (
        <TokenTable tokens={tokens} />
      )}
      {making && <NewToken onClose={() => setMaking(false)} />}
    </AdminPage>
  );
}

function TokenTable({ tokens }: { readonly tokens: readonly WireProgramToken[] }) {
  const texts = useTexts(adminTexts);
  const revoke = useAct<undefined>();
  return (
    <>
      <Fault error={revoke.error} />
      <Table.ScrollContainer minWidth={640}>
        <Table highlightOnHover verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.tokenTitle}</Table.Th>
              <Table.Th>{texts.role}</Table.Th>
              <Table.Th>{texts.owner}</Table.Th>
              <Table.Th>{texts.since}</Table.Th>
              <Table.Th>{texts.until}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tokens.map(({ id, title, role, user, madeAt, expiresAt }) => (
              <Table.Tr key={id}>
                <Table.Th scope="row">{title}</Table.Th>
                <Table.Td>{texts.roles[role]}</Table.Td>
                <Table.Td>{user}</Table.Td>
                <Table.Td>
                  <Moment time={madeAt} />
                </Table.Td>
                <Table.Td>
                  <Moment time={expiresAt} />
                </Table.Td>
                <Table.Td ta="end">
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={texts.revokeToken(title)}
                    onClick={() => revoke.mutate({ path: `/api/tokens/${id}`, method: 'DELETE' })}
                  >
                    {texts.revoke}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function NewToken({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(adminTexts);
  const [title, setTitle] = useState('');
  const [role, setRole] = useState<Role>('supervisor');
  const [days, setDays] = useState<number | string>(DAYS_DEFAULT);
  const { mutate, isPending, error, data } = useAct<WireMadeToken>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate({ path: '/api/tokens', method: 'POST', body: { title, role, days: Number(days) } });
  };
  return (
    <Modal opened onClose={onClose} title={texts.newToken} closeButtonProps={{ 'aria-label': texts.close }} centered>
      {data !== undefined ? (
        <ShownOnce warning={texts.tokenOnce} secret={data.token} onClose={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">{texts.newTokenHint}</Text>
            <Fault error={error} />
            <TextInput
              label={texts.tokenTitle}
              required
              maxLength={80}
              data-autofocus
              value={title}
              onChange={({ currentTarget }) => setTitle(currentTarget.value)}
            />
            <NativeSelect
              label={texts.role}
              value={role}
              data={ROLES.map((one) => ({ value: one, label: texts.roles[one] }))}
              onChange={({ currentTarget }) => setRole(currentTarget.value as Role)}
            />
            <NumberInput
              label={texts.tokenDays}
              required
              min={1}
              max={DAYS_MAX}
              allowDecimal={false}
              value={days}
              onChange={setDays}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {texts.cancel}
              </Button>
              <Button type="submit" loading={isPending}>
                {texts.create}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
