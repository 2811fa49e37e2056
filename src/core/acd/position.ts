// The place of an entry in its queue, and what put the others before it.
import type { Language } from '../interaction/language.js';
import { channelOf } from './choice/capacity.js';
import { compareEntries, priorityAt } from './choice/line.js';
import type { Entry } from './entry.js';

export interface Position {
  readonly queue: string;
  /** 1 = next. */
  readonly position: number;
  /** Entries waiting in this queue, this one included. */
  readonly waiting: number;
  /** Of those before it: how many stand there for their priority, and how many because they have waited longer. */
  readonly ahead: { readonly byPriority: number; readonly bySeniority: number };
}

/** Offered entries still have their place; accepted ones have left the line. */
export function isInLine(entry: Entry): boolean {
  return entry.state !== 'accepted';
}

/** Messages and tasks are done beside calls: each channel of a queue is a line of its own. */
export function isSameLine(a: Entry, b: Entry): boolean {
  return a.queue === b.queue && channelOf(a.kind) === channelOf(b.kind);
}

/** As it stands at that time; undefined when the entry is not in line. */
export function positionOf(entry: Entry, entries: Iterable<Entry>, nowMs: number): Position | undefined {
  if (!isInLine(entry)) return undefined;
  let waiting = 1;
  let byPriority = 0;
  let bySeniority = 0;
  for (const other of entries) {
    if (other.entry === entry.entry || !isSameLine(other, entry) || !isInLine(other)) continue;
    waiting += 1;
    if (compareEntries(other, entry, nowMs) > 0) continue;
    if (priorityAt(other, nowMs) < priorityAt(entry, nowMs)) byPriority += 1;
    else bySeniority += 1;
  }
  const position = 1 + byPriority + bySeniority;
  return { queue: entry.queue, position, waiting, ahead: { byPriority, bySeniority } };
}

/** For a supervisor: `3rd of 5 in support: 1 with higher priority and 1 who has waited longer go first.` */
export function positionText(position: Position, language: Language): string {
  const { queue, waiting, ahead } = position;
  const place =
    language === 'es'
      ? `Puesto ${position.position} de ${waiting} en ${queue}`
      : `Number ${position.position} of ${waiting} in ${queue}`;
  const reasons = [
    ahead.byPriority === 0
      ? []
      : language === 'es'
        ? `${ahead.byPriority} con más prioridad`
        : `${ahead.byPriority} with higher priority`,
    ahead.bySeniority === 0
      ? []
      : language === 'es'
        ? `${ahead.bySeniority} con más tiempo de espera`
        : `${ahead.bySeniority} waiting for longer`,
  ].flat();
  if (reasons.length === 0) return `${place}.`;
  return language === 'es' ? `${place}; antes: ${reasons.join(' y ')}.` : `${place}; ahead: ${reasons.join(' and ')}.`;
}
