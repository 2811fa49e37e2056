// A flow as a whole: what goes on in it today, what refers to it, another name for it, and its end.
import { z } from 'zod';
import { note } from '../../contract/revision.js';
import { flowReferences, newFlowName, renamedFlow } from '../../contract/studio/flow-name.js';
import { flowToday } from '../../contract/studio/flow-today.js';
import { name } from '../../contract/wire.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiLimits } from '../limits.js';
import type { ApiServices } from '../services.js';
import { centreNameRoutes } from './centre-names.js';
import { ifMatch, overOf } from './over.js';
import { publicationRoutes } from './publication.js';

const tags = ['flows'];
const params = z.object({ name: name.describe('Of the flow.') });

function todayRoute(api: Api, { stepsToday, flows }: Pick<ApiServices, 'stepsToday' | 'flows'>): void {
  api.get(
    '/api/flows/:name/today',
    rule(
      'supervisor',
      { tags, summary: 'How often each step was left today, and how', params, response: { 200: flowToday } },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      const { name: flow } = request.params;
      // Of a flow that is there.
      flows.source(flow);
      const { sinceMs, steps } = await stepsToday.of(flow);
      return { since: new Date(sinceMs).toISOString(), steps: [...steps] };
    },
  );
}

type Services = Pick<
  ApiServices,
  'flowNames' | 'centreNames' | 'flows' | 'flowHistory' | 'stepsToday' | 'audit' | 'clock'
>;

export function flowNameRoutes(api: Api, services: Services, limits: ApiLimits): void {
  const { flowNames, flows, audit } = services;
  todayRoute(api, services);
  publicationRoutes(api, services, limits);
  centreNameRoutes(api, services);
  api.get(
    '/api/flows/:name/references',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Where a flow is named: numbers, other flows, tests',
        params,
        response: { 200: flowReferences },
      },
      ['not-found'],
    ),
    async (request) => ({ references: [...(await flowNames.references(request.params.name))] }),
  );

  api.delete(
    '/api/flows/:name',
    rule(
      'admin',
      {
        tags,
        summary: 'Take a flow and its tests away; calls in it go on',
        description: '`wrong-state`: other texts name it. Its revisions stay: publishing one of them brings it back.',
        params,
        headers: z.object({ 'if-match': ifMatch }),
        querystring: z.strictObject({ note: note.default('') }),
        response: { 204: z.null() },
      },
      ['not-found', 'wrong-state', 'invalid-flow', 'version-conflict', 'store-unavailable'],
    ),
    async (request, reply) => {
      const publication = { author: userOf(request).name, note: request.query.note };
      await flowNames.remove(request.params.name, { ...publication, ...overOf(request.headers['if-match']) });
      await audit.note({ by: publication.author, act: 'flow-removed', on: request.params.name });
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/api/flows/:name/rename',
    rule(
      'admin',
      {
        tags,
        summary: 'Another name for a flow and its tests, in every text that names it',
        description:
          'The record and the figures know calls of the past by the old name. A staged roll-out of the flow is ended.',
        params,
        headers: z.object({ 'if-match': ifMatch }),
        body: newFlowName,
        response: { 200: renamedFlow },
      },
      ['not-found', 'wrong-state', 'invalid-input', 'invalid-flow', 'version-conflict', 'store-unavailable'],
    ),
    async (request) => {
      const { to, note: why } = request.body;
      const publication = { author: userOf(request).name, note: why, ...overOf(request.headers['if-match']) };
      const files = await flowNames.rename(request.params.name, to, publication);
      await audit.note({ by: publication.author, act: 'flow-renamed', on: request.params.name, detail: { to } });
      return { name: to, revision: flows.source(to).revision, files: [...files] };
    },
  );
}
