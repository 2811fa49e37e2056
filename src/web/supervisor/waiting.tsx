// Who waits: every entry of every queue, only those rows drawn that are seen.
import { Badge, Card, Group, NativeSelect, ScrollArea, Table, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useMemo, useState } from 'react';
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
const BESIDE = 8;

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
  const [viewport, setViewport] = useState<HTMLDivElement | null>(null);
  const columns = [texts.customer, texts.queue, texts.kind, texts.priority, texts.since, texts.offeredTo];
  return (
    <ScrollArea.Autosize
      mah={SHOWN_PX}
      viewportRef={setViewport}
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
        <SeenRows rows={rows} titleOf={titleOf} viewport={viewport} />
      </Table>
    </ScrollArea.Autosize>
  );
}

interface SeenRowsProps extends EntryTableProps {
  readonly viewport: HTMLDivElement | null;
}

/** Apart from the table around them: scrolling draws nothing else anew. */
function SeenRows({ rows, titleOf, viewport }: SeenRowsProps) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport,
    estimateSize: () => ROW_PX,
    overscan: BESIDE,
    // A picture later is soon enough: what is drawn beyond the edge covers it.
    useFlushSync: false,
  });
  const drawn = virtual.getVirtualItems();
  const above = drawn[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  return (
    <tbody>
      <Gap px={above} />
      {drawn.map(({ index }) => {
        const row = rows[index];
        if (row === undefined) return null;
        const { id, entry } = row;
        return <EntryRow key={id} id={id} entry={entry} index={index} queue={titleOf(entry.queue)} />;
      })}
      <Gap px={below} />
    </tbody>
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

interface EntryRowProps extends Row {
  readonly index: number;
  readonly queue: string;
}

/** Drawn anew only when this entry has changed; plain elements, because dozens of them come in with each picture of a scroll. */
const EntryRow = memo(function EntryRow({ id, entry, index, queue }: EntryRowProps) {
  const texts = useTexts(supervisorTexts);
  const { customer, title, kind, priority, since, offeredTo } = entry;
  const who = customer ?? title ?? texts.unknownCustomer;
  return (
    <tr aria-rowindex={index + 2} style={{ height: ROW_PX }}>
      <th scope="row" className="figure" title={title}>
        {who}
      </th>
      <td>{queue}</td>
      <td>{texts.kinds[kind]}</td>
      <td className="figure">{priority}</td>
      <td>
        <Since time={since} />
      </td>
      <td>
        {offeredTo.length === 0 ? (
          texts.nobody
        ) : (
          <Badge color="grape.8" variant="filled" tt="none">
            {offeredTo.join(', ')}
          </Badge>
        )}
      </td>
      <td>
        <ActMenu who={who} choices={useChoices({ id, entry })} />
      </td>
    </tr>
  );
});

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
