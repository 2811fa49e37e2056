// Queues and flows under other names: an article, and the record, name them as they were called when that was written.
import type { GuideContent } from './article.js';

/** Of a flow; the next one may have its old name afterwards. */
export interface FlowRename {
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
}

export interface Naming {
  /** All names that the queue has and had, the given one first. */
  queueNames(name: string): readonly string[];
  /** As it is called now. */
  queue(name: string): string;
  /** Oldest first. */
  readonly flowRenames: readonly FlowRename[];
}

/** What the flow is called now that had that name then. */
export function flowNow({ flowRenames }: Pick<Naming, 'flowRenames'>, name: string, writtenMs: number): string {
  let now = name;
  for (const { from, to, atMs } of flowRenames) if (from === now && atMs >= writtenMs) now = to;
  return now;
}

/** Names under which articles may know the flow, the present one first. */
export function flowNames({ flowRenames }: Pick<Naming, 'flowRenames'>, name: string): readonly string[] {
  const names = new Set([name]);
  for (const { from, to } of flowRenames.toReversed()) if (names.has(to)) names.add(from);
  return [...names];
}

type Places = Pick<GuideContent, 'queues' | 'flows'>;

/** The places of something that was written then, as they are called now. */
export function placesNow<Named extends Places>(naming: Naming, named: Named, writtenMs: number): Named {
  const queues = new Set(named.queues.map((name) => naming.queue(name)));
  const flows = new Set(named.flows.map((name) => flowNow(naming, name, writtenMs)));
  return { ...named, queues: [...queues], flows: [...flows] };
}
