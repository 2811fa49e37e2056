// Owns which codec of an audio line is spoken, and how it and its keys (telephone-event) are written.
import type { SecurityKind } from './security.js';
import type { Attribute, MediaDescription } from './session-description.js';

/** Static payload types of RFC 3551 that the media engine speaks. */
export type AudioPayloadType = 0 | 8;

export const CODEC_NAMES: Readonly<Record<AudioPayloadType, string>> = { 0: 'PCMU', 8: 'PCMA' };

/** Ours among the names in a list such as `=PCMA,PCMU@20i` (FreeSWITCH's codec_string), in its order. */
export function codecsNamedIn(list: string): readonly AudioPayloadType[] {
  const names = list.replace(/^=/, '').split(',');
  const known = names.flatMap((name) => PAYLOAD_TYPES[name.trim().split('@')[0]?.toUpperCase() ?? ''] ?? []);
  return [...new Set(known)];
}

const PAYLOAD_TYPES: Readonly<Record<string, AudioPayloadType>> = { PCMU: 0, PCMA: 8 };

/** Opus of a browser that insists on it (RFC 7587), made G.711 on its way. */
export interface OpusChoice {
  readonly payloadType: number;
}

/** What a line was found to speak. */
export interface AudioChoice {
  /** What the engine hears and sends. */
  readonly payloadType: AudioPayloadType;
  readonly opus?: OpusChoice;
  /** Payload type of RFC 4733 events, when the peer takes them. */
  readonly telephoneEvent?: number;
  /** Units of their durations and timestamps per second. */
  readonly eventRate: 8_000 | 48_000;
}

/** The offerer's first codec of ours: G.711 wherever it stands, else Opus where it can be made G.711. */
export function chooseCodec(medium: MediaDescription, kind: SecurityKind): AudioChoice | undefined {
  const maps = rtpMaps(medium);
  const find = (pattern: RegExp): number | undefined => {
    const found = medium.formats.find((format) => pattern.test(maps.get(format) ?? ''));
    return found === undefined ? undefined : Number(found);
  };
  const event = find(/^telephone-event\/8000$/i);
  const spoken = medium.formats.map(Number).find((format) => isSpoken(format, maps));
  if (spoken === 0 || spoken === 8) return choice(spoken, event, 8_000);
  const opus = kind === 'webrtc' ? find(/^opus\/48000\/2$/i) : undefined;
  if (opus === undefined) return undefined;
  const wideEvent = find(/^telephone-event\/48000$/i);
  // RFC 4733 §2.1: events have the clock of the audio beside them, if the peer knows that.
  const own = wideEvent === undefined ? choice(0, event, 8_000) : choice(0, wideEvent, 48_000);
  return { ...own, opus: { payloadType: opus } };
}

function choice(payloadType: AudioPayloadType, event: number | undefined, eventRate: 8_000 | 48_000): AudioChoice {
  return event === undefined ? { payloadType, eventRate } : { payloadType, eventRate, telephoneEvent: event };
}

function rtpMaps(medium: MediaDescription): Map<string, string> {
  const maps = new Map<string, string>();
  for (const { name, value } of medium.attributes) {
    const match = name === 'rtpmap' ? /^(\d{1,3}) +(\S+)/.exec(value ?? '') : null;
    if (match?.[1] !== undefined && match[2] !== undefined && Number(match[1]) < 128) maps.set(match[1], match[2]);
  }
  return maps;
}

/** 0 and 8 are PCMU and PCMA also without rtpmap (RFC 3551 §6); a map to something else takes them away. */
function isSpoken(format: number, maps: ReadonlyMap<string, string>): boolean {
  if (format !== 0 && format !== 8) return false;
  const map = maps.get(String(format));
  return map === undefined || map.toUpperCase().replace(/\/1$/, '') === `${CODEC_NAMES[format]}/8000`;
}

/** Formats and attributes of the line that answers with this choice. */
export function writeChoice(chosen: AudioChoice): { formats: readonly string[]; attributes: readonly Attribute[] } {
  const { opus, telephoneEvent, eventRate, payloadType } = chosen;
  if (opus === undefined) return writeCodecs([payloadType], telephoneEvent, eventRate);
  const format = String(opus.payloadType);
  const event = writeCodecs([], telephoneEvent, eventRate);
  const map = { name: 'rtpmap', value: `${format} opus/48000/2` };
  // We hear 8 kHz, one channel (RFC 7587 §6.1): the browser need not send more.
  const parameters = { name: 'fmtp', value: `${format} maxplaybackrate=8000;stereo=0;useinbandfec=1` };
  return { formats: [format, ...event.formats], attributes: [map, parameters, ...event.attributes] };
}

export function writeCodecs(
  codecs: readonly AudioPayloadType[],
  event: number | undefined,
  eventRate: number,
): { formats: readonly string[]; attributes: readonly Attribute[] } {
  const formats = codecs.map(String);
  const attributes: Attribute[] = codecs.map((codec) => ({
    name: 'rtpmap',
    value: `${codec} ${CODEC_NAMES[codec]}/8000`,
  }));
  if (event === undefined) return { formats, attributes };
  attributes.push(
    { name: 'rtpmap', value: `${event} telephone-event/${eventRate}` },
    { name: 'fmtp', value: `${event} 0-15` },
  );
  return { formats: [...formats, String(event)], attributes };
}
