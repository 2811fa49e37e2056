// The SDP that the WebRTC library is given and gives: written from checked values, so that no text of a stranger reaches it.
import type { WebParty } from './web-party.js';

/** The one line of ours; its payload types do not matter, RTP passes as it is. */
export const MID = '0';
const LINES = {
  ufrag: /^a=ice-ufrag:(\S+)\r?$/m,
  pwd: /^a=ice-pwd:(\S+)\r?$/m,
  fingerprint: /^a=fingerprint:(.+?)\r?$/m,
};

export function remoteDescription(party: WebParty): string {
  // No end-of-candidates: the library takes the candidates after the rest, and would meanwhile give up for want of any.
  // Who may be active shall be: the handshake of a browser goes through whatever stands between.
  const setup = party.setup === 'passive' ? 'passive' : 'active';
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${MID}`,
    'm=audio 9 UDP/TLS/RTP/SAVPF 0',
    'c=IN IP4 0.0.0.0',
    `a=mid:${MID}`,
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:0 PCMU/8000',
    `a=setup:${setup}`,
    `a=ice-ufrag:${party.ufrag}`,
    `a=ice-pwd:${party.pwd}`,
    `a=fingerprint:${party.fingerprint}`,
    ...party.candidates.map((candidate) => `a=candidate:${candidate}`),
    '',
  ].join('\r\n');
}

/** What the library says of our side; throws when it is not what it always was. */
export function localParty(sdp: string, setup: WebParty['setup']): WebParty {
  const find = (pattern: RegExp): string => {
    const found = pattern.exec(sdp)?.[1];
    if (found === undefined) throw new Error(`no ${pattern.source} in the description of the WebRTC library`);
    return found;
  };
  const [algorithm = '', octets = ''] = find(LINES.fingerprint).split(' ');
  return {
    ufrag: find(LINES.ufrag),
    pwd: find(LINES.pwd),
    fingerprint: `${algorithm.toLowerCase()} ${octets.toUpperCase()}`,
    setup,
    candidates: [...sdp.matchAll(/^a=candidate:(.+?)\r?$/gm)].map(([, value = '']) => value),
  };
}
