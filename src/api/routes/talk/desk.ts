// What agents do besides talking: ending the wrap-up, saying what a call was about; their skills, and how they spent their time.
import { z } from 'zod';
import type { AskedSpan, Span } from '../../../app/desk/agent-history.js';
import { HiloError } from '../../../app/errors.js';
import type { UserRow } from '../../../app/users.js';
import { agent as agentShape, type WireAgent } from '../../../contract/agent.js';
import {
  agentDecisions,
  agentPresence,
  agentTimes,
  breakList,
  dispositionWish,
  noteWish,
  skillsWish,
  type WireTimes,
  wrapUpWish,
} from '../../../contract/talk/desk.js';
import { name } from '../../../contract/wire.js';
import { atLeast, rule, userOf } from '../../access.js';
import type { Api } from '../../api.js';
import type { ApiServices } from '../../services.js';
import { agentView } from '../../view/agent.js';
import { iso, parseTime } from '../../view/time.js';

const tags = ['agents'];
const params = z.object({ id: name });
const ofInteraction = z.object({ id: z.string().max(64) });
/** Facts of the audit are short. */
const MAX_TOLD_CHARS = 200;
const bound = z.string().min(4).max(40).optional();

type Services = Pick<ApiServices, 'agents' | 'desk' | 'agentSkills' | 'agentHistory' | 'centre' | 'audit'>;

export function deskRoutes(api: Api, services: Services): void {
  breaksRoute(api, services);
  wrapUpRoute(api, services);
  skillRoutes(api, services);
  timesRoute(api, services);
  presenceRoute(api, services);
  recordRoutes(api, services);
}

function viewOf({ agents }: Services, id: string): WireAgent {
  const known = agents.one(id);
  if (known === undefined) throw new HiloError('not-found', `there is no agent ${id}`);
  return agentView(known);
}

function breaksRoute(api: Api, { centre }: Services): void {
  api.get(
    '/api/breaks',
    rule('agent', { tags, summary: 'The breaks that agents may take', response: { 200: breakList } }),
    async () => ({
      breaks: [...centre().breaks.values()].map(({ name: id, title, paid }) => ({
        name: id,
        title: { ...title },
        paid,
      })),
    }),
  );
}

function wrapUpRoute(api: Api, services: Services): void {
  const { desk } = services;
  api.post(
    '/api/agents/:id/wrap-up',
    rule(
      'agent',
      {
        tags,
        summary: 'End the wrap-up, or prolong it',
        description:
          'Agents their own, supervisors anybody’s. `wrong-state` where the queue wants a disposition first.',
        params,
        body: wrapUpWish,
        response: { 200: agentShape },
      },
      ['not-found', 'wrong-state', 'store-unavailable'],
    ),
    async (request) => {
      const { id } = request.params;
      ownOrSupervisor(userOf(request), id);
      if (request.body.action === 'finish') await desk.finishWrapUp(id);
      else await desk.prolongWrapUp(id);
      return viewOf(services, id);
    },
  );
}

function skillRoutes(api: Api, services: Services): void {
  const { agentSkills, audit } = services;
  api.patch(
    '/api/agents/:id',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Give an agent other skills',
        description: 'Valid for the next decision, kept over restarts, and written down with who did it.',
        params,
        body: skillsWish,
        response: { 200: agentShape },
      },
      ['not-found', 'invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const { id } = request.params;
      const { skills } = request.body;
      const by = userOf(request).name;
      const given = Object.entries(skills ?? {}).map(([skill, level]) => `${skill} ${level}`);
      const told = skills === null ? 'as in the file' : given.join(', ').slice(0, MAX_TOLD_CHARS);
      await audit.note({ by, act: 'agent-skills-changed', on: id, detail: { skills: told } });
      await agentSkills.set(id, skills ?? undefined, by);
      return viewOf(services, id);
    },
  );

  api.get(
    '/api/agents/:id/decisions',
    rule(
      'supervisor',
      { tags, summary: 'Who gave an agent which skills when, newest first', params, response: { 200: agentDecisions } },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      viewOf(services, request.params.id);
      const made = await agentSkills.decisions(request.params.id);
      return { decisions: made.map(({ atMs, by, skills }) => ({ at: iso(atMs), by, skills: skills ?? null })) };
    },
  );
}

