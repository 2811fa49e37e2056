// Agents in other teams than their file says: put there by supervisors, for a while or until further notice.
import { z } from 'zod';
import { teamList, teamWish } from '../../contract/floor/changes.js';
import { name } from '../../contract/wire.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';

const tags = ['supervision'];
const params = z.object({ id: name });
const MINUTE_MS = 60_000;

export function teamRoutes(api: Api, { teams, agents, audit }: Pick<ApiServices, 'teams' | 'agents' | 'audit'>): void {
  api.get(
    '/api/teams',
    rule('supervisor', { tags, summary: 'The teams, and who is in another one for now', response: { 200: teamList } }),
    async () => ({
      teams: teams.names(),
      moves: agents.all().flatMap(({ config }) => {
        const move = teams.of(config.name);
        if (move === undefined) return [];
        const { agent, team, by, atMs, untilMs } = move;
        return [{ agent, team, by, since: iso(atMs), ...(untilMs === undefined ? {} : { until: iso(untilMs) }) }];
      }),
    }),
  );

  api.put(
    '/api/agents/:id/team',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Put an agent into another team',
        description: 'In force with the next decision; the file of the centre stays as it is.',
        params,
        body: teamWish,
        response: { 204: z.null() },
      },
      ['not-found', 'invalid-input', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { team, minutes } = request.body;
      const by = userOf(request).name;
      const detail = minutes === undefined ? { team } : { team, minutes };
      await audit.note({ by, act: 'agent-moved', on: request.params.id, detail });
      await teams.move(request.params.id, team, minutes === undefined ? undefined : minutes * MINUTE_MS, by);
      return reply.code(204).send(null);
    },
  );

  api.delete(
    '/api/agents/:id/team',
    rule('supervisor', { tags, summary: 'Into the team of the file again', params, response: { 204: z.null() } }, [
      'not-found',
      'store-unavailable',
    ]),
    async (request, reply) => {
      await audit.note({ by: userOf(request).name, act: 'agent-moved-back', on: request.params.id });
      await teams.back(request.params.id);
      return reply.code(204).send(null);
    },
  );
}
