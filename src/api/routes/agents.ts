// The agents: what they are doing, and the wish to be available, on a break or away.
import { z } from 'zod';
import { NO_REASON } from '../../app/desk/desk.js';
import { HiloError } from '../../app/errors.js';
import type { UserRow } from '../../app/users.js';
import { agent, agentList, stateWish } from '../../contract/agent.js';
import { name } from '../../contract/wire.js';
import type { ResumeState } from '../../core/acd/agent.js';
import { atLeast, rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { agentView } from '../view/agent.js';

const tags = ['agents'];
const params = z.object({ id: name });

export function agentRoutes(api: Api, { agents, desk, audit }: Pick<ApiServices, 'agents' | 'desk' | 'audit'>): void {
  const view = (id: string) => {
    const known = agents.one(id);
    if (known === undefined) throw new HiloError('not-found', `there is no agent ${id}`);
    return agentView(known);
  };

  api.get(
    '/api/agents',
    rule('agent', { tags, summary: 'All agents and their states', response: { 200: agentList } }),
    async () => ({ agents: agents.all().map(agentView) }),
  );

  api.get(
    '/api/agents/:id/state',
    rule('agent', { tags, summary: 'One agent and the present state', params, response: { 200: agent } }, [
      'not-found',
    ]),
    async (request) => view(request.params.id),
  );

  api.post(
    '/api/agents/:id/state',
    rule(
      'agent',
      {
        tags,
        summary: 'Ask for a state',
        description:
          'Agents ask for their own, supervisors for anybody. While a call rings or goes on the wish is kept and taken afterwards.',
        params,
        body: stateWish,
        response: { 200: agent },
      },
      ['not-found', 'invalid-input', 'wrong-state', 'store-unavailable'],
    ),
    async (request) => {
      const { id } = request.params;
      const user = userOf(request);
      mayChange(user, id);
      const wish = wishOf(request.body);
      if (user.name !== id) {
        await audit.note({ by: user.name, act: 'agent-state-changed', on: id, detail: { state: wish.state } });
      }
      await desk.setState(id, wish);
      return view(id);
    },
  );
}

function mayChange(user: UserRow, agent: string): void {
  if (user.name === agent || atLeast(user, 'supervisor')) return;
  throw new HiloError('not-allowed', `${user.name} may change only their own state`);
}

function wishOf({ state, reason = NO_REASON }: z.infer<typeof stateWish>): ResumeState {
  switch (state) {
    case 'busy':
    case 'wrap-up':
      throw new HiloError(
        'wrong-state',
        `${state} follows from calls and cannot be asked for; ask for a break instead`,
      );
    case 'break':
      return { state, reason };
    default:
      return { state };
  }
}
