// When a customer may be called back: on the clock of the centre, and on the customer's own, told by the country of the number.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { DateTime } from 'luxon';
import type { Centre } from '../centre.js';
import { nextOpenMs } from '../hours.js';

/** Both clocks have to agree; two that have not after so many looks do not within weeks. */
const MAX_LOOKS = 60;

type Zoned = Pick<Centre, 'timeZone'>;

/**
 * First moment at or after `atMs` (Unix ms): within `callback-hours`, and within `customer-hours` in every time zone of
 * the number's country. A number does not tell where in a wide country somebody is, so nobody is called at a time that
 * is wrong in some part of it. Numbers that tell of no country are taken to be where the centre is.
 */
export function nextCallableMs(
  centre: Zoned & Pick<Centre, 'recovery' | 'hours'>,
  number: string | undefined,
  atMs: number,
): number {
  const { recovery, hours } = centre;
  const own = recovery.callbackHours === undefined ? undefined : hours.get(recovery.callbackHours);
  const polite = recovery.customerHours;
  const zones = polite === undefined ? [] : zonesOfNumber(number, centre);
  let nextMs = atMs;
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const beforeMs = nextMs;
    if (own !== undefined) nextMs = nextOpenMs(own, nextMs);
    if (polite !== undefined) for (const zone of zones) nextMs = nextBetween(nextMs, zone, polite.from, polite.to);
    if (nextMs === beforeMs) return nextMs;
  }
  // The hours of the centre and those of a country this wide never meet: better called by the centre's than never.
  return own === undefined ? atMs : nextOpenMs(own, atMs);
}

/** The zone in which a customer names a time: the centre's, unless the number is of a country that has none like it. */
export function zoneOfNumber(number: string | undefined, centre: Zoned): string {
  const zones = zonesOfNumber(number, centre);
  return zones.includes(centre.timeZone) ? centre.timeZone : (zones[0] ?? centre.timeZone);
}

/** IANA zones of the country of the number; that of the centre when there is none. */
export function zonesOfNumber(number: string | undefined, { timeZone }: Zoned): readonly string[] {
  const parsed = number?.startsWith('+') ? parsePhoneNumberFromString(number) : undefined;
  const region = parsed?.country;
  if (region === undefined) return [timeZone];
  const zones = timeZonesOf(region);
  return zones.length === 0 ? [timeZone] : zones;
}

/** From the territory data of CLDR, which the runtime carries (ECMA-402, Intl.Locale Info). */
function timeZonesOf(region: string): readonly string[] {
  const locale: Intl.Locale & {
    readonly timeZones?: readonly string[];
    getTimeZones?(): readonly string[] | undefined;
  } = new Intl.Locale('und', { region });
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}

function nextBetween(atMs: number, zone: string, from: string, to: string): number {
  const now = DateTime.fromMillis(atMs, { zone });
  const clock = now.toFormat('HH:mm');
  if (clock >= from && clock < to) return atMs;
  const [hour = 0, minute = 0] = from.split(':').map(Number);
  const day = clock < from ? now : now.plus({ days: 1 });
  return day.set({ hour, minute, second: 0, millisecond: 0 }).toMillis();
}
