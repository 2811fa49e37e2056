// A test message over HTTP: what is asked for, by whom, and what the provider said.
import { expect, test } from 'vitest';
import { HiloError } from '../../src/app/errors.js';
import type { Trial } from '../../src/app/message/trial.js';
import { openApiScene } from '../support/api-scene.js';

test('an administrator tries a channel, and reads what the provider said', async () => {
  const asked: Trial[] = [];
  const send = async (trial: Trial) => {
    asked.push(trial);
    if (trial.to === 'nobody') throw new HiloError('message-refused', 'no such number', { why: { reason: 'gone' } });
    return { number: '+34600111222', providerId: 'abc-1' };
  };
  const scene = await openApiScene({ change: (given) => ({ ...given, channelTrials: { send } }) });
  try {
    const tries = (channel: string, to: string) =>
      scene.ask('POST', `/api/channels/${channel}/trials`, { as: 'admin', body: { to, language: 'es' } });
    const taken = await tries('sms', '600 111 222');
    expect([taken.statusCode, taken.json()]).toEqual([200, { number: '+34600111222', providerId: 'abc-1' }]);
    expect(asked).toEqual([{ channel: 'sms', to: '600 111 222', language: 'es', by: 'admin' }]);
    const refused = await tries('sms', 'nobody');
    expect(refused.statusCode).toBe(502);
    expect(refused.json()).toMatchObject({
      code: 'message-refused',
      detail: 'no such number',
      why: { reason: 'gone' },
    });
    expect((await tries('fax', '600 111 222')).statusCode).toBe(400);
    expect((await tries('sms', '')).statusCode).toBe(400);
    expect(asked).toHaveLength(2);
  } finally {
    await scene.close();
  }
});
