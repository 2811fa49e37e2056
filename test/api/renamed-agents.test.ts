// Whose accounts follow which agents.
import { expect, test } from 'vitest';
import { followRenamed } from '../../src/api/account/renamed-agents.js';
import { seal, unseal } from '../../src/api/account/sealed.js';

test('each former name leads to the present one, the second factor sealed anew; the administration’s account stays', async () => {
  const renamed: { from: string; to: string; secret: string | undefined }[] = [];
  const factor = { secret: seal('otp', 'anna', 'a key'), confirmed: true, lastStep: 0 };
  const accounts = {
    secondFactor: async (user: string) => (user === 'anna' ? factor : undefined),
    rename: async (from: string, to: string, secret?: string) => void renamed.push({ from, to, secret }),
  };
  await followRenamed({ accounts, key: () => 'a key' }, [
    { name: 'ana', formerly: ['anna', 'admin', 'anita'] },
    { name: 'bruno' },
  ]);
  expect(renamed).toEqual([
    { from: 'anna', to: 'ana', secret: expect.any(String) },
    { from: 'anita', to: 'ana', secret: undefined },
  ]);
  expect(unseal(renamed[0]?.secret ?? '', 'ana', 'a key')).toBe('otp');
});
