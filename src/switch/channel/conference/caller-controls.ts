// Owns what the keys of a member do, by the groups of FreeSWITCH's caller-controls.
import { ENERGY_THRESHOLD } from '../../media/media-room.js';
import type { Conference } from './conference.js';
import type { Member } from './member.js';
import { ENERGY_MAX, ENERGY_STEP, hear, speak, VOLUME_MAX } from './member-subcommands.js';

type Control = (conference: Conference, member: Member) => void;
export type Controls = ReadonlyMap<string, Control>;

/** Undefined for `none` and for groups that do not exist. */
export function controlsNamed(group: string): Controls | undefined {
  return group === 'default' ? DEFAULT_GROUP : undefined;
}

/** Who can be heard again can hear again, too. */
const unmute: Control = (conference, member) => {
  speak(true)(conference, member, undefined);
  if (!member.canHear) hear(true)(conference, member, undefined);
};

const mute: Control = (conference, member) => {
  if (member.canSpeak) speak(false)(conference, member, undefined);
  else unmute(conference, member);
};

const deafMute: Control = (conference, member) => {
  if (!member.canSpeak) {
    unmute(conference, member);
    return;
  }
  speak(false)(conference, member, undefined);
  if (member.canHear) hear(false)(conference, member, undefined);
};

/** By so many steps up or down; 0: as it was at the beginning. */
const energy =
  (steps: number): Control =>
  (conference, member) => {
    const wanted = steps === 0 ? ENERGY_THRESHOLD : member.energyThreshold + steps * ENERGY_STEP;
    member.energyThreshold = Math.max(0, Math.min(ENERGY_MAX, wanted));
    conference.apply(member);
    conference.tellOf(member, 'energy-level', { 'New-Level': String(member.energyThreshold) });
  };

/** FreeSWITCH's "vol talk" is how loud the member hears, its "vol listen" how loud it is heard. */
const volume =
  (side: 'Out' | 'In', steps: number): Control =>
  (conference, member) => {
    const before = side === 'Out' ? member.volumeOut : member.volumeIn;
    const level = steps === 0 ? 0 : Math.max(-VOLUME_MAX, Math.min(VOLUME_MAX, before + steps));
    if (side === 'Out') member.volumeOut = level;
    else member.volumeIn = level;
    conference.apply(member);
    conference.tellOf(member, side === 'Out' ? 'volume-level' : 'gain-level', { 'New-Level': String(level) });
  };

/** Out of the conference; the call goes on. */
const leave: Control = (_, member) => member.dismiss('left');

const DEFAULT_GROUP: Controls = new Map<string, Control>([
  ['0', mute],
  ['*', deafMute],
  ['9', energy(1)],
  ['8', energy(0)],
  ['7', energy(-1)],
  ['3', volume('Out', 1)],
  ['2', volume('Out', 0)],
  ['1', volume('Out', -1)],
  ['6', volume('In', 1)],
  ['5', volume('In', 0)],
  ['4', volume('In', -1)],
  ['#', leave],
]);
