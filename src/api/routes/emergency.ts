// The emergency message: switched on and off for all callers at once.
import { z } from 'zod';
import type { EmergencyMessage } from '../../app/emergency/emergency.js';
import { HiloError } from '../../app/errors.js';
import { emergencyWish, emergency as shown, type WireEmergency } from '../../contract/emergency.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';

const tags = ['emergency'];
const URL = '/api/emergency';

export function emergencyRoutes(api: Api, { emergency, audit }: Pick<ApiServices, 'emergency' | 'audit'>): void {
  api.get(
    URL,
    rule('agent', { tags, summary: 'The emergency message in force', response: { 200: shown } }, ['not-found']),
    async () => {
      const message = emergency.present();
      if (message === undefined) throw new HiloError('not-found', 'there is no emergency message');
      return emergencyView(message);
    },
  );

  api.put(
    URL,
    rule(
      'supervisor',
      {
        tags,
        summary: 'Switch an emergency message on, in place of the present one',
        description:
          'Every caller hears it before anything else, from the next call on; other nodes know within 5 s. It outlives restarts. ' +
          'Who switched it on is kept and logged.',
        body: emergencyWish,
        response: { 200: shown },
      },
      ['invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const { texts, recorded, numbers, afterwards } = request.body;
      const wish = {
        texts,
        ...(recorded === undefined ? {} : { recorded }),
        ...(numbers === undefined ? {} : { numbers }),
        afterwards:
          typeof afterwards === 'string' ? { kind: afterwards } : { kind: 'queue' as const, queue: afterwards.queue },
      };
      const by = userOf(request).name;
      await audit.note({
        by,
        act: 'emergency-switched-on',
        on: 'centre',
        detail: { afterwards: wish.afterwards.kind },
      });
      return emergencyView(await emergency.set(wish, by));
    },
  );

  api.delete(
    URL,
    rule('supervisor', { tags, summary: 'Switch the emergency message off', response: { 204: z.null() } }, [
      'not-found',
      'store-unavailable',
    ]),
    async (request, reply) => {
      const by = userOf(request).name;
      await audit.note({ by, act: 'emergency-switched-off', on: 'centre' });
      if (!(await emergency.clear(by))) {
        throw new HiloError('not-found', 'there is no emergency message');
      }
      return reply.code(204).send(null);
    },
  );
}

export function emergencyView({ id, texts, recorded, numbers, afterwards, by, atMs }: EmergencyMessage): WireEmergency {
  return {
    ...{ id, by, texts: { ...texts }, since: iso(atMs) },
    ...(recorded === undefined ? {} : { recorded }),
    ...(numbers === undefined ? {} : { numbers: [...numbers] }),
    afterwards: afterwards.kind === 'queue' ? { queue: afterwards.queue } : afterwards.kind,
  };
}
