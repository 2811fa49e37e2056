// The queues of the centre by name, and by the names that they had before: who waits there, promises and the record of the past
// name them as they were called then.
import type { QueueConfig } from '../../acd/queue.js';
import type { Path } from '../../document/yaml-text.js';

/** `get` and `has` know former names too; lists and `size` hold each queue once, under its present name. */
export class QueuesByName extends Map<string, QueueConfig> {
  readonly #present: ReadonlyMap<string, string>;

  constructor(queues: Iterable<readonly [string, QueueConfig]>) {
    const all = [...queues];
    super(all);
    this.#present = new Map(all.flatMap(([name, { formerly = [] }]) => formerly.map((former) => [former, name])));
  }

  override get(name: string): QueueConfig | undefined {
    return super.get(name) ?? super.get(this.#present.get(name) ?? name);
  }

  override has(name: string): boolean {
    return this.get(name) !== undefined;
  }
}

/** As it is called now; one that is gone keeps its name. */
export function presentName({ queues }: { readonly queues: ReadonlyMap<string, QueueConfig> }, queue: string): string {
  return queues.get(queue)?.name ?? queue;
}

/** Each name, present or former, leads to one queue. */
export function checkFormerNames(
  queues: Readonly<Record<string, { readonly formerly: readonly string[] }>>,
  issue: (path: Path, message: string, advice: string) => void,
): void {
  const owners = new Map(Object.keys(queues).map((name) => [name, name]));
  for (const [name, { formerly }] of Object.entries(queues)) {
    for (const [index, former] of formerly.entries()) {
      const owner = owners.get(former);
      if (owner !== undefined)
        issue(['queues', name, 'formerly', index], `'${former}' already leads to ${owner}`, 'one queue a name');
      owners.set(former, name);
    }
  }
}
