// The names that the text of the centre gives to flows, also when it has mistakes.
import { type Budgets, budgetsOf, budgetsSchema } from '../../document/budgets.js';
import type { SourceFile } from '../../document/issue.js';
import { type WebHost, webHostsSchema } from '../../document/web-host.js';
import { readYaml } from '../../document/yaml-text.js';

/** The names that flows may use, as far as they can be read: also from a file with mistakes, so that flows can be checked beside it. */
export function namesInCentre(source: SourceFile): {
  queues: Set<string>;
  agents: Set<string>;
  hours: Set<string>;
  texts: Map<string, Readonly<Record<string, string>>>;
  webHosts: ReadonlyMap<string, WebHost>;
  budgets: Budgets;
  entries: Set<string>;
} {
  const value = readYaml(source).value;
  const texts = Object.entries(recordAt(value, 'texts')).map(([key, versions]) => {
    const strings = Object.entries(asRecord(versions)).flatMap(([language, text]) =>
      typeof text === 'string' ? [[language, text] as const] : [],
    );
    return [key, Object.fromEntries(strings)] as const;
  });
  return {
    queues: new Set(Object.keys(recordAt(value, 'queues'))),
    agents: new Set(Object.keys(recordAt(value, 'agents'))),
    hours: new Set(Object.keys(recordAt(value, 'hours'))),
    texts: new Map(texts),
    webHosts: webHostsSchema.safeParse(recordAt(value, 'http')['hosts']).data ?? new Map(),
    budgets: budgetsOf(budgetsSchema.optional().safeParse(asRecord(value)['budgets']).data),
    entries: new Set(
      Object.values(recordAt(value, 'numbers')).flatMap((number) => {
        const { flow } = recordAt(number, 'to');
        return typeof flow === 'string' ? [flow] : [];
      }),
    ),
  };
}

function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  return asRecord(asRecord(value)[key]);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
