// Owns the full description of a channel: the answer to `connect` and the body of `uuid_dump`.
import type { Channel } from './channel.js';
import type { EventHeaders } from './event.js';

/** Every header and variable, named CHANNEL_DATA. Values are not encoded. */
export function channelData(channel: Channel): EventHeaders {
  const read = (name: string): string => channel.variables.get(name) ?? '';
  const headers: EventHeaders = {
    ...channel.core.head('CHANNEL_DATA'),
    'Channel-Unique-ID': channel.id,
    ...channel.headers(),
    'Caller-Direction': 'inbound',
    'Caller-Caller-ID-Number': read('sip_from_user'),
    'Caller-Network-Addr': read('sip_network_ip'),
    'Caller-Destination-Number': read('sip_req_user'),
    'Caller-Unique-ID': channel.id,
    'Caller-Source': 'mod_sofia',
    'Caller-Channel-Name': channel.name,
    'Caller-Channel-Created-Time': String(Math.round(channel.createdMs * 1_000)),
  };
  for (const [name, value] of channel.variables.all()) headers[`variable_${name}`] = value;
  return headers;
}
