// Messages and tasks: put into a queue, offered to agents, taken, refused and finished.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { Doer } from '../../app/floor/works.js';
import type { UserRow } from '../../app/users.js';
import { name } from '../../contract/wire.js';
import { newWork, newWorkAnswer, type WireWork, work, workList } from '../../contract/work.js';
import { type Work, worksOf } from '../../core/acd/work/work.js';
import { atLeast, rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';

const tags = ['works'];
const id = z.string().min(1).max(64);

type Services = Pick<ApiServices, 'works' | 'agents' | 'callOffers' | 'conversations'>;

export function workRoutes(api: Api, services: Services): void {
  entryRoutes(api, services);
  offerRoutes(api, services);
  finishRoute(api, services);
}

/** What waits. */
function entryRoutes(api: Api, { works }: Pick<ApiServices, 'works'>): void {
  api.post(
    '/api/queues/:id/entries',
    rule(
      'agent',
      {
        tags,
        summary: 'Put a task or message into a queue',
        description: 'It waits and is offered like a call, to agents who may have it beside what they do.',
        params: z.object({ id: name }),
        body: newWork,
        response: { 201: newWorkAnswer },
      },
      ['not-found', 'wrong-state', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { kind, title, priority, contact, interaction } = request.body;
      const opened = await works.open({
        ...{ queue: request.params.id, kind, title },
        ...(priority === undefined ? {} : { priority }),
        ...(contact === undefined ? {} : { contact }),
        ...(interaction === undefined ? {} : { interaction }),
      });
      return reply.code(201).send({ id: opened.entry, interaction: opened.interaction });
    },
  );

  api.delete(
    '/api/queues/:id/entries/:entry',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Take a task or message out of its queue',
        params: z.object({ id: name, entry: id }),
        response: { 204: z.null() },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      await works.cancel(request.params.id, request.params.entry);
      return reply.code(204).send(null);
    },
  );
}

/** What agents are offered and have. */
function offerRoutes(api: Api, { works, agents, callOffers }: Services): void {
  api.get(
    '/api/agents/:id/works',
    rule(
      'agent',
      {
        tags,
        summary: 'Messages and tasks of an agent, offers included',
        params: z.object({ id: name }),
        response: { 200: workList },
      },
      ['not-found'],
    ),
    async (request) => {
      const known = agents.one(request.params.id);
      if (known === undefined) throw new HiloError('not-found', `there is no agent ${request.params.id}`);
      return { works: worksOf(known.presence).map(workView) };
    },
  );

  api.post(
    '/api/offers/:id/accept',
    rule(
      'agent',
      { tags, summary: 'Take a message or task that is offered', params: z.object({ id }), response: { 200: work } },
      ['not-found', 'wrong-state', 'store-unavailable'],
    ),
    async (request) => workView(await works.accept(request.params.id, doerOf(userOf(request)))),
  );

  api.post(
    '/api/offers/:id/refuse',
    rule(
      'agent',
      {
        tags,
        summary: 'Leave it to somebody else',
        description: 'Of a call, message or task. A call stops ringing at the agent’s phones and keeps its place.',
        params: z.object({ id }),
        response: { 204: z.null() },
      },
      ['not-found', 'wrong-state', 'store-unavailable'],
    ),
    async (request, reply) => {
      const doer = doerOf(userOf(request));
      if (!(await callOffers.refuse(request.params.id, doer))) await works.refuse(request.params.id, doer);
      return reply.code(204).send(null);
    },
  );
}

function finishRoute(api: Api, { works, conversations }: Services): void {
  api.post(
    '/api/works/:id/finish',
    rule(
      'agent',
      {
        tags,
        summary: 'It is done',
        description:
          'A conversation whose queue wants to know what it was about is closed by POST /api/conversations/{id}/close.',
        params: z.object({ id }),
        response: { 204: z.null() },
      },
      ['not-found', 'not-allowed', 'wrong-state', 'store-unavailable'],
    ),
    async (request, reply) => {
      const [{ id: entry }, doer] = [request.params, doerOf(userOf(request))];
      if (!(await conversations.conversationDesk.finish(entry, doer))) await works.finish(entry, doer);
      return reply.code(204).send(null);
    },
  );
}

function doerOf(user: UserRow): Doer {
  return { name: user.name, forOthers: atLeast(user, 'supervisor') };
}

function workView(one: Work): WireWork {
  const { entry, kind, queue, interaction, sinceMs } = one;
  const base = { id: entry, kind, queue, interaction, since: iso(sinceMs) };
  if (one.state === 'open') return { ...base, state: 'open' };
  return { ...base, state: 'offered', offer: one.offer, expiresAt: iso(one.expiresAtMs) };
}
