// The public holidays of opening hours, and the special days of the year ahead as they come of what is written.

import { Fieldset, NativeSelect, ScrollArea, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Calendar } from '../studio/compiler/calendar.js';
import type { CompilerThread } from '../studio/compiler/thread.js';
import type { Draft } from '../studio/draft.js';
import { localeOf } from '../texts/clock.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { type Data, recordOf } from './data.js';
import { faultAt, useSurroundings } from './form/context.js';
import { shown } from './form/kind.js';
import { centreTexts } from './texts/texts.js';

export interface HoursCalendarProps {
  readonly name: string;
  readonly data: Data;
  readonly draft: Draft;
  readonly compiler: CompilerThread;
}

export function HoursCalendar({ name, data, draft, compiler }: HoursCalendarProps) {
  const texts = useTexts(centreTexts);
  const { language } = useLanguage();
  const { issues, write } = useSurroundings();
  const { data: calendar } = useQuery({
    queryKey: ['hours-calendar', name, language, draft.text],
    placeholderData: keepPreviousData,
    queryFn: () => compiler.calendar({ text: draft.text, name, language, from: localDay(new Date()) }),
  });
  const place = recordOf(data['holidays']);
  const [country, region] = [shown(place['country']), shown(place['region'])];
  const path = ['hours', name, 'holidays'];
  const writePlace = (next: Data | undefined): void => write(path, next);
  const fault = faultAt(issues, path, true);
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NativeSelect
          label={texts.country}
          error={fault}
          data={[{ value: '', label: texts.noHolidays }, ...options(calendar?.countries ?? {}, country)]}
          value={country}
          onChange={({ currentTarget: { value } }) => writePlace(value === '' ? undefined : { country: value })}
        />
        {country !== '' && (
          <NativeSelect
            label={texts.region}
            data={[{ value: '', label: texts.wholeCountry }, ...options(calendar?.regions ?? {}, region)]}
            value={region}
            onChange={({ currentTarget: { value } }) =>
              writePlace(value === '' ? { country } : { country, region: value })
            }
          />
        )}
      </SimpleGrid>
      <Fieldset legend={texts.calendar}>
        <Days calendar={calendar} />
      </Fieldset>
    </Stack>
  );
}

function Days({ calendar }: { readonly calendar: Calendar | undefined }) {
  const texts = useTexts(centreTexts);
  const { language } = useLanguage();
  if (calendar === undefined) return <Text role="status">{texts.loading}</Text>;
  if (calendar.days === undefined) return <Text>{texts.calendarWrong}</Text>;
  if (calendar.days.length === 0) return <Text>{texts.calendarNone}</Text>;
  const written = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'full', timeZone: 'UTC' });
  return (
    <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0 }}>
      <Table verticalSpacing={4} aria-label={texts.calendar}>
        <Table.Tbody>
          {calendar.days.map(({ date, kind, name, open }) => (
            <Table.Tr key={date}>
              <Table.Th scope="row">{written.format(new Date(`${date}T00:00:00Z`))}</Table.Th>
              <Table.Td>{name ?? texts.dayKind[kind]}</Table.Td>
              <Table.Td>
                {open.length === 0
                  ? texts.dayClosed
                  : texts.dayOpen(open.map(({ from, to }) => `${from}–${to}`).join(', '))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}

/** By name; what is written stays even when nobody knows it. */
function options(names: Readonly<Record<string, string>>, written: string): { value: string; label: string }[] {
  const all = Object.entries(names).map(([value, label]) => ({ value, label }));
  if (written !== '' && !(written in names)) all.push({ value: written, label: written });
  return all.toSorted((a, b) => a.label.localeCompare(b.label));
}

/** `2026-11-23`, on the clock of the browser. */
function localDay(now: Date): string {
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
