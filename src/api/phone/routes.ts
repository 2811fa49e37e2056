// The telephone in the browser of whoever is signed in: where it registers and as whom, for a short time.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { phoneAccount } from '../../contract/phone.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';
import { sipWebSocket } from './web-socket.js';

const tags = ['agents'];

export type PhoneServices = Pick<ApiServices, 'webPhones' | 'webSockets' | 'webSipUrl' | 'audit' | 'log'>;

export function phoneRoutes(api: Api, services: PhoneServices): void {
  const { webPhones, audit, log } = services;
  api.post(
    '/api/phone/account',
    rule(
      'agent',
      {
        tags,
        summary: 'The account of your own telephone in the browser',
        description:
          'SIP over WebSocket with a password that holds for at most half an hour; ask again before it ends. ' +
          'Nobody gets that of another, whatever the role. `not-found` when none of your devices can be a browser.',
        body: z.strictObject({}),
        response: { 200: phoneAccount },
      },
      ['not-found', 'telephony-unavailable', 'store-unavailable'],
    ),
    async (request) => {
      const { name } = userOf(request);
      const { device, password, expiresAtMs } = webPhones.secretFor(name);
      const server = serverFor(request.hostname, services);
      if (server === undefined) {
        throw new HiloError('telephony-unavailable', 'SIP over WebSocket is not spoken here');
      }
      await audit.note({ by: name, act: 'web-phone-account-given', on: device, detail: { address: request.ip } });
      log.info({ user: name, device, address: request.ip }, 'account of a web phone given');
      const uri = `sip:${device}@${new URL(server).hostname}`;
      return { server, uri, device, user: device, password, expiresAt: iso(expiresAtMs) };
    },
  );
}

/** What a page under that name speaks SIP with; undefined: nothing. */
export function serverFor(
  hostname: string,
  { webSockets, webSipUrl }: Pick<PhoneServices, 'webSockets' | 'webSipUrl'>,
): string | undefined {
  return sipWebSocket(hostname, { configured: webSipUrl, listeners: webSockets() });
}
