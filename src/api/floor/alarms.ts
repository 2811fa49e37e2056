// When supervisors are alarmed: limits of a queue in place of those in its file, and alarms that somebody has seen.
import { z } from 'zod';
import { acknowledgement, alarmKind, alarmLimitsWish } from '../../contract/floor/changes.js';
import { name } from '../../contract/wire.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';

const tags = ['supervision'];
const params = z.object({ id: name });
const URL = '/api/queues/:id/alarms';
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

type Services = Pick<ApiServices, 'alarms' | 'audit'>;

export function alarmRoutes(api: Api, services: Services): void {
  limitRoutes(api, services);
  acknowledgeRoute(api, services);
}

function limitRoutes(api: Api, { alarms, audit }: Services): void {
  const response = { 204: z.null() };
  api.put(
    URL,
    rule(
      'supervisor',
      {
        tags,
        summary: 'When supervisors are alarmed about a queue',
        description:
          'In force at once, for everybody, in place of `alarms` in the file of the centre, until taken back.',
        params,
        body: alarmLimitsWish,
        response,
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { waiting, waitS, serviceLevel } = request.body;
      const by = userOf(request).name;
      await audit.note({
        by,
        act: 'alarm-limits-set',
        on: request.params.id,
        detail: { waiting, waitS, serviceLevel },
      });
      const limits = { waiting, waitMs: waitS * SECOND_MS, serviceLevel: serviceLevel / 100 };
      await alarms.setLimits(request.params.id, limits, by);
      return reply.code(204).send(null);
    },
  );

  api.delete(
    URL,
    rule('supervisor', { tags, summary: 'The limits of the file again', params, response }, [
      'not-found',
      'store-unavailable',
    ]),
    async (request, reply) => {
      await audit.note({ by: userOf(request).name, act: 'alarm-limits-cleared', on: request.params.id });
      await alarms.clearLimits(request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function acknowledgeRoute(api: Api, { alarms, audit }: Services): void {
  api.post(
    `${URL}/:kind/acknowledge`,
    rule(
      'supervisor',
      {
        tags,
        summary: 'Say that an alarm was seen',
        description: 'Silent for everybody for a while, and shown with who has seen it.',
        params: params.extend({ kind: alarmKind }),
        body: acknowledgement,
        response: { 204: z.null() },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { id, kind } = request.params;
      const { minutes } = request.body;
      const by = userOf(request).name;
      await audit.note({ by, act: 'alarm-acknowledged', on: id, detail: { alarm: kind, minutes } });
      await alarms.acknowledge(id, kind, minutes * MINUTE_MS, by);
      return reply.code(204).send(null);
    },
  );
}
