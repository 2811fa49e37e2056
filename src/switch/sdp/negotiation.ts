// Owns offer and answer (RFC 3264) of one audio stream in G.711: pure, from text to text.
import { isIPv4 } from 'node:net';
import {
  type Attribute,
  attribute,
  formatSdp,
  type MediaDescription,
  parseSdp,
  type SessionDescription,
} from './session-description.js';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Static payload types of RFC 3551 that the media engine speaks. */
export type AudioPayloadType = 0 | 8;

export const CODEC_NAMES: Readonly<Record<AudioPayloadType, string>> = { 0: 'PCMU', 8: 'PCMA' };

/** Payload type of telephone-event in our own offers. */
export const TELEPHONE_EVENT_OFFERED = 101;

/** Where our side of the stream lives, and its place in the sequence of descriptions. */
export interface LocalStream {
  readonly sessionId: string;
  readonly version: number;
  readonly address: string;
  readonly port: number;
}

/** What the peer will send to and accept from us. */
export interface RemoteStream {
  readonly address: string;
  readonly port: number;
  readonly payloadType: AudioPayloadType;
  /** Payload type of RFC 4733 events at 8000 Hz, when the peer takes them. */
  readonly telephoneEvent?: number;
  /** The peer's own word: `sendonly` means that the peer only sends. */
  readonly direction: Direction;
}

export type Refusal = { readonly ok: false; readonly reason: string };
export type Answered = { readonly ok: true; readonly sdp: string; readonly remote: RemoteStream } | Refusal;
export type AnswerRead = { readonly ok: true; readonly remote: RemoteStream } | Refusal;

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** RFC 3264 §6.1: the same stream seen from the other end. */
export function mirrored(direction: Direction): Direction {
  if (direction === 'sendonly') return 'recvonly';
  if (direction === 'recvonly') return 'sendonly';
  return direction;
}

/** A complete offer: both G.711 laws and telephone-event, sending and receiving. */
export function makeOffer(local: LocalStream): string {
  const formats = ['0', '8', String(TELEPHONE_EVENT_OFFERED)];
  return describe(local, [ourAudio(local.port, formats, [0, 8], TELEPHONE_EVENT_OFFERED, 'sendrecv')]);
}

/**
 * Answers an offer: the first acceptable audio line gets the offerer's first codec that we speak, every other line is
 * rejected with port 0 in its place (RFC 3264 §6).
 */
export function answerOffer(offer: string, local: LocalStream): Answered {
  const parsed = parseSdp(offer);
  if (!parsed.ok) return parsed;
  const { session } = parsed;
  const chosen = chooseAudio(session);
  if (!chosen) return { ok: false, reason: 'no audio line with PCMU or PCMA over RTP/AVP and IPv4' };
  const { remote, index } = chosen;
  const formats = [String(remote.payloadType)];
  if (remote.telephoneEvent !== undefined) formats.push(String(remote.telephoneEvent));
  const audio = ourAudio(local.port, formats, [remote.payloadType], remote.telephoneEvent, mirrored(remote.direction));
  const media = session.media.map((medium, at) => (at === index ? audio : rejected(medium)));
  return { ok: true, sdp: describe(local, media), remote };
}

/** Reads the answer to {@link makeOffer}. */
export function readAnswer(answer: string): AnswerRead {
  const parsed = parseSdp(answer);
  if (!parsed.ok) return parsed;
  const chosen = chooseAudio(parsed.session);
  if (!chosen) return { ok: false, reason: 'the answer has no audio line with PCMU or PCMA' };
  return { ok: true, remote: chosen.remote };
}

function chooseAudio(session: SessionDescription): { index: number; remote: RemoteStream } | undefined {
  for (const [index, medium] of session.media.entries()) {
    const remote = remoteStream(session, medium);
    if (remote) return { index, remote };
  }
  return undefined;
}

function remoteStream(session: SessionDescription, medium: MediaDescription): RemoteStream | undefined {
  if (medium.kind !== 'audio' || medium.port === 0 || medium.protocol !== 'RTP/AVP') return undefined;
  const address = medium.address ?? session.address;
  if (address === undefined || !isOnePeer(address)) return undefined;
  const maps = rtpMaps(medium);
  const payloadType = medium.formats.map(Number).find((format) => isSpoken(format, maps));
  if (payloadType !== 0 && payloadType !== 8) return undefined;
  const event = medium.formats.find((format) => /^telephone-event\/8000$/i.test(maps.get(format) ?? ''));
  const direction = address === '0.0.0.0' ? 'inactive' : directionOf(session, medium);
  const stream = { address, port: medium.port, payloadType, direction } as const;
  return event === undefined ? stream : { ...stream, telephoneEvent: Number(event) };
}

/** An IPv4 address that may be one peer's, or the 0.0.0.0 of hold: never multicast, broadcast or reserved (RFC 6890). */
function isOnePeer(address: string): boolean {
  if (!isIPv4(address)) return false;
  const first = Number.parseInt(address, 10);
  return address === '0.0.0.0' || (first > 0 && first < 224);
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

function directionOf(session: SessionDescription, medium: MediaDescription): Direction {
  for (const attributes of [medium.attributes, session.attributes]) {
    const found = DIRECTIONS.find((direction) => attribute(attributes, direction) !== undefined);
    if (found) return found;
  }
  return 'sendrecv';
}

function ourAudio(
  port: number,
  formats: readonly string[],
  codecs: readonly AudioPayloadType[],
  event: number | undefined,
  direction: Direction,
): MediaDescription {
  const attributes: Attribute[] = codecs.map((codec) => ({
    name: 'rtpmap',
    value: `${codec} ${CODEC_NAMES[codec]}/8000`,
  }));
  if (event !== undefined) {
    attributes.push(
      { name: 'rtpmap', value: `${event} telephone-event/8000` },
      { name: 'fmtp', value: `${event} 0-15` },
    );
  }
  attributes.push({ name: 'ptime', value: '20' }, { name: direction });
  return { kind: 'audio', port, protocol: 'RTP/AVP', formats, attributes };
}

function rejected(medium: MediaDescription): MediaDescription {
  return { kind: medium.kind, port: 0, protocol: medium.protocol, formats: medium.formats, attributes: [] };
}

function describe(local: LocalStream, media: readonly MediaDescription[]): string {
  const origin = `hilo ${local.sessionId} ${local.version} IN IP4 ${local.address}`;
  return formatSdp({ origin, address: local.address, attributes: [], media });
}
