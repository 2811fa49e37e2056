// Owns offer and answer (RFC 3264) of one audio stream: pure, from text to text.
import { type AudioChoice, type AudioPayloadType, chooseCodec, writeChoice, writeCodecs } from './audio-codec.js';
import { bundleOf, PROFILES, readSecurity, type Security, type SecurityKind, writeSecurity } from './security.js';
import {
  type Attribute,
  attribute,
  formatSdp,
  type MediaDescription,
  parseSdp,
  type SessionDescription,
} from './session-description.js';
import { type Direction, directionOf, isOnePeer } from './stream-peer.js';

/** Payload type of telephone-event in our own offers. */
export const TELEPHONE_EVENT_OFFERED = 101;

/** Where our side of the stream lives, how it is protected, and its place in the sequence of descriptions. */
export interface LocalStream {
  readonly sessionId: string;
  readonly version: number;
  readonly address: string;
  readonly port: number;
  readonly security: Security;
}

/** What the peer will send to and accept from us. */
export interface RemoteStream extends AudioChoice {
  readonly address: string;
  readonly port: number;
  /** The peer's own word: `sendonly` means that the peer only sends. */
  readonly direction: Direction;
  readonly security: Security;
}

/** An offer and what was chosen of it. */
export interface Offered {
  readonly session: SessionDescription;
  /** The line that is answered with our audio. */
  readonly index: number;
  readonly remote: RemoteStream;
}

export type Refusal = { readonly ok: false; readonly reason: string };
export type OfferRead = { readonly ok: true; readonly offered: Offered } | Refusal;

const ALL_CODECS: readonly AudioPayloadType[] = [0, 8];
const ALL_KINDS: readonly SecurityKind[] = ['plain', 'sdes', 'webrtc'];

/** RFC 3264 §6.1: the same stream seen from the other end. */
export function mirrored(direction: Direction): Direction {
  if (direction === 'sendonly') return 'recvonly';
  if (direction === 'recvonly') return 'sendonly';
  return direction;
}

/** A line of ours beside the audio, at its place in the description that is answered. */
export interface FurtherLine {
  readonly index: number;
  readonly line: MediaDescription;
}

/** A complete offer: G.711 and telephone-event, sending and receiving; `text`: a line for it too. */
export function makeOffer(local: LocalStream, text?: MediaDescription, codecs = ALL_CODECS): string {
  const { formats, attributes } = writeCodecs(codecs, TELEPHONE_EVENT_OFFERED, 8_000);
  const { kind } = local.security;
  const mid = kind === 'webrtc' ? '0' : undefined;
  const audio = ourAudio(local, PROFILES[kind], mid, attributes, 'sendrecv');
  const media = [{ ...audio, formats }, ...(text === undefined ? [] : [text])];
  return describe(local, media, mid === undefined ? [] : [mid]);
}

/** An offer inside a call: each line of the description before keeps its place, and its mid (RFC 3264 §8). */
export function makeFurtherOffer(
  { session, index }: Offered,
  local: LocalStream,
  text?: FurtherLine,
  codecs = ALL_CODECS,
): string {
  const { formats, attributes } = writeCodecs(codecs, TELEPHONE_EVENT_OFFERED, 8_000);
  const line = session.media[index];
  const mid = midOf(line);
  const profile = line?.protocol ?? PROFILES[local.security.kind];
  const audio = { ...ourAudio(local, profile, mid, attributes, 'sendrecv'), formats };
  return describe(local, inPlace(session, index, audio, text), bundledIn(session, mid));
}

/** Chooses the first acceptable audio line and in it the offerer's first codec that we speak (RFC 3264 §6). */
export function readOffer(offer: string, kinds: readonly SecurityKind[] = ALL_KINDS): OfferRead {
  const parsed = parseSdp(offer);
  if (!parsed.ok) return parsed;
  const { session } = parsed;
  for (const [index, medium] of session.media.entries()) {
    const remote = remoteStream(session, medium, kinds);
    if (remote) return { ok: true, offered: { session, index, remote } };
  }
  return { ok: false, reason: 'no audio line with a codec and a protection of ours over IPv4' };
}

