// The history of the centre's texts in PostgreSQL: revisions, roll-outs with their journal, and how their callers fared.
import type { FlowHistory, JournalLine, RevisionLine, StoredRollout } from '../../../app/publishing/flow-history.js';
import type { FlowRename } from '../../../core/guide/naming.js';
import type { ArmCall } from '../../../core/rollout/comparison.js';
import type { Rollout } from '../../../core/rollout/rollout.js';
import type { Database } from '../database.js';
import { cleanText, toJson } from '../text.js';

const PAGE_MAX = 500;
/** Rows read for each one that is shown: the same text kept by several nodes is one line. */
const ROWS_PER_LINE = 4;

type Sides = Pick<Rollout, 'flow' | 'baseline' | 'candidate' | 'startedAtMs'>;

interface RolloutRow {
  readonly version: number;
  readonly data: Rollout;
}

interface CallRow {
  readonly arm: 'baseline' | 'candidate';
  readonly result: string | null;
  readonly to_person_ms: number | null;
}

const REVISIONS = `
  select revision, author, note, at from revision where name = $1 order by number desc limit $2`;

const TEXT = `
  (select text from revision where name = $1 and revision = $2 order by number desc limit 1)
  union all
  (select data ->> 'text' from flow_rollout where flow = $1 and data ->> 'candidate' = $2 limit 1)
  limit 1`;

/** Of the two lines about a renaming the one under the old name; what the centre itself renames is told under `centre`. */
const RENAMES = `
  select flow as "from", detail ->> 'to' as "to", at from flow_journal
  where action = 'renamed' and detail ? 'to' and flow <> 'centre' order by number desc limit $1`;

/** Both or neither: the line is written only with the row. */
const BEGIN = `
  with begun as (
    insert into flow_rollout (id, flow, version, state, started_at, data)
    values ($1, $2, 1, 'running', to_timestamp($3::double precision / 1000), $4::jsonb)
    on conflict do nothing returning flow
  )
  insert into flow_journal (at, flow, action, by, detail)
  select to_timestamp($5::double precision / 1000), flow, $6, $7, $8::jsonb from begun
  returning number`;

const CHANGE = `
  with changed as (
    update flow_rollout set version = version + 1, state = $3, data = $4::jsonb
    where id = $1 and version = $2 returning flow
  ), noted as (
    insert into flow_journal (at, flow, action, by, detail)
    select to_timestamp($5::double precision / 1000), flow, $6, $7, $8::jsonb from changed where $6::text is not null
  )
  select flow from changed`;

const NOTE = `
  insert into flow_journal (at, flow, action, by, detail)
  values (to_timestamp($1::double precision / 1000), $2, $3, $4, $5::jsonb)`;

/** Both as in the index `interaction_event_flow`: newest first, so that a limit is one. */
const ENTERED = (revision: string): string => `
  select interaction_id, version, data ->> 'segment' as segment, data ->> 'revision' as revision, at
  from interaction_event
  where type = 'flow-entered' and data ->> 'flow' = $2 and data ->> 'revision' = ${revision}
    and at >= to_timestamp($1::double precision / 1000)
  order by at desc limit $5`;

const SMALLER_SIDE = `
  select least((select count(*) from (${ENTERED('$3')}) as baseline), (select count(*) from (${ENTERED('$4')}) as candidate))
    ::integer as calls`;

/**
 * A call is on the side of the revision that it entered the flow with first. Its arrival, its first person and its end
 * are found by the key of its interaction, so that the cost is that of the calls which are compared.
 */
const CALLS = `
  with entered as (
    (${ENTERED('$3')}) union all (${ENTERED('$4')})
  ), call as (
    select distinct on (interaction_id, segment) interaction_id, segment, revision
    from entered order by interaction_id, segment, version
  )
  select case when call.revision = $4 then 'candidate' else 'baseline' end as arm, became.result, became.to_person_ms
  from call, lateral (
    select max(data ->> 'result') filter (where type = 'call-ended') as result,
      extract(epoch from min(at) filter (where type = 'connected') - min(at) filter (where type = 'call-arrived'))
        ::double precision * 1000 as to_person_ms
    from interaction_event as fact
    where fact.interaction_id = call.interaction_id and fact.type in ('call-arrived', 'connected', 'call-ended')
      and fact.data ->> 'segment' = call.segment
  ) as became`;

