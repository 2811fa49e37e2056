// The header before the text of a short message (3GPP TS 23.040 §9.2.3.24): which part of which text, in which alphabet.

export interface Part {
  readonly reference: number;
  readonly total: number;
  /** From 1. */
  readonly number: number;
}

export interface UserData {
  readonly part?: Part;
  /** National language of the GSM alphabet, 0 for none. */
  readonly language: number;
  readonly body: Buffer;
}

const CONCATENATED_8_BIT = 0x00;
const CONCATENATED_16_BIT = 0x08;
const SINGLE_SHIFT = 0x24;
const LOCKING_SHIFT = 0x25;

/** Undefined when the header does not fit its own lengths. Elements that say nothing about the text are passed over. */
export function parseUserData(content: Buffer): UserData | undefined {
  const length = content[0];
  if (length === undefined || length + 1 > content.length) return undefined;
  const header = content.subarray(1, length + 1);
  let part: Part | undefined;
  let language = 0;
  for (let at = 0; at < header.length; ) {
    const kind = header[at];
    const size = header[at + 1];
    if (size === undefined || at + 2 + size > header.length) return undefined;
    const data = header.subarray(at + 2, at + 2 + size);
    if (kind === CONCATENATED_8_BIT && size === 3) part = partOf(data.readUInt8(0), data.subarray(1));
    else if (kind === CONCATENATED_16_BIT && size === 4) part = partOf(data.readUInt16BE(0), data.subarray(2));
    else if ((kind === SINGLE_SHIFT || kind === LOCKING_SHIFT) && size === 1) language = data.readUInt8(0);
    at += 2 + size;
  }
  const body = content.subarray(length + 1);
  return part === undefined ? { language, body } : { part, language, body };
}

/** Numbers that make no sense are no numbering (3GPP TS 23.040 §9.2.3.24.1: ignored, shown as it is). */
export function partOf(reference: number, [total = 0, number = 0]: Iterable<number>): Part | undefined {
  return total > 1 && number >= 1 && number <= total ? { reference, total, number } : undefined;
}
