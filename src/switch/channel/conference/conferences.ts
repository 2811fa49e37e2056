// The conferences of one media server, by name.
import type { Ids } from '../../../lib/ids.js';
import type { MediaLeg } from '../../media/media-leg.js';
import type { MediaRoom } from '../../media/media-room.js';
import type { Channel } from '../channel.js';
import type { Core } from '../core.js';
import type { EventBus } from '../event-bus.js';
import { Conference } from './conference.js';
import type { JoinRequest } from './join-request.js';
import type { Member } from './member.js';
import { profileNamed } from './profile.js';

/** Conferences at a time. */
export const CONFERENCES_MAX = 1_000;

export interface ConferencesPorts {
  readonly core: Core;
  readonly bus: EventBus;
  readonly ids: Ids;
  /** A mixer near this leg; keys pressed stay with the application. */
  openRoom(near: MediaLeg): MediaRoom;
}

export class Conferences {
  readonly #ports: ConferencesPorts;
  readonly #byName = new Map<string, Conference>();
  #lastMemberId = 0;

  constructor(ports: ConferencesPorts) {
    this.#ports = ports;
  }

  get(name: string): Conference | undefined {
    return this.#byName.get(name);
  }

  all(): readonly Conference[] {
    return [...this.#byName.values()];
  }

  /** Joins, and makes the conference when it is the first; undefined when there are too many. */
  join(channel: Channel, request: JoinRequest): { conference: Conference; member: Member } | undefined {
    const conference = this.#byName.get(request.name) ?? this.#create(channel, request);
    return conference && { conference, member: conference.join(channel, request) };
  }

  #create(channel: Channel, request: JoinRequest): Conference | undefined {
    if (this.#byName.size >= CONFERENCES_MAX) return undefined;
    const { core, bus, ids } = this.#ports;
    const conference: Conference = new Conference(request, {
      core,
      bus,
      id: ids.uuid(),
      room: this.#ports.openRoom(channel.leg),
      music: profileNamed(request.profile).music ?? channel.variables.get('conference_moh_sound'),
      nextMemberId: () => ++this.#lastMemberId,
      onOver: () => {
        if (this.#byName.get(request.name) === conference) this.#byName.delete(request.name);
      },
    });
    this.#byName.set(request.name, conference);
    conference.tell('conference-create');
    return conference;
  }
}
