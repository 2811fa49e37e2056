// What is told of the channels' accounts: which settings there are, and no secret among them.
import { expect, test } from 'vitest';
import { channelAccounts } from '../src/channel-accounts.js';
import { readConfig } from '../src/config.js';

test('no secret is told, only that it is set', () => {
  const accounts = channelAccounts(
    readConfig({
      WHATSAPP_TOKEN: 'secret-1',
      WHATSAPP_PHONE_ID: '4711',
      WHATSAPP_APP_SECRET: 'secret-2',
      WHATSAPP_VERIFY_TOKEN: 'secret-3',
      SMPP_URL: 'smpp://hilo:secret-4@127.0.0.1:2775',
    }),
  );
  expect(JSON.stringify(accounts)).not.toContain('secret-');
  expect(accounts.map(({ channel, inUse }) => [channel, inUse])).toEqual([
    ['whatsapp', true],
    ['sms', true],
  ]);
  expect(accounts[0]?.settings).toContainEqual({ variable: 'WHATSAPP_PHONE_ID', isSet: true, value: '4711' });
  expect(accounts[0]?.settings).toContainEqual({ variable: 'WHATSAPP_TOKEN', isSet: true });
});

test('without an account nothing is set', () => {
  const settings = channelAccounts(readConfig({})).flatMap((account) => account.settings);
  expect(settings.filter(({ isSet }) => isSet)).toEqual([]);
});
