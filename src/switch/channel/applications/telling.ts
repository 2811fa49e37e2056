// Owns the applications that tell something: log, info, event, and what is to happen at a time.
import { type Application, NO_RESPONSE } from '../application.js';
import { channelData } from '../channel-data.js';
import { causeOf } from './signalling.js';

/** Longest line of the log made by a client. */
const LINE_LENGTH_MAX = 1_000;

/** `log [<level>] <text>` */
export const log: Application = ({ channel, argument }) => {
  const match = /^(console|alert|crit|err|warning|notice|info|debug|\d)\s+(.*)$/is.exec(argument.trim());
  const level = match?.[1]?.toLowerCase() ?? 'debug';
  const text = (match?.[2] ?? argument).slice(0, LINE_LENGTH_MAX);
  const write = /^(alert|crit|err|[0-3])$/.test(level)
    ? 'error'
    : level === 'warning' || level === '4'
      ? 'warn'
      : 'info';
  channel.log[level === 'debug' || level === '7' ? 'debug' : write]({ channel: channel.id }, text);
  return NO_RESPONSE;
};

/** `info`: everything known of the channel goes to the log. */
export const info: Application = ({ channel }) => {
  channel.log.info({ channel: channelData(channel) }, 'info');
  return NO_RESPONSE;
};

/** `event [Event-Name=CUSTOM],[Event-Subclass=<subclass>],<name>=<value>,…` */
export const event: Application = ({ channel, argument }) => {
  const pairs = argument.split(',').flatMap((pair): [string, string][] => {
    const equals = pair.indexOf('=');
    return equals > 0 ? [[pair.slice(0, equals).trim(), pair.slice(equals + 1)]] : [];
  });
  const given = new Map(pairs);
  const name = given.get('Event-Name') ?? 'CHANNEL_APPLICATION';
  const subclass = given.get('Event-Subclass');
  const own = pairs.filter(([header]) => !/^(Event-Name|Event-Subclass|Core-UUID|Unique-ID)$/i.test(header));
  channel.emit(name.toUpperCase(), Object.fromEntries(own), subclass === undefined ? {} : { subclass });
  return NO_RESPONSE;
};

/** `sched_hangup +<seconds>|<unix time> [<cause>]` */
export const scheduleHangup: Application = ({ channel, argument, services }) => {
  const [when = '', cause = ''] = argument.trim().split(/\s+/);
  const id = services.schedule.at(when, channel.id, () => channel.hangup(causeOf(cause || 'ALLOTTED_TIMEOUT')));
  if (id === undefined) return '-ERR invalid time';
  channel.onOver(() => services.schedule.cancel(String(id)));
  return NO_RESPONSE;
};
