// Where providers call us: the raw body goes to the channel, which checks its signature.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { Webhook } from '../../app/message/messenger.js';
import { unreachable } from '../../lib/assert.js';
import { rule } from '../access.js';
import { type Api, textAnswer } from '../api.js';

const tags = ['webhooks'];

export function webhookRoutes(api: Api, webhooks: readonly Webhook[], bodyLimit: number): void {
  // As bytes, whatever the provider calls it: the signature is over the bytes.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
  for (const webhook of webhooks) webhookRoute(api, webhook);
}

function webhookRoute(api: Api, webhook: Webhook): void {
  api.get(
    webhook.path,
    rule(
      'open',
      {
        tags,
        summary: 'Handshake of the provider',
        querystring: z.record(z.string(), z.string().max(1024)),
        response: { 200: textAnswer('text/plain', 'What the provider wants to hear.') },
      },
      ['not-allowed'],
    ),
    async (request, reply) => {
      const answer = webhook.challenge(request.query);
      if (answer === undefined) throw new HiloError('not-allowed', 'this is not the handshake that was agreed on');
      return reply.type('text/plain; charset=utf-8').send(answer);
    },
  );

  api.post(
    webhook.path,
    rule(
      'open',
      { tags, summary: 'Events of the provider, signed', response: { 200: z.object({ ok: z.boolean() }) } },
      ['invalid-input', 'not-allowed', 'store-unavailable'],
    ),
    async (request) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const outcome = await webhook.receive(body, singleHeaders(request.headers));
      switch (outcome) {
        case 'accepted':
          return { ok: true };
        case 'wrong-signature':
          throw new HiloError('not-allowed', 'the signature is missing or not that of this body');
        case 'malformed':
          throw new HiloError('invalid-input', 'the body is not what this provider sends');
        default:
          return unreachable(outcome);
      }
    },
  );
}

function singleHeaders(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [value].flat()[0]]));
}
