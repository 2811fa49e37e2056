// One conference: its members and what becomes of it when they come and go.
import type { Timer } from '../../../lib/clock.js';
import { parseFileString } from '../../media/audio-source.js';
import type { MediaRoom, Talk } from '../../media/media-room.js';
import type { Channel } from '../channel.js';
import type { Core } from '../core.js';
import { type EventHeaders, SwitchEvent } from '../event.js';
import type { EventBus } from '../event-bus.js';
import { ConferenceMedia } from './conference-media.js';
import { ConferenceMusic } from './conference-music.js';
import type { JoinRequest } from './join-request.js';
import { type Leaving, Member } from './member.js';

export const MAINTENANCE = 'conference::maintenance';
/** Members one conference can have, whatever its max_members. */
export const MEMBERS_MAX = 500;

export interface ConferencePorts {
  readonly core: Core;
  readonly bus: EventBus;
  readonly id: string;
  readonly room: MediaRoom;
  /** A file string for who is alone. */
  readonly music: string | undefined;
  nextMemberId(): number;
  /** Nobody is in it any more. */
  onOver(): void;
}

export class Conference {
  readonly id: string;
  readonly name: string;
  readonly profile: string;
  readonly core: Core;
  readonly room: MediaRoom;
  readonly media: ConferenceMedia;
  readonly music: ConferenceMusic;
  readonly startedMs: number;
  locked = false;
  pin: string;
  /** 0 = as many as can be. */
  maxMembers = 0;
  soundPrefix = '';
  graceSeconds = 0;
  readonly #ports: ConferencePorts;
  readonly #members = new Map<number, Member>();
  #floor: Member | undefined;
  #waitsForModerator: boolean;
  #ending: Timer | undefined;

