// Where the steps of a flow stand: from the start downward.
import { Graph, layout } from '@dagrejs/dagre';
import type { Picture } from '../../../core/ivr/ways/picture.js';

export const BOX = { width: 140, height: 56 } as const;
const GAP = { across: 18, down: 56 } as const;
/**
 * Beyond it the steps are laid in rows: the fine layout puts a point on every row that an arrow crosses, and takes tens of
 * seconds for a long flow whose steps all lead to one person.
 */
export const FINE_BOXES_MAX = 60;
/** A row of more is broken. */
const ROW_BOXES_MAX = 14;

/** Upper left corners by step. */
export type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

/** Takes some tenths of a second: not for the page's own thread. */
export function placesOf(picture: Picture): Places {
  return picture.boxes.length > FINE_BOXES_MAX ? inRows(picture) : finely(picture);
}

function finely({ boxes, arrows, start }: Picture): Places {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'TB', nodesep: GAP.across, ranksep: GAP.down });
  graph.setDefaultEdgeLabel(() => ({}));
  // What is first is placed first.
  const sorted = [...boxes].sort((a, b) => Number(b.name === start) - Number(a.name === start));
  for (const { name } of sorted) graph.setNode(name, { ...BOX });
  for (const { from, to } of arrows) if (from !== to) graph.setEdge(from, to);
  layout(graph);
  return new Map(
    boxes.map(({ name }) => {
      const { x = 0, y = 0 } = graph.node(name);
      return [name, { x: x - BOX.width / 2, y: y - BOX.height / 2 }] as const;
    }),
  );
}

/** A row for each number of steps from the start; within it below what leads there. What nothing leads to comes last. */
function inRows({ boxes, arrows, start }: Picture): Places {
  const next = new Map<string, string[]>();
  for (const { from, to } of arrows) next.set(from, [...(next.get(from) ?? []), to]);
  const known = new Set([start]);
  const rows: string[][] = [];
  for (let row = boxes.some(({ name }) => name === start) ? [start] : []; row.length > 0; ) {
    rows.push(row);
    row = row.flatMap((name) => next.get(name) ?? []).filter((name) => !known.has(name) && known.add(name));
  }
  rows.push(boxes.flatMap(({ name }) => (known.has(name) ? [] : [name])));
  const places = new Map<string, { readonly x: number; readonly y: number }>();
  let y = 0;
  for (const row of rows.flatMap(broken)) {
    row.forEach((name, at) => {
      places.set(name, { x: (at - (row.length - 1) / 2) * (BOX.width + GAP.across) - BOX.width / 2, y });
    });
    y += BOX.height + GAP.down;
  }
  return places;
}

function broken(row: readonly string[]): string[][] {
  const rows = Math.ceil(row.length / ROW_BOXES_MAX);
  return Array.from({ length: rows }, (_, at) => row.slice(at * ROW_BOXES_MAX, (at + 1) * ROW_BOXES_MAX));
}
