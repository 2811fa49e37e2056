// What supervisors have changed over the files of the centre: limits of alarms, teams of agents.

import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Flows } from '../flows.js';
import { type AlarmStore, Alarms } from './alarms.js';
import { type TeamStore, Teams } from './teams.js';

export interface Changes {
  readonly alarms: Alarms;
  readonly teams: Teams;
  /** The files as they are meant now. */
  over(files: Centre): Centre;
  close(): void;
}

export interface ChangesPorts {
  readonly store: { readonly alarms: AlarmStore; readonly teams: TeamStore };
  readonly flows: Pick<Flows, 'centre'>;
  readonly clock: Clock;
  readonly log: Log;
}

export async function openChanges({ store, flows, clock, log }: ChangesPorts): Promise<Changes> {
  const shared = { files: () => flows.centre(), clock, log };
  const alarms = new Alarms({ ...shared, store: store.alarms });
  const teams = new Teams({ ...shared, store: store.teams });
  await Promise.all([alarms.start(), teams.start()]);
  return {
    ...{ alarms, teams },
    over: (files) => alarms.over(teams.over(files)),
    close() {
      alarms.close();
      teams.close();
    },
  };
}
