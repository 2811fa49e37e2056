// Steps on the media server that are asked for, lost, asked for again, and given up.
import { describe, expect, test } from 'vitest';
import { connect, enter, type Patched, park, separate } from '../../../src/voice/call/patching.js';
import type { Milestone } from '../../../src/voice/drachtio/media-endpoint.js';

interface Leg extends Patched {
  readonly asked: string[];
}

/** `reached`: whether it happens after the first, second … time of asking; a string: the reply to each command. */
function leg(uuid: string, reached: readonly boolean[], reply = '+OK'): Leg {
  const asked: string[] = [];
  const left = [...reached];
  return {
    ...{ uuid, asked, ended: new AbortController().signal },
    api: async (command: string, ...args: readonly string[]) => {
      asked.push([command, ...args].join(' '));
      return reply;
    },
    reaches: async (_: Milestone) => left.shift() ?? false,
  };
}

function gone(uuid: string): Leg {
  const end = AbortSignal.abort({ reason: 'media-lost' });
  return { ...leg(uuid, []), ended: end, reaches: () => Promise.reject(new Error('the leg is gone')) };
}

describe('two legs', () => {
  test('are connected when the media server says so, not when it takes the command', async () => {
    const [one, other] = [leg('a', [true]), leg('b', [])];
    await connect(one, other);
    expect([one.asked, other.asked]).toEqual([['uuid_bridge a b'], []]);
    await expect(connect(leg('a', [false]), other)).rejects.toMatchObject({ code: 'media-time-out' });
    await expect(connect(leg('a', [true], '-ERR no such channel'), other)).rejects.toThrow('no such channel');
  });

  test('are separated with one command; whose transfer was lost is asked again, alone', async () => {
    const [one, other] = [leg('a', [true]), leg('b', [true])];
    await separate(one, other);
    expect([one.asked, other.asked]).toEqual([['uuid_transfer a -both park inline'], []]);
    const [first, second] = [leg('a', [false, true]), leg('b', [false, false, true])];
    await separate(first, second);
    expect(first.asked).toEqual(['uuid_transfer a -both park inline', 'uuid_transfer a park inline']);
    expect(second.asked).toEqual(['uuid_transfer b park inline', 'uuid_transfer b park inline']);
  });

  test('are separated also when the other is gone by then', async () => {
    const one = leg('a', [true]);
    await separate(one, gone('b'));
    expect(one.asked).toHaveLength(1);
    await expect(separate(gone('a'), leg('b', [true]))).rejects.toThrow('gone');
  });
});

test('a leg that does not go where it is sent is asked three times', async () => {
  const room = leg('a', [false, false, true]);
  await enter(room, 'r1');
  expect(room.asked).toEqual(Array(3).fill('uuid_transfer a conference:hilo-r1@default++flags{nomoh} inline'));
  const stuck = leg('a', []);
  await expect(park(stuck)).rejects.toMatchObject({ code: 'media-time-out' });
  expect(stuck.asked).toHaveLength(3);
});
