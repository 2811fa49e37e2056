// Sessions: who is signed in from where, and how to end that.
import { Button, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { WireOpenSession } from '../../contract/account/account.js';
import { useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { AdminPage, Fault, Waiting } from './page.js';
import { sessionsQuery, useAct } from './requests.js';
import { adminTexts } from './texts.js';

export function OpenSessions() {
  const texts = useTexts(adminTexts);
  const { data: sessions, error } = useQuery(sessionsQuery);
  const end = useAct<undefined>();
  if (sessions === undefined || sessions.length === 0)
    return (
      <AdminPage part="sessions">
        <Waiting error={error} empty={sessions !== undefined} />
      </AdminPage>
    );
  return (
    <AdminPage part="sessions">
      <Fault error={end.error} />
      <Table.ScrollContainer minWidth={680}>
        <Table highlightOnHover verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.user}</Table.Th>
              <Table.Th>{texts.browser}</Table.Th>
              <Table.Th>{texts.address}</Table.Th>
              <Table.Th>{texts.since}</Table.Th>
              <Table.Th>{texts.until}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sessions.map(({ id, user, browser, address, madeAt, expiresAt }: WireOpenSession) => (
              <Table.Tr key={id}>
                <Table.Th scope="row">{user}</Table.Th>
                <Table.Td title={browser}>{browserName(browser) ?? texts.program}</Table.Td>
                <Table.Td>{address}</Table.Td>
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
                    aria-label={texts.endSession(user)}
                    onClick={() => end.mutate({ path: `/api/sessions/${id}`, method: 'DELETE' })}
                  >
                    {texts.end}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </AdminPage>
  );
}

/** `Firefox 150`; undefined for what is no browser. The whole text is shown on pointing. */
export function browserName(agent: string): string | undefined {
  const named = /\b(Edg|OPR|Firefox|Chrome|HeadlessChrome)\/(\d+)/g;
  const found = [...agent.matchAll(named)].map(([, name = '', version = '']) => ({ name, version }));
  // Edge and Opera say that they are Chrome, too.
  const best = found.find(({ name }) => name === 'Edg' || name === 'OPR') ?? found[0];
  if (best !== undefined) return `${NAMES[best.name] ?? best.name} ${best.version}`;
  const safari = /\bVersion\/(\d+).*\bSafari\//.exec(agent);
  return safari === null ? undefined : `Safari ${safari[1] ?? ''}`;
}

const NAMES: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera', HeadlessChrome: 'Chrome' };
