// The same figures as tables: by queue, and by quarter of an hour for those who cannot see drawings.
import { Table } from '@mantine/core';
import type { WireFigures } from '../../contract/figures/figures.js';
import type { Counts } from '../../core/interaction/figures/counts.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { clockAt, type Day, isNothing } from './day.js';
import { useFigureText } from './figure-text.js';
import { FIGURES } from './shown.js';
import { figureTexts } from './texts.js';

interface QueueTableProps {
  /** Which day. */
  readonly name: string;
  readonly queues: WireFigures['queues'];
  readonly titleOf: (queue: string) => string;
}

export function QueueTable({ name, queues, titleOf }: QueueTableProps) {
  const texts = useTexts(figureTexts);
  if (queues.length === 0) return null;
  const rows = queues.map(({ queue, total }) => ({ key: queue, title: titleOf(queue), counts: total }));
  return <FigureTable caption={texts.byQueue(name)} first={texts.queue} rows={rows} />;
}

interface QuarterTableProps {
  readonly name: string;
  readonly day: Day;
}

/** Only where something happened. */
export function QuarterTable({ name, day }: QuarterTableProps) {
  const texts = useTexts(figureTexts);
  const { language } = useLanguage();
  const rows = day.quarters.flatMap((counts, slot) =>
    isNothing(counts) ? [] : [{ key: String(slot), title: clockAt(day, slot, language), counts }],
  );
  if (rows.length === 0) return null;
  return <FigureTable caption={`${name}: ${texts.quarters}`} first={texts.time} rows={rows} />;
}

interface FigureTableProps {
  readonly caption: string;
  readonly first: string;
  readonly rows: readonly { readonly key: string; readonly title: string; readonly counts: Counts }[];
}

function FigureTable({ caption, first, rows }: FigureTableProps) {
  const texts = useTexts(figureTexts);
  const textOf = useFigureText();
  return (
    <Table.ScrollContainer minWidth={1100} type="native" tabIndex={0} role="region" aria-label={caption}>
      <Table captionSide="top" highlightOnHover>
        <Table.Caption>{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{first}</Table.Th>
            {FIGURES.map((name) => (
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
              {FIGURES.map((name) => (
                <Table.Td key={name} ta="end" className="figure">
                  {textOf(name, counts)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
