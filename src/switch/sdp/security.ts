// Owns how a media line says that it is protected: SDES keys (RFC 4568), and ICE with DTLS (RFC 8839, RFC 8842) of browsers.
import { isIPv4 } from 'node:net';
import { MASTER_BYTES, SUITES, type Suite } from '../secure/session-keys.js';
import type { SetupRole, WebParty } from '../webrtc/web-party.js';
import { type Attribute, attribute, type MediaDescription, type SessionDescription } from './session-description.js';

export type SecurityKind = 'plain' | 'sdes' | 'webrtc';

/** Master key and salt of one direction, as offered or answered. */
export interface SdesKey {
  readonly tag: number;
  readonly suite: Suite;
  /** {@link MASTER_BYTES} bytes in base64. */
  readonly key: string;
}

export type Security =
  | { readonly kind: 'plain' }
  | { readonly kind: 'sdes'; readonly keys: readonly SdesKey[] }
  | { readonly kind: 'webrtc'; readonly party: WebParty };

/** More are ignored: one is enough, since we are the side with the reachable address. */
export const CANDIDATES_MAX = 8;
const CRYPTO_LINES_MAX = 16;

const PLAIN_PROFILES = ['RTP/AVP', 'RTP/AVPF'];
const KEYED_PROFILES = ['RTP/SAVP', 'RTP/SAVPF'];
const DTLS_PROFILES = ['UDP/TLS/RTP/SAVP', 'UDP/TLS/RTP/SAVPF'];

const CRYPTO = /^(\d{1,9}) +(\w+) +inline:([A-Za-z0-9+/]{40})(?:\|(?:2\^\d{1,2}|\d{1,15}))?(?: +-\S+)*$/;
const ICE_TEXT = /^[A-Za-z0-9+/]+$/;
const FINGERPRINT = /^(sha-256|sha-384|sha-512) +((?:[0-9A-F]{2}:)+[0-9A-F]{2})$/i;
const FINGERPRINT_OCTETS: Readonly<Record<string, number>> = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 };
const CANDIDATE = /^([A-Za-z0-9+/]{1,32}) 1 udp (\d{1,10}) (\S+) (\d{1,5}) typ (host|srflx|prflx|relay)\b/i;

/** The protection that a line asks for and that we can give; undefined = not usable. */
export function readSecurity(session: SessionDescription, medium: MediaDescription): Security | undefined {
  if (PLAIN_PROFILES.includes(medium.protocol)) return { kind: 'plain' };
  const isKeyed = KEYED_PROFILES.includes(medium.protocol);
  if (!isKeyed && !DTLS_PROFILES.includes(medium.protocol)) return undefined;
  const keys = isKeyed ? readKeys(medium) : [];
  if (keys.length > 0) return { kind: 'sdes', keys };
  const party = readParty(session, medium);
  return party && { kind: 'webrtc', party };
}

/** The profile of an offer of ours. */
export const PROFILES: Readonly<Record<SecurityKind, string>> = {
  plain: 'RTP/AVP',
  sdes: 'RTP/SAVP',
  webrtc: 'UDP/TLS/RTP/SAVPF',
};

/** The attributes of a line of ours with this protection. */
export function writeSecurity(security: Security): readonly Attribute[] {
  switch (security.kind) {
    case 'plain':
      return [];
    case 'sdes':
      return security.keys.map(({ tag, suite, key }) => ({ name: 'crypto', value: `${tag} ${suite} inline:${key}` }));
    case 'webrtc':
      return writeParty(security.party);
  }
}

/** Lines with a master key index or with session parameters we do not know must not be used (RFC 4568 §6.3, §7.1.2). */
function readKeys(medium: MediaDescription): readonly SdesKey[] {
  const keys: SdesKey[] = [];
  for (const { value = '' } of medium.attributes.filter(({ name }) => name === 'crypto').slice(0, CRYPTO_LINES_MAX)) {
    const match = CRYPTO.exec(value);
    const suite = SUITES.find((one) => one === match?.[2]?.toUpperCase());
    const key = match?.[3] ?? '';
    if (suite && Buffer.from(key, 'base64').length === MASTER_BYTES) keys.push({ tag: Number(match?.[1]), suite, key });
  }
  return keys;
}

function readParty(session: SessionDescription, medium: MediaDescription): WebParty | undefined {
  // A bundled line may leave it to the first of its group (RFC 9143 §7.1.3), and ICE and DTLS may stand for the session.
  const places = [medium.attributes, bundleHead(session, medium)?.attributes ?? [], session.attributes];
  const find = (name: string): string =>
    places.map((one) => attribute(one, name)).find((one) => one !== undefined) ?? '';
  const [ufrag, pwd] = [find('ice-ufrag'), find('ice-pwd')];
  const fingerprint = readFingerprint(find('fingerprint'));
  const setup = find('setup') || 'actpass';
  if (!isIceText(ufrag, 4) || !isIceText(pwd, 22) || fingerprint === undefined || !isRole(setup)) return undefined;
  const candidates = places
    .flatMap((attributes) => attributes.filter(({ name }) => name === 'candidate'))
    .map(({ value = '' }) => value)
    .filter(isUsable)
    .slice(0, CANDIDATES_MAX);
  return { ufrag, pwd, fingerprint, setup, candidates };
}

function bundleHead(session: SessionDescription, medium: MediaDescription): MediaDescription | undefined {
  const mid = attribute(medium.attributes, 'mid');
  const [head] = mid === undefined ? [] : (bundleOf(session, mid) ?? []);
  return head === undefined ? undefined : session.media.find((one) => attribute(one.attributes, 'mid') === head);
}

/** The names of the bundle that this line belongs to. */
export function bundleOf(session: SessionDescription, mid: string): readonly string[] | undefined {
  return session.attributes
    .filter(({ name, value }) => name === 'group' && value?.startsWith('BUNDLE '))
    .map(({ value = '' }) => value.split(/ +/).slice(1))
    .find((names) => names.includes(mid));
}

/** RFC 8839 §5.4: at most 256 characters. */
function isIceText(text: string, min: number): boolean {
  return text.length >= min && text.length <= 256 && ICE_TEXT.test(text);
}

function isRole(text: string): text is SetupRole {
  return text === 'active' || text === 'passive' || text === 'actpass';
}

function readFingerprint(text: string): string | undefined {
  const match = FINGERPRINT.exec(text);
  const [algorithm, octets] = [match?.[1]?.toLowerCase() ?? '', match?.[2]?.toUpperCase() ?? ''];
  return octets.split(':').length === FINGERPRINT_OCTETS[algorithm] ? `${algorithm} ${octets}` : undefined;
}

/** UDP and a numeric IPv4 address of one host: names (mDNS) are not looked up, we need no candidate to be reached. */
function isUsable(candidate: string): boolean {
  const match = CANDIDATE.exec(candidate);
  const address = match?.[3] ?? '';
  const port = Number(match?.[4]);
  const first = Number.parseInt(address, 10);
  return isIPv4(address) && first > 0 && first < 224 && port > 0 && port < 65_536;
}

function writeParty({ ufrag, pwd, fingerprint, setup, candidates }: WebParty): readonly Attribute[] {
  return [
    { name: 'ice-ufrag', value: ufrag },
    { name: 'ice-pwd', value: pwd },
    { name: 'fingerprint', value: fingerprint },
    { name: 'setup', value: setup },
    { name: 'rtcp-mux' },
    // Browsers put a track without a stream into none; pages look for the first stream of the track.
    { name: 'msid', value: 'hilo audio' },
    ...candidates.map((value) => ({ name: 'candidate', value })),
    { name: 'end-of-candidates' },
  ];
}
