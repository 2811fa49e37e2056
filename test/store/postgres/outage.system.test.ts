// PostgreSQL dies, hangs and comes back: what was acknowledged is there, nobody waits for long, nobody has to help.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Append } from '../../../src/app/ports.js';
import { systemClock } from '../../../src/lib/clock.js';
import { freePort } from '../../../src/lib/free-port.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { openPostgres, type PostgresStore } from '../../../src/store/postgres/store.js';
import { openStore } from '../../support/postgres-store.js';
import { eventually, LATE_MS, type Stores, startStores, timed } from '../../support/servers.js';

const QUERY_LIMIT_MS = 1_500;

let stores: Stores;
let store: PostgresStore;

beforeEach(async () => {
  stores = await startStores();
  store = await open(QUERY_LIMIT_MS);
});

afterEach(async () => {
  await store?.close();
  await stores?.close();
});

function open(queryLimitMs: number): Promise<PostgresStore> {
  return openStore(stores.postgres.url, { queryLimitMs });
}

function append(id: string, expectedVersion = 0): Append {
  return {
    interaction: id,
    expectedVersion,
    events: [{ event: { type: 'node-lost', data: { node: 'n' } }, atMs: Date.now() }],
    summary: {
      id,
      reference: 'H-1',
      state: 'open',
      contact: 'c',
      address: { channel: 'voice', value: '+34600000001' },
      openedAtMs: Date.now(),
      updatedAtMs: Date.now(),
      channels: ['voice'],
      liveNodes: [],
    },
  };
}

function kill(signal: NodeJS.Signals): void {
  const pid = stores.postgres.pid();
  if (pid !== undefined) process.kill(pid, signal);
}

describe('PostgreSQL is killed in the middle of writing', () => {
  it('every acknowledged write is there afterwards, three times over', async () => {
    const acknowledged: string[] = [];
    let stop = false;
    const writers = Array.from({ length: 16 }, async () => {
      while (!stop) {
        const id = systemIds.uuid();
        await store.records.append(append(id)).then(
          () => acknowledged.push(id),
          () => new Promise((resolve) => setTimeout(resolve, 20)),
        );
      }
    });
    for (let round = 0; round < 3; round += 1) {
      const before = acknowledged.length;
      await eventually('writes go on', () => acknowledged.length > before + 200, 30_000);
      kill('SIGKILL');
      await eventually('the loss is noticed', () => !store.healthy());
      await eventually('the database is back', () => store.healthy(), 30_000);
    }
    stop = true;
    await Promise.all(writers);
    const missing: string[] = [];
    for (const id of acknowledged) if ((await store.records.read(id)).length !== 1) missing.push(id);
    expect(missing).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(600);
  });

  it('writers hear so long before the limit of a question', async () => {
    const patient = await open(60_000);
    try {
      await patient.records.append(append(systemIds.uuid()));
      kill('SIGKILL');
      // A backend may still take what reaches it before it notices that its parent is gone: that is stored.
      const outcomes: Awaited<ReturnType<typeof timed>>[] = [];
      await eventually('a writer hears so', async () => {
        outcomes.push(await timed(patient.records.append(append(systemIds.uuid()))));
        return outcomes.at(-1)?.code === 'store-unavailable';
      });
      for (const { ms } of outcomes) expect(ms).toBeLessThan(LATE_MS);
    } finally {
      await patient.close();
    }
  });
});

describe('PostgreSQL does not answer (SIGSTOP)', () => {
  it('the first question ends at the limit, the next at once; all is well after SIGCONT', async () => {
    const pid = stores.postgres.pid();
    expect(pid).toBeDefined();
    await store.records.append(append(systemIds.uuid()));
    const stopped = await backEnds(pid ?? 0);
    for (const one of stopped) process.kill(one, 'SIGSTOP');
    try {
      const first = await timed(store.records.read('x'));
      expect(first.code).toBe('store-unavailable');
      expect(first.ms).toBeLessThan(LATE_MS);
      const next = await timed(store.records.append(append(systemIds.uuid())));
      expect(next).toMatchObject({ code: 'store-unavailable' });
      expect(next.ms).toBeLessThan(QUERY_LIMIT_MS);
      expect(store.healthy()).toBe(false);
    } finally {
      for (const one of stopped) process.kill(one, 'SIGCONT');
    }
    await eventually('the database is back', () => store.healthy());
    const id = systemIds.uuid();
    await store.records.append(append(id));
    expect(await store.records.read(id)).toHaveLength(1);
  });
});

describe('too many writes at once', () => {
  it('are refused at the limit instead of piling up', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10_500 }, () => store.records.append(append(systemIds.uuid()))),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(500);
    expect(refused[0]?.reason).toMatchObject({ code: 'store-unavailable' });
  });
});

async function backEnds(postmaster: number): Promise<number[]> {
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
  return [postmaster, ...children.trim().split(' ').map(Number)];
}

describe('PostgreSQL is away for a moment while a node starts', () => {
  it('what the start asks is answered when it is back; once it has started nobody waits', async () => {
    const way = await Way.to(stores.postgres.url);
    const options = { clock: systemClock, ids: systemIds, log: silentLog, isStarting: true };
    const starting = await openPostgres({ url: way.url, ...options });
    const gone = async (): Promise<void> => {
      await way.cut();
      await eventually('it is noticed', async () => !starting.healthy());
    };
    try {
      await gone();
      const asked = starting.records.nodesWithLiveCalls();
      await way.restore();
      expect(await asked).toEqual([]);
      await eventually('it is back', async () => starting.healthy());
      starting.hurry();
      await gone();
      await expect(starting.records.nodesWithLiveCalls()).rejects.toMatchObject({ code: 'store-unavailable' });
    } finally {
      await starting.close();
      await way.cut();
    }
  });
});

/** A way to a server that can be cut: what runs over it ends, and nobody gets through until it is there again. */
class Way {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  private constructor(
    readonly url: string,
    private readonly port: number,
    private readonly target: number,
  ) {}

  static async to(url: string): Promise<Way> {
    const port = await freePort();
    const target = new URL(url).port;
    const way = new Way(url.replace(`:${target}/`, `:${port}/`), port, Number(target));
    await way.restore();
    return way;
  }

  async restore(): Promise<void> {
    this.#server = createServer((socket) => {
      const onward = connect(this.target, '127.0.0.1');
      for (const end of [socket, onward]) {
        this.#sockets.add(end);
        end.on('error', () => undefined);
      }
      socket.pipe(onward).pipe(socket);
    }).listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async cut(): Promise<void> {
    const closed = this.#server && once(this.#server, 'close');
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await closed;
    this.#server = undefined;
  }
}
