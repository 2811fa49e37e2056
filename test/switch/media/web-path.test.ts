import { expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { HOST_ANSWER_LIMIT_MS, WebPaths } from '../../../src/switch/media/path/web-path.js';
import type { WebLinkListener } from '../../../src/switch/webrtc/host-link.js';

const listener = {
  onRtp: () => undefined,
  onRtcp: () => undefined,
  onDead: () => undefined,
  onSecured: () => undefined,
};

test('a WebRTC host that hangs while it starts is given up, and the next leg has another', async () => {
  const clock = new FakeClock();
  const hosts: { listener: WebLinkListener; closed: number }[] = [];
  const paths = new WebPaths(
    { address: '127.0.0.1', port: 0 },
    (_settings, _clock, told) => {
      const host = { listener: told, closed: 0 };
      hosts.push(host);
      return { command: () => undefined, send: () => undefined, close: () => void host.closed++ };
    },
    clock,
    silentLog,
  );
  const both = [paths.open(listener), paths.open(listener)].map((one) => expect(one).rejects.toThrow('longer than'));
  clock.advance(HOST_ANSWER_LIMIT_MS);
  await Promise.all(both);
  expect(hosts.map(({ closed }) => closed)).toEqual([1]);
  const third = paths.open(listener);
  hosts[0]?.listener.onReport({ type: 'ready', port: 1 });
  hosts[1]?.listener.onReport({ type: 'ready', port: 5_000 });
  expect((await third).local).toEqual({ address: '127.0.0.1', port: 5_000 });
  expect(clock.pending).toBe(0);
});
