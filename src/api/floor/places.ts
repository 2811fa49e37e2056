// Those who wait, as supervisors put them in order: another priority, another queue.
import { z } from 'zod';
import { placeChange } from '../../contract/talk/floor.js';
import { name } from '../../contract/wire.js';
import { userOf } from '../access.js';
import type { Api } from '../api.js';
import { ruleOf } from '../nodes/held.js';
import type { ApiServices } from '../services.js';

export function placeRoutes(api: Api, { places, audit }: Pick<ApiServices, 'places' | 'audit'>): void {
  api.patch(
    '/api/queues/:id/entries/:entry',
    ruleOf(
      'entry',
      'supervisor',
      {
        tags: ['supervision'],
        summary: 'Give somebody who waits another priority, or send a caller to another queue',
        description: 'A priority is in force with the next decision; who is offered it by then keeps the offer.',
        params: z.object({ id: name, entry: z.string().min(1).max(64) }),
        body: placeChange,
        response: { 204: z.null() },
      },
      ['not-found', 'invalid-input', 'wrong-state', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { id, entry } = request.params;
      const { priority, queue } = request.body;
      const by = userOf(request).name;
      if (priority !== undefined) {
        await audit.note({ by, act: 'priority-changed', on: entry, detail: { queue: id, priority } });
        await places.prioritise(id, entry, priority, by);
      } else if (queue !== undefined) {
        await audit.note({ by, act: 'caller-moved', on: entry, detail: { queue: id, to: queue } });
        places.move(id, entry, queue, by);
      }
      return reply.code(204).send(null);
    },
  );
}