export class PostgresFlowHistory implements FlowHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async revisions(name: string, limit: number): Promise<readonly RevisionLine[]> {
    const most = pageOf(limit);
    type Row = { revision: string; author: string; note: string; at: Date };
    const rows = await this.#database.ask<Row>(REVISIONS, [cleanText(name), most * ROWS_PER_LINE]);
    // Of the same text several times in a row the newest tells who and why: a file that is only read again says nothing new.
    return rows
      .filter(({ revision }, index) => rows[index - 1]?.revision !== revision)
      .slice(0, most)
      .map(({ at, ...row }) => ({ ...row, atMs: at.getTime() }));
  }

  async textOf(name: string, revision: string): Promise<string | undefined> {
    const [row] = await this.#database.ask<{ text: string }>(TEXT, [cleanText(name), cleanText(revision)]);
    return row?.text;
  }

  async journal(flow: string, limit: number): Promise<readonly JournalLine[]> {
    type Row = Omit<JournalLine, 'atMs'> & { at: Date };
    const rows = await this.#database.ask<Row>(
      'select at, flow, action, by, detail from flow_journal where flow = $1 order by number desc limit $2',
      [cleanText(flow), pageOf(limit)],
    );
    return rows.map(({ at, ...row }) => ({ ...row, atMs: at.getTime() }));
  }

  async renames(limit: number): Promise<readonly FlowRename[]> {
    const rows = await this.#database.ask<{ from: string; to: string; at: Date }>(RENAMES, [limit]);
    return rows.toReversed().map(({ from, to, at }) => ({ from, to, atMs: at.getTime() }));
  }

  async running(): Promise<StoredRollout | undefined> {
    const rows = await this.#database.ask<RolloutRow>(
      "select version, data from flow_rollout where state = 'running' limit 1",
      [],
    );
    return storedOf(rows[0]);
  }

  async newestOf(flow: string): Promise<StoredRollout | undefined> {
    const rows = await this.#database.ask<RolloutRow>(
      'select version, data from flow_rollout where flow = $1 order by started_at desc limit 1',
      [cleanText(flow)],
    );
    return storedOf(rows[0]);
  }

  async begin(rollout: Rollout, line: JournalLine): Promise<boolean> {
    const { id, flow, startedAtMs } = rollout;
    const rows = await this.#database.ask(BEGIN, [id, flow, startedAtMs, toJson(rollout), ...journalValues(line)]);
    return rows.length > 0;
  }

  async change({ version, rollout }: StoredRollout, line?: JournalLine): Promise<boolean> {
    const noted = line === undefined ? [0, null, null, '{}'] : journalValues(line);
    const values = [rollout.id, version, rollout.now.state, toJson(rollout), ...noted];
    return (await this.#database.ask(CHANGE, values)).length > 0;
  }

  async note(line: JournalLine): Promise<void> {
    const [at, action, by, detail] = journalValues(line);
    await this.#database.ask(NOTE, [at, line.flow, action, by, detail]);
  }

  async smallerSide(rollout: Sides, limit: number): Promise<number> {
    const [row] = await this.#database.ask<{ calls: number }>(SMALLER_SIDE, sidesOf(rollout, limit));
    return row?.calls ?? 0;
  }

  async callsOf(rollout: Rollout, limit: number): Promise<readonly ArmCall[]> {
    const rows = await this.#database.ask<CallRow>(CALLS, sidesOf(rollout, limit));
    return rows.map(({ arm, result, to_person_ms: toPersonMs }) => ({
      arm,
      talked: toPersonMs !== null,
      ...(result === null ? {} : { result }),
      ...(toPersonMs === null ? {} : { toPersonMs }),
    }));
  }
}

function sidesOf({ startedAtMs, flow, baseline, candidate }: Sides, limit: number): readonly unknown[] {
  return [startedAtMs, flow, baseline, candidate, limit];
}

function journalValues({ atMs, action, by, detail }: JournalLine): readonly unknown[] {
  return [atMs, action, cleanText(by), toJson(detail)];
}

function storedOf(row: RolloutRow | undefined): StoredRollout | undefined {
  return row === undefined ? undefined : { version: row.version, rollout: row.data };
}

function pageOf(limit: number): number {
  return Math.max(1, Math.min(PAGE_MAX, Math.trunc(limit)));
}
