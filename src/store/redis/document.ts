// Documents of live state as Redis holds and publishes them.
import type { LiveDocument } from '../../app/ports.js';

export const KINDS = ['agent', 'entry'] as const;
export type Kind = (typeof KINDS)[number];

export type LiveEvent = LiveDocument | { kind: Kind; id: string; version: number; value: null };

export function documentOf(kind: Kind, id: string, version: number, json: string): LiveDocument {
  // Only the commit script writes here, and only what the port's types allow.
  return { kind, id, version, value: JSON.parse(json) } as LiveDocument;
}

/** The lines that the commit script publishes: kind, id, version and JSON ('' = deleted), separated by tabs. */
export function parseChanges(message: string): readonly LiveEvent[] {
  return message.split('\n').map((line) => {
    const [number, id = '', version, json = ''] = line.split('\t');
    const kind = KINDS[Number(number) - 1] ?? 'entry';
    return json === ''
      ? { kind, id, version: Number(version), value: null }
      : documentOf(kind, id, Number(version), json);
  });
}
