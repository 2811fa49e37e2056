// Steps of flows counted from the record, by how they were left.
import { sql } from 'kysely';
import type { StepOutcome, StepStore } from '../../../app/walkers/steps-today.js';
import type { Database } from '../database.js';

/** Different steps and outcomes of a day; beyond it the rarest are left out. */
export const OUTCOMES_MAX = 10_000;

interface Row {
  readonly step: string;
  readonly outcome: string;
  readonly count: string;
}

export class PostgresFlowSteps implements StepStore {
  constructor(private readonly database: Database) {}

  async outcomesSince(sinceMs: number): Promise<readonly StepOutcome[]> {
    const { rows } = await this.database.run((db) =>
      sql<Row>`
        select data ->> 'step' as step, data ->> 'outcome' as outcome, count(*) as count
        from interaction_event
        where type = 'flow-step' and at >= ${new Date(sinceMs)}
        group by 1, 2
        order by 3 desc
        limit ${OUTCOMES_MAX}`.execute(db),
    );
    return rows.map(({ step: place, outcome, count }) => {
      const [flow = '', step = ''] = place.split('/');
      return { flow, step, outcome, count: Number(count) };
    });
  }
}
