// The year ahead of opening hours that are being written, and the places whose holidays are known.
import { readYaml } from '../../../core/document/yaml-text.js';
import { type HolidayPlace, holidayPlaces } from '../../../core/routing/opening/holidays.js';
import { hoursOf, hours as hoursSchema } from '../../../core/routing/opening/hours-shape.js';
import { type SpecialDay, specialDays } from '../../../core/routing/opening/special-days.js';

export interface CalendarWish {
  readonly text: string;
  /** Of the hours. */
  readonly name: string;
  /** `2026-11-23`: the first day. */
  readonly from: string;
  readonly language: string;
}

export interface Calendar {
  /** Code and name. */
  readonly countries: Readonly<Record<string, string>>;
  /** Of the country that is chosen. */
  readonly regions: Readonly<Record<string, string>>;
  /** Undefined: the hours have a mistake. */
  readonly days: readonly SpecialDay[] | undefined;
}

export function calendarOf({ text, name, from, language }: CalendarWish): Calendar {
  const { value } = readYaml({ file: 'centre.yaml', text, revision: '' });
  const raw = (value as { readonly hours?: Readonly<Record<string, unknown>> } | undefined)?.hours?.[name];
  const { country } = (raw as { readonly holidays?: Partial<HolidayPlace> } | undefined)?.holidays ?? {};
  const parsed = hoursSchema.safeParse(raw);
  return {
    countries: holidayPlaces(language),
    regions: typeof country === 'string' ? holidayPlaces(language, country) : {},
    days: parsed.success ? specialDays(hoursOf(name, parsed.data, 'utc'), from, language) : undefined,
  };
}
