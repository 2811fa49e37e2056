// What supervisors have changed, live: limits of alarms and alarms that were seen, agents in other teams.
import type { LiveAlarm, LiveMove } from '../../contract/live/changes.js';
import { atLeast } from '../access.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';
import type { LiveSource } from './hub.js';
import { every, stopAll } from './watching.js';

export type ChangeServices = Pick<ApiServices, 'alarms' | 'teams' | 'centre' | 'clock'>;

const forSupervisors: LiveSource['shows'] = (user) => atLeast(user, 'supervisor');

/** Id: of the queue. */
export function alarmSource({ alarms, centre, clock }: ChangeServices): LiveSource {
  const ids = (): string[] => [...centre().queues.keys()];
  return {
    kind: 'alarm',
    ids,
    view: (id): LiveAlarm | undefined => {
      const given = alarms.given(id);
      const acknowledged = alarms.acknowledged(id);
      if (given === undefined && acknowledged.length === 0) return undefined;
      return {
        ...(given === undefined ? {} : { given: { by: given.by, since: iso(given.atMs) } }),
        acknowledged: acknowledged.map(({ kind, by, untilMs }) => ({ kind, by, until: iso(untilMs) })),
      };
    },
    shows: forSupervisors,
    watch: (dirty) => {
      const all = (): void => ids().forEach(dirty);
      // That a time is over is told by nobody.
      return stopAll([alarms.onChange(all), every(clock, all)]);
    },
  };
}

/** Id: of the agent. */
export function moveSource({ teams, centre, clock }: ChangeServices): LiveSource {
  const ids = (): string[] => [...centre().agents.keys()].filter((agent) => teams.of(agent) !== undefined);
  return {
    kind: 'move',
    ids,
    view: (id): LiveMove | undefined => {
      const move = teams.of(id);
      if (move === undefined) return undefined;
      return { team: move.team, by: move.by, ...(move.untilMs === undefined ? {} : { until: iso(move.untilMs) }) };
    },
    shows: forSupervisors,
    watch: (dirty) => {
      const known = new Set(ids());
      const look = (): void => {
        for (const id of ids()) known.add(id);
        for (const id of known) dirty(id);
      };
      return stopAll([teams.onChange(look), every(clock, look)]);
    },
  };
}