function timesRoute(api: Api, services: Services): void {
  const { agentHistory, centre } = services;
  api.get(
    '/api/agents/:id/times',
    rule(
      'agent',
      {
        tags,
        summary: 'How an agent spent the time, in all and by day',
        description: 'Agents see their own, supervisors anybody’s. Today when left out; never beyond now.',
        params,
        querystring: z.strictObject({ from: bound, to: bound }),
        response: { 200: agentTimes },
      },
      ['not-found', 'invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const { id } = request.params;
      viewOf(services, id);
      ownOrSupervisor(userOf(request), id);
      const { total, days } = await agentHistory.times(id, spanAsked(request.query, centre().timeZone));
      return { total: spanView(total), days: days.map(({ day, ...span }) => ({ day, ...spanView(span) })) };
    },
  );
}

function presenceRoute(api: Api, services: Services): void {
  const { agentHistory, centre } = services;
  api.get(
    '/api/agents/:id/presence',
    rule(
      'supervisor',
      {
        tags,
        summary: 'When an agent came into which state',
        description: 'Today when left out, two days at most; never beyond now.',
        params,
        querystring: z.strictObject({ from: bound, to: bound }),
        response: { 200: agentPresence },
      },
      ['not-found', 'invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const { id } = request.params;
      const changes = await agentHistory.presence(id, spanAsked(request.query, centre().timeZone));
      return {
        changes: changes.map(({ atMs, state, reason }) => ({
          at: iso(atMs),
          state,
          ...(reason === undefined ? {} : { reason }),
        })),
      };
    },
  );
}

function spanAsked({ from, to }: { from?: string | undefined; to?: string | undefined }, timeZone: string): AskedSpan {
  return {
    ...(from === undefined ? {} : { fromMs: parseTime('from', from, timeZone) }),
    ...(to === undefined ? {} : { toMs: parseTime('to', to, timeZone) }),
  };
}

/** What agents add to the record of a matter. */
function recordRoutes(api: Api, { desk }: Services): void {
  api.post(
    '/api/interactions/:id/disposition',
    rule(
      'agent',
      {
        tags: ['interactions'],
        summary: 'Say what a call was about',
        description: 'Who talked with the customer; said again, the later counts.',
        params: ofInteraction,
        body: dispositionWish,
        response: { 204: z.null() },
      },
      ['not-found', 'not-allowed', 'invalid-input', 'store-unavailable'],
    ),
    async (request, reply) => {
      const user = userOf(request);
      const { code, note, agent } = request.body;
      if (agent !== undefined) ownOrSupervisor(user, agent);
      const given = { code, ...(note === undefined ? {} : { note }), ...(agent === undefined ? {} : { agent }) };
      await desk.dispose(request.params.id, given, user.name);
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/api/interactions/:id/notes',
    rule(
      'agent',
      {
        tags: ['interactions'],
        summary: 'Note something about a matter',
        params: ofInteraction,
        body: noteWish,
        response: { 204: z.null() },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      await desk.note(request.params.id, request.body.text, userOf(request).name);
      return reply.code(204).send(null);
    },
  );
}

function ownOrSupervisor(user: UserRow, agent: string): void {
  if (user.name === agent || atLeast(user, 'supervisor')) return;
  throw new HiloError('not-allowed', `${user.name} may do this only for themselves`);
}

function spanView({ fromMs, toMs, times, atWorkMs, handlingMs, occupancy }: Span): WireTimes['total'] {
  return {
    from: iso(fromMs),
    to: iso(toMs),
    times: times.map((time) => ({ ...time })),
    atWorkMs,
    handlingMs,
    ...(occupancy === undefined ? {} : { occupancy }),
  };
}
