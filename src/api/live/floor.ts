// What supervisors see live: who waits, who talks, and how the centre stands; and what everybody is told by them.
import type { LiveCentre, LiveEntry, LiveNotice, LiveTalk } from '../../contract/live/floor.js';
import type { Entry } from '../../core/acd/entry.js';
import { offersOf } from '../../core/acd/entry.js';
import { atLeast } from '../access.js';
import { noticeView } from '../floor/notices.js';
import { emergencyView } from '../routes/emergency.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';
import type { LiveSource } from './hub.js';
import { every, stopAll } from './watching.js';

export type FloorServices = Pick<ApiServices, 'agents' | 'live' | 'clock' | 'sharedTalks' | 'notices' | 'emergency'>;

const CENTRE = 'centre';
const EMERGENCY = 'emergency';

const forSupervisors: LiveSource['shows'] = (user) => atLeast(user, 'supervisor');

export function entrySource({ live }: FloorServices): LiveSource {
  const all = (): string[] => [...live.entries()].map(({ entry }) => entry);
  return {
    kind: 'entry',
    ids: all,
    view: (id) => {
      const entry = live.entry(id);
      return entry === undefined ? undefined : entryView(entry);
    },
    shows: forSupervisors,
    watch: (dirty) => {
      // Whatever was known and is gone after a reset has to be told as gone.
      const known = new Set(all());
      const stops = [
        live.onChange(({ kind, id }) => {
          if (kind !== 'entry') return;
          if (live.entry(id) === undefined) known.delete(id);
          else known.add(id);
          dirty(id);
        }),
        live.onReset(() => {
          for (const id of [...known, ...all()]) dirty(id);
          known.clear();
          for (const id of all()) known.add(id);
        }),
      ];
      return stopAll(stops);
    },
  };
}

function entryView(entry: Entry): LiveEntry {
  const { queue, interaction, kind, state, customer, title, priority, joinedAtMs } = entry;
  const offeredTo = entry.state === 'accepted' ? [entry.offer.agent] : offersOf(entry).map(({ agent }) => agent);
  return {
    ...{ queue, interaction, kind, state, priority, offeredTo, since: iso(joinedAtMs) },
    ...(customer === undefined ? {} : { customer }),
    ...(title === undefined ? {} : { title }),
  };
}

/** Agents who talk, on whichever node. */
export function talkSource(services: FloorServices): LiveSource {
  const { live, agents, sharedTalks } = services;
  const talking = (): Map<string, string> => {
    const found = new Map<string, string>();
    for (const { presence } of agents.all()) {
      if (presence.state !== 'busy') continue;
      const { interaction, agent, outside } = presence;
      // Whom the customer deals with, however they came to it; before that is known: not those who have called in themselves.
      const first = sharedTalks.leads(interaction);
      if (first === undefined ? outside !== 'own-call' : first === agent) found.set(interaction, agent);
    }
    return found;
  };
  return {
    kind: 'talk',
    ids: () => talking().keys(),
    view: (id) => talkView(services, id, talking().get(id)),
    shows: forSupervisors,
    watch: (dirty) => {
      let known = talking();
      const look = (): void => {
        const now = talking();
        for (const [id, agent] of now) if (known.get(id) !== agent) dirty(id);
        for (const id of known.keys()) if (!now.has(id)) dirty(id);
        known = now;
      };
      const stops = [
        live.onChange(({ kind }) => {
          if (kind === 'agent') look();
        }),
        live.onReset(look),
        sharedTalks.look((id) => {
          look();
          dirty(id);
        }),
      ];
      return stopAll(stops);
    },
  };
}

function talkView({ agents, sharedTalks }: FloorServices, id: string, agent: string | undefined) {
  const presence = agent === undefined ? undefined : agents.one(agent)?.presence;
  if (agent === undefined || presence?.state !== 'busy') return undefined;
  const card = sharedTalks.of(id);
  const queue = card?.parties[0]?.queue;
  const ear = card?.monitor;
  return {
    ...{ interaction: id, agent, since: iso(presence.sinceMs) },
    ...(card === undefined || card.customer === '' ? {} : { customer: card.customer }),
    ...(queue === undefined ? {} : { queue }),
    ...(card === undefined ? {} : { state: card.state }),
    ...(ear === undefined ? {} : { monitor: { by: ear.by, mode: ear.mode, isRinging: ear.state === 'ringing' } }),
  } satisfies LiveTalk;
}

export function noticeSource({ notices, clock }: FloorServices): LiveSource {
  const ids = (): string[] => notices.present().map(({ id }) => id);
  return {
    kind: 'notice',
    ids,
    view: (id): LiveNotice | undefined => {
      const found = notices.present().find((one) => one.id === id);
      if (found === undefined) return undefined;
      const { id: _id, ...shown } = noticeView(found);
      return shown;
    },
    shows: () => true,
    watch: (dirty) => {
      const known = new Set(ids());
      const look = (): void => {
        for (const id of ids()) known.add(id);
        for (const id of known) dirty(id);
      };
      const stops = [notices.onChange(look), every(clock, look)];
      return stopAll(stops);
    },
  };
}

export function centreSource({ sharedTalks, clock }: FloorServices): LiveSource {
  return {
    kind: 'centre',
    ids: () => [CENTRE],
    view: (): LiveCentre => {
      const { count, items } = sharedTalks.unaccounted();
      return { unaccounted: count, items };
    },
    shows: forSupervisors,
    watch: (dirty) => every(clock, () => dirty(CENTRE)),
  };
}

export function emergencySource({ emergency, clock }: FloorServices): LiveSource {
  const present = () => {
    const message = emergency.present();
    return message === undefined ? undefined : emergencyView(message);
  };
  return {
    kind: 'emergency',
    ids: () => (present() === undefined ? [] : [EMERGENCY]),
    view: present,
    shows: () => true,
    watch: (dirty) => every(clock, () => dirty(EMERGENCY)),
  };
}
