// Owns the commands that happen later, and the variables of the whole server.
import { causeOf } from '../applications/signalling.js';
import { type ApiCommand, NO_CHANNEL, OK } from './command.js';

/** Most variables of the server. */
export const GLOBALS_MAX = 1_000;

/** `sched_hangup [+]<time> <uuid> [<cause>]` */
export const schedHangup: ApiCommand = ({ words }, { channels, schedule }) => {
  const [when = '', id = '', cause = ''] = words;
  const channel = channels.get(id);
  if (channel === undefined) return NO_CHANNEL;
  const task = schedule.at(when, id, () => channel.hangup(causeOf(cause || 'ALLOTTED_TIMEOUT')));
  if (task === undefined) return '-ERR invalid time\n';
  channel.onOver(() => schedule.cancel(String(task)));
  return OK;
};

/** `sched_api [+]<time> <group|none> <command>`: its reply goes nowhere. */
export const schedApi: ApiCommand = ({ words, rest }, { schedule, run, log }) => {
  const [when = '', group = ''] = words;
  const text = rest(2);
  if (text === '') return '-USAGE: [+@]<time> <group_name> <command_string>\n';
  const task = schedule.at(when, group, () => {
    const reply = run(text);
    if (typeof reply !== 'string')
      reply.catch((error: unknown) => log.error({ err: error }, 'scheduled command failed'));
  });
  return task === undefined ? '-ERR invalid time\n' : `+OK Added: ${task}\n`;
};

/** `sched_del <number or group>` and `unsched_api` */
export const schedDel: ApiCommand = ({ words }, { schedule }) => `+OK Deleted: ${schedule.cancel(words[0] ?? '')}\n`;

/** `global_setvar <name>=<value>` */
export const globalSetvar: ApiCommand = ({ rest }, { globals }) => {
  const [, name = '', value = ''] = /^([^=\s]+)=?(.*)$/s.exec(rest(0)) ?? [];
  if (name === '') return '-USAGE: <var>=<value>\n';
  if (value === '') globals.delete(name);
  else if (globals.size < GLOBALS_MAX || globals.has(name)) globals.set(name, value);
  else return '-ERR too many variables\n';
  return OK;
};

/** `global_getvar [<name>]` */
export const globalGetvar: ApiCommand = ({ words }, { globals }) => {
  if (words[0] !== undefined) return globals.get(words[0]) ?? '';
  return [...globals].map(([name, value]) => `${name}=${value}\n`).join('');
};
