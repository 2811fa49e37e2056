// With which accounts customers are written to: told without their secrets, and tried out.
import {
  channelAccounts,
  channelTrial,
  channelTrialParams,
  channelTried,
} from '../../contract/account/channel-account.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';

type Services = Pick<ApiServices, 'channelAccounts' | 'channelTrials'>;

export function channelAccountRoutes(api: Api, { channelAccounts: accounts, channelTrials }: Services): void {
  api.get(
    '/api/channels/accounts',
    rule('admin', {
      tags: ['centre'],
      summary: 'Accounts of the channels, as the environment sets them',
      description: 'Of a secret it is told whether it is set, never what it is.',
      response: { 200: channelAccounts },
    }),
    async () => ({ accounts: [...accounts] }),
  );

  api.post(
    '/api/channels/:channel/trials',
    rule(
      'admin',
      {
        tags: ['centre'],
        summary: 'Send a test message',
        description: 'It belongs to no customer. By WhatsApp it is the template `hilo_information`.',
        params: channelTrialParams,
        body: channelTrial,
        response: { 200: channelTried },
      },
      ['invalid-input', 'too-many-requests', 'not-found', 'message-refused', 'message-not-sent', 'store-unavailable'],
    ),
    (request) => channelTrials.send({ ...request.params, ...request.body, by: userOf(request).name }),
  );
}
