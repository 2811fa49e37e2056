// Keys as telephone-event payloads (RFC 4733 §2.3).

export const EVENT_PAYLOAD_BYTES = 4;
/** Events 0-15 are the keys, 16 is flash (RFC 4733 §3.2). */
const KEYS = '0123456789*#ABCDF';
/** -10 dBm0, what phones send. */
const VOLUME = 10;
/** Longest duration of one segment, in samples (RFC 4733 §2.5.1.3). */
export const SEGMENT_SAMPLES_MAX = 0xffff;

export interface KeyEvent {
  event: number;
  end: boolean;
  durationSamples: number;
}

/** Fills `into`; false when there are too few bytes or the event is not a key. */
export function readKeyEvent(bytes: Buffer, start: number, end: number, into: KeyEvent): boolean {
  if (end - start < EVENT_PAYLOAD_BYTES) return false;
  const event = bytes.readUInt8(start);
  if (event >= KEYS.length) return false;
  into.event = event;
  into.end = (bytes.readUInt8(start + 1) & 0x80) !== 0;
  into.durationSamples = bytes.readUInt16BE(start + 2);
  return true;
}

export function writeKeyEvent(bytes: Buffer, start: number, key: KeyEvent): void {
  bytes[start] = key.event;
  bytes[start + 1] = (key.end ? 0x80 : 0) | VOLUME;
  bytes.writeUInt16BE(Math.min(SEGMENT_SAMPLES_MAX, key.durationSamples), start + 2);
}

/** The character of an event 0-16. */
export function keyOfEvent(event: number): string {
  return KEYS.charAt(event);
}

/** The event of a key, undefined when it is none; letters in either case. */
export function eventOfKey(key: string): number | undefined {
  const event = KEYS.indexOf(key.toUpperCase());
  return key.length === 1 && event >= 0 ? event : undefined;
}
