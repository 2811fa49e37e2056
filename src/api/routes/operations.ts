// For operators: health, metrics, dead letters, and what every owner knows about itself.
import { z } from 'zod';
import { failedJobs, health, live } from '../../contract/operation.js';
import { rule } from '../access.js';
import { type Api, textAnswer } from '../api.js';
import type { Metrics } from '../metrics.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';

const FAILED_DEFAULT = 50;
const FAILED_MAX = 200;
const tags = ['operations'];

/** Health and metrics are asked for by machines that have no account, and are never turned away for asking often. */
export function operationRoutes(api: Api, services: ApiServices, metrics: Metrics): void {
  api.get(
    '/health/live',
    unlimited({ tags, summary: 'Whether the process answers', response: { 200: live } }),
    async () => ({ status: 'live' as const }),
  );

  api.get(
    '/health/ready',
    unlimited({
      tags,
      summary: 'Whether calls can be taken, and the state of each part',
      response: { 200: health, 503: health },
    }),
    async (_request, reply) => {
      const parts = services.health().map((part) => ({ ...part }));
      const ready = parts.every(({ up, needed }) => up || !needed);
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready', parts });
    },
  );

  api.get(
    '/metrics',
    unlimited({
      tags,
      summary: 'Figures for Prometheus',
      response: { 200: textAnswer('text/plain', 'Prometheus text format.') },
    }),
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );

  api.get(
    '/api/jobs/failed',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Jobs that failed every time they were tried',
        querystring: z.strictObject({
          limit: z.coerce.number().int().min(1).max(FAILED_MAX).default(FAILED_DEFAULT),
        }),
        response: { 200: failedJobs },
      },
      ['invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const failed = await services.failedJobs(request.query.limit);
      return {
        jobs: failed.map(({ id, job, reason, attempts, failedAtMs }) => {
          const { kind, interaction } = job;
          return { id, kind, interaction, reason, attempts, failedAt: iso(failedAtMs) };
        }),
      };
    },
  );

  api.get(
    '/debug',
    rule('admin', {
      tags,
      summary: 'What every part of the running system knows about itself',
      response: { 200: z.record(z.string(), z.unknown()) },
    }),
    async () => ({ ...services.snapshots() }),
  );
}

function unlimited<S extends object>(schema: S) {
  const { config, ...rest } = rule('open', schema);
  return { ...rest, config: { ...config, rateLimit: false as const } };
}
