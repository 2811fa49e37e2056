// Owns the commands on two channels: uuid_bridge, uuid_transfer, uuid_park, uuid_hold.
import { bridge, hold, PARK, parseInline, transfer } from '../bridging.js';
import type { Channel } from '../channel.js';
import { isTrue } from '../variables.js';
import { type ApiCommand, NO_CHANNEL, OK, onChannel } from './command.js';

/** `uuid_bridge <uuid> <other uuid>`: answers at once, the legs change over when what they do has ended. */
export const uuidBridge: ApiCommand = ({ words }, { channels, log }) => {
  const [a, b] = [channels.get(words[0] ?? ''), channels.get(words[1] ?? '')];
  if (!a || !b || a === b) return '-ERR Invalid uuid\n';
  bridge(a, b).catch((error: unknown) => log.error({ err: error }, 'bridge failed'));
  return `+OK ${b.id}\n`;
};

/**
 * `uuid_transfer <uuid> [-bleg|-both] <applications> inline`. With the variable recording_follow_transfer what is recorded
 * on a channel goes on at its partner when the partner is sent elsewhere (`-bleg`), as in FreeSWITCH.
 */
export const uuidTransfer = onChannel(async (channel, { words, rest }, { log }) => {
  const option = words[1] === '-bleg' || words[1] === '-both' ? words[1] : undefined;
  const destination = option === undefined ? words.slice(1) : words.slice(2);
  const text = rest(option === undefined ? 1 : 2).replace(/\s+inline(\s+\S+)?\s*$/i, '');
  const dialplan = destination.at(-1)?.toLowerCase() === 'inline' || destination.at(-2)?.toLowerCase() === 'inline';
  if (!dialplan || destination.length < 2)
    return '-ERR only inline destinations: <application[:argument],...> inline\n';
  const applications = parseInline(text);
  if (applications.length === 0) return '-ERR no applications\n';
  const legs = legsOf(channel, option);
  if (legs.length === 0) return NO_CHANNEL;
  const [partner] = legs;
  const follows = option === '-bleg' && isTrue(channel.variables.get('recording_follow_transfer'));
  if (follows && partner !== undefined) await channel.recordings.moveTo(partner.recordings);
  transfer(legs, applications).catch((error: unknown) => log.error({ err: error }, 'transfer failed'));
  return OK;
});

function legsOf(channel: Channel, option: '-bleg' | '-both' | undefined): Channel[] {
  const partner = channel.partner ? [channel.partner] : [];
  if (option === '-bleg') return partner;
  return option === '-both' ? [...partner, channel] : [channel];
}

export const uuidPark = onChannel((channel, _, { log }) => {
  transfer([channel], PARK).catch((error: unknown) => log.error({ err: error }, 'park failed'));
  return OK;
});

/** `uuid_hold [off|toggle] <uuid>`: the partner hears music instead of this channel. */
export const uuidHold: ApiCommand = ({ words }, { channels }) => {
  const [mode, id] = words.length > 1 ? [words[0], words[1]] : ['on', words[0]];
  const channel = channels.get(id ?? '');
  if (!channel) return NO_CHANNEL;
  hold(channel, mode === 'toggle' ? channel.callState !== 'HELD' : mode !== 'off');
  return OK;
};
