// Folds a record again: numbered without gaps, every fact understood, one end to every call, and no sentence with a hole in it.
import type { RecordedEvent } from '../interaction/event.js';
import { evolve, type Interaction, initial } from '../interaction/interaction.js';
import { outcomesOf, unaccounted } from '../interaction/outcome.js';
import { summaryOf } from '../interaction/summary.js';
import { timeline } from '../interaction/timeline/timeline.js';
import type { Findings } from './findings.js';

const PART = 'record';
const HOLE = /undefined|NaN|\[object/;

/** What was computed when it was recorded, as far as somebody kept it. */
export interface KnownResult {
  readonly summary?: object;
  readonly segments?: readonly object[];
  readonly outcomes?: readonly string[];
}

/** Returns the interaction as it stands after the last event. */
export function replayRecord(events: readonly RecordedEvent[], known: KnownResult, findings: Findings): Interaction {
  let state = initial;
  for (const [index, recorded] of events.entries()) {
    const place = 'src/core/interaction/interaction.ts';
    const next = evolve(state, recorded);
    const expected = { version: index + 1, interaction: events[0]?.interaction };
    const now = { version: recorded.version, interaction: next.id };
    findings.compare(PART, recorded.version, { recorded: expected, now, place });
    state = next;
  }
  const last = events.at(-1)?.version ?? 0;
  const live = state.liveNodes.length > 0;
  const lost = unaccounted(events, () => live);
  findings.compare(PART, last, { recorded: [], now: lost, place: 'src/core/interaction/outcome.ts' });
  for (const language of ['es', 'en'] as const) {
    for (const { version, text } of timeline(events, language)) {
      const now = HOLE.test(text) ? text : 'a whole sentence';
      findings.compare(PART, version, { recorded: 'a whole sentence', now, place: 'src/core/interaction/timeline' });
    }
  }
  compareKnown(events, state, known, findings);
  return state;
}

function compareKnown(events: readonly RecordedEvent[], state: Interaction, known: KnownResult, findings: Findings) {
  const last = state.version;
  const place = 'src/core/interaction/summary.ts';
  const parts: [unknown, unknown, string][] = [
    [known.summary, summaryOf(state), place],
    [known.segments, state.segments, 'src/core/interaction/segment.ts'],
    [known.outcomes, outcomesOf(events).map(({ outcome }) => outcome), 'src/core/interaction/outcome.ts'],
  ];
  for (const [recorded, now, where] of parts) {
    // Newer versions may know more, never less or something else.
    if (recorded !== undefined) findings.compare(PART, last, { recorded, now: within(now, recorded), place: where });
  }
}

/** Of `now` what `known` has as well. */
function within(now: unknown, known: unknown): unknown {
  if (Array.isArray(now) && Array.isArray(known)) {
    return now.length === known.length ? now.map((item, index) => within(item, known[index])) : now;
  }
  if (!isRecord(now) || !isRecord(known)) return now;
  return Object.fromEntries(Object.keys(known).map((key) => [key, within(now[key], known[key])]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
