// The server that routes are registered on: fastify with zod schemas.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** An answer that is text of some other kind than JSON, for the documentation. */
export function textAnswer(type: string, description: string) {
  return { description, content: { [type]: { schema: z.string() } } };
}
