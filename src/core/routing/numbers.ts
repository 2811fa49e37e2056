// From the number that was dialled to what answers it.
import type { Centre, NumberConfig } from './centre.js';
import { normaliseNumber } from './outbound.js';

/** As written in the centre, or the same number written in another way (`911234567`, `+34911234567`). */
export function entryOf(centre: Centre, dialled: string): NumberConfig | undefined {
  const exact = centre.numbers.find(({ number }) => number === dialled);
  if (exact !== undefined) return exact;
  const normalised = normaliseNumber(dialled, centre.country);
  if (normalised === '') return undefined;
  return centre.numbers.find(({ number }) => normaliseNumber(number, centre.country) === normalised);
}
