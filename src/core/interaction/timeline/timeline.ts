// The story of an interaction for people: one sentence per event.
import type { InteractionEvent, RecordedEvent } from '../event.js';
import type { Language } from '../language.js';
import { english } from './english.js';
import { spanish } from './spanish.js';
import type { StepTitles } from './steps.js';

export interface TimelineLine {
  readonly version: number;
  readonly atMs: number;
  readonly type: string;
  readonly text: string;
  /** Where in a flow it happened, as its file names it: `main/ask-pin`. */
  readonly step?: string;
}

/** Steps are told by their names, which is all that the record knows. */
const BY_NAME: StepTitles = () => undefined;

export function timeline(
  events: Iterable<RecordedEvent>,
  language: Language,
  titles: StepTitles = BY_NAME,
): TimelineLine[] {
  return Array.from(events, ({ version, atMs, event }) => ({
    version,
    atMs,
    type: event.type,
    text: sentenceOf(event, language, titles),
    ...('step' in event.data ? { step: event.data.step } : {}),
  }));
}

export function sentenceOf(event: InteractionEvent, language: Language, titles: StepTitles = BY_NAME): string {
  const sentences = language === 'es' ? spanish : english;
  if (!Object.hasOwn(sentences, event.type))
    return `${language === 'es' ? 'Otro hecho' : 'Another event'}: ${event.type}`;
  // Type and data of one event belong together, which the index type cannot say.
  const sentence = sentences[event.type] as (data: InteractionEvent['data'], titles: StepTitles) => string;
  return sentence(event.data, titles);
}
