// Call-backs: asked for on the web or by the people of the centre, listed, cancelled; and customers still to be got back.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import {
  callback,
  callbackList,
  callbackWish,
  lostList,
  recoveryFigures,
  wishTaken,
} from '../../contract/callback/callback.js';
import { name } from '../../contract/wire.js';
import { atLeast, rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiLimits } from '../limits.js';
import type { ApiServices } from '../services.js';
import { parseTime } from '../view/time.js';
import { callbackView, lostView } from './view.js';

const LIST_DEFAULT = 50;
const LIST_MAX = 200;
const FORM_BYTES = 2_048;
const tags = ['call-backs'];

const limit = z.coerce.number().int().min(1).max(LIST_MAX).default(LIST_DEFAULT);
const time = z.string().min(4).max(40);

type Services = Pick<ApiServices, 'callbackDesk' | 'flows' | 'clock'>;

export function callbackRoutes(api: Api, services: Services, limits: ApiLimits): void {
  askRoute(api, services, limits);
  listRoutes(api, services);
  recoveryRoutes(api, services);
}

function askRoute(api: Api, { callbackDesk: desk, flows }: Services, limits: ApiLimits): void {
  const { config, schema } = rule(
    'form',
    {
      tags,
      summary: 'Ask for a call-back, as a customer or for one',
      description:
        'Strangers: only where `recovery: web-form` is in the file of the centre, a few times per address and number, ' +
        'with `consent: true`; answered 202 and nothing else. With a token: 201 and the call-back.',
      body: callbackWish,
      response: { 201: callback, 202: wishTaken },
    },
    ['invalid-input', 'not-allowed', 'not-found', 'wrong-state', 'too-many-requests', 'store-unavailable'],
  );
  const rateLimit = {
    max: (request: FastifyRequest) => (isStranger(request) ? limits.forms : limits.requests),
    timeWindow: limits.formsWindowMs,
    keyGenerator: (request: FastifyRequest) => `${isStranger(request) ? 'form' : 'desk'} ${request.ip}`,
  };
  api.post(
    '/api/callbacks',
    { config: { ...config, rateLimit }, schema, bodyLimit: FORM_BYTES },
    async (request, reply) => {
      const { number, queue, at, consent, agent } = request.body;
      const atMs = at === undefined ? undefined : parseTime('at', at, flows.centre().timeZone);
      if (request.user === null) {
        if (consent !== true) throw new HiloError('invalid-input', 'consent: the customer has to want to be called');
        if (agent !== undefined) throw new HiloError('not-signed-in', 'agent is for people of the centre');
        await desk.ask({ number, ...(queue === undefined ? {} : { queue }), ...(atMs === undefined ? {} : { atMs }) });
        return reply.code(202).send({ accepted: true });
      }
      const [first] = flows.centre().queues.keys();
      const own = agent === undefined ? {} : { owner: agent };
      if (agent !== undefined && agent !== request.user.name && !atLeast(request.user, 'supervisor')) {
        throw new HiloError('not-allowed', 'only a supervisor gives a call-back to somebody else');
      }
      const wish = {
        number,
        queue: queue ?? first ?? '',
        when: atMs === undefined ? ('asap' as const) : { atMs },
        ...own,
      };
      return reply.code(201).send(callbackView(await desk.request(wish)));
    },
  );
}

function listRoutes(api: Api, { callbackDesk: desk }: Services): void {
  api.get(
    '/api/callbacks',
    rule(
      'agent',
      {
        tags,
        summary: 'Call-backs that are promised and not over, the next one first',
        querystring: z.strictObject({
          queue: name.optional(),
          state: z.enum(['requested', 'waiting', 'dialling']).optional(),
          limit,
        }),
        response: { 200: callbackList },
      },
      ['invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const { queue, state, limit: most } = request.query;
      const wanted = { ...(queue === undefined ? {} : { queue }), ...(state === undefined ? {} : { state }) };
      return { callbacks: (await desk.pending({ ...wanted, limit: most })).map(callbackView) };
    },
  );

  api.delete(
    '/api/callbacks/:id',
    rule(
      'agent',
      {
        tags,
        summary: 'Cancel a call-back; agents their own, supervisors any',
        description: 'Whatever rings for it falls silent.',
        params: z.object({ id: z.string().min(1).max(64) }),
        response: { 204: z.null() },
      },
      ['not-found', 'not-allowed', 'store-unavailable'],
    ),
    async (request, reply) => {
      const user = userOf(request);
      await desk.cancel(request.params.id, user.name, ({ owner }) => {
        if (owner?.agent === user.name || atLeast(user, 'supervisor')) return;
        throw new HiloError('not-allowed', 'this call-back is not yours; a supervisor may cancel it');
      });
      return reply.code(204).send(null);
    },
  );
}

function recoveryRoutes(api: Api, { callbackDesk: desk, flows, clock }: Services): void {
  api.get(
    '/api/recovery',
    rule(
      'agent',
      {
        tags,
        summary: 'Customers who were lost and are not recovered yet, the longest ago first',
        querystring: z.strictObject({ queue: name.optional(), limit }),
        response: { 200: lostList },
      },
      ['invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const { queue, limit: most } = request.query;
      const lost = await desk.lost({ ...(queue === undefined ? {} : { queue }), limit: most });
      const { offerValidMs } = flows.centre().recovery;
      return { lost: lost.map((one) => lostView(one, clock.nowMs(), offerValidMs)) };
    },
  );

  api.get(
    '/api/recovery/figures',
    rule(
      'supervisor',
      {
        tags,
        summary: 'How many lost customers each queue has got back',
        querystring: z.strictObject({
          from: time.optional().describe('Lost at or after this date or time.'),
          to: time.optional().describe('Lost before this date or time.'),
        }),
        response: { 200: recoveryFigures },
      },
      ['invalid-input', 'too-large', 'store-unavailable'],
    ),
    async (request) => {
      const { from, to } = request.query;
      const { timeZone } = flows.centre();
      const queues = await desk.figures({
        ...(from === undefined ? {} : { fromMs: parseTime('from', from, timeZone) }),
        ...(to === undefined ? {} : { toMs: parseTime('to', to, timeZone) }),
      });
      return { queues };
    },
  );
}

function isStranger({ headers }: FastifyRequest): boolean {
  return headers.authorization === undefined;
}
