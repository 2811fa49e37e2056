// With which accounts customers are written to: told without their secrets.
import { channelAccounts } from '../../contract/account/channel-account.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';

export function channelAccountRoutes(api: Api, { channelAccounts: accounts }: Pick<ApiServices, 'channelAccounts'>) {
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
}
