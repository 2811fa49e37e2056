// The record as tools read it: from PostgreSQL when its address is known, else by the API of the server that runs here.
import type { PresenceChange } from './core/acd/agent-times.js';
import type { RecordedEvent } from './core/interaction/event.js';
import { parseReference } from './core/interaction/reference.js';
import { systemClock } from './lib/clock.js';
import { systemIds } from './lib/ids.js';
import { silentLog } from './lib/log.js';
import { RunningHilo } from './sim/running-hilo.js';
import { openPostgres } from './store/postgres/store.js';

/** So many interactions are found at a time. */
const PAGE = 200;
/** So many are read at a time: the server has other things to do as well. */
const READ_TOGETHER = 8;

export interface RecordReader {
  /** By id or reference such as `H-7K3Q-X2PD`; empty: there is none. */
  read(interaction: string): Promise<readonly RecordedEvent[]>;
  /** The text of a flow (or `centre`) under that hash; undefined: it was never kept. */
  revision(name: string, revision: string): Promise<string | undefined>;
  /** The events of each interaction opened in [fromMs, toMs), newest first. */
  opened(fromMs: number, toMs: number): AsyncIterable<readonly RecordedEvent[]>;
  /** How an agent came and went in [fromMs, toMs), with the last change before; oldest first, empty when nothing was kept. */
  presence(agent: string, fromMs: number, toMs: number): Promise<readonly PresenceChange[]>;
  close(): Promise<void>;
}

export interface RecordPlace {
  readonly databaseUrl?: string | undefined;
  /** `http://127.0.0.1:8080`, and the folder with the credentials; used when no database is named. */
  readonly http: string;
  readonly dataFolder: string;
}

/** Rejects with a sentence that says what to do when neither is there. */
export async function openRecord({ databaseUrl, http, dataFolder }: RecordPlace): Promise<RecordReader> {
  if (databaseUrl !== undefined && databaseUrl !== '') return openDatabase(databaseUrl);
  return overApi(await RunningHilo.open({ http, dataFolder, language: 'en' }));
}

async function openDatabase(url: string): Promise<RecordReader> {
  const store = await openPostgres({ url, clock: systemClock, ids: systemIds, log: silentLog });
  const { records } = store;
  return {
    async read(interaction) {
      const reference = parseReference(interaction);
      const found = reference === undefined ? undefined : await records.find({ reference, limit: 1 });
      return records.read(found?.interactions[0]?.id ?? interaction);
    },
    // Also of a candidate that was never in force for everybody.
    revision: (name, revision) => store.flowHistory.textOf(name, revision),
    async *opened(fromMs, toMs) {
      for (let after: string | undefined; ; ) {
        const query = { fromMs, toMs, limit: PAGE };
        const page = await records.find(after === undefined ? query : { ...query, after });
        yield* readTogether(
          page.interactions.map(({ id }) => id),
          (id) => records.read(id),
        );
        after = page.next;
        if (after === undefined) return;
      }
    },
    presence: (agent, fromMs, toMs) => store.agents.presence([agent], fromMs, toMs),
    close: () => store.close(),
  };
}

function overApi(hilo: RunningHilo): RecordReader {
  return {
    read: (interaction) => hilo.eventsOf(interaction),
    revision: (name, revision) => hilo.revision(name, revision),
    async *opened(fromMs, toMs) {
      for await (const ids of hilo.interactionsOpened(fromMs, toMs))
        yield* readTogether(ids, (id) => hilo.eventsOf(id));
    },
    presence: (agent, fromMs, toMs) => hilo.presenceOf(agent, fromMs, toMs),
    close: async () => undefined,
  };
}

async function* readTogether(
  ids: readonly string[],
  eventsOf: (id: string) => Promise<readonly RecordedEvent[]>,
): AsyncIterable<readonly RecordedEvent[]> {
  for (let from = 0; from < ids.length; from += READ_TOGETHER) {
    yield* await Promise.all(ids.slice(from, from + READ_TOGETHER).map(eventsOf));
  }
}