/** Answers what was chosen; every other line is rejected with port 0 in its place. */
export function makeAnswer({ session, index, remote }: Offered, local: LocalStream, text?: FurtherLine): string {
  const { formats, attributes } = writeChoice(remote);
  const line = session.media[index];
  const mid = midOf(line);
  const profile = line?.protocol ?? PROFILES[local.security.kind];
  const audio = { ...ourAudio(local, profile, mid, attributes, mirrored(remote.direction)), formats };
  return describe(local, inPlace(session, index, audio, text), bundledIn(session, mid));
}

function inPlace(
  { media }: SessionDescription,
  index: number,
  audio: MediaDescription,
  text: FurtherLine | undefined,
): MediaDescription[] {
  return media.map((medium, at) => {
    if (at === index) return audio;
    return at === text?.index ? text.line : rejected(medium);
  });
}

function bundledIn(session: SessionDescription, mid: string | undefined): readonly string[] {
  return mid !== undefined && bundleOf(session, mid) !== undefined ? [mid] : [];
}

/** Reads the answer to {@link makeOffer}. */
export function readAnswer(answer: string, kinds: readonly SecurityKind[] = ALL_KINDS): OfferRead {
  const read = readOffer(answer, kinds);
  if (!read.ok) return { ok: false, reason: 'the answer has no audio line of those we offered' };
  const { security } = read.offered.remote;
  // RFC 8842 §5.3: who answers takes a role.
  if (security.kind === 'webrtc' && security.party.setup === 'actpass') {
    return { ok: false, reason: 'the answer leaves the DTLS role open' };
  }
  return read;
}

function remoteStream(
  session: SessionDescription,
  medium: MediaDescription,
  kinds: readonly SecurityKind[],
): RemoteStream | undefined {
  const security = medium.kind === 'audio' ? readSecurity(session, medium) : undefined;
  if (!security || !kinds.includes(security.kind)) return undefined;
  const chosen = chooseCodec(medium, security.kind);
  if (!chosen) return undefined;
  const isWeb = security.kind === 'webrtc';
  const isBundleOnly = isWeb && attribute(medium.attributes, 'bundle-only') !== undefined;
  if (medium.port === 0 && !isBundleOnly) return undefined;
  const address = medium.address ?? session.address ?? (isWeb ? '0.0.0.0' : undefined);
  // ICE finds the way: a browser writes 0.0.0.0 and the port 9, or an address of any kind.
  if (address === undefined || (!isWeb && !isOnePeer(address))) return undefined;
  const isHeld = !isWeb && address === '0.0.0.0';
  const direction = isHeld ? 'inactive' : directionOf(session, medium);
  return { ...chosen, address, port: medium.port, direction, security };
}

function ourAudio(
  local: LocalStream,
  protocol: string,
  mid: string | undefined,
  codecs: readonly Attribute[],
  direction: Direction,
): Omit<MediaDescription, 'formats'> {
  const named = mid === undefined ? [] : [{ name: 'mid', value: mid }];
  const rest = [{ name: 'ptime', value: '20' }, { name: direction }];
  const attributes = [...named, ...writeSecurity(local.security), ...codecs, ...rest];
  return { kind: 'audio', port: local.port, protocol, attributes };
}

/** A rejected line keeps its name: a browser compares it with its own (RFC 9429 §5.3.1). */
function rejected(medium: MediaDescription): MediaDescription {
  const mid = midOf(medium);
  const attributes = mid === undefined ? [] : [{ name: 'mid', value: mid }];
  return { kind: medium.kind, port: 0, protocol: medium.protocol, formats: medium.formats, attributes };
}

/** A token (RFC 8866 §9); anything else is not repeated. */
function midOf(medium: MediaDescription | undefined): string | undefined {
  const mid = medium && attribute(medium.attributes, 'mid');
  return mid !== undefined && /^[!#$%&'*+.^_`{|}~\w-]{1,64}$/.test(mid) ? mid : undefined;
}

function describe(local: LocalStream, media: readonly MediaDescription[], bundled: readonly string[]): string {
  const origin = `hilo ${local.sessionId} ${local.version} IN IP4 ${local.address}`;
  const attributes = bundled.length === 0 ? [] : [{ name: 'group', value: `BUNDLE ${bundled.join(' ')}` }];
  return formatSdp({ origin, address: local.address, attributes, media });
}
