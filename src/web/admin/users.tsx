// Users: who may sign in, as what, and what an administrator does about it.
import { ActionIcon, Badge, Button, Menu, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WireAccount } from '../../contract/account/account.js';
import { personQuery } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { AdminPage, Waiting } from './page.js';
import { usersQuery } from './requests.js';
import { adminTexts } from './texts.js';
import { type UserAct, UserDialog } from './user-dialog.js';

/** Rows that are drawn; the search leads to the others. */
const SHOWN_MAX = 200;

export function Users() {
  const texts = useTexts(adminTexts);
  const { data: users, error } = useQuery(usersQuery);
  const [search, setSearch] = useState('');
  const [act, setAct] = useState<UserAct>();
  const found = (users ?? []).filter(({ name, title = '' }) =>
    `${name} ${title}`.toLowerCase().includes(search.trim().toLowerCase()),
  );
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAct({ kind: 'make' })}>
      {texts.newUser}
    </Button>
  );
  return (
    <AdminPage part="users" action={add}>
      <TextInput
        label={texts.search}
        type="search"
        maw={320}
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      {found.length === 0 ? (
        <Waiting error={error} empty={users !== undefined} />
      ) : (
        <UserTable users={found.slice(0, SHOWN_MAX)} onAct={setAct} />
      )}
      {found.length > SHOWN_MAX && <Text>{texts.more(found.length - SHOWN_MAX)}</Text>}
      {act !== undefined && <UserDialog act={act} onClose={() => setAct(undefined)} />}
    </AdminPage>
  );
}

interface UserTableProps {
  readonly users: readonly WireAccount[];
  readonly onAct: (act: UserAct) => void;
}

function UserTable({ users, onAct }: UserTableProps) {
  const texts = useTexts(adminTexts);
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.user}</Table.Th>
            <Table.Th>{texts.role}</Table.Th>
            <Table.Th>{texts.origin}</Table.Th>
            <Table.Th>{texts.password}</Table.Th>
            <Table.Th>{texts.secondFactor}</Table.Th>
            <Table.Th>{texts.lastSignIn}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {users.map((user) => (
            <UserLine key={user.name} user={user} onAct={onAct} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function UserLine({ user, onAct }: { readonly user: WireAccount; readonly onAct: UserTableProps['onAct'] }) {
  const texts = useTexts(adminTexts);
  const { name, title, role, comesFrom, password, secondFactor, signedInAt, disabled } = user;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <Stack gap={0}>
          <span>
            {name}{' '}
            {disabled && (
              <Badge color="red" variant="outline">
                {texts.disabled}
              </Badge>
            )}
          </span>
          {title !== undefined && <Text size="sm">{title}</Text>}
        </Stack>
      </Table.Th>
      <Table.Td>{texts.roles[role]}</Table.Td>
      <Table.Td>{texts.comesFrom[comesFrom]}</Table.Td>
      <Table.Td>{texts.passwords[password]}</Table.Td>
      <Table.Td>{secondFactor ? texts.on : texts.off}</Table.Td>
      <Table.Td>{signedInAt === undefined ? texts.never : <Moment time={signedInAt} />}</Table.Td>
      <Table.Td ta="end">
        <UserMenu user={user} onAct={onAct} />
      </Table.Td>
    </Table.Tr>
  );
}

function UserMenu({ user, onAct }: { readonly user: WireAccount; readonly onAct: UserTableProps['onAct'] }) {
  const texts = useTexts(adminTexts);
  const { data: self } = useQuery(personQuery);
  const isSelf = self?.name === user.name;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={texts.actions(user.name)}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAct({ kind: 'password', user })}>{texts.setPassword}</Menu.Item>
        {user.comesFrom === 'account' && !isSelf && (
          <Menu.Item onClick={() => onAct({ kind: 'role', user })}>{texts.changeRole}</Menu.Item>
        )}
        {user.secondFactor && (
          <Menu.Item onClick={() => onAct({ kind: 'factor', user })}>{texts.resetFactor}</Menu.Item>
        )}
        {!isSelf && (
          <Menu.Item {...(user.disabled ? {} : { color: 'red' })} onClick={() => onAct({ kind: 'disabled', user })}>
            {user.disabled ? texts.enable : texts.disable}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
