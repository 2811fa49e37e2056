// Writing to customers on calls with real-time text.
import { z } from 'zod';
import { textToWrite } from '../../contract/text.js';
import { userOf } from '../access.js';
import type { Api } from '../api.js';
import { ruleOf } from '../nodes/held.js';
import type { ApiServices } from '../services.js';

export function textRoutes(api: Api, { writing }: Pick<ApiServices, 'writing'>): void {
  api.post(
    '/api/calls/:id/text',
    ruleOf(
      'talk',
      'agent',
      {
        tags: ['interactions'],
        summary: 'Write to the customer on the line',
        description:
          'For customers whose phone has real-time text (RFC 4103). What they write stands in the record as `text-written`. ' +
          '`wrong-state`: the phone, or the media server, has no text.',
        params: z.object({ id: z.string().max(64).describe('Id of the interaction.') }),
        body: textToWrite,
        response: { 204: z.null() },
      },
      ['not-found', 'wrong-state', 'media-time-out', 'telephony-unavailable', 'leg-ended'],
    ),
    async (request, reply) => {
      await writing.write(request.params.id, request.body.text, userOf(request).name);
      return reply.code(204).send(null);
    },
  );
}
