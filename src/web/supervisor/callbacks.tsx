// Call-backs that are promised: to whom, when, how often it was tried; and why one has not been made yet.
import { Badge, Card, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { WireCallback } from '../../contract/callback/callback.js';
import { useLive } from '../live/live.js';
import { ask } from '../session/http.js';
import { timeText } from '../texts/clock.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { useActing } from './acts/act.js';
import { ActMenu, type Choice } from './acts/menu.js';
import { WhyCallback } from './acts/why.js';
import { supervisorTexts } from './texts.js';

/** Their times are minutes away: what is read so often is new enough. */
const READ_EVERY_MS = 5_000;

export function Callbacks() {
  const texts = useTexts(supervisorTexts);
  const { data, error } = useQuery({
    queryKey: ['callbacks'],
    queryFn: () => ask<{ readonly callbacks: readonly WireCallback[] }>('/api/callbacks?limit=100'),
    refetchInterval: READ_EVERY_MS,
  });
  if (error) return <Text role="alert">{error.message}</Text>;
  if (data === undefined || data.callbacks.length === 0) return null;
  return (
    <Card withBorder padding="sm">
      <Table.ScrollContainer minWidth={560} mah={320}>
        <Table captionSide="top" highlightOnHover verticalSpacing={6} stickyHeader>
          <Table.Caption>{texts.promised}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.customer}</Table.Th>
              <Table.Th>{texts.queue}</Table.Th>
              <Table.Th>{texts.state}</Table.Th>
              <Table.Th ta="right">{texts.due}</Table.Th>
              <Table.Th ta="right">{texts.attempts}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.callbacks.map((callback) => (
              <CallbackRow key={callback.id} callback={callback} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function CallbackRow({ callback }: { readonly callback: WireCallback }) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const { open, confirm } = useActing();
  const queues = useLive('queue');
  const { id, number, queue, state, dueAt, attempts } = callback;
  const choices: readonly Choice[] = [
    { label: texts.why, run: () => open(<WhyCallback id={id} />) },
    {
      label: texts.cancelCallback,
      danger: true,
      run: () =>
        confirm({
          title: texts.cancelCallback,
          text: texts.sureCancelCallback(number),
          act: { path: `/api/callbacks/${id}`, method: 'DELETE' },
        }),
    },
  ];
  return (
    <Table.Tr>
      <Table.Th scope="row" className="figure">
        {number}
      </Table.Th>
      <Table.Td>{queues.get(queue)?.title[language] ?? queue}</Table.Td>
      <Table.Td>
        <Badge color="gray.7" variant="filled" tt="none">
          {texts.promisedStates[state]}
        </Badge>
      </Table.Td>
      <Table.Td ta="right" className="figure">
        {timeText(dueAt, language)}
      </Table.Td>
      <Table.Td ta="right" className="figure">
        {attempts}
      </Table.Td>
      <Table.Td ta="right">
        <ActMenu who={texts.promisedTo(number)} choices={choices} />
      </Table.Td>
    </Table.Tr>
  );
}
