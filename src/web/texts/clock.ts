// The time of day of a moment, as people of that language write it: `14:05`.
import type { Language } from './language.js';

/** `time`: ISO 8601. */
export function timeText(time: string, language: Language): string {
  return new Date(time).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}
