// Owns the command `conference <name> <subcommand> …`, with the wording of FreeSWITCH's mod_conference.
import { transfer } from '../bridging.js';
import type { ApiCommand, Switchboard } from '../command/command.js';
import type { Conference } from './conference.js';
import { MEMBER_SUBCOMMANDS } from './member-subcommands.js';
import { recording } from './recording-subcommands.js';
import type { Subcommand } from './subcommand.js';

export const conferenceCommand: ApiCommand = async ({ words }, board) => {
  const [name = '', subcommand = '', ...rest] = words;
  if (name.toLowerCase() === 'list') return listAll(board);
  const conference = board.conferences.get(name);
  if (conference === undefined) return name === '' ? usage() : `-ERR Conference ${name} not found\n`;
  if (subcommand === '') return "-ERR Conference command, not specified.\nTry 'help'\n";
  const asked = subcommand.toLowerCase();
  const ofMember = MEMBER_SUBCOMMANDS.get(asked);
  if (ofMember !== undefined) return ofMember(conference, rest);
  const [act, syntax] = SUBCOMMANDS.get(asked) ?? [];
  if (act === undefined) return `-ERR Conference command '${subcommand}' not found.\n`;
  return (await act(conference, rest, board)) ?? `-USAGE: ${asked} ${syntax}\n`;
};

function usage(): string {
  const names = [...SUBCOMMANDS].map(([name, [, syntax]]) => `<conf name> ${name} ${syntax}`);
  const ofMembers = [...MEMBER_SUBCOMMANDS.keys()].map(
    (name) => `<conf name> ${name} <member_id|all|last|non_moderator>`,
  );
  return `${[...names, ...ofMembers].join('\n')}\n`;
}

function listAll({ conferences }: Switchboard): string {
  const all = conferences.all();
  if (all.length === 0) return '+OK No active conferences.\n';
  return all
    .map((one) => `+OK Conference ${one.name} (${one.members.length} members rate: 8000)\n${lines(one, ';')}`)
    .join('');
}

function lines(conference: Conference, delimiter: string): string {
  return conference.members.map((member) => `${member.line(delimiter, conference.floor === member)}\n`).join('');
}

const list: Subcommand = (conference, words) => {
  if (words[0] === 'count') return String(conference.size);
  return lines(conference, words[0] === 'delim' ? (words[1] ?? ';') : ';');
};

const play: Subcommand = async (conference, words) => {
  const [file, target] = words;
  if (file === undefined) return undefined;
  if (target === undefined || target.toLowerCase() === 'async') {
    const found = await conference.media.play(file, { async: target !== undefined });
    return found ? `+OK (play) Playing file ${file}\n` : `-ERR (play) File: ${file} not found.\n`;
  }
  const member = conference.member(Number(target));
  if (member === undefined) return `-ERR Member: ${target} not found.\n`;
  const found = await conference.media.play(file, { to: member });
  return found ? `+OK (play) Playing file ${file} to member ${member.id}\n` : `-ERR (play) File: ${file} not found.\n`;
};

const stop: Subcommand = (conference, [what = 'all', id]) => {
  if (!/^(current|all|async|last)$/i.test(what)) return undefined;
  const member = id === undefined ? undefined : conference.member(Number(id));
  if (id !== undefined && member === undefined) return `-ERR Member: ${id} not found.\n`;
  return `+OK Stopped ${conference.media.stop(member)} files.\n`;
};

const lock =
  (on: boolean): Subcommand =>
  (conference) => {
    conference.locked = on;
    conference.tell(on ? 'lock' : 'unlock');
    return `+OK ${conference.name} ${on ? 'locked' : 'unlocked'}\n`;
  };

/** Refused when it is to be switched on: telephones level their microphones themselves. */
const agc: Subcommand = (_, [mode]) => {
  if (mode === undefined) return '+OK CURRENT AGC LEVEL IS 0\n';
  if (mode.toLowerCase() !== 'on') return '+OK AGC DISABLED\n';
  return '-ERR AGC is not supported\n';
};

const moh: Subcommand = (conference, [what]) => {
  if (what === undefined) return undefined;
  conference.music.change(what);
  return '+OK moh\n';
};

const relate: Subcommand = (conference, [from, to, how]) => {
  if (to === undefined) return relations(conference, from);
  const clears = how?.toLowerCase() === 'clear';
  const [nospeak, nohear] = [how?.includes('nospeak') === true, how?.includes('nohear') === true];
  if (from === undefined || !(clears || nospeak || nohear)) return undefined;
  const replies: string[] = [];
  for (const id of from.split(',').map(Number)) {
    for (const otherId of to.split(',').map(Number)) {
      const [member, other] = [conference.member(id), conference.member(otherId)];
      if (member === undefined || (other === undefined && !clears)) {
        replies.push(`-ERR relationship ${id}->${otherId} not found.`);
        continue;
      }
      member.notSpeakingTo.delete(otherId);
      member.notHearing.delete(otherId);
      if (nospeak) member.notSpeakingTo.add(otherId);
      if (nohear) member.notHearing.add(otherId);
      replies.push(clears ? `+OK relationship ${id}->${otherId} cleared.` : `+OK ${id}->${otherId} ${how} set`);
    }
  }
  conference.applyAll();
  return `${replies.join('\n')}\n`;
};

