// Looks at the SDP of strangers before the media server does: audio to one unicast address, or secured, passes.

const MAX_LENGTH = 16 * 1024;
const MAX_MEDIA_LINES = 16;

const AUDIO = /^m=audio (\d{1,5})(?:\/\d+)? (?:UDP\/TLS\/)?RTP\/S?AVPF?(?: \d{1,3})+\s*$/;

export type OfferCheck = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * `start`: the first offer or an answer to ours. `change`: in a call that stands, where RFC 2543 phones put a call on hold
 * with address 0.0.0.0. A refusal is answered 488.
 */
export function checkOffer(sdp: string, when: 'start' | 'change'): OfferCheck {
  if (sdp.length > MAX_LENGTH) return no('SDP too long');
  const lines = sdp.split(/\r?\n/);
  if (!lines.some((line) => line.startsWith('v=0'))) return no('not an SDP');
  const media = lines.flatMap((line, at) => (line.startsWith('m=') ? [at] : []));
  if (media.length > MAX_MEDIA_LINES) return no('too many media lines');
  const first = media.find((at) => lines[at]?.startsWith('m=audio '));
  if (first === undefined) return no('no audio');
  const audio = AUDIO.exec(lines[first] ?? '');
  const port = Number(audio?.[1]);
  if (audio === null || port > 65_535 || (port === 0 && when === 'start')) return no('no usable audio line');
  // ICE finds the way to a browser, which writes 0.0.0.0 or an address of any kind; that it is the right one is proved by keys.
  if (lines.some((line) => line.startsWith('a=ice-ufrag:'))) return { ok: true };
  return checkAddress(connectionOf(lines, media, first), when);
}

/** Audio under SRTP: keys come from DTLS (browsers) or SDP (phones). */
export function isSecured(sdp: string): boolean {
  return /^m=audio .*SAVP/m.test(sdp);
}

/** Whether an offer puts us on hold: the phone does not listen (RFC 3264 §8.4), or has no address (RFC 2543). */
export function isHeld(sdp: string): boolean {
  const lines = sdp.split(/\r?\n/);
  const media = lines.flatMap((line, at) => (line.startsWith('m=') ? [at] : []));
  const audioAt = media.find((at) => lines[at]?.startsWith('m=audio ')) ?? 0;
  const next = media.find((at) => at > audioAt) ?? lines.length;
  const isDirection = (line: string): boolean => /^a=(?:sendrecv|sendonly|recvonly|inactive)\s*$/.test(line);
  const session = lines.slice(0, media[0] ?? lines.length).find(isDirection);
  const direction = lines.slice(audioAt, next).find(isDirection) ?? session ?? 'a=sendrecv';
  if (/^a=(?:sendonly|inactive)/.test(direction)) return true;
  const secured = lines.some((line) => line.startsWith('a=ice-ufrag:'));
  return !secured && /^c=IN IP4 0\.0\.0\.0\s*$/.test(connectionOf(lines, media, audioAt) ?? '');
}

/** The `c=` line of the audio, else that of the session (RFC 4566 §5.7). */
function connectionOf(lines: readonly string[], media: readonly number[], audioAt: number): string | undefined {
  const next = media.find((at) => at > audioAt) ?? lines.length;
  const own = lines.slice(audioAt, next).find((line) => line.startsWith('c='));
  return own ?? lines.slice(0, media[0] ?? lines.length).find((line) => line.startsWith('c='));
}

function checkAddress(line: string | undefined, when: 'start' | 'change'): OfferCheck {
  const parts = /^c=IN IP4 (\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\s*$/.exec(line ?? '');
  if (parts === null) return no('no IPv4 address for audio');
  const octets = parts.slice(1).map(Number);
  if (octets.some((octet) => octet > 255)) return no('not an IPv4 address');
  const [a = 0, b, c, d] = octets;
  if (a === 0) return when === 'change' && !b && !c && !d ? { ok: true } : no('address 0.x for audio');
  // 224/4 is multicast, 240/4 reserved, 255.255.255.255 broadcast.
  return a >= 224 ? no('multicast, reserved or broadcast address for audio') : { ok: true };
}

function no(reason: string): OfferCheck {
  return { ok: false, reason };
}
