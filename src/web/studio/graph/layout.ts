// Where the steps of a flow stand: from the start downward.
import { Graph, layout } from '@dagrejs/dagre';
import type { Picture } from '../../../core/ivr/ways/picture.js';

export const BOX = { width: 140, height: 56 } as const;
const GAP = { across: 18, down: 56 } as const;

/** Upper left corners by step. */
export type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

/** Takes a second for the largest flows: not for the page's own thread. */
export function placesOf({ boxes, arrows, start }: Picture): Places {
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
