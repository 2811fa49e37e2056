// How long it takes to say what a step says, reckoned from the length of its texts.
import type { Spoken, StepTraits } from './traits.js';

/** About 150 words a minute, as announcements are read in Spanish and English. */
const CHARS_PER_SECOND = 15;
/** A value that is filled in, e.g. a reference. */
const VALUE_CHARS = 12;
/** A recording of which no text is known. */
const RECORDING_MS = 5_000;

/** Keys whose prompts are heard when a step is entered; others belong to its failures. */
const HEARD_AT_ONCE: readonly unknown[] = ['say', 'play', 'question'];

export function speechMs({ spoken }: StepTraits): number {
  return spoken
    .filter(({ path }) => HEARD_AT_ONCE.includes(path[0]))
    .map(partMs)
    .reduce((sum, ms) => sum + ms, 0);
}

/** In the language in which it takes longest. */
function partMs({ texts }: Spoken): number {
  if (texts.size === 0) return RECORDING_MS;
  return Math.max(...[...texts.values()].map((text) => (1_000 * charsOf(text)) / CHARS_PER_SECOND));
}

function charsOf(text: string): number {
  return text.replace(/\{%[^%]*%\}/g, '').replace(/\{\{[^}]*\}\}/g, 'x'.repeat(VALUE_CHARS)).length;
}
