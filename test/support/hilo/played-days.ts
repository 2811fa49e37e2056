// Yesterday and today of a centre of some size, played by the simulation and put into the record of a running Hilo, which counts them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { RecordedEvent } from '../../../src/core/interaction/event.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { summaryOf } from '../../../src/core/interaction/summary.js';
import { systemClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { readOptions } from '../../../src/sim/day/input/options.js';
import { planOf } from '../../../src/sim/day/input/plan-from-options.js';
import { simulate } from '../../../src/sim/day/world/day.js';
import { storeChains } from '../../../src/store/postgres/append.js';
import { Database } from '../../../src/store/postgres/database.js';
import { removeFolder, temporaryFolder } from '../servers.js';
import { databaseOf } from './second-node.js';
import type { HiloAddress } from './server.js';

const ZONE = 'Europe/Madrid';
/** Calls in each hour of the day for support and for sales: a peak in the morning, a lower one in the afternoon. */
const PROFILE = [
  ...[
    [8, 24, 9],
    [9, 52, 17],
    [10, 88, 26],
    [11, 96, 30],
    [12, 70, 25],
    [13, 42, 14],
    [14, 34, 11],
    [15, 46, 16],
  ],
  ...[
    [16, 68, 24],
    [17, 72, 27],
    [18, 44, 15],
    [19, 20, 6],
  ],
];
const STAFF = 'support=5@08:00-20:00,support=2@10:00-14:00,support+sales=2@08:00-20:00,sales=1@09:00-18:00';
const TOGETHER = 200;

export async function playDays(hilo: HiloAddress): Promise<void> {
  const folder = await temporaryFolder();
  const profile = join(folder, 'profile.csv');
  await writeFile(profile, ['hour,support,sales', ...PROFILE.map((row) => row.join(','))].join('\n'));
  const today = DateTime.now().setZone(ZONE);
  const url = await databaseOf(join(hilo.dataFolder, 'postgres'));
  const database = new Database({ url, clock: systemClock, log: silentLog });
  try {
    for (const [run, day] of [today.minus({ days: 1 }), today].entries()) {
      const date = day.toFormat('yyyy-MM-dd');
      const options = readOptions([
        ...['--arrivals', profile, '--agents', STAFF, '--date', date, '--flows', hilo.flowsFolder],
        ...['--talk', 'lognormal:3m/0.7', '--patience', 'exp:90s', '--answer', 'fixed:2s'],
      ]);
      if (options === undefined) throw new Error('unreachable');
      const { threads } = simulate(planOf(options), 5, run);
      const nowMs = Date.now();
      const past = threads
        .map(({ id, events }) => ({ id: `${date}-${id}`, events: events.filter(({ atMs }) => atMs < nowMs) }))
        .filter(({ events }) => events.length > 0);
      while (past.length > 0) {
        await storeChains(
          database,
          past.splice(0, TOGETHER).map(({ id, events }) => chainOf(id, events)),
        );
      }
    }
  } finally {
    await Promise.all([database.close(), removeFolder(folder)]);
  }
}

/** Closed for everybody who would care for it: nobody is owed anything by a day that was not. */
function chainOf(interaction: string, events: readonly RecordedEvent[]) {
  const { lost: _lost, voicemail: _voicemail, callback: _callback, ...summary } = summaryOf(fold(events));
  const kept = { ...summary, id: interaction, reference: interaction, state: 'closed', liveNodes: [] } as const;
  return {
    interaction,
    expectedVersion: 0,
    appends: [{ interaction, expectedVersion: 0, events, summary: kept }],
  };
}
