// What the arrows between steps tell before anybody calls: steps nobody reaches, loops that never wait for a key.

export type Arrows = ReadonlyMap<string, readonly string[]>;

export function reachableFrom(starts: readonly string[], arrows: Arrows): Set<string> {
  const reached = new Set<string>();
  const open = starts.filter((start) => arrows.has(start));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...(arrows.get(name) ?? []).filter((next) => arrows.has(next)));
  }
  return reached;
}

/** Closed walks through `arrows`, each as the names on it beginning with the first in file order; one per place where a walk closes. */
export function loops(arrows: Arrows): string[][] {
  const found: string[][] = [];
  const finished = new Set<string>();
  const order = [...arrows.keys()];
  const visit = (name: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(name);
    if (seenAt >= 0) {
      found.push(fromFirst(trail.slice(seenAt), order));
      return;
    }
    if (finished.has(name)) return;
    for (const next of arrows.get(name) ?? []) if (arrows.has(next)) visit(next, [...trail, name]);
    finished.add(name);
  };
  for (const name of order) visit(name, []);
  return found;
}

function fromFirst(loop: readonly string[], order: readonly string[]): string[] {
  const first = loop.reduce((best, name) => (order.indexOf(name) < order.indexOf(best) ? name : best));
  const turn = loop.indexOf(first);
  return [...loop.slice(turn), ...loop.slice(0, turn)];
}
