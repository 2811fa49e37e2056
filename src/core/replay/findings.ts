// What a replay has found: decisions that fall as they did, those that do not, and those the record does not let us make again.

/** Which part of core decided. `record`: the folds that make states, outcomes and sentences of the facts. */
export type Part = 'flow' | 'router' | 'policy' | 'call-back' | 'record';

export interface Difference {
  readonly part: Part;
  /** Number of the event in its interaction. */
  readonly version: number;
  readonly recorded: string;
  readonly now: string;
  /** Where to look: a line of a flow, or a file of core. */
  readonly place: string;
}

export interface Unchecked {
  readonly part: Part;
  readonly version: number;
  readonly why: string;
}

export class Findings {
  readonly same: Record<Part, number> = { flow: 0, router: 0, policy: 0, 'call-back': 0, record: 0 };
  readonly differences: Difference[] = [];
  readonly unchecked: Unchecked[] = [];

  /** One decision made again; true when it fell as recorded. Both are compared as JSON, whatever the order of keys. */
  compare(part: Part, version: number, { recorded, now, place }: { recorded: unknown; now: unknown; place: string }) {
    const [was, is] = [canonical(recorded), canonical(now)];
    if (was === is) this.same[part] += 1;
    else this.differences.push({ part, version, recorded: was, now: is, place });
    return was === is;
  }

  leave(part: Part, version: number, why: string): void {
    this.unchecked.push({ part, version, why });
  }

  /** The earliest in the record. */
  first(): Difference | undefined {
    return this.differences.toSorted((a, b) => a.version - b.version)[0];
  }
}

/** JSON with keys in order; texts as they are. What is undefined is not there, as after a journey through JSON. */
export function canonical(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, sorted) ?? 'nothing');
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
