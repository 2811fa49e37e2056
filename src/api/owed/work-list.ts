// The work-list by HTTP: what there is to do, and what people do with it; every act is in the audit before it is done.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { concerns, holderOf } from '../../app/owed/work-list.js';
import {
  callableTimes,
  postponed,
  postponeWish,
  reasonWish,
  settleWish,
  takeWish,
  voicemailWish,
  workList as workListShape,
  workQuery,
} from '../../contract/owed/work-list.js';
import { atLeast, rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso, parseTime } from '../view/time.js';
import { workListView } from './view.js';

const tags = ['call-backs'];
const id = z.string().min(1).max(64);
const params = z.object({ id: id.describe('Id of the interaction.') });
const ACTING = [
  'invalid-input',
  'not-found',
  'not-allowed',
  'wrong-state',
  'too-many-requests',
  'store-unavailable',
] as const;

type Services = Pick<ApiServices, 'workList' | 'workActs' | 'audit' | 'centre'>;

export function workListRoutes(api: Api, services: Services): void {
  readRoute(api, services);
  holdRoutes(api, services);
  callbackRoutes(api, services);
  settleRoutes(api, services);
}

function readRoute(api: Api, { workList, centre }: Services): void {
  api.get(
    '/api/work-list',
    rule(
      'agent',
      {
        tags,
        summary: 'What is owed to customers: call-backs promised, lost and not recovered, voice messages',
        description:
          'Each matter once: who has a call-back coming, or left a message, is not listed as lost besides. Who heard or ' +
          'dealt with a message stands there; its sound is a recording of the interaction.',
        querystring: workQuery,
        response: { 200: workListShape },
      },
      ['invalid-input', 'not-allowed', 'store-unavailable'],
    ),
    async (request) => {
      const user = userOf(request);
      const { scope, done } = request.query;
      if (scope === 'all' && !atLeast(user, 'supervisor')) {
        throw new HiloError('not-allowed', 'agents see the queues that they serve');
      }
      const items = done === 'true' ? await workList.done() : await workList.open();
      if (scope === 'all') return workListView(items);
      return workListView(
        items.filter((item) => (scope === 'mine' ? holderOf(item) === user.name : concerns(item, user.name, centre()))),
      );
    },
  );
}

function holdRoutes(api: Api, { workActs, audit }: Services): void {
  api.post(
    '/api/work-list/:id/take',
    rule(
      'agent',
      {
        tags,
        summary: 'Look after a matter, so that nobody else does',
        description: 'A promised call-back is kept for that agent. `why.reason` `taken`: `why.agent` was quicker.',
        params,
        body: takeWish,
        response: { 204: z.null() },
      },
      ACTING,
    ),
    async (request, reply) => {
      const { agent } = request.body;
      await noted(audit, request, 'matter-taken', agent === undefined ? {} : { agent });
      await workActs.take(request.params.id, userOf(request), agent);
      return reply.code(204).send(null);
    },
  );

  api.delete(
    '/api/work-list/:id/take',
    rule(
      'agent',
      { tags, summary: 'Leave a matter to whoever comes first', params, response: { 204: z.null() } },
      ACTING,
    ),
    async (request, reply) => {
      await noted(audit, request, 'matter-released');
      await workActs.release(request.params.id, userOf(request));
      return reply.code(204).send(null);
    },
  );
}

function callbackRoutes(api: Api, { workActs, audit, centre }: Services): void {
  api.get(
    '/api/work-list/:id/times',
    rule(
      'agent',
      { tags, summary: 'When the customer may be called, the next moments', params, response: { 200: callableTimes } },
      ['not-found', 'wrong-state', 'store-unavailable'],
    ),
    async (request) => ({ times: (await workActs.times(request.params.id)).map(iso) }),
  );

  api.post(
    '/api/work-list/:id/postpone',
    rule(
      'agent',
      {
        tags,
        summary: 'Put a promised call-back off',
        description: 'To the first moment at or after `at` at which the customer may be called.',
        params,
        body: postponeWish,
        response: { 200: postponed },
      },
      ACTING,
    ),
    async (request) => {
      const atMs = parseTime('at', request.body.at, centre().timeZone);
      await noted(audit, request, 'callback-postponed', { at: iso(atMs) });
      const dueAtMs = await workActs.postpone(request.params.id, atMs, userOf(request));
      return { dueAt: iso(dueAtMs), adjusted: dueAtMs !== atMs };
    },
  );

  api.post(
    '/api/work-list/:id/cancel',
    rule(
      'agent',
      {
        tags,
        summary: 'Cancel a promised call-back, with the reason',
        params,
        body: reasonWish,
        response: { 204: z.null() },
      },
      ACTING,
    ),
    async (request, reply) => {
      await noted(audit, request, 'callback-cancelled');
      await workActs.cancel(request.params.id, request.body.reason, userOf(request));
      return reply.code(204).send(null);
    },
  );
}

function settleRoutes(api: Api, { workActs, audit }: Services): void {
  api.post(
    '/api/work-list/:id/settle',
    rule(
      'agent',
      {
        tags,
        summary: 'Say that a lost customer is recovered, or that nothing is to be done',
        params,
        body: settleWish,
        response: { 204: z.null() },
      },
      ACTING,
    ),
    async (request, reply) => {
      const { as, note } = request.body;
      await noted(audit, request, 'lost-settled', { as });
      await workActs.settle(request.params.id, as, note, userOf(request));
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/api/work-list/:id/voicemails/:recording',
    rule(
      'agent',
      {
        tags,
        summary: 'Say that a voice message is dealt with, or that it is not after all',
        params: params.extend({ recording: id }),
        body: voicemailWish,
        response: { 204: z.null() },
      },
      ACTING,
    ),
    async (request, reply) => {
      const { id: interaction, recording } = request.params;
      const { state, note } = request.body;
      await noted(audit, request, state === 'done' ? 'voicemail-done' : 'voicemail-reopened', { recording });
      if (state === 'done') await workActs.done(interaction, recording, note, userOf(request));
      else await workActs.reopen(interaction, recording, userOf(request));
      return reply.code(204).send(null);
    },
  );
}

function noted(
  audit: Services['audit'],
  request: Pick<FastifyRequest, 'user'> & { readonly params: { readonly id: string } },
  act: string,
  detail: Readonly<Record<string, string>> = {},
): Promise<void> {
  return audit.note({ by: userOf(request).name, act, on: request.params.id, detail });
}
