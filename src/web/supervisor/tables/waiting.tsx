// Who waits: every entry of every queue, only those rows drawn that are seen.
import { Badge, Card, Group, NativeSelect, Text } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { LiveEntry } from '../../../contract/live/floor.js';
import { useLive } from '../../live/live.js';
import { useAddressText } from '../../texts/address.js';
import { Since } from '../../texts/duration.js';
import { useTexts } from '../../texts/language.js';
import { useActing } from '../acts/act.js';
import { PriorityForm, QueueForm } from '../acts/forms.js';
import { ActMenu, type Choice } from '../acts/menu.js';
import { WhyWaiting } from '../acts/why.js';
import { supervisorTexts } from '../texts.js';
import { type Seen, SeenTable } from './seen-table.js';
import { useQueueTitles } from './titles.js';

const ROW_PX = 40;
const SHOWN_PX = 360;

/** The most urgent first, then who waits longest. */
export function rowsOf(entries: ReadonlyMap<string, LiveEntry>, queue: string): readonly Seen<LiveEntry>[] {
  return [...entries]
    .filter(([, entry]) => queue === '' || entry.queue === queue)
    .map(([id, value]) => ({ id, value }))
    .sort(({ value: a }, { value: b }) => a.priority - b.priority || (a.since < b.since ? -1 : 1));
}

export function Waiting() {
  const texts = useTexts(supervisorTexts);
  const entries = useLive('entry');
  const [queue, setQueue] = useState('');
  const titles = useQueueTitles();
  const rows = useMemo(() => rowsOf(entries, queue), [entries, queue]);
  const choices = [...titles].map(([value, label]) => ({ value, label }));
  const cellsOf = useCallback(
    (row: Seen<LiveEntry>) => <EntryCells {...row} queue={titles.get(row.value.queue) ?? row.value.queue} />,
    [titles],
  );
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
      {rows.length === 0 ? (
        <Text size="sm">{texts.noEntries}</Text>
      ) : (
        <SeenTable
          labelledBy="waiting-title"
          className="entries"
          columns={[texts.customer, texts.queue, texts.kind, texts.priority, texts.since, texts.offeredTo]}
          rows={rows}
          rowPx={ROW_PX}
          mostPx={SHOWN_PX}
          cellsOf={cellsOf}
        />
      )}
    </Card>
  );
}

function EntryCells({ id, value, queue }: Seen<LiveEntry> & { readonly queue: string }) {
  const texts = useTexts(supervisorTexts);
  const { customer, title, kind, priority, since, offeredTo } = value;
  const addressText = useAddressText();
  const who = (customer && addressText(customer)) ?? title ?? texts.unknownCustomer;
  return (
    <>
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
        <ActMenu who={who} choices={useChoices({ id, value })} />
      </td>
    </>
  );
}

function useChoices({ id, value: entry }: Seen<LiveEntry>): readonly Choice[] {
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
