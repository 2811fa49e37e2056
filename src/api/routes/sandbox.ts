// The sandbox channel by hand: what Hilo wrote to a customer, and what the customer answers.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { sandboxAddress, sandboxMessages, sandboxWrite } from '../../contract/sandbox.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';

/** The newest ones; older ones are in the record. */
const SHOWN_MAX = 500;
const tags = ['sandbox'];

export function sandboxRoutes(api: Api, services: Pick<ApiServices, 'sandbox'>): void {
  const sandbox = () => {
    if (services.sandbox === undefined) throw new HiloError('not-found', 'the sandbox is no channel of this centre');
    return services.sandbox;
  };

  api.get(
    '/api/sandbox/messages',
    rule(
      'sandbox',
      {
        tags,
        summary: 'Messages to and from the customers of the sandbox',
        querystring: z.strictObject({
          // A plus that was not escaped arrives as a space.
          address: z
            .preprocess((text) => (typeof text === 'string' ? text.replace(/^ /, '+') : text), sandboxAddress)
            .optional(),
        }),
        response: { 200: sandboxMessages },
      },
      ['not-found', 'invalid-input'],
    ),
    async (request) => ({
      messages: sandbox()
        .messages(request.query.address)
        .slice(-SHOWN_MAX)
        .map(({ atMs, files = [], ...message }) => ({
          ...{ ...message, at: iso(atMs) },
          ...(files.length === 0
            ? {}
            : { attachments: files.map((file) => ({ ...file, url: `/api/sandbox/attachments/${file.id}` })) }),
        })),
    }),
  );

  api.post(
    '/api/sandbox/messages',
    rule(
      'sandbox',
      {
        tags,
        summary: 'Write to Hilo as a customer',
        description: 'Stored when it is answered. `1` accepts the call-back that was offered.',
        body: sandboxWrite,
        response: { 204: z.null() },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      await sandbox().write(request.body.from, request.body.text);
      return reply.code(204).send(null);
    },
  );
}
