// Acts on what another node holds are carried to it, and its answer is given as it is: whoever asks need not know where.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { userOf } from '../access.js';
import type { Sessions } from '../account/sessions.js';
import { asHiloError, PROBLEM_TYPE, problemOf } from '../problem.js';
import type { ApiServices } from '../services.js';
import type { CarriedRequests } from './carried.js';
import type { Held } from './held.js';

/** As bodies of acts are; errands are not for uploads. */
const BODY_CHARS_MAX = 64 * 1024;

const errand = z.object({
  user: z.string().max(64),
  role: z.enum(['agent', 'supervisor', 'admin']),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.string().startsWith('/api/').max(500),
  language: z.string().max(500).optional(),
  body: z.string().max(BODY_CHARS_MAX).optional(),
});

const answer = z.object({ status: z.int().min(200).max(599), type: z.string().optional(), body: z.string() });

type Services = Pick<ApiServices, 'node' | 'errands' | 'talks' | 'agents' | 'live' | 'log' | 'ids'>;

export interface Elsewhere {
  readonly sessions: Pick<Sessions, 'named'>;
  readonly carried: CarriedRequests;
}

/** From now on routes on `app` that say what they hold (`ruleOf`) are answered by the node that has it. */
export function serveElsewhere(app: FastifyInstance, services: Services, { sessions, carried }: Elsewhere): void {
  const { node, errands, log, ids } = services;
  app.addHook('preHandler', async (request, reply) => {
    const { held } = request.routeOptions.config;
    if (held === undefined || carried.userOf(request) !== undefined) return;
    const holder = holderOf(held, request, services);
    if (holder === undefined || holder === node) return;
    return give(reply, answer.parse(JSON.parse(await errands.ask(holder, errandOf(request)))));
  });

  errands.onErrand(async (text) => {
    try {
      const { user: name, role, method, url, language, body } = errand.parse(JSON.parse(text));
      const { headers, over } = carried.admit(await sessions.named(name, role));
      try {
        const response = await app.inject({
          ...{ method, url },
          headers: {
            ...headers,
            ...(language === undefined ? {} : { 'accept-language': language }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { payload: body }),
        });
        return JSON.stringify({
          status: response.statusCode,
          ...(response.headers['content-type'] === undefined ? {} : { type: String(response.headers['content-type']) }),
          body: response.body,
        });
      } finally {
        over();
      }
    } catch (error) {
      log.warn({ err: error }, 'an errand of another node is refused');
      const problem = problemOf(asHiloError(error), ids.uuid());
      return JSON.stringify({ status: problem.status, type: PROBLEM_TYPE, body: JSON.stringify(problem) });
    }
  });
}

/** Undefined: nobody holds it, as far as is known; this node says so. */
function holderOf(held: Held, request: FastifyRequest, { talks, agents, live }: Services): string | undefined {
  const { id = '', entry = '' } = request.params as { readonly id?: string; readonly entry?: string };
  switch (held) {
    case 'talk':
      return talks.find(id) === undefined ? holderOfTalk(id, agents) : undefined;
    case 'entry':
      return live.entry(entry)?.node || undefined;
    case 'own-talk': {
      const presence = agents.one(userOf(request).name)?.presence;
      return presence?.state === 'busy' ? presence.node : undefined;
    }
  }
}

function holderOfTalk(interaction: string, agents: Services['agents']): string | undefined {
  for (const { presence } of agents.all()) {
    if (presence.state === 'busy' && presence.interaction === interaction) return presence.node;
  }
  return undefined;
}

function errandOf(request: FastifyRequest): string {
  const { name: user, role } = userOf(request);
  const { method, url, headers, body } = request;
  const wanted: z.input<typeof errand> = {
    ...{ user, role, url },
    method: errand.shape.method.parse(method),
    ...(headers['accept-language'] === undefined ? {} : { language: headers['accept-language'] }),
    ...(body === undefined || body === null ? {} : { body: JSON.stringify(body) }),
  };
  return JSON.stringify(wanted);
}

function give(reply: FastifyReply, { status, type, body }: z.infer<typeof answer>): FastifyReply {
  if (type !== undefined) reply.header('content-type', type);
  // As text: it has been through the schemas of the route where it was made.
  return reply
    .code(status)
    .serializer((text: string) => text)
    .send(body);
}
