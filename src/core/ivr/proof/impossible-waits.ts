// Proof: a caller can be quick enough for every key that is waited for, and has the time that the text promises.
import { issueAt, type Proof, stepsOf } from './draft.js';

/** Who takes the telephone from the ear, looks for the key and presses it needs longer than this. */
const LEAST_WAIT_MS = 1_000;
const WAITS = ['wait', 'wait-between'];

/** `en 10 segundos`, `within ten seconds` are promises; written in digits. */
const PROMISE =
  /\b(?:en|antes de|dentro de|durante los próximos|tiene|within|in|before|have)\s+(?:los\s+próximos\s+|the\s+next\s+)?(\d{1,3})\s+(?:segundos|seconds)\b/giu;

export const impossibleWaits: Proof = (subject) =>
  stepsOf(subject)
    .filter(({ step }) => step.listens)
    .flatMap(({ draft, name, step: { traits } }) => {
      const short = WAITS.filter((key) => (msOf(traits.keys[key]) ?? LEAST_WAIT_MS) < LEAST_WAIT_MS).map((key) =>
        issueAt(
          draft,
          ['steps', name, key],
          `nobody presses a key within ${msOf(traits.keys[key])} ms`,
          'at least 1s',
          {
            severity: 'warning',
          },
        ),
      );
      const waitMs = msOf(traits.keys['wait']);
      if (waitMs === undefined) return short;
      const broken = traits.texts.flatMap(({ path, source }) =>
        [...source.matchAll(PROMISE)]
          .filter(([, seconds]) => Number(seconds) * 1_000 > waitMs)
          .map(([, seconds]) => {
            const message = `the text gives ${seconds} seconds, the step waits ${waitMs / 1_000}`;
            return issueAt(draft, ['steps', name, ...path], message, `wait: ${seconds}s`, { severity: 'warning' });
          }),
      );
      return [...short, ...broken];
    });

function msOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
