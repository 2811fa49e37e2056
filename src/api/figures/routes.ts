// The figures of the queues: as JSON for pages and programs, as CSV for spreadsheets.
import { DateTime } from 'luxon';
import { z } from 'zod';
import { STEPS } from '../../app/figures/figure-store.js';
import type { FiguresAnswer } from '../../app/figures/figures.js';
import { figuresAnswer } from '../../contract/figures/figures.js';
import { name } from '../../contract/wire.js';
import { type Averages, averagesOf, type Counts, SUMS } from '../../core/interaction/figures/counts.js';
import { csvText } from '../../lib/csv.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso, parseTime } from '../view/time.js';

const tags = ['figures'];
const time = z.string().min(4).max(40).optional();
const AVERAGES: readonly (keyof Averages)[] = ['serviceLevel', 'abandonRate', 'asaMs', 'averageAbandonMs', 'ahtMs'];

const ANSWER = {
  description: 'Each figure with its formula and unit.',
  content: { 'application/json': { schema: figuresAnswer }, 'text/csv': { schema: z.string() } },
};

export function figureRoutes(api: Api, { figures, centre }: Pick<ApiServices, 'figures' | 'centre'>): void {
  api.get(
    '/api/figures',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Offered, answered, abandoned, service level, ASA, AHT, call-backs: per queue and quarter of an hour',
        description:
          'Today unless asked for another time. The figures follow the record within a few seconds. With ' +
          '`Accept: text/csv` the rows come as CSV with the averages of each. The thresholds (`service-level`, ' +
          '`short-abandon`) are those in force when a call was counted.',
        querystring: z.strictObject({
          day: z.string().max(20).optional().describe('`today`, `yesterday`, or a date of the centre: 2026-01-05.'),
          from: time.describe('Instead of `day`: at or after this date or time; taken down to a quarter of an hour.'),
          to: time.describe('… and before this one, up to a quarter of an hour; now when left out.'),
          queue: name.optional().describe('Only this one.'),
          format: z.literal('csv').optional().describe('The same as `Accept: text/csv`, for links.'),
          step: z.enum(STEPS).default('quarter').describe('What the rows are added up by, on the clock of the centre.'),
        }),
        headers: z.object({ accept: z.string().max(500).optional() }),
        response: { 200: ANSWER },
      },
      ['invalid-input', 'too-large', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { day, from, to, queue, step, format } = request.query;
      const { timeZone } = centre();
      const answer = await figures.read({
        step,
        ...(day === undefined ? {} : { day }),
        ...(from === undefined ? {} : { fromMs: parseTime('from', from, timeZone) }),
        ...(to === undefined ? {} : { toMs: parseTime('to', to, timeZone) }),
        ...(queue === undefined ? {} : { queue }),
      });
      reply.header('vary', 'accept');
      if (format === undefined && !wantsCsv(request.headers.accept)) return reply.send({ ...viewOf(answer), step });
      const file = `hilo-${DateTime.fromMillis(answer.fromMs, { zone: timeZone }).toFormat('yyyy-MM-dd')}.csv`;
      reply.header('content-disposition', `attachment; filename="${file}"`);
      return reply.type('text/csv; charset=utf-8').send(csv(answer));
    },
  );

  api.post(
    '/api/figures/rebuild',
    rule(
      'admin',
      {
        tags,
        summary: 'Count all figures again from the record',
        description: 'With the thresholds of now. Until `uncounted` is near 0 again the figures are incomplete.',
        response: { 202: z.null() },
      },
      ['store-unavailable'],
    ),
    async (_request, reply) => {
      await figures.rebuild();
      return reply.code(202).send(null);
    },
  );
}

function viewOf({ fromMs, toMs, timeZone, uncounted, total, queues, rows }: FiguresAnswer) {
  return {
    ...{ from: iso(fromMs), to: iso(toMs), timeZone, uncounted, total: withAverages(total) },
    queues: queues.map((one) => ({ queue: one.queue, total: withAverages(one.total) })),
    rows: rows.map(({ startMs, queue, counts }) => ({ start: iso(startMs), queue, ...counts })),
  };
}

function withAverages(counts: Counts): Counts & Averages {
  return { ...counts, ...averagesOf(counts) };
}

function csv({ rows, timeZone }: FiguresAnswer): string {
  const names = [...SUMS, 'longestWaitMs'] as const;
  const lines = rows.map(({ startMs, queue, counts }) => {
    const averages = averagesOf(counts);
    const start = DateTime.fromMillis(startMs, { zone: timeZone }).toISO({ suppressMilliseconds: true }) ?? '';
    return [start, queue, ...names.map((one) => counts[one]), ...AVERAGES.map((one) => averages[one] ?? '')];
  });
  return csvText([['start', 'queue', ...names, ...AVERAGES], ...lines]);
}

/** Only who names it gets it: browsers accept everything. */
function wantsCsv(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((type) => type.trim().toLowerCase().startsWith('text/csv'));
}
