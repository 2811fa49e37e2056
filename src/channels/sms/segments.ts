// A text as the short messages that carry it: alphabet chosen, cut where no character is torn, numbered by a header.
import { SegmentedMessage } from 'sms-segments-calculator';

/** A message in more parts than this costs more than it says. */
export const MAX_SEGMENTS = 10;

const GSM = { dataCoding: 0, single: 160, part: 153 } as const;
/** Sizes in 16-bit units. */
const UCS2 = { dataCoding: 8, single: 70, part: 67 } as const;

export interface Segments {
  readonly dataCoding: number;
  /** In order. With more than one, each begins with a user data header. */
  readonly contents: readonly Buffer[];
}

/**
 * Cuts `text` into at most {@link MAX_SEGMENTS} parts; undefined when it needs more. `reference` (0-255) tells the phone
 * which parts belong together (3GPP TS 23.040 §9.2.3.24.1). GSM text has one septet per octet, as SMPP has it.
 */
export function segmentsOf(text: string, reference: number): Segments | undefined {
  // A line end is one character; halves of surrogate pairs that stand alone say nothing.
  const clean = text.replaceAll('\r\n', '\n').replaceAll(/\p{Surrogate}/gu, '\ufffd');
  const measured = new SegmentedMessage(clean);
  const gsm = measured.encodingName === 'GSM-7';
  const alphabet = gsm ? GSM : UCS2;
  // In UCS-2 the code units of the package are wrong for what begins with a GSM character ("1️⃣"): our own are taken.
  const characters = gsm
    ? measured.encodedChars.map(({ codeUnits }) => codeUnits)
    : measured.graphemes.map((grapheme) => [...grapheme].map(unitsOf)).flatMap((points) => unbroken(points));
  const length = characters.reduce((sum, units) => sum + units.length, 0);
  const parts = length <= alphabet.single ? [characters.flat()] : packed(characters, alphabet.part);
  if (parts.length > MAX_SEGMENTS) return undefined;
  const contents = parts.map((units, index) => {
    const header = parts.length === 1 ? [] : [5, 0, 3, reference, parts.length, index + 1];
    return Buffer.concat([Buffer.from(header), gsm ? Buffer.from(units) : utf16(units)]);
  });
  return { dataCoding: alphabet.dataCoding, contents };
}

/** What belongs on one screen position stays together, unless it would not fit into a part at all. */
function unbroken(points: readonly (readonly number[])[]): (readonly number[])[] {
  const whole = points.flat();
  return whole.length <= UCS2.part ? [whole] : [...points];
}

function packed(characters: readonly (readonly number[])[], capacity: number): number[][] {
  const parts: number[][] = [];
  let part: number[] = [];
  for (const units of characters) {
    if (part.length + units.length > capacity) {
      parts.push(part);
      part = [];
    }
    part.push(...units);
  }
  return [...parts, part];
}

function unitsOf(point: string): number[] {
  return Array.from({ length: point.length }, (_, index) => point.charCodeAt(index));
}

function utf16(units: readonly number[]): Buffer {
  const bytes = Buffer.alloc(units.length * 2);
  units.forEach((unit, index) => void bytes.writeUInt16BE(unit, index * 2));
  return bytes;
}
