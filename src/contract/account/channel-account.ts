// The accounts with which customers are written to, on the wire: what is set, and never what it is set to where that is secret.
import { z } from 'zod';

const setting = z.object({
  variable: z.string().describe('Of the environment.'),
  isSet: z.boolean(),
  value: z.string().optional().describe('Only of what is no secret.'),
});

export const channelAccount = z
  .object({
    channel: z.enum(['whatsapp', 'sms']),
    inUse: z.boolean().describe('Customers can be written to.'),
    settings: z.array(setting),
  })
  .meta({ id: 'ChannelAccount' });
export type WireChannelAccount = z.infer<typeof channelAccount>;

export const channelAccounts = z.object({ accounts: z.array(channelAccount) });
export type WireChannelAccounts = z.infer<typeof channelAccounts>;

const channel = z.enum(['whatsapp', 'sms', 'sandbox']);

export const channelTrialParams = z.object({ channel });
export const channelTrial = z.object({
  to: z.string().min(1).max(40).describe('As one types it; what the centre may not dial is not written to either.'),
  language: z.enum(['es', 'en']).describe('Of the message.'),
});
export const channelTried = z
  .object({
    number: z.string().describe('As it was written to.'),
    providerId: z.string().describe('What the provider calls the message.'),
  })
  .meta({ id: 'ChannelTried' });
export type WireChannelTried = z.infer<typeof channelTried>;
