// Owns the commands that ask about the whole server: sofia status, status, version, show.
import type { Channel } from '../channel.js';
import { VERSION } from '../core.js';
import type { ApiCommand, Switchboard } from './command.js';

const RULE = '='.repeat(97);

/** fsmrf reads the address of the profile from the first matching line, and that of TLS from a later one (compatibility C2). */
export const sofia: ApiCommand = ({ words }, { profile }) => {
  if (words[0] !== 'status') return '-ERR usage: sofia status\n';
  const line = (port: number, state: string): string => {
    const url = `sip:mod_sofia@${profile.address}:${port}`;
    return [profile.name.padStart(25), 'profile', url.padStart(42), state].join('\t');
  };
  const lines = [
    ['Name'.padStart(25), '   Type', 'Data'.padStart(42), 'State'].join('\t'),
    RULE,
    line(profile.port, 'RUNNING (0)'),
    ...(profile.securePort === undefined ? [] : [line(profile.securePort, 'RUNNING (0) (TLS)')]),
    RULE,
    '1 profile 0 aliases',
  ];
  return `${lines.join('\n')}\n`;
};

export const status: ApiCommand = (_, { channels, core }) => {
  const counts = channels.counts();
  return [
    `UP ${upTime(core.upMs)}`,
    `FreeSWITCH (Version ${VERSION}) is ready`,
    `${counts.sinceStart} session(s) since startup`,
    `${counts.now} session(s) - peak ${counts.peak}`,
    `${counts.perSecond} session(s) per Sec`,
    `${counts.max} session(s) max`,
    '',
  ].join('\n');
};

export function upTime(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 31_536_000), 'year'],
    [Math.floor(seconds / 86_400) % 365, 'day'],
    [Math.floor(seconds / 3_600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
    [Math.floor(ms % 1_000), 'millisecond'],
  ];
  return parts.map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`).join(', ');
}

/** `uptime [s|ms]` */
export const uptime: ApiCommand = ({ words }, { core }) =>
  String(Math.floor(words[0] === 'ms' ? core.upMs : core.upMs / 1_000));

export const version: ApiCommand = () => `FreeSWITCH Version ${VERSION}\n`;

/** Ours, and not FreeSWITCH's: the load as JSON, for whoever decides how many calls it is given. */
export const hiloLoad: ApiCommand = (_, board) => `${JSON.stringify(board.load())}\n`;

export const createUuid: ApiCommand = (_, { ids }) => ids.uuid();

/** `show channels|calls [count] [as json]` */
export const show: ApiCommand = ({ words }, board) => {
  const [what = '', ...options] = words.map((word) => word.toLowerCase());
  if (what !== 'channels' && what !== 'calls') return '-USAGE: show channels|calls [count] [as json]\n';
  const rows = what === 'channels' ? channelRows(board) : callRows(board);
  const json = options.join(' ').includes('as json');
  if (options[0] === 'count') return json ? `{"row_count":${rows.length}}\n` : `\n${rows.length} total.\n`;
  if (json) return `${JSON.stringify(rows.length > 0 ? { row_count: rows.length, rows } : { row_count: 0 })}\n`;
  const [first] = rows;
  const table = first ? [Object.keys(first), ...rows.map((row) => Object.values(row))] : [];
  return `${table.map((cells) => `${cells.join(',')}\n`).join('')}\n${rows.length} total.\n`;
};

type Row = Record<string, string>;

function channelRows({ channels }: Switchboard): Row[] {
  return channels.all().map(channelRow);
}

function channelRow(channel: Channel): Row {
  return {
    uuid: channel.id,
    direction: 'inbound',
    created_epoch: String(Math.floor(channel.createdMs / 1_000)),
    name: channel.name,
    state: channel.headers()['Channel-State'] ?? '',
    dest: channel.variables.get('sip_req_user') ?? '',
    application: channel.variables.get('current_application') ?? '',
    callstate: channel.callState,
    call_uuid: channel.partner?.id ?? '',
  };
}

function callRows({ channels }: Switchboard): Row[] {
  return channels.all().flatMap((a) => {
    const b = a.partner;
    if (b && b.id < a.id) return [];
    return [{ uuid: a.id, name: a.name, callstate: a.callState, b_uuid: b?.id ?? '', b_name: b?.name ?? '' }];
  });
}
