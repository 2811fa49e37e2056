// temporary: API by SQL
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { HiloAddress } from './server.js';

export class Api {
  constructor(private readonly hilo: HiloAddress) {}
  async get<T>(path: string): Promise<T> {
    const client = new pg.Client({ connectionString: urlOf(this.hilo) });
    await client.connect();
    try {
      const contact = /contact=(.*)$/.exec(path)?.[1];
      if (contact !== undefined) {
        const { rows } = await client.query('select id from interaction where address=$1 order by opened_at desc', [
          decodeURIComponent(contact),
        ]);
        return { interactions: rows } as T;
      }
      const id = path.split('/').at(-1);
      const {
        rows: [head],
      } = await client.query('select * from interaction where id=$1', [id]);
      const { rows: events } = await client.query(
        'select version,type,at,data from interaction_event where interaction_id=$1 order by version',
        [id],
      );
      return { id, reference: head.reference, state: head.state, outcomes: [], events } as T;
    } finally {
      await client.end();
    }
  }
}
function urlOf({ dataFolder }: HiloAddress): string {
  const password = readFileSync(join(dataFolder, 'postgres', 'password'), 'utf8').trim();
  for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    let c = '';
    try {
      c = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    } catch {
      continue;
    }
    if (c.includes(dataFolder) && c.includes('postgres')) {
      const m = /port=(\d+)/.exec(c);
      if (m) return `postgres://hilo:${password}@127.0.0.1:${m[1]}/hilo`;
    }
  }
  throw new Error('no postgres');
}
