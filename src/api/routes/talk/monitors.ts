// Supervision of conversations: listen, whisper to the agent, join; each is told in the record of the interaction.
import { z } from 'zod';
import { HiloError } from '../../../app/errors.js';
import { monitor, monitorChange, monitorWish } from '../../../contract/talk/monitor.js';
import { userOf } from '../../access.js';
import type { Api } from '../../api.js';
import { ruleOf } from '../../nodes/held.js';
import type { ApiServices } from '../../services.js';

const tags = ['supervision'];
const params = z.object({ id: z.string().max(64).describe('Id of the interaction.') });
const URL = '/api/calls/:id/monitor';

type Services = Pick<ApiServices, 'monitoring' | 'audit'>;

export function monitorRoutes(api: Api, services: Services): void {
  beginRoutes(api, services);
  changeRoutes(api, services);
}

function beginRoutes(api: Api, { monitoring, audit }: Services): void {
  api.post(
    URL,
    ruleOf(
      'talk',
      'supervisor',
      {
        tags,
        summary: 'Listen to a conversation, whisper or join',
        description:
          'Rings the phone and joins it to the conversation when it is answered; the answer comes at once, with the state `ringing`. ' +
          'On that phone 0 listens, 2 whispers and 3 joins. Ends with the conversation, by hanging up, or by DELETE.',
        params,
        body: monitorWish,
        response: { 201: monitor },
      },
      ['not-found', 'wrong-state'],
    ),
    async (request, reply) => {
      const { device, agent, mode } = request.body;
      const phone = device === undefined ? { agent: agent ?? '' } : { device };
      const by = userOf(request).name;
      await audit.note({ by, act: 'monitor-started', on: request.params.id, detail: { mode } });
      return reply.code(201).send(monitoring.start(request.params.id, phone, mode, by));
    },
  );

  api.get(
    URL,
    ruleOf('talk', 'supervisor', { tags, summary: 'Who monitors a conversation', params, response: { 200: monitor } }, [
      'not-found',
    ]),
    async (request) => {
      const found = monitoring.of(request.params.id);
      if (found === undefined) throw new HiloError('not-found', 'this conversation is not monitored');
      return found;
    },
  );
}

function changeRoutes(api: Api, { monitoring, audit }: Services): void {
  api.patch(
    URL,
    ruleOf(
      'talk',
      'supervisor',
      {
        tags,
        summary: 'Go on listening, whispering or joining',
        params,
        body: monitorChange,
        response: { 200: monitor },
      },
      ['not-found', 'wrong-state', 'media-time-out', 'telephony-unavailable', 'leg-ended'],
    ),
    async (request) => {
      const by = userOf(request).name;
      const { mode } = request.body;
      await audit.note({ by, act: 'monitor-changed', on: request.params.id, detail: { mode } });
      return monitoring.change(request.params.id, mode, by);
    },
  );

  api.delete(
    URL,
    ruleOf('talk', 'supervisor', { tags, summary: 'Stop monitoring', params, response: { 204: z.null() } }, [
      'not-found',
    ]),
    async (request, reply) => {
      const by = userOf(request).name;
      await audit.note({ by, act: 'monitor-stopped', on: request.params.id });
      monitoring.stop(request.params.id, by);
      return reply.code(204).send(null);
    },
  );
}
