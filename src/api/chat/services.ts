// What the chat's routes need, and who may ask them: pages of our own, with a visitor's token.
import type { FastifyRequest } from 'fastify';
import { HiloError } from '../../app/errors.js';
import type { ChatRules } from '../../core/routing/keys/chat-keys.js';
import { checkOwnPage } from '../access.js';
import type { ApiServices } from '../services.js';

export type ChatServices = Pick<ApiServices, 'chat' | 'centre' | 'conversations' | 'clock' | 'log'>;
export type Chat = NonNullable<ApiServices['chat']>;

const BEARER = /^Bearer +([A-Za-z0-9_-]{1,64})$/i;
export const tags = ['chat'];

/** Throws HiloError `not-found` where the centre has none. */
export function rulesOf({ centre }: Pick<ChatServices, 'centre'>): ChatRules {
  const { chat } = centre();
  if (chat === undefined) throw new HiloError('not-found', 'this centre has no chat');
  return chat;
}

export function chatOf(services: ChatServices): Chat {
  rulesOf(services);
  if (services.chat === undefined) throw new HiloError('not-found', 'this centre has no chat');
  return services.chat;
}

/** Never in an address, where it would be logged. Throws HiloError `invalid-input`, or `not-allowed` for a page from elsewhere. */
export function visitorToken(request: FastifyRequest): string {
  checkOwnPage(request);
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new HiloError('invalid-input', 'send Authorization: Bearer and the visitor’s token');
  return token;
}
