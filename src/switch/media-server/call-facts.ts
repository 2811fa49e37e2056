// Owns what a channel knows of its INVITE, under FreeSWITCH's variable names.
import type { Variables } from '../channel/variables.js';
import type { SipRequest } from '../sip/message/message.js';
import { parseNameAddress, tagOf } from '../sip/message/name-address.js';
import { parseSipUri } from '../sip/message/uri.js';
import type { Peer } from '../sip/peer.js';

/** Most X- headers kept as `sip_h_X-…`. */
const EXTRA_HEADERS_MAX = 100;

/** How the reference dialplan leaves a leg that an application controls over its socket. */
const DIALPLAN_FACTS = {
  hangup_after_bridge: 'false',
  park_after_bridge: 'true',
  playback_terminators: 'none',
  endpoint_disposition: 'ANSWER',
  direction: 'inbound',
} as const;

export function stateCallFacts(
  variables: Variables,
  request: SipRequest,
  about: { readonly channelId: string; readonly localTag: string; readonly source: Peer; readonly profile: string },
): void {
  const { headers } = request;
  const state = (name: string, value: string | undefined): void => {
    if (value !== undefined) variables.state(name, value);
  };
  for (const [name, value] of Object.entries(DIALPLAN_FACTS)) state(name, value);
  state('uuid', about.channelId);
  state('call_uuid', about.channelId);
  state('sofia_profile_name', about.profile);
  state('sip_network_ip', about.source.address);
  state('sip_network_port', String(about.source.port));
  state('sip_received_ip', about.source.address);
  state('sip_received_port', String(about.source.port));
  state('sip_via_protocol', about.source.transport);
  stateUri(state, 'from', parseNameAddress(headers.get('From') ?? '')?.uri);
  stateUri(state, 'to', parseNameAddress(headers.get('To') ?? '')?.uri);
  stateUri(state, 'req', request.uri);
  stateUri(state, 'contact', parseNameAddress(headers.get('Contact') ?? '')?.uri);
  state('sip_call_id', headers.get('Call-ID'));
  state('sip_user_agent', headers.get('User-Agent'));
  state('sip_cseq', headers.get('CSeq')?.split(' ')[0]);
  state('sip_from_tag', tagOf(headers.get('From')));
  state('sip_to_tag', about.localTag);
  state('max_forwards', headers.get('Max-Forwards'));
  const extra = [...headers].filter(([name]) => /^x-/i.test(name)).slice(0, EXTRA_HEADERS_MAX);
  for (const [name, value] of extra) state(`sip_h_${name}`, value);
}

function stateUri(state: (name: string, value: string | undefined) => void, which: string, text?: string): void {
  const uri = text === undefined ? undefined : parseSipUri(text);
  if (!uri) return;
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  const user = uri.user ?? 'nobody';
  state(`sip_${which}_user`, user);
  state(`sip_${which}_host`, uri.host);
  state(`sip_${which}_port`, uri.port?.toString());
  state(`sip_${which}_uri`, `${user}@${uri.host}${port}`);
}

/** Different for every leg of one address (RFC 8866 §5.2), and below 2^63 (RFC 9429 §5.2.1). */
export function sessionIdOf(createdMs: number, channelId: string): string {
  const serial = Number.parseInt(channelId.slice(0, 7), 16) % 100_000_000;
  return `${Math.floor(createdMs / 1_000)}${String(serial).padStart(8, '0')}`;
}
