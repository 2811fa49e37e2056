// What a language has to say: the type of its table, and words that are the same in all of them.
import type { InteractionEvent, Writer } from '../event.js';
import type { StepTitles } from './steps.js';

/** One sentence for each type of event there is: a new type does not compile until it can be told. */
export type Sentences = {
  readonly [Type in InteractionEvent['type']]: (
    data: Extract<InteractionEvent, { type: Type }>['data'],
    titles: StepTitles,
  ) => string;
};

/** Below this many users are dissatisfied (ITU-T G.109: medium quality begins at R = 70, opinion 3.6). */
export const GOOD_OPINION = 3.6;

/** `1 h 02 min`, `3 min 05 s`, `12 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}

/** `[photo.jpg] [bill.pdf]`. */
export function filesText(files: readonly { readonly name: string }[] = []): string {
  return files.map(({ name }) => `[${name}]`).join(' ');
}

/** `Eva (+34600111222)`: as they say; their address where they say nothing. */
export function writerText(from: string, { name, number }: Writer = {}): string {
  return number === undefined ? (name ?? from) : `${name ?? from} (${number})`;
}

/** `1.4 MB`, `12 kB`. */
export function sizeText(bytes: number, point: '.' | ',' = '.'): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1).replace('.', point)} MB`;
}

/** `4 of 5`, or one of the two words. */
export function surveyScore(survey: string, score: number, [yes, no]: readonly [yes: string, no: string]): string {
  if (survey === 'fcr') return score === 1 ? yes : no;
  return `${score} / ${survey === 'csat' ? 5 : 10}`;
}

/** Of an offer: to whom else it rings, and who stood behind. */
export function offeredBeside(
  agent: string,
  {
    candidates,
    together = 1,
  }: { readonly candidates: readonly { readonly agent: string }[]; readonly together?: number },
): { readonly beside: readonly string[]; readonly behind: readonly string[] } {
  const names = candidates.map((candidate) => candidate.agent);
  return { beside: names.slice(0, together).filter((name) => name !== agent), behind: names.slice(together) };
}
