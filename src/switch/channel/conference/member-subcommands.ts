// Owns the subcommands on members: `<subcommand> <member id|all|last|non_moderator> [value]`.
import { parseKeys } from '../applications/signalling.js';
import type { Conference } from './conference.js';
import type { Leaving, Member } from './member.js';

/** One member's reply line; undefined says nothing. */
type MemberAct = (conference: Conference, member: Member, value: string | undefined) => string | undefined;

/** FreeSWITCH's range of energy levels. */
export const ENERGY_MAX = 1_800;
export const ENERGY_STEP = 200;
/** FreeSWITCH's range of volumes, both ways from 0. */
export const VOLUME_MAX = 4;

export const speak =
  (on: boolean): MemberAct =>
  (conference, member) => {
    member.canSpeak = on;
    if (!on) member.talking = false;
    conference.apply(member);
    conference.tellOf(member, on ? 'unmute-member' : 'mute-member');
    return `+OK ${on ? 'unmute' : 'mute'} ${member.id}`;
  };

const toggleMute: MemberAct = (conference, member, value) => speak(!member.canSpeak)(conference, member, value);

export const hear =
  (on: boolean): MemberAct =>
  (conference, member) => {
    member.canHear = on;
    conference.apply(member);
    conference.tellOf(member, on ? 'undeaf-member' : 'deaf-member');
    return `+OK ${on ? 'undeaf' : 'deaf'} ${member.id}`;
  };

const dismiss =
  (how: Leaving): MemberAct =>
  (conference, member) => {
    conference.tellOf(member, how === 'kicked' ? 'kick-member' : 'hup-member');
    member.dismiss(how);
    return how === 'kicked' ? `+OK kicked ${member.id}` : undefined;
  };

const volume =
  (side: 'In' | 'Out'): MemberAct =>
  (conference, member, value) => {
    const before = side === 'In' ? member.volumeIn : member.volumeOut;
    const wanted = value === 'up' ? before + 1 : value === 'down' ? before - 1 : Number(value ?? before);
    const level = Number.isInteger(wanted) ? Math.max(-VOLUME_MAX, Math.min(VOLUME_MAX, wanted)) : before;
    if (side === 'In') member.volumeIn = level;
    else member.volumeOut = level;
    conference.apply(member);
    if (value !== undefined) {
      conference.tellOf(member, `volume-${side.toLowerCase()}-member`, { 'Volume-Level': String(level) });
    }
    return `+OK Volume ${side.toUpperCase()} ${member.id} = ${level}`;
  };

const energy: MemberAct = (conference, member, value) => {
  const before = member.energyThreshold;
  const wanted =
    value === 'up' ? before + ENERGY_STEP : value === 'down' ? before - ENERGY_STEP : Number(value ?? before);
  member.energyThreshold = Number.isFinite(wanted) ? Math.max(0, Math.min(ENERGY_MAX, wanted)) : before;
  conference.apply(member);
  if (value !== undefined) conference.tellOf(member, 'energy-level-member');
  return `+OK Energy ${member.id} = ${member.energyThreshold}`;
};

const dtmf: MemberAct = (conference, member, value) => {
  const keys = parseKeys(value ?? '');
  if (keys === undefined) return '-ERR Invalid input!';
  member.channel.leg.sendDigits(keys.digits, keys.durationMs);
  conference.tellOf(member, 'dtmf-member', { Digits: keys.digits });
  return `+OK sent ${keys.digits} to ${member.id}`;
};

const ACTS: Readonly<Record<string, MemberAct>> = {
  deaf: hear(false),
  dtmf,
  energy,
  hup: dismiss('hung-up'),
  kick: dismiss('kicked'),
  mute: speak(false),
  tmute: toggleMute,
  undeaf: hear(true),
  unmute: speak(true),
  volume_in: volume('In'),
  volume_out: volume('Out'),
};

export const MEMBER_SUBCOMMANDS: ReadonlyMap<string, (conference: Conference, words: readonly string[]) => string> =
  new Map(
    Object.entries(ACTS).map(([name, act]) => [name, (conference, words) => onMembers(name, act, conference, words)]),
  );

function onMembers(name: string, act: MemberAct, conference: Conference, [who, value]: readonly string[]): string {
  const members = chosen(conference, who?.toLowerCase());
  if (members === undefined) return `-USAGE: ${name} <member_id|all|last|non_moderator>\n`;
  if (members.length === 0) return `-ERR Non-Existant ID ${who}\n`;
  const replies = members.flatMap((member) => act(conference, member, value) ?? []);
  return replies.map((reply) => `${reply}\n`).join('');
}

function chosen(conference: Conference, who: string | undefined): readonly Member[] | undefined {
  const { members } = conference;
  if (who === 'all') return members;
  if (who === 'non_moderator') return members.filter((member) => !member.isModerator);
  if (who === 'last') return members.slice(-1);
  const id = Number(who);
  if (who === undefined || !Number.isInteger(id) || id <= 0) return undefined;
  return members.filter((member) => member.id === id);
}
