// Who waits: every entry of every queue, only those rows drawn that are seen.
import { Badge, Card, Group, NativeSelect, ScrollArea, Table, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { LiveEntry } from '../../contract/live/floor.js';
import { useLive } from '../live/live.js';
import { Since } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { useActing } from './acts/act.js';
import { PriorityForm, QueueForm } from './acts/forms.js';
import { ActMenu, type Choice } from './acts/menu.js';
import { WhyWaiting } from './acts/why.js';
import { supervisorTexts } from './texts.js';

const ROW_PX = 40;
const SHOWN_PX = 360;
/** Drawn beyond what is seen, so that fast scrolling shows no holes. */
const BESIDE = 12;

interface Row {
  readonly id: string;
  readonly entry: LiveEntry;
}

/** The most urgent first, then who waits longest. */
export function rowsOf(entries: ReadonlyMap<string, LiveEntry>, queue: string): readonly Row[] {
  return [...entries]
    .filter(([, entry]) => queue === '' || entry.queue === queue)
    .map(([id, entry]) => ({ id, entry }))
    .sort((a, b) => a.entry.priority - b.entry.priority || (a.entry.since < b.entry.since ? -1 : 1));
}

export function Waiting() {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const queues = useLive('queue');
  const entries = useLive('entry');
  const [queue, setQueue] = useState('');
  const rows = useMemo(() => rowsOf(entries, queue), [entries, queue]);
  const titleOf = (id: string): string => queues.get(id)?.title[language] ?? id;
  const choices = [...queues.keys()].map((id) => ({ value: id, label: titleOf(id) }));
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" mb="xs">
        <Text component="h2" fw={600} size="sm" id="waiting-title">
          {texts.entries} · <span className="figure">{texts.entryCount(rows.length)}</span>
        </Text>
        <NativeSelect
          size="xs"
          aria-label={texts.filter}
          data={[{ value: '', label: texts.allQueues }, ...choices]}
          value={queue}
          onChange={({ currentTarget }) => setQueue(currentTarget.value)}
        />
      </Group>
      {rows.length === 0 ? <Text size="sm">{texts.noEntries}</Text> : <EntryTable rows={rows} titleOf={titleOf} />}
    </Card>
  );
}

interface EntryTableProps {
  readonly rows: readonly Row[];
  readonly titleOf: (queue: string) => string;
}

function EntryTable({ rows, titleOf }: EntryTableProps) {
  const texts = useTexts(supervisorTexts);
  const viewport = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => ROW_PX,
    overscan: BESIDE,
  });
  const drawn = virtual.getVirtualItems();
  const above = drawn[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  const columns = [texts.customer, texts.queue, texts.kind, texts.priority, texts.since, texts.offeredTo];
  return (
    <ScrollArea.Autosize
      mah={SHOWN_PX}
      viewportRef={viewport}
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-labelledby': 'waiting-title' }}
    >
      <Table
        className="entries"
        stickyHeader
        layout="fixed"
        aria-labelledby="waiting-title"
        aria-rowcount={rows.length + 1}
      >
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            {columns.map((name) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
            <Table.Td w={ROW_PX} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Gap px={above} />
          {drawn.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return <EntryRow key={row.id} row={row} index={index} queue={titleOf(row.entry.queue)} />;
          })}
          <Gap px={below} />
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}

/** In the place of rows that are not drawn. */
function Gap({ px }: { readonly px: number }) {
  if (px <= 0) return null;
  return (
    <tr aria-hidden>
      <td style={{ height: px, padding: 0 }} />
    </tr>
  );
}

interface EntryRowProps {
  readonly row: Row;
  readonly index: number;
  readonly queue: string;
}

function EntryRow({ row, index, queue }: EntryRowProps) {
  const texts = useTexts(supervisorTexts);
  const { customer, title, kind, priority, since, offeredTo } = row.entry;
  const who = customer ?? title ?? texts.unknownCustomer;
  return (
    <Table.Tr aria-rowindex={index + 2} h={ROW_PX}>
      <Table.Th scope="row" className="figure" title={title}>
        {who}
      </Table.Th>
      <Table.Td>{queue}</Table.Td>
      <Table.Td>{texts.kinds[kind]}</Table.Td>
      <Table.Td className="figure">{priority}</Table.Td>
      <Table.Td>
        <Since time={since} />
      </Table.Td>
      <Table.Td>
        {offeredTo.length === 0 ? (
          texts.nobody
        ) : (
          <Badge color="grape.8" variant="filled" tt="none">
            {offeredTo.join(', ')}
          </Badge>
        )}
      </Table.Td>
      <Table.Td py={0}>
        <ActMenu who={who} choices={useChoices(row)} />
      </Table.Td>
    </Table.Tr>
  );
}

function useChoices({ id, entry }: Row): readonly Choice[] {
  const texts = useTexts(supervisorTexts);
  const { open } = useActing();
  const path = `/api/queues/${entry.queue}/entries/${id}`;
  const move = (queue: string) => ({ path, method: 'PATCH', body: { queue } }) as const;
  return [
    { label: texts.whyWaiting, run: () => open(<WhyWaiting queue={entry.queue} entry={id} />) },
    { label: texts.changePriority, run: () => open(<PriorityForm present={entry.priority} path={path} />) },
    ...(entry.kind === 'call'
      ? [{ label: texts.requeue, run: () => open(<QueueForm from={entry.queue} act={move} />) }]
      : []),
  ];
}
