// Conversations that an agent begins: in which channels, and with whom.
import { conversationBegun, newConversation, writtenChannels } from '../../contract/conversation/conversation.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { tags } from './routes.js';

export function beginningRoutes(api: Api, { conversations: { beginning } }: Pick<ApiServices, 'conversations'>): void {
  api.get(
    '/api/written-channels',
    rule(
      'agent',
      { tags, summary: 'Channels in which customers can be written to first', response: { 200: writtenChannels } },
      [],
    ),
    () => ({ channels: [...beginning.channels()] }),
  );

  api.post(
    '/api/conversations',
    rule(
      'agent',
      {
        tags,
        summary: 'Begin to write to somebody',
        description:
          'It is yours at once, in an open matter of the customer where there is one; write to them then. Where the channel wants it, the ' +
          'first message is a template. One that you have with them already is that one.',
        body: newConversation,
        response: { 201: conversationBegun },
      },
      ['not-found', 'not-allowed', 'wrong-state', 'invalid-input', 'too-many-requests', 'store-unavailable'],
    ),
    async (request, reply) => reply.code(201).send({ id: await beginning.begin(request.body, userOf(request).name) }),
  );
}
