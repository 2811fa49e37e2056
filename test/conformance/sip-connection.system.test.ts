// How an application connects, and what the server tells it (compatibility A1 to A5).
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { connectApp } from '../switch/drachtio/application.js';
import { RawApp } from '../switch/drachtio/raw-app.js';
import { conforms, openPair, type Pair } from './pair.js';

describe('an application connects', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair();
  });
  afterAll(() => pair?.close());

  conforms('it is told the listeners and the version', async () => {
    const { hostports, version, local } = await pair.app();
    expect(hostports.split(',')).toContain(`udp/${pair.sip.host}:${pair.sip.port}`);
    expect(version).toMatch(/^v\d+\.\d+\.\d+/);
    expect(local).toMatch(/^[a-z]+\/[^,]+:\d+/);
  });

  conforms('a wrong secret is refused, and the application told so', async () => {
    const { host, port } = pair.drachtio;
    await expect(connectApp(port, 'wrong', () => undefined, host)).rejects.toThrow(/failed to authenticate/);
  });

  conforms('frames may be cut and joined anywhere', async () => {
    const app = await RawApp.open(pair.drachtio.port, undefined, pair.drachtio.host);
    const frame = (payload: string): string => `${Buffer.byteLength(payload)}#${payload}`;
    const stream = [
      frame(`11111111-1111-4111-8111-111111111111|authenticate|${pair.drachtio.secret}|`),
      frame('22222222-2222-4222-8222-222222222222|route|info'),
      frame('33333333-3333-4333-8333-333333333333|ping'),
    ].join('');
    for (let at = 0; at < stream.length; at += 7) {
      app.write(stream.slice(at, at + 7));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const [first, rest] of [
      ['1', 'OK'],
      ['2', 'OK'],
      ['3', 'OK|pong'],
    ] as const) {
      const { tokens } = await app.next(({ tokens }) => tokens[2]?.startsWith(first) === true);
      expect(tokens.slice(3).join('|')).toContain(rest);
    }
    app.destroy();
  });
});
