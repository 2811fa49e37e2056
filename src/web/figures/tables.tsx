// The same figures as tables: by queue, and by quarter of an hour for those who cannot see drawings.
import { Table } from '@mantine/core';
import type { WireFigures } from '../../contract/figures/figures.js';
import type { Counts } from '../../core/interaction/figures/counts.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { clockAt, type Day } from './day.js';
import { shown } from './shown.js';
import { type FigureName, figureTexts } from './texts.js';

const OF_QUEUE: readonly FigureName[] = [
  ...(['offered', 'answered', 'abandoned', 'shortAbandoned', 'serviceLevel', 'asaMs', 'ahtMs'] as const),
  'longestWaitMs',
];
const OF_QUARTER: readonly FigureName[] = [
  'offered',
  'answered',
  'abandoned',
  'shortAbandoned',
  'serviceLevel',
  'asaMs',
];

export function QueueTable({
  queues,
  titleOf,
}: {
  readonly queues: WireFigures['queues'];
  readonly titleOf: (queue: string) => string;
}) {
  const texts = useTexts(figureTexts);
  const rows = queues.map(({ queue, total }) => ({ key: queue, title: titleOf(queue), counts: total }));
  return <FigureTable caption={texts.byQueue} first={texts.queue} names={OF_QUEUE} rows={rows} />;
}

/** Only where something happened. */
export function QuarterTable({ today, yesterday }: { readonly today: Day; readonly yesterday: Day }) {
  const texts = useTexts(figureTexts);
  const { language } = useLanguage();
  const tables = [
    { day: today, name: texts.today },
    { day: yesterday, name: texts.yesterday },
  ];
  return tables.map(({ day, name }) => {
    const rows = day.quarters.flatMap((counts, slot) =>
      counts.offered === 0 ? [] : [{ key: String(slot), title: clockAt(day, slot, language), counts }],
    );
    const caption = `${name}: ${texts.quarters}`;
    return <FigureTable key={name} caption={caption} first={texts.time} names={OF_QUARTER} rows={rows} />;
  });
}

interface FigureTableProps {
  readonly caption: string;
  readonly first: string;
  readonly names: readonly FigureName[];
  readonly rows: readonly { readonly key: string; readonly title: string; readonly counts: Counts }[];
}

function FigureTable({ caption, first, names, rows }: FigureTableProps) {
  const texts = useTexts(figureTexts);
  const { language } = useLanguage();
  return (
    <Table.ScrollContainer minWidth={640} type="native" tabIndex={0} role="region" aria-label={caption}>
      <Table captionSide="top" highlightOnHover>
        <Table.Caption>{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{first}</Table.Th>
            {names.map((name) => (
              <Table.Th key={name} ta="end" title={texts.formulas[name]}>
                {texts.figures[name]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, title, counts }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row">{title}</Table.Th>
              {names.map((name) => (
                <Table.Td key={name} ta="end" className="figure">
                  {shown(name, counts, language) ?? texts.none}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
