// The figures in PostgreSQL: cells of each queue and quarter of an hour, and how far in the log of facts they have come.
import { CompiledQuery, type Kysely, sql, type Transaction } from 'kysely';
import type { FigureRange, FigureRow, FigureStore } from '../../../app/figures/figure-store.js';
import type { InteractionEvent, RecordedEvent } from '../../../core/interaction/event.js';
import {
  COUNTED,
  contributionOf,
  differenceOf,
  merged,
  type Thresholds,
} from '../../../core/interaction/figures/contribution.js';
import { type Cell, type Counts, SUMS, type Sum } from '../../../core/interaction/figures/counts.js';
import type { Database } from '../database.js';
import type { Schema } from '../schema.js';
import { cleanText } from '../text.js';
import { SettledLog } from './settled.js';

/** Facts in one transaction: their matters are read whole and folded, while the process has calls to tend. */
const BATCH_FACTS = 500;

const COLUMNS = SUMS.map((name) => ({
  name,
  column: columnOf(name),
  type: name.endsWith('Ms') ? 'float8' : 'integer',
}));

const ADD = `
  insert into figure_cell (quarter, queue, longest_wait_ms, ${COLUMNS.map(({ column }) => column).join(', ')})
  select to_timestamp(quarter_ms / 1000), queue, longest_wait_ms, ${COLUMNS.map(({ column }) => column).join(', ')}
  from jsonb_to_recordset($1::jsonb) as cell (quarter_ms float8, queue text, longest_wait_ms float8,
    ${COLUMNS.map(({ column, type }) => `${column} ${type}`).join(', ')})
  on conflict (quarter, queue) do update set
    longest_wait_ms = greatest(figure_cell.longest_wait_ms, excluded.longest_wait_ms),
    ${COLUMNS.map(({ column }) => `${column} = figure_cell.${column} + excluded.${column}`).join(', ')}`;

const SELECTED = COLUMNS.map(({ name, column }) => `sum(${column})::float8 as "${name}"`).join(', ');

interface LogRow {
  readonly interaction_id: string;
  readonly version: number;
  readonly number: number;
  readonly type: InteractionEvent['type'];
  readonly data: unknown;
  readonly at: Date;
}

export class PostgresFigures implements FigureStore {
  readonly #database: Database;
  readonly #log: SettledLog;

  constructor(database: Database) {
    this.#database = database;
    this.#log = new SettledLog(database);
  }

  async advance(thresholds: Thresholds): Promise<{ readonly counted: number }> {
    const settled = await this.#log.upTo();
    const counted = await this.#database.run((db) =>
      db.transaction().execute((transaction) => countNext(transaction, settled, thresholds)),
    );
    return { counted };
  }

  async uncounted(): Promise<number> {
    const [row] = await this.#database.ask<{ left: number }>(
      `select (coalesce((select max(number) from interaction_event), 0) - position)::float8 as left
       from figure_position`,
      [],
    );
    return Math.max(0, row?.left ?? 0);
  }

  async rows(range: FigureRange): Promise<readonly FigureRow[]> {
    const { fromMs, toMs, queue, step, timeZone, limit } = range;
    const start = step === 'quarter' ? 'quarter' : `date_trunc('${step}', quarter, $5)`;
    const rows = await this.#database.ask<Counts & { queue: string; startMs: number }>(
      `select queue, extract(epoch from ${start})::float8 * 1000 as "startMs", ${SELECTED},
         max(longest_wait_ms) as "longestWaitMs"
       from figure_cell
       where quarter >= to_timestamp($1::float8 / 1000) and quarter < to_timestamp($2::float8 / 1000)
         and ($3::text is null or queue = $3) and $5::text is not null
       group by 1, 2 order by 2, 1 limit $4`,
      [fromMs, toMs, queue === undefined ? null : cleanText(queue), limit, timeZone],
    );
    return rows.map(({ queue: name, startMs, ...counts }) => ({ queue: name, startMs, counts }));
  }

  async reset(): Promise<void> {
    await this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        // Waits for a node that is counting, and keeps others away until it is done.
        await sql`update figure_position set position = 0`.execute(transaction);
        await sql`delete from figure_cell`.execute(transaction);
      }),
    );
  }
}

/** Tells how many facts were looked at. */
async function countNext(db: Transaction<Schema>, settled: number, thresholds: Thresholds): Promise<number> {
  const { rows } = await sql<{ position: number }>`
    select position::float8 as position from figure_position for update skip locked`.execute(db);
  const from = rows[0]?.position;
  if (from === undefined || from >= settled) return 0;
  const upTo = Math.min(settled, from + BATCH_FACTS);
  const matters = await mattersWithin(db, from, upTo);
  const changes = matters.flatMap((events) => changeOf(events, { from, upTo }, thresholds));
  await addCells(db, merged(changes));
  await sql`update figure_position set position = ${upTo}`.execute(db);
  return upTo - from;
}

/** All facts of each matter that has counted ones in (from, upTo], in their order. */
async function mattersWithin(db: Kysely<Schema>, from: number, upTo: number): Promise<LogRow[][]> {
  const { rows } = await sql<LogRow>`
    select interaction_id, version, number::float8 as number, type, data, at from interaction_event
    where interaction_id in (
      select interaction_id from interaction_event
      where number > ${from} and number <= ${upTo} and type = any (${[...COUNTED]}::text[]))
    order by interaction_id, version`.execute(db);
  const matters = new Map<string, LogRow[]>();
  for (const row of rows) {
    const matter = matters.get(row.interaction_id);
    if (matter === undefined) matters.set(row.interaction_id, [row]);
    else matter.push(row);
  }
  return [...matters.values()];
}

/**
 * A matter is counted up to its last counted fact within the position. Facts stored by one statement may have their
 * numbers in any order: what the last one presupposes belongs to it.
 */
function changeOf(
  rows: readonly LogRow[],
  { from, upTo }: { readonly from: number; readonly upTo: number },
  thresholds: Thresholds,
): readonly Cell[] {
  const countedBy = (position: number): readonly Cell[] => {
    const last = rows.findLastIndex(({ number, type }) => number <= position && COUNTED.has(type));
    return contributionOf(rows.slice(0, last + 1).map(eventOf), thresholds);
  };
  return differenceOf(countedBy(from), countedBy(upTo));
}

function eventOf({ interaction_id: interaction, version, type, data, at }: LogRow): RecordedEvent {
  return { interaction, version, atMs: at.getTime(), event: { type, data } as InteractionEvent };
}

async function addCells(db: Kysely<Schema>, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return;
  const rows = cells.map(({ queue, quarterMs, counts }) => ({
    ...{ queue, quarter_ms: quarterMs, longest_wait_ms: counts.longestWaitMs },
    ...Object.fromEntries(COLUMNS.map(({ name, column }) => [column, counts[name]])),
  }));
  await db.executeQuery(CompiledQuery.raw(ADD, [JSON.stringify(rows)]));
}

function columnOf(name: Sum): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