  constructor(request: JoinRequest, ports: ConferencePorts) {
    this.#ports = ports;
    this.id = ports.id;
    this.name = request.name;
    this.profile = request.profile;
    this.core = ports.core;
    this.room = ports.room;
    this.pin = request.pin;
    this.startedMs = ports.core.clock.monotonicMs();
    this.#waitsForModerator = request.flags.has('wait-mod');
    this.media = new ConferenceMedia(this);
    this.music = new ConferenceMusic(ports.room, ports.music);
    ports.room.onTalk((talk) => this.#heardTalk(talk));
    ports.room.onFailure(() => this.#end());
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }
  get size(): number {
    return this.members.filter((member) => !member.isGhost).length;
  }
  get floor(): Member | undefined {
    return this.#floor;
  }
  /** Members hear nothing but music until a moderator is there. */
  get waits(): boolean {
    return this.#waitsForModerator && !this.members.some((member) => member.isModerator);
  }
  get full(): boolean {
    const { size } = this.#members;
    return size >= MEMBERS_MAX || (this.maxMembers > 0 && size >= this.maxMembers);
  }

  member(id: number): Member | undefined {
    return this.#members.get(id);
  }

  join(channel: Channel, { flags }: JoinRequest): Member {
    const member = new Member(this.#ports.nextMemberId(), channel, flags);
    const waited = this.waits;
    if (flags.has('wait-mod')) this.#waitsForModerator = true;
    this.#members.set(member.id, member);
    if (flags.has('endconf')) this.#ending?.cancel();
    channel.variables.set('conference_name', this.name);
    channel.variables.set('conference_member_id', String(member.id));
    channel.variables.set('conference_uuid', this.id);
    if (waited === this.waits) this.apply(member);
    else this.applyAll();
    if (this.size > 1) this.music.joinedByOthers();
    this.#chooseMusic();
    this.tellOf(member, 'add-member');
    if (this.#floor === undefined && member.canSpeak) this.#giveFloor(member);
    const sound = this.size > 1 ? channel.variables.get('conference_enter_sound') : undefined;
    const parsed = sound === undefined ? undefined : parseFileString(sound, { soundPrefix: this.soundPrefix });
    if (parsed?.ok) this.room.play(parsed.source);
    return member;
  }

  /** Called when the member's application ends, whatever the reason. */
  leave(member: Member, how: Leaving): void {
    if (!this.#members.delete(member.id)) return;
    member.dismiss(how);
    this.room.leave(member.channel.leg);
    if (this.#floor === member) this.#giveFloor(this.members.find((one) => one.talking));
    this.tellOf(member, 'del-member');
    if (this.#members.size === 0) {
      this.#ending?.cancel();
      this.media.close();
      this.room.close();
      this.tell('conference-destroy');
      this.#ports.onOver();
      return;
    }
    this.applyAll();
    this.#chooseMusic();
    const ends = member.flags.has('endconf') && !this.members.some(({ flags }) => flags.has('endconf'));
    if (ends) this.#endAfterGrace();
    else if (member.flags.has('mintwo') || this.members.some(({ flags }) => flags.has('mintwo'))) {
      if (this.#members.size < 2) this.#end();
    }
  }

  /** Tells the mixer what the member may. */
  apply(member: Member): void {
    const ignores = this.members
      .filter((other) => member.notHearing.has(other.id) || other.notSpeakingTo.has(member.id))
      .map((other) => other.channel.leg.id);
    this.room.seat(member.channel.leg, member.seat(this.waits, ignores));
  }

  applyAll(): void {
    for (const member of this.members) this.apply(member);
  }

  tell(action: string, extra: EventHeaders = {}): void {
    this.#ports.bus.publish({ name: 'CUSTOM', subclass: MAINTENANCE }, () => {
      const head = this.core.head('CUSTOM', MAINTENANCE);
      return new SwitchEvent({ ...head, ...this.#headers(), Action: action, ...extra });
    });
  }

  tellOf(member: Member, action: string, extra: EventHeaders = {}): void {
    const about = { ...this.#headers(), ...member.headers(), Action: action, ...extra };
    member.channel.emit('CUSTOM', about, { subclass: MAINTENANCE });
  }

  /** While there is one member, ghosts not counted, or while all wait; the flag `nomoh` of anybody counts for the first. */
  #chooseMusic(): void {
    const isLone = this.size === 1 && !this.members.some(({ flags }) => flags.has('nomoh'));
    this.music.want(isLone || this.waits);
  }

  #headers(): EventHeaders {
    return {
      'Conference-Name': this.name,
      'Conference-Size': String(this.size),
      'Conference-Ghosts': String(this.#members.size - this.size),
      'Conference-Profile-Name': this.profile,
      'Conference-Unique-ID': this.id,
    };
  }

  #heardTalk({ leg, talking, energy }: Talk): void {
    const member = this.members.find((one) => one.channel.leg.id === leg);
    if (member === undefined) return;
    member.talking = talking;
    member.currentEnergy = energy;
    this.tellOf(member, talking ? 'start-talking' : 'stop-talking');
    if (talking && this.#floor?.talking !== true) this.#giveFloor(member);
  }

  #giveFloor(next: Member | undefined): void {
    const before = this.#floor;
    if (before === next) return;
    this.#floor = next;
    const ids = { 'Old-ID': String(before?.id ?? 'none'), 'New-ID': String(next?.id ?? 'none') };
    if (next === undefined) this.tell('floor-change', ids);
    else this.tellOf(next, 'floor-change', ids);
  }

  #endAfterGrace(): void {
    this.#ending?.cancel();
    if (this.graceSeconds === 0) this.#end();
    else this.#ending = this.core.clock.after(this.graceSeconds * 1_000, () => this.#end());
  }

  /** Everybody is hung up, as FreeSWITCH does (compatibility trace 09). */
  #end(): void {
    for (const member of this.members) {
      this.leave(member, 'conference-ended');
      member.channel.hangup('NORMAL_CLEARING');
    }
  }
}
