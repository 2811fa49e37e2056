// Roll-outs, revisions and differences as they go over the wire.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { z } from 'zod';
import type { JournalLine, RevisionLine } from '../../app/publishing/flow-history.js';
import type { diff, journal, rollout as rolloutShape } from '../../contract/revision.js';
import type { Rollout } from '../../core/rollout/rollout.js';
import { changesBetween } from '../../core/rollout/text-changes.js';

const CONTEXT_LINES = 3;
/** A diff that is not found in this time is told as everything removed and added: calls wait meanwhile. */
const DIFF_LIMIT_MS = 100;

export interface Text {
  readonly revision: string;
  readonly text: string;
}

export function diffView(name: string, from: Text, to: Text): z.input<typeof diff> {
  const file = `${name}.yaml`;
  const changes = changesBetween({ file, ...from }, { file, ...to });
  return {
    name,
    from: from.revision,
    to: to.revision,
    unified: from.text === to.text ? '' : unified(file, from, to),
    changes: {
      added: [...changes.added],
      removed: [...changes.removed],
      changed: changes.changed.map(({ part, keys }) => ({ part, keys: [...keys] })),
    },
  };
}

function unified(file: string, from: Text, to: Text): string {
  const options = { context: CONTEXT_LINES, timeout: DIFF_LIMIT_MS, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, from.text, to.text, from.revision, to.revision, options);
  return patch ?? `--- a/${file}\n+++ b/${file}\n${lines('-', from.text)}${lines('+', to.text)}`;
}

function lines(mark: string, text: string): string {
  return text.replace(/^.*\n?/gm, (line) => (line === '' ? '' : `${mark}${line}`));
}

export function rolloutView({
  startedAtMs,
  now,
  text: _text,
  looks: _looks,
  watch,
  ...rest
}: Rollout): z.input<typeof rolloutShape> {
  const shared = {
    ...rest,
    watch: { ...watch, measures: [...watch.measures] },
    startedAt: new Date(startedAtMs).toISOString(),
    state: now.state,
  };
  if (now.state === 'running') return shared;
  const ended = { ...shared, endedAt: new Date(now.atMs).toISOString() };
  switch (now.state) {
    case 'promoted':
      return { ...ended, by: now.by };
    case 'aborted':
      return { ...ended, by: now.by, reason: now.reason };
    case 'stopped':
      return {
        ...ended,
        by: 'hilo',
        reason: `worse in ${now.why.worseIn.join(', ')}`,
        stoppedBy: comparisonView(now.why),
      };
  }
}

export function comparisonView<T extends { measures: readonly object[]; worseIn: readonly string[] }>(comparison: T) {
  return {
    ...comparison,
    measures: [...comparison.measures] as T['measures'][number][],
    worseIn: [...comparison.worseIn] as T['worseIn'][number][],
  };
}

/** What was published and what was done besides, newest first. */
export function journalView(
  published: readonly RevisionLine[],
  lines: readonly JournalLine[],
): z.input<typeof journal> {
  const all = [
    ...published.map(({ revision, author, note, atMs }) => ({
      ...{ atMs, action: 'published' as const, by: author },
      detail: note === '' ? { revision } : { revision, note },
    })),
    ...lines.map(({ atMs, action, by, detail }) => ({ atMs, action, by, detail: { ...detail } })),
  ];
  const sorted = all.toSorted((a, b) => b.atMs - a.atMs);
  return { lines: sorted.map(({ atMs, ...line }) => ({ at: new Date(atMs).toISOString(), ...line })) };
}
