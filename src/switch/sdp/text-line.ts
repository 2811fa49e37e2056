// Owns the line of a description that is about real-time text (RFC 4103 §7): which one to take, and how ours is written.
import { CPS_DEFAULT, GENERATIONS, type TextFormat } from '../text/text-sender.js';
import type { MediaDescription, SessionDescription } from './session-description.js';
import { directionOf, isOnePeer } from './stream-peer.js';

/** Payload types of our own offers. */
const OFFERED: TextFormat = { t140: 98, red: 100, cps: CPS_DEFAULT };
const CPS_MAX = 200;

export interface ChosenText {
  /** Place of the line in the description. */
  readonly index: number;
  readonly address: string;
  readonly port: number;
  readonly format: TextFormat;
  /** As the peer says it. */
  readonly sends: boolean;
  readonly receives: boolean;
}

/** The first line of text in clear RTP that we speak; undefined when there is none. */
export function chooseText(session: SessionDescription): ChosenText | undefined {
  for (const [index, medium] of session.media.entries()) {
    const address = medium.address ?? session.address ?? '';
    if (medium.kind !== 'text' || medium.protocol !== 'RTP/AVP' || medium.port === 0 || !isOnePeer(address)) continue;
    const format = formatOf(medium);
    if (format === undefined) continue;
    const direction = address === '0.0.0.0' ? 'inactive' : directionOf(session, medium);
    const sends = direction === 'sendrecv' || direction === 'sendonly';
    const receives = direction === 'sendrecv' || direction === 'recvonly';
    return { index, address, port: medium.port, format, sends, receives };
  }
  return undefined;
}

function formatOf(medium: MediaDescription): TextFormat | undefined {
  const mapped = (name: string): number | undefined => {
    const map = new RegExp(`^(\\d{1,3}) +${name}/1000$`, 'i');
    const types = medium.attributes.flatMap((one) =>
      one.name === 'rtpmap' ? (map.exec(one.value ?? '')?.[1] ?? []) : [],
    );
    const type = types.find((text) => medium.formats.includes(text) && Number(text) < 128);
    return type === undefined ? undefined : Number(type);
  };
  const t140 = mapped('t140');
  if (t140 === undefined) return undefined;
  const red = mapped('red');
  const parameters = medium.attributes.find(({ name, value }) => name === 'fmtp' && value?.startsWith(`${t140} `));
  const cps = Number(/\bcps=(\d{1,4})\b/.exec(parameters?.value ?? '')?.[1] ?? CPS_DEFAULT);
  const format = { t140, cps: Math.max(1, Math.min(CPS_MAX, cps)) };
  return red === undefined || red === t140 ? format : { ...format, red };
}

/** Our line, in answer to what was chosen or, without it, as an offer. */
export function writeText(port: number, chosen?: ChosenText): MediaDescription {
  const { t140, red } = chosen?.format ?? OFFERED;
  const attributes = [{ name: 'rtpmap', value: `${t140} t140/1000` }];
  if (red !== undefined) {
    attributes.push(
      { name: 'rtpmap', value: `${red} red/1000` },
      { name: 'fmtp', value: `${red} ${Array.from({ length: GENERATIONS + 1 }, () => t140).join('/')}` },
    );
  }
  const formats = red === undefined ? [String(t140)] : [String(red), String(t140)];
  return {
    kind: 'text',
    port,
    protocol: 'RTP/AVP',
    formats,
    attributes: [...attributes, { name: ourDirection(chosen) }],
  };
}

function ourDirection(chosen: ChosenText | undefined): string {
  if (chosen === undefined || (chosen.sends && chosen.receives)) return 'sendrecv';
  if (chosen.sends) return 'recvonly';
  return chosen.receives ? 'sendonly' : 'inactive';
}
