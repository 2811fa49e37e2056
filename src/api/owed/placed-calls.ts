// Click-to-call: an agent has a customer called, is rung first, and may think better of it.
import { z } from 'zod';
import type { PlacedCallView } from '../../app/callback/placed-call.js';
import {
  lastPlacedCall,
  placedCall,
  placeWish,
  placingQueues,
  type WirePlacedCall,
} from '../../contract/owed/placed-call.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import { ruleOf } from '../nodes/held.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';

const tags = ['call-backs'];
const params = z.object({ id: z.string().min(1).max(64) });

export type PlacedCallServices = Pick<ApiServices, 'placedCalls' | 'audit'>;

export function placedCallRoutes(api: Api, services: PlacedCallServices): void {
  const { placedCalls, audit } = services;
  queuesRoute(api, services);
  api.post(
    '/api/placed-calls',
    rule(
      'agent',
      {
        tags,
        summary: 'Call a customer: your own telephone rings first, then theirs',
        description:
          'For agents of the centre, on whichever telephone they have chosen. Only numbers that the centre may call; the call ' +
          'belongs to the interaction that is named, or in which something is owed to the number, else to a new one. ' +
          'A call-back that is promised there counts as attempted now. `why.reason` of a refusal: not-an-agent, no-phone, ' +
          'agent-busy, taken (`why.agent` has the customer), customer-on-line, no-number, not-a-number, premium-number, ' +
          'prefix-not-allowed, prefix-denied, unknown-queue, not-your-queue.',
        body: placeWish,
        response: { 202: placedCall },
      },
      ['invalid-input', 'not-found', 'not-allowed', 'wrong-state', 'too-many-requests', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { name: agent } = userOf(request);
      const { interaction, number, queue } = request.body;
      const detail = {
        ...(number === undefined ? {} : { number }),
        ...(queue === undefined ? {} : { queue }),
      };
      await audit.note({ by: agent, act: 'call-placed', on: interaction ?? number ?? '', detail });
      const placed = await placedCalls.place({
        agent,
        ...(interaction === undefined ? {} : { interaction }),
        ...detail,
      });
      return reply.code(202).send(placedCallView(placed));
    },
  );

  api.get(
    '/api/placed-calls',
    rule('agent', {
      tags,
      summary: 'How far the call has come that you placed last',
      response: { 200: lastPlacedCall },
    }),
    async (request) => {
      const last = placedCalls.of(userOf(request).name);
      return { call: last === undefined ? null : placedCallView(last) };
    },
  );

  api.delete(
    '/api/placed-calls/:id',
    ruleOf(
      'own-talk',
      'agent',
      { tags, summary: 'Have a call of yours no longer ring', params, response: { 204: z.null() } },
      ['not-found'],
    ),
    async (request, reply) => {
      placedCalls.cancel(userOf(request).name, request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function queuesRoute(api: Api, { placedCalls }: PlacedCallServices): void {
  api.get(
    '/api/placed-calls/queues',
    rule('agent', {
      tags,
      summary: 'Queues on whose behalf you may call: they decide on recording and wrap-up',
      response: { 200: placingQueues },
    }),
    async (request) => ({
      queues: placedCalls.queuesOf(userOf(request).name).map(({ name: id, title }) => ({ id, title })),
    }),
  );
}

export function placedCallView({ progress, placedAtMs, ...call }: PlacedCallView): WirePlacedCall {
  const shown = { ...call, placedAt: iso(placedAtMs), state: progress.state };
  if (progress.state !== 'over') return shown;
  if (progress.result === 'talked') return { ...shown, result: 'talked' };
  const result = progress.who === 'agent' ? 'agent-not-reached' : 'customer-not-reached';
  return { ...shown, result, reason: progress.reason };
}
