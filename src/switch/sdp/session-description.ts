// Owns the text of SDP (RFC 8866): reading what a peer sent, within limits, and writing what we send.

/** Longest body read; a description of one call is below 2 kB. */
export const SDP_LENGTH_MAX = 65_536;
export const SDP_LINES_MAX = 1_000;
export const SDP_MEDIA_MAX = 16;

export interface Attribute {
  readonly name: string;
  readonly value?: string;
}

export interface MediaDescription {
  readonly kind: string;
  readonly port: number;
  /** `RTP/AVP`, `UDP/TLS/RTP/SAVPF` ... in upper case. */
  readonly protocol: string;
  /** Payload types as written. */
  readonly formats: readonly string[];
  /** Address of this medium's `c=` line, which wins over the session's. */
  readonly address?: string;
  readonly attributes: readonly Attribute[];
}

export interface SessionDescription {
  /** The whole `o=` value. */
  readonly origin: string;
  readonly address?: string;
  readonly attributes: readonly Attribute[];
  readonly media: readonly MediaDescription[];
}

export type ParsedSdp =
  | { readonly ok: true; readonly session: SessionDescription }
  | { readonly ok: false; readonly reason: string };

interface Section {
  address?: string;
  attributes: Attribute[];
}
interface MediaSection extends Section {
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: string[];
}

const LINE = /^([a-z])=(.*)$/;
const MEDIA = /^([!#$%&'*+.^_`{|}~\w-]+) (\d{1,5})(?:\/\d{1,5})? ([A-Za-z0-9/-]+)((?: [!#$%&'*+.^_`{|}~\w-]+)+) *$/;
const CONNECTION = /^IN (IP4|IP6) (\S+)$/;

/** Reads a description. Lines may end in LF alone; unknown lines are skipped, broken ones refuse the whole. */
export function parseSdp(text: string): ParsedSdp {
  if (text.length > SDP_LENGTH_MAX) return refuse('description too long');
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.at(-1) === '') lines.pop();
  if (lines.length > SDP_LINES_MAX) return refuse('too many lines');
  if (lines[0] !== 'v=0') return refuse('description does not begin with v=0');
  let origin: string | undefined;
  const session: Section = { attributes: [] };
  const media: MediaSection[] = [];
  for (const [index, line] of lines.entries()) {
    const match = LINE.exec(line);
    if (!match) return refuse(`line ${index + 1} is not type=value`);
    const [, type, value = ''] = match;
    if (type === 'm') {
      const next = parseMedia(value);
      if (!next || media.length === SDP_MEDIA_MAX) return refuse(`line ${index + 1}: bad media line`);
      media.push(next);
    } else if (type === 'o') origin ??= value;
    else if (!readSectionLine(media.at(-1) ?? session, type, value))
      return refuse(`line ${index + 1}: bad ${type}= line`);
  }
  if (origin === undefined) return refuse('no origin line');
  return { ok: true, session: { origin, ...session, media } };
}

function refuse(reason: string): ParsedSdp {
  return { ok: false, reason };
}

function parseMedia(value: string): MediaSection | undefined {
  const match = MEDIA.exec(value);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) return undefined;
  return {
    kind: match[1] ?? '',
    port,
    protocol: (match[3] ?? '').toUpperCase(),
    formats: (match[4] ?? '').trim().split(' '),
    attributes: [],
  };
}

function readSectionLine(section: Section, type: string | undefined, value: string): boolean {
  if (type === 'c') {
    const match = CONNECTION.exec(value.trim());
    if (!match) return false;
    // RFC 8866 §5.7: a multicast address carries /ttl; it is never one of ours.
    section.address = match[2] ?? '';
  } else if (type === 'a') {
    const colon = value.indexOf(':');
    section.attributes.push(
      colon < 0 ? { name: value.trim() } : { name: value.slice(0, colon), value: value.slice(colon + 1).trim() },
    );
  }
  return true;
}

/** Writes a description with CRLF line ends, always in the same order, so that equal sessions give equal text. */
export function formatSdp(session: SessionDescription): string {
  const lines = ['v=0', `o=${session.origin}`, 's=-'];
  if (session.address !== undefined) lines.push(`c=IN IP4 ${session.address}`);
  lines.push('t=0 0', ...session.attributes.map(formatAttribute));
  for (const medium of session.media) {
    lines.push(`m=${medium.kind} ${medium.port} ${medium.protocol} ${medium.formats.join(' ')}`);
    if (medium.address !== undefined) lines.push(`c=IN IP4 ${medium.address}`);
    lines.push(...medium.attributes.map(formatAttribute));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function formatAttribute({ name, value }: Attribute): string {
  return value === undefined ? `a=${name}` : `a=${name}:${value}`;
}

/** First value of an attribute; `''` when it has none. */
export function attribute(attributes: readonly Attribute[], name: string): string | undefined {
  const found = attributes.find((one) => one.name === name);
  return found && (found.value ?? '');
}