function relations(conference: Conference, only: string | undefined): string {
  const found = conference.members
    .filter((member) => only === undefined || member.id === Number(only))
    .flatMap((member) =>
      [...new Set([...member.notSpeakingTo, ...member.notHearing])].map((other) => {
        const speak = member.notSpeakingTo.has(other) ? 'NOSPEAK' : 'SPEAK';
        return `${member.id} -> ${other} ${speak} ${member.notHearing.has(other) ? 'NOHEAR' : 'HEAR'}`;
      }),
    );
  return found.length === 0 ? '+OK No relationships\n' : `${found.join('\n')}\n`;
}

const transferMembers: Subcommand = (conference, [target, ...ids], { log }) => {
  if (target === undefined || ids.length === 0) return undefined;
  const replies = ids.map((id) => {
    const member = conference.member(Number(id));
    if (member === undefined) return `-ERR No Member ${id} in conference ${conference.name}.`;
    const argument = target.includes('@') ? target : `${target}@default`;
    conference.tellOf(member, 'transfer', { 'Old-Conference-Name': conference.name, 'New-Conference-Name': target });
    transfer([member.channel], [{ name: 'conference', argument }]).catch((error: unknown) =>
      log.error({ err: error }, 'transfer failed'),
    );
    return `+OK Member '${member.id}' sent to conference ${target}.`;
  });
  return `${replies.join('\n')}\n`;
};

const pin: Subcommand = (conference, [text]) => {
  if (text === undefined) return undefined;
  conference.pin = text;
  return `+OK Pin for conference ${conference.name} set: ${text}\n`;
};

const noPin: Subcommand = (conference) => {
  conference.pin = '';
  return `+OK Pin for conference ${conference.name} deleted\n`;
};

const get: Subcommand = (conference, [parameter = '']) => {
  const { core, members, size } = conference;
  const values: Readonly<Record<string, string | number>> = {
    run_time: Math.floor((core.clock.monotonicMs() - conference.startedMs) / 1_000),
    count: size,
    count_ghosts: members.length - size,
    max_members: conference.maxMembers,
    rate: 8_000,
    profile_name: conference.profile,
    sound_prefix: conference.soundPrefix,
    is_locked: conference.locked ? 'locked' : '',
    endconference_grace_time: conference.graceSeconds,
    uuid: conference.id,
    wait_mod: conference.waits ? 'true' : '',
  };
  return Object.hasOwn(values, parameter) ? String(values[parameter]) : undefined;
};

/** Answers the value before. */
const set: Subcommand = (conference, [parameter = '', value]) => {
  if (value === undefined) return undefined;
  const number = Number(value);
  const isCount = Number.isInteger(number) && number >= 0;
  if (parameter === 'max_members' && isCount) {
    const before = conference.maxMembers;
    conference.maxMembers = number;
    return String(before);
  }
  if (parameter === 'endconference_grace_time' && isCount) {
    const before = conference.graceSeconds;
    conference.graceSeconds = number;
    return String(before);
  }
  if (parameter !== 'sound_prefix') return undefined;
  const before = conference.soundPrefix;
  conference.soundPrefix = value;
  return before === '' ? '+OK\n' : before;
};

const SUBCOMMANDS: ReadonlyMap<string, readonly [act: Subcommand, syntax: string]> = new Map<
  string,
  readonly [Subcommand, string]
>([
  ['list', [list, '[delim <string>]|[count]']],
  ['play', [play, '<file_path> [async|<member_id>]']],
  ['stop', [stop, '<[current|all|async|last]> [<member_id>]']],
  ['moh', [moh, '<file_path>|toggle|[on|off]|reset']],
  ['relate', [relate, '<member_id> <other_member_id> [nospeak|nohear|clear]']],
  ['lock', [lock(true), '']],
  ['unlock', [lock(false), '']],
  ['agc', [agc, 'on|off']],
  ['transfer', [transferMembers, '<conference_name> <member id> [...<member id>]']],
  ['recording', [recording.main, '[start|stop|check|pause|resume] [<filename>|all]']],
  ['record', [recording.start, '<filename>']],
  ['norecord', [recording.stop, '<[filename|all]>']],
  ['chkrecord', [recording.check, '']],
  ['pause', [recording.pause, '<filename>']],
  ['resume', [recording.resume, '<filename>']],
  ['pin', [pin, '<pin#>']],
  ['nopin', [noPin, '']],
  ['get', [get, '<parameter-name>']],
  ['set', [set, '<max_members|sound_prefix|endconference_grace_time> <value>']],
]);
