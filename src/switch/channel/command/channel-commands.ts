// Owns the commands on one channel: variables, dump, hang-up, break, digits.

import { codecsNamedIn } from '../../sdp/audio-codec.js';
import { setVariable } from '../applications/setting.js';
import { causeOf, parseKeys } from '../applications/signalling.js';
import { playMusicOf } from '../bridging.js';
import { channelData } from '../channel-data.js';
import { encodeHeaders } from '../event.js';
import { splitAssignments } from '../expansion.js';
import { type ApiCommand, OK, onChannel } from './command.js';
import { stateMediaStatistics } from './media-statistics.js';

/** Duration told for a key that came without one: FreeSWITCH's default, in samples. */
export const DEFAULT_KEY_SAMPLES = 2_000;
const SAMPLES_PER_MS = 8;

export const uuidExists: ApiCommand = ({ words }, { channels }) => String(channels.get(words[0] ?? '') !== undefined);

/** `uuid_dump <uuid> [txt|json]` */
export const uuidDump = onChannel((channel, { words }) => {
  const headers = channelData(channel);
  return words[1] === 'json' ? `${JSON.stringify(headers)}\n` : encodeHeaders(headers);
});

export const uuidGetvar = onChannel((channel, { words }) => channel.variables.get(words[1] ?? '') ?? '_undef_');

/** `uuid_setvar <uuid> <name> [value]` */
export const uuidSetvar = onChannel((channel, { words, rest }) => {
  if (words[1] === undefined) return '-USAGE: <uuid> <var> [value]\n';
  return setVariable(channel.variables, words[1], rest(2)) ? OK : '-ERR too many variables\n';
});

/** `uuid_setvar_multi <uuid> a=b;c=d` */
export const uuidSetvarMulti = onChannel((channel, { rest }) => {
  const pairs = splitAssignments(rest(1), ';');
  if (pairs.length === 0) return '-USAGE: <uuid> <var>=<value>;<var>=<value>...\n';
  return pairs.every(([name, value]) => setVariable(channel.variables, name, value)) ? OK : '-ERR too many variables\n';
});

export const uuidSetMediaStats = onChannel(async (channel) => {
  stateMediaStatistics(channel.variables, await channel.leg.stats());
  return '+OK:\n';
});

/** `uuid_media_reneg [+]<uuid> [<codecs>]`: offers media anew, with `+` also to the partner. */
export const uuidMediaReneg: ApiCommand = ({ words }, { channels }) => {
  const [name = '', codecs] = words;
  if (name === '') return '-USAGE: <uuid>[ <codec_string>]\n';
  const channel = channels.get(name.replace(/^\+/, ''));
  const partner = name.startsWith('+') ? channel?.partner : undefined;
  const legs = [channel, partner].filter((leg) => leg !== undefined);
  if (codecs !== undefined && codecsNamedIn(codecs).length === 0) return '-ERR Operation Failed\n';
  for (const { variables } of codecs === undefined ? [] : legs) {
    variables.set('absolute_codec_string', undefined);
    variables.set('codec_string', codecs);
  }
  const done = legs.map((leg) => leg.renegotiate());
  return done[0] === true ? '+OK Success\n' : '-ERR Operation Failed\n';
};

/** `uuid_kill <uuid> [cause]` */
export const uuidKill = onChannel((channel, { words }) => {
  channel.hangup(causeOf(words[1] ?? ''));
  return OK;
});

/** `uuid_break <uuid> [all]` */
export const uuidBreak = onChannel((channel, { words }) => {
  channel.interrupt(words[1] === 'all' ? 'break-all' : 'break');
  return OK;
});

/**
 * `uuid_broadcast <uuid> <file or application::argument> [aleg|bleg|both]`. Without the last word it is for the channel alone,
 * and the partner hears music meanwhile.
 */
export const uuidBroadcast = onChannel((channel, { words, rest }, { ids }) => {
  const legs = words.length > 2 ? words.at(-1) : undefined;
  const named = legs !== undefined && /^(aleg|bleg|both|holdb)$/.test(legs);
  const what = named ? rest(1).slice(0, -legs.length).trim() : rest(1);
  if (what === '') return '-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n';
  const separator = what.indexOf('::');
  const isApplication = separator > 0 && /^[a-z_]+$/.test(what.slice(0, separator));
  const application = isApplication ? what.slice(0, separator) : 'playback';
  const argument = isApplication ? what.slice(separator + 2) : what;
  const own = named && (legs === 'bleg' || legs === 'holdb') ? [] : [channel];
  const other = named && (legs === 'bleg' || legs === 'both') && channel.partner ? [channel.partner] : [];
  const held = named ? undefined : channel.partner;
  if (held !== undefined) playMusicOf(channel, held);
  const ended = held === undefined ? {} : { ended: () => held.playHoldMusic(undefined) };
  for (const target of [...own, ...other]) target.execute({ application, argument, id: ids.uuid(), ...ended });
  return '+OK Message sent\n';
}, '-ERR invalid uuid\n');

/** `uuid_send_dtmf <uuid> <digits>[@ms]`: towards the peer. */
export const uuidSendDtmf = onChannel((channel, { words }) => {
  const keys = parseKeys(words[1] ?? '');
  return keys && channel.leg.sendDigits(keys.digits, keys.durationMs) ? OK : '-ERR no digits to send\n';
});

/** `uuid_recv_dtmf <uuid> <digits>[@ms]`: as if the peer had pressed them. */
export const uuidRecvDtmf = onChannel((channel, { words }) => {
  const keys = parseKeys(words[1] ?? '');
  if (!keys) return '-ERR no digits\n';
  const duration = keys.durationMs === undefined ? DEFAULT_KEY_SAMPLES : keys.durationMs * SAMPLES_PER_MS;
  for (const digit of keys.digits.replace(/w/gi, '')) channel.press({ digit, duration, source: 'APP' });
  return OK;
});

export const uuidFlushDtmf = onChannel((channel) => {
  channel.digits.flush();
  return OK;
});

/** `uuid_record <uuid> start|stop|mask|unmask|pause|resume <path> [limit seconds]` */
export const uuidRecord = onChannel(async ({ recordings }, { words }) => {
  const [, action = '', path = '', limit] = words;
  const seconds = Number(limit);
  switch (action) {
    case 'start':
      return done(recordings.start(path, seconds > 0 ? seconds * 1_000 : undefined), 'record session');
    case 'stop':
      return done(await recordings.stop(path), 'stop record session');
    case 'mask':
    case 'unmask':
      return done(recordings.mask(path, action === 'mask'), `${action} recording session`);
    case 'pause':
    case 'resume':
      return done(recordings.pause(path, action === 'pause'), `${action} recording session`);
    default:
      return '-USAGE: <uuid> [start|stop|mask|unmask|pause|resume] <path> [<limit>]\n';
  }
}, '-ERR Cannot locate session!\n');

function done(success: boolean, what: string): string {
  return success ? '+OK Success\n' : `-ERR Cannot ${what}!\n`;
}
