// How moments are written: in the variety of the language that the browser asks for, and the time of day as `14:05`.
import type { Language } from './language.js';

/** `en-GB` where that is what the browser asks for, so that a British day is not written as an American one. */
export function localeOf(language: Language, wishes: readonly string[] = navigator.languages): string {
  return wishes.find((wish) => wish.toLowerCase().startsWith(`${language}-`)) ?? language;
}

/** `time`: ISO 8601. */
export function timeText(time: string, language: Language): string {
  return new Date(time).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}
