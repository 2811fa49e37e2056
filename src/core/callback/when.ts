// A point in time in a customer's words, Spanish or English: `17:30`, `a las 5`, `mañana a las 10`, `in 20 minutes`.
import { DateTime } from 'luxon';

/** Nobody is called back later than this after asking. */
export const MAX_AHEAD_MS = 14 * 24 * 3_600_000;

export interface WhenRule {
  readonly nowMs: number;
  /** IANA zone of the centre: what the customer's clock shows. */
  readonly timeZone: string;
  /** First moment at or after the given one at which customers may be called (Unix ms). */
  nextOpenMs(atMs: number): number;
}

const WEEKDAYS: readonly (readonly string[])[] = [
  ['lunes', 'monday', 'mon'],
  ['martes', 'tuesday', 'tue'],
  ['miercoles', 'wednesday', 'wed'],
  ['jueves', 'thursday', 'thu'],
  ['viernes', 'friday', 'fri'],
  ['sabado', 'saturday', 'sat'],
  ['domingo', 'sunday', 'sun'],
];

const NOW = /^(ahora( mismo)?|ya|now|right now|asap|cuanto antes|lo antes posible|as soon as possible)$/;
const RELATIVE =
  /^(?:en|dentro de|in) (?:(\d{1,4}) ?|(un|una|an?|media|half an) )(minutos?|min|mins|minutes?|m|horas?|hours?|hrs?|h)( y media| and a half)?$/;
const DAY =
  /(?:^| )(?:(?:el|on|este|this|next|proximo) )*(pasado manana|manana(?! por)|hoy|today|tomorrow|lunes|martes|miercoles|jueves|viernes|sabado|domingo|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)(?= |$)/;
const TIME =
  /^(a las?|at|sobre las?|around|about|hacia las?|to)? ?(\d{1,2})(?:[:.h]([0-5]\d))?( y media| y cuarto)? ?(h|hs|hrs|horas|o clock)? ?(am|pm|de la manana|de la tarde|de la noche|in the morning|in the afternoon|in the evening)?$/;
const NOON = /^(?:al? |at )?(mediodia|noon|midday)$/;

/** Unix ms, always after `nowMs` or equal to it; undefined: not understood, past, or too far ahead. */
export function parseWhen(words: string, rule: WhenRule): number | undefined {
  if (NOW.test(words)) return rule.nowMs;
  const atMs = relative(words, rule) ?? absolute(words, rule);
  return atMs !== undefined && atMs >= rule.nowMs && atMs - rule.nowMs <= MAX_AHEAD_MS ? atMs : undefined;
}

function relative(words: string, { nowMs }: WhenRule): number | undefined {
  const match = RELATIVE.exec(words);
  if (match === null) return undefined;
  const [, digits, word = '', unit = '', half] = match;
  const amount = digits === undefined ? (/media|half/.test(word) ? 0.5 : 1) : Number(digits);
  const minutes = /^h/.test(unit) ? amount * 60 + (half === undefined ? 0 : 30) : amount;
  return nowMs + minutes * 60_000;
}

function absolute(words: string, rule: WhenRule): number | undefined {
  const now = DateTime.fromMillis(rule.nowMs, { zone: rule.timeZone });
  // "de la mañana" belongs to the time, "mañana" to the day.
  const hidden = words.replaceAll('de la manana', 'am');
  const day = DAY.exec(hidden);
  const rest = (day === null ? hidden : hidden.replace(day[0], ' ')).replaceAll(/\s+/g, ' ').trim();
  const dayName = day?.[1];
  if (dayName !== undefined && rest === '') return wholeDay(now, dayName, rule);
  const clocks = clocksOf(rest, dayName !== undefined);
  if (clocks.length === 0) return undefined;
  const days = dayName === undefined ? [now, now.plus({ days: 1 })] : daysOf(now, dayName);
  const moments = days
    .flatMap((date) =>
      clocks.map(({ hour, minute }) => date.set({ hour, minute, second: 0, millisecond: 0 }).toMillis()),
    )
    .filter((atMs) => atMs >= rule.nowMs)
    .sort((a, b) => a - b);
  // "A las 5" may be two times of the day: the one at which somebody is here is meant.
  return moments.find((atMs) => rule.nextOpenMs(atMs) === atMs) ?? moments[0];
}

/** "Tomorrow" without a time: when the day begins for us. */
function wholeDay(now: DateTime, name: string, rule: WhenRule): number | undefined {
  const date = daysOf(now, name).find((candidate) => candidate.endOf('day') > now);
  return date === undefined ? undefined : Math.max(rule.nowMs, rule.nextOpenMs(date.startOf('day').toMillis()));
}

function daysOf(now: DateTime, name: string): DateTime[] {
  if (name === 'hoy' || name === 'today') return [now];
  if (name === 'manana' || name === 'tomorrow') return [now.plus({ days: 1 })];
  if (name === 'pasado manana') return [now.plus({ days: 2 })];
  const weekday = WEEKDAYS.findIndex((names) => names.includes(name)) + 1;
  const ahead = (weekday - now.weekday + 7) % 7;
  return [now.plus({ days: ahead }), now.plus({ days: ahead + 7 })];
}

interface ClockTime {
  readonly hour: number;
  readonly minute: number;
}

/** The times of day that the words may mean: one, or two when morning and afternoon are both possible. */
function clocksOf(words: string, dayGiven: boolean): ClockTime[] {
  if (NOON.test(words)) return [{ hour: 12, minute: 0 }];
  const match = TIME.exec(words);
  if (match === null) return [];
  const [, preposition, hourText = '', minuteText, fraction, unit, part] = match;
  // A number on its own is a key of a menu, not a time.
  if ([preposition, minuteText, fraction, unit, part].every((piece) => piece === undefined) && !dayGiven) return [];
  const hour = Number(hourText);
  const minute = minuteText === undefined ? minutesOf(fraction) : Number(minuteText);
  if (hour > 23) return [];
  if (part !== undefined) {
    if (hour > 12 || hour === 0) return /am|morning/.test(part) ? [] : [{ hour, minute }];
    const afternoon = !/am|morning/.test(part);
    return [{ hour: (hour % 12) + (afternoon ? 12 : 0), minute }];
  }
  const ambiguous = hour >= 1 && hour <= 11 && hourText.length === 1;
  return ambiguous
    ? [
        { hour, minute },
        { hour: hour + 12, minute },
      ]
    : [{ hour, minute }];
}

function minutesOf(fraction: string | undefined): number {
  if (fraction === undefined) return 0;
  return fraction.includes('media') ? 30 : 15;
}
