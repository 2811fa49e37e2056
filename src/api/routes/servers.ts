// For operators: the SIP and media servers, and taking one out without harm to its calls.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { serverState, servers } from '../../contract/operation.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';

/** Names of hosts end at 253. */
const SERVER_CHARS_MAX = 300;
const tags = ['operations'];

export function serverRoutes(api: Api, services: Pick<ApiServices, 'servers' | 'drainServer'>): void {
  api.get(
    '/api/servers',
    rule('supervisor', { tags, summary: 'SIP and media servers, and how each does', response: { 200: servers } }),
    async () => ({ servers: services.servers().map((server) => ({ ...server })) }),
  );

  api.put(
    '/api/servers/:server',
    rule(
      'admin',
      {
        tags,
        summary: 'Takes a SIP or media server out, without harm to its calls, or in again',
        params: z.strictObject({ server: z.string().max(SERVER_CHARS_MAX) }),
        body: serverState,
        response: { 200: servers },
      },
      ['invalid-input', 'not-found'],
    ),
    async (request) => {
      const { server } = request.params;
      if (!services.drainServer(server, request.body.draining)) {
        throw new HiloError('not-found', `there is no server ${server}`);
      }
      return { servers: services.servers().map((one) => ({ ...one })) };
    },
  );
}
