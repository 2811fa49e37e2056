// What of the channels' accounts the environment sets, for those who look after them: without any secret.

import type { Config } from './config.js';
import type { WireChannelAccount } from './contract/account/channel-account.js';

export function channelAccounts({ whatsapp, smpp }: Pick<Config, 'whatsapp' | 'smpp'>): readonly WireChannelAccount[] {
  const plain = (variable: string, value: string | undefined) => ({
    ...{ variable, isSet: value !== undefined },
    ...(value === undefined ? {} : { value }),
  });
  const secret = (variable: string, value: string | undefined) => ({ variable, isSet: value !== undefined });
  return [
    {
      ...{ channel: 'whatsapp', inUse: whatsapp !== undefined },
      settings: [
        plain('WHATSAPP_BASE_URL', whatsapp?.baseUrl),
        plain('WHATSAPP_PHONE_ID', whatsapp?.phoneId),
        secret('WHATSAPP_TOKEN', whatsapp?.token),
        secret('WHATSAPP_APP_SECRET', whatsapp?.appSecret),
        secret('WHATSAPP_VERIFY_TOKEN', whatsapp?.verifyToken),
      ],
    },
    {
      ...{ channel: 'sms', inUse: smpp !== undefined },
      // The address holds the password.
      settings: [secret('SMPP_URL', smpp?.url), plain('SMPP_SOURCE', smpp?.source)],
    },
  ];
}
