// One member of a conference: what it may, and how that is told.
import { ENERGY_THRESHOLD, type SeatSettings } from '../../media/media-room.js';
import type { Channel } from '../channel.js';
import type { EventHeaders } from '../event.js';
import type { MemberFlag } from './join-request.js';

/** How a member has left. */
export type Leaving = 'left' | 'kicked' | 'hung-up' | 'conference-ended';

export class Member {
  readonly id: number;
  readonly channel: Channel;
  readonly flags: ReadonlySet<MemberFlag>;
  /** Settles when the member is out. */
  readonly gone: Promise<Leaving>;
  canSpeak: boolean;
  canHear: boolean;
  talking = false;
  currentEnergy = 0;
  energyThreshold = ENERGY_THRESHOLD;
  volumeIn = 0;
  volumeOut = 0;
  /** Whom it does not hear, and who does not hear it, by the id of the member. */
  readonly notHearing = new Set<number>();
  readonly notSpeakingTo = new Set<number>();
  #leave: (how: Leaving) => void = () => undefined;

  constructor(id: number, channel: Channel, flags: ReadonlySet<MemberFlag>) {
    this.id = id;
    this.channel = channel;
    this.flags = flags;
    this.canSpeak = !flags.has('mute');
    this.canHear = !flags.has('deaf');
    this.gone = new Promise((resolve) => {
      this.#leave = resolve;
    });
  }

  get isModerator(): boolean {
    return this.flags.has('moderator');
  }
  get isGhost(): boolean {
    return this.flags.has('ghost');
  }

  /** Tells who waits on {@link gone}; the first one counts. */
  dismiss(how: Leaving): void {
    this.#leave(how);
  }

  /** For the mixer; while there is no moderator yet everybody `waits`, and hears but music. */
  seat(waits: boolean, ignores: readonly string[]): SeatSettings {
    return {
      speaks: this.canSpeak && !waits,
      hears: this.canHear,
      audience: 'all',
      ignores,
      levelIn: this.volumeIn,
      levelOut: this.volumeOut,
      energyThreshold: this.energyThreshold,
    };
  }

  headers(): EventHeaders {
    return {
      Hear: String(this.canHear),
      Speak: String(this.canSpeak),
      Talking: String(this.talking),
      'Mute-Detect': String(this.flags.has('mute-detect')),
      'Member-ID': String(this.id),
      'Member-Type': this.isModerator ? 'moderator' : 'member',
      'Member-Ghost': String(this.isGhost),
      'Energy-Level': String(this.energyThreshold),
      'Current-Energy': String(this.currentEnergy),
    };
  }

  /** `id;name;uuid;caller name;caller number;flags;volume in;volume out;energy` */
  line(delimiter: string, hasFloor: boolean): string {
    const read = (name: string): string => this.channel.variables.get(name) ?? '';
    const flags = [
      ...(this.canHear ? ['hear'] : []),
      ...(this.canSpeak ? ['speak'] : []),
      ...(this.talking ? ['talking'] : []),
      ...(hasFloor ? ['floor'] : []),
      ...(this.isModerator ? ['moderator'] : []),
      ...(this.isGhost ? ['ghost'] : []),
      ...(this.flags.has('endconf') ? ['endconf'] : []),
    ].join('|');
    const caller = read('sip_from_user');
    const { id, name } = this.channel;
    return [this.id, name, id, caller, caller, flags, this.volumeIn, this.volumeOut, this.energyThreshold].join(
      delimiter,
    );
  }
}
