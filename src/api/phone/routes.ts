// The telephone in the browser of whoever is signed in: where it registers and as whom, for a short time.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { callAgain, deviceWish, phoneAccount, phoneDevices, type WirePhoneDevices } from '../../contract/talk/phone.js';
import { kindOf } from '../../core/routing/devices.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import { ruleOf } from '../nodes/held.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';
import { sipWebSocket } from './web-socket.js';

const tags = ['agents'];

export type PhoneServices = Pick<
  ApiServices,
  'webPhones' | 'webSockets' | 'webSipUrl' | 'agentDevices' | 'comingBack' | 'agents' | 'audit' | 'log'
>;

export function phoneRoutes(api: Api, services: PhoneServices): void {
  accountRoute(api, services);
  deviceRoutes(api, services);
  againRoute(api, services);
}

function accountRoute(api: Api, services: PhoneServices): void {
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

function deviceRoutes(api: Api, { agentDevices, agents }: PhoneServices): void {
  const view = (agent: string): WirePhoneDevices => {
    const { devices, rings } = agentDevices.of(agent);
    const registered = agents.one(agent)?.devices ?? [];
    return {
      devices: devices.map((device) => ({
        name: device.name,
        kind: kindOf(device),
        registered: device.kind === 'number' || registered.includes(device.name),
        ...(device.number === undefined ? {} : { number: device.number }),
      })),
      kind: rings ?? null,
    };
  };

  api.get(
    '/api/phone/devices',
    rule('agent', { tags, summary: 'Your own devices, and which of them ring', response: { 200: phoneDevices } }, [
      'not-found',
    ]),
    async (request) => view(userOf(request).name),
  );

  api.put(
    '/api/phone/devices',
    rule(
      'agent',
      {
        tags,
        summary: 'Choose at which of your devices you are rung',
        description: 'From the next ring on, and kept over restarts. A number is accepted with key 1.',
        body: deviceWish,
        response: { 200: phoneDevices },
      },
      ['not-found', 'invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const { name } = userOf(request);
      await agentDevices.choose(name, request.body.kind ?? undefined);
      return view(name);
    },
  );
}

function againRoute(api: Api, { comingBack }: PhoneServices): void {
  api.post(
    '/api/phone/call-again',
    ruleOf(
      'own-talk',
      'agent',
      {
        tags,
        summary: 'Go on with the call you were in, after your page was loaded anew',
        description:
          'Your browser is rung with `X-Hilo-Again: true`; when it answers, you and the customer hear each other again. ' +
          'null when you are in no call.',
        body: z.strictObject({}),
        response: { 200: callAgain },
      },
      ['wrong-state', 'leg-ended'],
    ),
    async (request) => ({ interaction: (await comingBack.again(userOf(request).name)) ?? null }),
  );
}

/** What a page under that name speaks SIP with; undefined: nothing. */
export function serverFor(
  hostname: string,
  { webSockets, webSipUrl }: Pick<PhoneServices, 'webSockets' | 'webSipUrl'>,
): string | undefined {
  return sipWebSocket(hostname, { configured: webSipUrl, listeners: webSockets() });
}
