// A table of any length of which only the rows that are seen are drawn, and the one that had the focus last.
import { ScrollArea, Table } from '@mantine/core';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, memo, type ReactNode, useState } from 'react';

/** Drawn beyond what is seen, so that fast scrolling shows no holes. */
const BESIDE = 8;
const NOBODY = -1;

export interface Seen<Value> {
  readonly id: string;
  /** The same object until it changes. */
  readonly value: Value;
}

export interface SeenTableProps<Value> {
  /** Id of the heading that names it. */
  readonly labelledBy: string;
  readonly columns: readonly string[];
  readonly rows: readonly Seen<Value>[];
  /** All rows are as high: where one scrolls to is counted, not measured. */
  readonly rowPx: number;
  readonly mostPx: number;
  /** Of the style sheet. */
  readonly className: string;
  /** The cells of a row, the menu at its end; the same function until all have to be drawn anew. */
  readonly cellsOf: (row: Seen<Value>) => ReactNode;
}

export function SeenTable<Value>(props: SeenTableProps<Value>) {
  const { labelledBy, columns, rows, mostPx, className } = props;
  const [viewport, setViewport] = useState<HTMLDivElement | null>(null);
  return (
    <ScrollArea.Autosize
      mah={mostPx}
      viewportRef={setViewport}
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-labelledby': labelledBy }}
    >
      <Table
        className={`seen-table on-card ${className}`}
        stickyHeader
        layout="fixed"
        aria-labelledby={labelledBy}
        aria-rowcount={rows.length + 1}
      >
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            {columns.map((name) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
            <Table.Td className="seen-menu" />
          </Table.Tr>
        </Table.Thead>
        <SeenRows {...props} viewport={viewport} />
      </Table>
    </ScrollArea.Autosize>
  );
}

interface SeenRowsProps<Value> extends SeenTableProps<Value> {
  readonly viewport: HTMLDivElement | null;
}

/** Apart from the table around them: scrolling draws nothing else anew. */
function SeenRows<Value>({ rows, rowPx, cellsOf, viewport }: SeenRowsProps<Value>) {
  const [held, setHeld] = useState<string>();
  const heldAt = held === undefined ? NOBODY : rows.findIndex(({ id }) => id === held);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport,
    estimateSize: () => rowPx,
    overscan: BESIDE,
    // Whoever is in a row with the keyboard stays in it, wherever it is sorted or scrolled to.
    rangeExtractor: (range) => withOne(defaultRangeExtractor(range), heldAt),
    // A picture later is soon enough: what is drawn beyond the edge covers it.
    useFlushSync: false,
  });
  const drawn = virtual.getVirtualItems();
  const lines: ReactNode[] = [];
  let endPx = 0;
  for (const { index, start, end } of drawn) {
    const row = rows[index];
    if (row === undefined) continue;
    if (start > endPx) lines.push(<Gap key={`before ${row.id}`} px={start - endPx} />);
    lines.push(<SeenRow key={row.id} {...{ ...row, cellsOf, index, rowPx }} />);
    endPx = end;
  }
  const below = virtual.getTotalSize() - endPx;
  // What a row has opened (its menu) tells of its focus here too, and is in no row.
  const hold = ({ target }: FocusEvent): void =>
    setHeld((now) => target.closest<HTMLElement>('tr[data-row]')?.dataset['row'] ?? now);
  return (
    <tbody onFocus={hold}>
      {lines}
      {below > 0 && <Gap px={below} />}
    </tbody>
  );
}

function withOne(indexes: readonly number[], one: number): number[] {
  return one === NOBODY || indexes.includes(one) ? [...indexes] : [...indexes, one].toSorted((a, b) => a - b);
}

/** In the place of rows that are not drawn. */
function Gap({ px }: { readonly px: number }) {
  return (
    <tr aria-hidden>
      <td style={{ height: px, padding: 0 }} />
    </tr>
  );
}

interface SeenRowProps<Value> extends Seen<Value>, Pick<SeenTableProps<Value>, 'cellsOf' | 'rowPx'> {
  readonly index: number;
}

function PlainRow<Value>({ id, value, cellsOf, index, rowPx }: SeenRowProps<Value>) {
  return (
    <tr aria-rowindex={index + 2} data-row={id} style={{ height: rowPx }}>
      {cellsOf({ id, value })}
    </tr>
  );
}

/** Plain elements, drawn anew only when the row has changed: dozens of them come in with each picture of a scroll. */
const SeenRow = memo(PlainRow) as typeof PlainRow;
