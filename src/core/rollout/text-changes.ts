// What differs between two texts of a flow, or of the centre, in its own terms: steps, queues, numbers.
import type { SourceFile } from '../document/issue.js';
import { readYaml } from '../document/yaml-text.js';

export interface TextChanges {
  /** Each as `steps/menu`, `queues/support`, or the name of a single key such as `start`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** With the keys of the part that differ, e.g. `{ part: 'steps/menu', keys: ['say', 'wait'] }`; [] for a single key. */
  readonly changed: readonly { readonly part: string; readonly keys: readonly string[] }[];
}

/** Comments, notes on lines and the order of keys do not count. A text that is no YAML has no parts. */
export function changesBetween(before: SourceFile, after: SourceFile): TextChanges {
  const [old, now] = [partsOf(before), partsOf(after)];
  return {
    added: [...now.keys()].filter((part) => !old.has(part)),
    removed: [...old.keys()].filter((part) => !now.has(part)),
    changed: [...now].flatMap(([part, value]) => {
      if (!old.has(part) || same(old.get(part), value)) return [];
      const [was, is] = [blockOf(old.get(part)), blockOf(value)];
      const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !same(was[key], is[key]));
      return [{ part, keys }];
    }),
  };
}

/** The keys of the file, and of blocks of blocks each inner one: steps, queues, agents, numbers, texts. */
function partsOf(source: SourceFile): Map<string, unknown> {
  return new Map(
    Object.entries(blockOf(readYaml(source).value)).flatMap(([key, value]): [string, unknown][] => {
      const inner = Object.entries(blockOf(value));
      const nested = inner.length > 0 && inner.every(([, one]) => Object.keys(blockOf(one)).length > 0);
      return nested ? inner.map(([name, one]) => [`${key}/${name}`, one]) : [[key, value]];
    }),
  );
}

function blockOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const block = blockOf(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const keys = Object.keys(block).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(block[key])}`).join()}}`;
}
