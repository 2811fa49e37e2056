// Revisions of a text: who wrote what and when, what changed, and the way back.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { published } from '../../contract/flow.js';
import { diff, journal, revisionId, revisionList, rollbackRequest } from '../../contract/revision.js';
import { name } from '../../contract/wire.js';
import { rule, userOf } from '../access.js';
import { type Api, textAnswer } from '../api.js';
import type { ApiServices } from '../services.js';
import { diffView, journalView, type Text } from '../view/rollout.js';

const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;
const CURRENT = 'current';
const tags = ['flows'];
const params = z.object({ name: name.describe('Of the flow, or `centre`.') });
const page = z.strictObject({ limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT) });
const ofDiff = z.strictObject({
  from: revisionId,
  to: revisionId.default(CURRENT).describe('`current`: the text in force.'),
});

type Services = Pick<ApiServices, 'flows' | 'flowHistory' | 'audit' | 'clock'>;

export function revisionRoutes(api: Api, services: Services): void {
  readingRoutes(api, services);
  diffRoute(api, services);
  rollbackRoute(api, services);
}

function readingRoutes(api: Api, { flows, flowHistory }: Pick<ApiServices, 'flows' | 'flowHistory'>): void {
  api.get(
    '/api/flows/:name/revisions',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Revisions of a text, newest first',
        params,
        querystring: page,
        response: { 200: revisionList },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      const flow = request.params.name;
      const revisions = await flowHistory.revisions(flow, request.query.limit);
      const inForce = flow === 'centre' || flows.names().includes(flow) ? flows.source(flow).revision : undefined;
      if (revisions.length === 0 && inForce === undefined) throw new HiloError('not-found', `there is no flow ${flow}`);
      const lines = revisions.map(({ atMs, ...line }) => ({ ...line, at: new Date(atMs).toISOString() }));
      return { name: flow, ...(inForce === undefined ? {} : { inForce }), revisions: lines };
    },
  );

  api.get(
    '/api/flows/:name/revisions/:revision',
    rule(
      'supervisor',
      {
        tags,
        summary: 'The text of one revision',
        params: params.extend({ revision: revisionId }),
        response: { 200: textAnswer('text/yaml', 'The text.') },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { name: flow, revision } = request.params;
      const { text } = await textOf({ flows, flowHistory }, flow, revision);
      return reply.type('text/yaml; charset=utf-8').send(text);
    },
  );

  api.get(
    '/api/flows/:name/journal',
    rule(
      'supervisor',
      { tags, summary: 'What was done with a text and by whom', params, querystring: page, response: { 200: journal } },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      const { limit } = request.query;
      const flow = request.params.name;
      const [published_, lines] = await Promise.all([
        flowHistory.revisions(flow, limit),
        flowHistory.journal(flow, limit),
      ]);
      if (published_.length + lines.length === 0) throw new HiloError('not-found', `there is no flow ${flow}`);
      return { lines: journalView(published_, lines).lines.slice(0, limit) };
    },
  );
}

function diffRoute(api: Api, services: Pick<ApiServices, 'flows' | 'flowHistory'>): void {
  api.get(
    '/api/flows/:name/diff',
    rule(
      'supervisor',
      {
        tags,
        summary: 'What changed between two revisions: line by line, and step by step',
        params,
        querystring: ofDiff,
        response: { 200: diff },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      const flow = request.params.name;
      const { from, to } = request.query;
      const [before, after] = await Promise.all([textOf(services, flow, from), textOf(services, flow, to)]);
      return diffView(flow, before, after);
    },
  );
}

function rollbackRoute(api: Api, services: Services): void {
  const { flows, flowHistory, audit, clock } = services;
  api.post(
    '/api/flows/:name/rollback',
    rule(
      'admin',
      {
        tags,
        summary: 'Put an older revision in force again',
        description:
          'It is checked against the other texts as they are now; with mistakes nothing changes. Tests are not asked: they ' +
          'may be younger than it is, and the way back is for when it is urgent.',
        params,
        body: rollbackRequest,
        response: { 200: published },
      },
      ['not-found', 'wrong-state', 'invalid-flow', 'version-conflict', 'store-unavailable'],
    ),
    async (request) => {
      const flow = request.params.name;
      const by = userOf(request).name;
      const { revision, note = `back to ${revision}` } = request.body;
      const from = flows.source(flow).revision;
      const { text } = await textOf(services, flow, revision);
      if (flows.revisionOf(flow, text) === from) throw new HiloError('wrong-state', `${from} of ${flow} is in force`);
      const now = await flows.publish(flow, text, { author: by, note, proof: 'untested', over: from });
      const detail = { from, to: now.revision, note };
      await flowHistory.note({ atMs: clock.nowMs(), flow, action: 'rolled-back', by, detail });
      await audit.note({ by, act: 'text-rolled-back', on: flow, detail: { from, to: now.revision } });
      return { name: flow, revision: now.revision };
    },
  );
}

/** Rejects with HiloError `not-found`. */
async function textOf(
  { flows, flowHistory }: Pick<ApiServices, 'flows' | 'flowHistory'>,
  flow: string,
  revision: string,
): Promise<Text> {
  if (revision === CURRENT) return flows.source(flow);
  const text = await flowHistory.textOf(flow, revision);
  if (text === undefined) throw new HiloError('not-found', `${flow} has no revision ${revision}`);
  return { revision, text };
}
