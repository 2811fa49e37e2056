// Written conversations: an agent's own, the thread of one, and what is done with it.
import { z } from 'zod';
import { languageFor, placesOf } from '../../app/conversation/desk.js';
import { cannedTextsFor, templatesFor } from '../../app/conversation/texts.js';
import { HiloError } from '../../app/errors.js';
import type { Doer } from '../../app/floor/works.js';
import type { UserRow } from '../../app/users.js';
import {
  callPlaced,
  closing,
  conversationList,
  messageTaken,
  newMessage,
  readUpTo,
  thread as threadShape,
  transfer,
} from '../../contract/conversation/conversation.js';
import { cannedTexts } from '../../contract/conversation/texts.js';
import { name } from '../../contract/wire.js';
import { serves } from '../../core/acd/choice/stage.js';
import { worksOf } from '../../core/acd/work/work.js';
import type { Interaction } from '../../core/interaction/interaction.js';
import type { Centre } from '../../core/routing/centre.js';
import { namesOfAgent } from '../../core/routing/keys/former-names.js';
import { atLeast, rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { Matter } from '../live/matters.js';
import type { ApiServices } from '../services.js';
import { conversationView, messagesOf, messageView, threadView } from './view.js';

export const tags = ['conversations'];
export const conversationId = z.string().min(1).max(64).describe('Of the interaction.');
const params = z.object({ id: conversationId });

export type ConversationServices = Pick<
  ApiServices,
  'conversations' | 'interactions' | 'contacts' | 'agents' | 'audit' | 'centre' | 'clock'
>;

export function conversationRoutes(api: Api, services: ConversationServices): void {
  readingRoutes(api, services);
  textRoute(api, services);
  writingRoutes(api, services);
  handingRoutes(api, services);
}

function readingRoutes(api: Api, services: ConversationServices): void {
  const { conversations, centre, clock, agents } = services;

  api.get(
    '/api/conversations',
    rule(
      'agent',
      {
        tags,
        summary: 'Written conversations that you have, offers included',
        description: 'Supervisors may ask for those of an agent. The same is shown live (kind `conversations`).',
        querystring: z.strictObject({ agent: name.optional() }),
        response: { 200: conversationList },
      },
      ['not-found', 'not-allowed', 'store-unavailable'],
    ),
    async (request) => {
      const user = userOf(request);
      const { agent = user.name } = request.query;
      if (agent !== user.name && !atLeast(user, 'supervisor'))
        throw new HiloError('not-allowed', `these are ${agent}'s`);
      const presence = agents.one(agent)?.presence;
      if (presence === undefined && request.query.agent !== undefined) {
        throw new HiloError('not-found', `there is no agent ${agent}`);
      }
      const works = presence === undefined ? [] : worksOf(presence).filter(({ kind }) => kind === 'message');
      const scene = { centre: centre(), nowMs: clock.nowMs() };
      const views = await Promise.all(
        works.map(async (work) => conversationView(work, await matterOf(services, work.interaction), scene)),
      );
      return { conversations: views };
    },
  );

  api.get(
    '/api/conversations/:id',
    rule(
      'agent',
      {
        tags,
        summary: 'The whole thread of a conversation',
        description: 'For supervisors, and for agents who took part in the matter or serve its queue.',
        params,
        response: { 200: threadShape },
      },
      ['not-found', 'not-allowed', 'store-unavailable'],
    ),
    async (request) => {
      const user = userOf(request);
      const matter = await readable(services, request.params.id, user);
      const { agent, work } = conversations.conversationWorks.held(request.params.id) ?? {};
      return threadView(matter, { centre: centre(), nowMs: clock.nowMs(), agent, work, user: user.name });
    },
  );
}

function textRoute(api: Api, services: ConversationServices): void {
  const { centre, contacts } = services;
  api.get(
    '/api/canned-texts',
    rule(
      'agent',
      {
        tags,
        summary: 'Canned texts and templates, filled in for a conversation',
        querystring: z.strictObject({ conversation: conversationId }),
        response: { 200: cannedTexts },
      },
      ['not-found', 'not-allowed', 'store-unavailable'],
    ),
    async (request) => {
      const user = userOf(request);
      const { thread } = await readable(services, request.query.conversation, user);
      const { state } = thread;
      const { contact } = await contacts.ofCaller(state.conversation?.address ?? state.address.value, centre().country);
      const places = (language: string) => placesOf(state, contact, centre(), user.name, language);
      const queue = state.conversation?.queue ?? '';
      return {
        language: languageFor(state, contact, centre()),
        texts: cannedTextsFor(centre(), queue, places).map(copied),
        templates: templatesFor(centre(), queue, places).map((template) => ({
          ...copied(template),
          fields: [...template.fields],
          labels: { ...template.labels },
        })),
      };
    },
  );
}

function writingRoutes(api: Api, services: ConversationServices): void {
  const { conversationDesk } = services.conversations;

  api.post(
    '/api/conversations/:id/messages',
    rule(
      'agent',
      {
        tags,
        summary: 'Answer the customer',
        description: 'By the channel in which they wrote last. Stored when it is answered, and sent then.',
        params,
        body: newMessage,
        response: { 201: messageTaken },
      },
      ['not-found', 'not-allowed', 'wrong-state', 'invalid-input', 'window-closed', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { id } = request.params;
      const sent = await conversationDesk.send(id, request.body, userOf(request).name);
      const { state } = await services.interactions.resume(id);
      const segment = messagesOf(state).find(({ message }) => message === sent);
      if (segment === undefined) throw new HiloError('internal-error', 'a stored message is not in its thread');
      return reply.code(201).send({ message: messageView(segment, state) });
    },
  );

  api.post(
    '/api/conversations/:id/read',
    rule(
      'agent',
      { tags, summary: 'You have seen it up to here', params, body: readUpTo, response: { 204: z.null() } },
      ['not-found', 'not-allowed', 'store-unavailable'],
    ),
    async (request, reply) => {
      await conversationDesk.read(request.params.id, request.body.message, userOf(request).name);
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/api/conversations/:id/call',
    rule(
      'agent',
      {
        tags,
        summary: 'Call the customer, in the same matter',
        description: 'Your telephone rings, then the customer’s.',
        params,
        response: { 202: callPlaced },
      },
      ['not-found', 'not-allowed', 'wrong-state', 'too-many-requests', 'store-unavailable'],
    ),
    async (request, reply) => {
      return reply.code(202).send({ call: await conversationDesk.call(request.params.id, userOf(request).name) });
    },
  );
}

/** What supervisors may do for others, too. */
function handingRoutes(api: Api, services: ConversationServices): void {
  const { conversationDesk, conversationWorks } = services.conversations;
  const note = async (user: UserRow, act: string, id: string, detail: Record<string, string>): Promise<void> => {
    const agent = conversationWorks.held(id)?.agent;
    if (agent === undefined || agent === user.name) return;
    await services.audit.note({ by: user.name, act, on: id, detail: { agent, ...detail } });
  };

  api.post(
    '/api/conversations/:id/transfer',
    rule(
      'agent',
      {
        tags,
        summary: 'Pass it to an agent, or back to a queue',
        description: 'It waits again and is offered like any other; to an agent, to that agent alone for two minutes.',
        params,
        body: transfer,
        response: { 204: z.null() },
      },
      ['not-found', 'not-allowed', 'invalid-input', 'store-unavailable'],
    ),
    async (request, reply) => {
      const user = userOf(request);
      const { id } = request.params;
      const { agent: to = '', queue = '' } = request.body;
      if (atLeast(user, 'supervisor')) await note(user, 'conversation-transferred', id, { to, queue });
      await conversationDesk.transfer(id, request.body, doerOf(user));
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/api/conversations/:id/close',
    rule('agent', { tags, summary: 'It is over', params, body: closing, response: { 204: z.null() } }, [
      'not-found',
      'not-allowed',
      'wrong-state',
      'invalid-input',
      'store-unavailable',
    ]),
    async (request, reply) => {
      const user = userOf(request);
      const { id } = request.params;
      if (atLeast(user, 'supervisor')) await note(user, 'conversation-closed', id, {});
      await conversationDesk.close(id, request.body, doerOf(user));
      return reply.code(204).send(null);
    },
  );
}

/** The matter of a conversation that this user may read. Rejects with HiloError `not-found` or `not-allowed`. */
export async function readable(services: ConversationServices, id: string, user: UserRow): Promise<Matter> {
  const matter = await matterOf(services, id);
  const { state } = matter.thread;
  if (messagesOf(state).length === 0 && state.conversation === undefined)
    throw new HiloError('not-found', 'nothing was written in this matter');
  if (mayRead(user, matter, services.centre(), services.conversations.conversationWorks.held(id)?.agent)) return matter;
  throw new HiloError(
    'not-allowed',
    'agents read conversations in which they took part, and those of queues that they serve',
  );
}

function mayRead(user: UserRow, { thread }: Matter, centre: Centre, holder: string | undefined): boolean {
  if (atLeast(user, 'supervisor') || holder === user.name) return true;
  const { state, events } = thread;
  const agent = centre.agents.get(user.name);
  const names = namesOfAgent(centre, user.name);
  if (agent !== undefined && queuesOf(state).some((queue) => isServed(agent, queue, centre))) return true;
  return events.some(
    ({ event }) =>
      (event.type === 'work-taken' || event.type === 'connected' || event.type === 'conversation-begun') &&
      names.includes(event.data.agent),
  );
}

function queuesOf({ waits }: Interaction): string[] {
  return waits.filter(({ kind }) => kind === 'message').map(({ queue }) => queue);
}

function isServed(agent: Parameters<typeof serves>[0], queue: string, centre: Centre): boolean {
  const config = centre.queues.get(queue);
  return config !== undefined && serves(agent, config);
}

async function matterOf({ interactions, contacts, centre }: ConversationServices, id: string): Promise<Matter> {
  const thread = await interactions.resume(id);
  const { conversation, address } = thread.state;
  const { contact } = await contacts.ofCaller(conversation?.address ?? address.value, centre().country);
  return contact.name === undefined ? { thread } : { thread, name: contact.name };
}

function copied({ name: key, title, text }: { name: string; title: object; text: object }) {
  return { name: key, title: { ...title } as Record<string, string>, text: { ...text } as Record<string, string> };
}

function doerOf(user: UserRow): Doer {
  return { name: user.name, forOthers: atLeast(user, 'supervisor') };
}
