// The audit log: who did what to what, and when; page by page, or as a table for a spreadsheet.
import type { z } from 'zod';
import type { AuditQuery } from '../../app/audit.js';
import { auditFilter, auditPage, auditQuery } from '../../contract/account/account.js';
import { csvText } from '../../lib/csv.js';
import { rule, userOf } from '../access.js';
import { type Api, textAnswer } from '../api.js';
import type { ApiServices } from '../services.js';
import { auditView } from './view.js';

const tags = ['accounts'];
/** Lines of one table; the filter leads to the older ones. */
export const CSV_LINES_MAX = 10_000;
const CSV_PAGE = 500;

export function auditRoutes(api: Api, { audit }: Pick<ApiServices, 'audit'>): void {
  api.get(
    '/api/audit',
    rule('admin', {
      tags,
      summary: 'Who did what, newest first',
      querystring: auditQuery,
      response: { 200: auditPage },
    }),
    async (request) => {
      const { before, limit, ...filter } = request.query;
      const query = { ...wanted(filter), ...(before === undefined ? {} : { before }) };
      // One more than is shown tells whether there is a next page.
      const found = await audit.find({ ...query, limit: limit + 1 });
      const lines = auditView(found.slice(0, limit));
      const last = lines.at(-1);
      return { lines, ...(found.length > limit && last !== undefined ? { next: last.number } : {}) };
    },
  );

  api.get(
    '/api/audit/csv',
    rule('admin', {
      tags,
      summary: 'The same as a table (CSV)',
      description: `At most ${CSV_LINES_MAX} lines. Cells that a spreadsheet would run begin with an apostrophe.`,
      querystring: auditFilter,
      response: { 200: textAnswer('text/csv', 'With a line of titles.') },
    }),
    async (request, reply) => {
      await audit.note({ by: userOf(request).name, act: 'audit-exported', on: 'audit' });
      const lines = auditView(await allOf(audit, wanted(request.query)));
      const rows = lines.map(({ number, at, by, act, on, detail }) => [
        number,
        at,
        by,
        act,
        on,
        JSON.stringify(detail),
      ]);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="hilo-audit.csv"')
        .send(csvText([['number', 'at', 'by', 'act', 'on', 'detail'], ...rows]));
    },
  );
}

async function allOf(audit: ApiServices['audit'], query: Omit<AuditQuery, 'limit'>) {
  const lines = [...(await audit.find({ ...query, limit: CSV_PAGE }))];
  for (let more = lines.length === CSV_PAGE; more && lines.length < CSV_LINES_MAX; ) {
    const before = lines.at(-1)?.number ?? 0;
    const page = await audit.find({ ...query, before, limit: CSV_PAGE });
    lines.push(...page);
    more = page.length === CSV_PAGE;
  }
  return lines.slice(0, CSV_LINES_MAX);
}

function wanted({ by, act, on, from, to }: z.output<typeof auditFilter>): Omit<AuditQuery, 'limit'> {
  return {
    ...(by === undefined ? {} : { by }),
    ...(act === undefined ? {} : { act }),
    ...(on === undefined ? {} : { on }),
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(to === undefined ? {} : { toMs: Date.parse(to) }),
  };
}
