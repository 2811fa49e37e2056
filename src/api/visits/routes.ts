// Trying the centre out at this machine: a visit, what happened in it, and the agent's part.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { Visit } from '../../app/visits/visits.js';
import { visit as visitShape, visitView, type WireVisit, type WireVisitView } from '../../contract/visit.js';
import { languageHeader } from '../../contract/wire.js';
import type { Language } from '../../core/interaction/language.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import { preferredLanguage } from '../language.js';
import { serverFor } from '../phone/routes.js';
import type { ApiServices } from '../services.js';
import { agentView } from '../view/agent.js';
import { interactionView } from '../view/interaction.js';
import { iso } from '../view/time.js';

const SHOWN_MAX = 50;
const tags = ['sandbox'];
const params = z.object({ id: z.string().min(1).max(64) });

export type VisitServices = Pick<
  ApiServices,
  'visits' | 'sandbox' | 'records' | 'agents' | 'desk' | 'flows' | 'webSockets' | 'webSipUrl'
>;

export function visitRoutes(api: Api, services: VisitServices): void {
  const { visits, agents, desk, flows } = services;

  api.post(
    '/api/visits',
    rule(
      'visitor',
      {
        tags,
        summary: 'Begin to try the centre out',
        description: 'A customer’s number, and two phones for a browser: the customer’s and the agent’s.',
        response: { 201: visitShape },
      },
      ['not-found', 'telephony-unavailable'],
    ),
    async (request, reply) => reply.code(201).send(begun(visits.begin(), request.hostname, services)),
  );

  api.get(
    '/api/visits/:id',
    rule(
      'visitor',
      { tags, summary: 'What has happened in a visit', params, headers: languageHeader, response: { 200: visitView } },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      const language = preferredLanguage(request.headers['accept-language'], flows.centre().defaultLanguage);
      return seen(visits.seen(request.params.id), language, services);
    },
  );

  api.post(
    '/api/visits/:id/agent-ready',
    rule(
      'visitor',
      { tags, summary: 'The agent is available again, as after a missed call', params, response: { 204: z.null() } },
      ['not-found', 'wrong-state', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { agent } = visits.seen(request.params.id).tryOut;
      const state = agents.one(agent)?.presence.state;
      if (state === 'wrap-up') await desk.finishWrapUp(agent);
      else await desk.setState(agent, { state: 'available' });
      return reply.code(204).send(null);
    },
  );

  api.delete(
    '/api/visits/:id',
    rule('visitor', {
      tags,
      summary: 'End a visit: its passwords hold no longer',
      params,
      response: { 204: z.null() },
    }),
    async (request, reply) => {
      visits.end(request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function begun(visit: Visit, hostname: string, services: VisitServices): WireVisit {
  const { id, number, tryOut, device, secrets } = visit;
  const server = serverFor(hostname, services);
  if (server === undefined) throw new HiloError('telephony-unavailable', 'SIP over WebSocket is not spoken here');
  const phone = (user: string, password: string): WireVisit['customerPhone'] => ({
    server,
    uri: `sip:${user}@${new URL(server).hostname}`,
    credentials: { user, password },
  });
  return {
    ...{ id, number, dial: tryOut.number },
    agent: { id: tryOut.agent, title: services.flows.centre().agents.get(tryOut.agent)?.title ?? tryOut.agent },
    customerPhone: phone(number, secrets.customer),
    agentPhone: phone(device, secrets.agent),
  };
}

async function seen({ number, tryOut }: Visit, language: Language, services: VisitServices): Promise<WireVisitView> {
  const { records, agents, sandbox, flows } = services;
  const agent = agents.one(tryOut.agent);
  if (agent === undefined) throw new HiloError('not-found', `there is no agent ${tryOut.agent} any more`);
  const { interactions } = await records.find({ contact: number, limit: 1 });
  const events = interactions[0] === undefined ? [] : await records.read(interactions[0].id);
  const flow = (name: string) => flows.catalogue().flows.get(name);
  const messages = sandbox?.messages(number).slice(-SHOWN_MAX) ?? [];
  return {
    agent: agentView(agent),
    messages: messages.map(({ atMs, ...message }) => ({ ...message, at: iso(atMs) })),
    ...(events.length === 0 ? {} : { interaction: interactionView(events, language, flow) }),
  };
}
