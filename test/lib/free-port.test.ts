import { expect, it } from 'vitest';
import { freePort } from '../../src/lib/free-port.js';

it('a port is told to one asker only, though nobody has opened it yet', async () => {
  const asked = await Promise.all(Array.from({ length: 400 }, () => freePort()));
  expect(new Set(asked).size).toBe(400);
});
