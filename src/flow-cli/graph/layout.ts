// Where the boxes of a picture stand: in rows from the start downward, with few crossings.
import type { Arrow, Picture } from '../../core/ivr/ways/picture.js';

export const BOX = { width: 170, height: 48 } as const;
const GAP = { across: 40, down: 84 } as const;
const MARGIN = 30;
/** Room for an arrow that passes a row. */
const LANE = 14;
const SWEEPS = 8;

export interface Place {
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly row: number;
}

export interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  /** For an arrow that passes rows on its way down: where it does. */
  lanesOf(arrow: Arrow): readonly Place[];
  readonly width: number;
  readonly height: number;
}

export function layoutOf(picture: Picture): Layout {
  const plain = rowsOf(picture);
  const { rows, beside } = withLanes(plain, picture.arrows);
  const sorted = ordered(rows, beside);
  const steps = new Set(picture.boxes.map(({ name }) => name));
  const widthOf = (name: string) => (steps.has(name) ? BOX.width : LANE);
  const taken = (row: readonly string[]) => row.reduce((sum, name) => sum + widthOf(name) + GAP.across, -GAP.across);
  const width = 2 * MARGIN + Math.max(BOX.width, ...sorted.map(taken));
  const places = new Map<string, Place>();
  sorted.forEach((row, index) => {
    let x = (width - taken(row)) / 2;
    for (const name of row) {
      places.set(name, { x, y: MARGIN + index * (BOX.height + GAP.down), width: widthOf(name), row: index });
      x += widthOf(name) + GAP.across;
    }
  });
  return {
    places,
    lanesOf: (arrow) =>
      sorted.flatMap((_, row) => {
        const place = places.get(laneName(arrow, row));
        return place === undefined ? [] : [place];
      }),
    width,
    height: 2 * MARGIN + sorted.length * BOX.height + (sorted.length - 1) * GAP.down,
  };
}

/** No step is named so: names have no blanks. */
function laneName({ from, to }: Arrow, row: number): string {
  return `${from} ${to} ${row}`;
}

/** The rows with a place for each arrow that passes them, and who stands near whom from row to row. */
function withLanes(
  plain: readonly (readonly string[])[],
  arrows: readonly Arrow[],
): { rows: string[][]; beside: ReadonlyMap<string, readonly string[]> } {
  const rows = plain.map((row) => [...row]);
  const rowOf = new Map(plain.flatMap((row, index) => row.map((name) => [name, index] as const)));
  const beside = new Map<string, string[]>();
  const near = (a: string, b: string) => {
    beside.set(a, [...(beside.get(a) ?? []), b]);
    beside.set(b, [...(beside.get(b) ?? []), a]);
  };
  for (const arrow of arrows) {
    const [first, last] = [rowOf.get(arrow.from) ?? 0, rowOf.get(arrow.to) ?? 0];
    if (last <= first) continue;
    let above = arrow.from;
    for (let row = first + 1; row < last; row += 1) {
      const lane = laneName(arrow, row);
      rows[row]?.push(lane);
      near(above, lane);
      above = lane;
    }
    near(above, arrow.to);
  }
  return { rows, beside };
}

/** Each step below all those that lead to it, arrows that close a loop aside; what nothing leads to stands in a last row. */
function rowsOf({ start, boxes, arrows }: Picture): string[][] {
  const onward = new Map(boxes.map(({ name }) => [name, [] as string[]]));
  for (const { from, to } of arrows) onward.get(from)?.push(to);
  const order = withoutLoops(start, onward);
  const depths = new Map(order.map((name) => [name, 0]));
  order.forEach((name, index) => {
    const depth = (depths.get(name) ?? 0) + 1;
    for (const to of onward.get(name) ?? []) {
      if (order.indexOf(to) > index) depths.set(to, Math.max(depths.get(to) ?? 0, depth));
    }
  });
  const rows: string[][] = [];
  for (const [name, depth] of depths) rows[depth] = [...(rows[depth] ?? []), name];
  const lost = boxes.map(({ name }) => name).filter((name) => !depths.has(name));
  return lost.length > 0 ? [...rows, lost] : rows;
}

/** What can be reached, each step before those it leads to, but for the arrows that go back. */
function withoutLoops(start: string, onward: ReadonlyMap<string, readonly string[]>): string[] {
  const finished: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name) || !onward.has(name)) return;
    seen.add(name);
    for (const next of onward.get(name) ?? []) visit(next);
    finished.push(name);
  };
  visit(start);
  return finished.toReversed();
}

/** Each row by the middle of what its members stand near to, again and again. */
function ordered(rows: readonly (readonly string[])[], beside: ReadonlyMap<string, readonly string[]>): string[][] {
  let current = rows.map((row) => [...row]);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const at = new Map(current.flatMap((row) => row.map((name, index) => [name, (index + 0.5) / row.length] as const)));
    const middle = (name: string) => {
      const known = (beside.get(name) ?? []).flatMap((other) => at.get(other) ?? []);
      return known.length === 0 ? (at.get(name) ?? 0) : known.reduce((sum, x) => sum + x, 0) / known.length;
    };
    current = current.map((row) => row.toSorted((a, b) => middle(a) - middle(b)));
  }
  return current;
}
