import { createSocket, type Socket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { CHECK_HEADER, OptionsProbe } from '../../../src/voice/servers/options-probe.js';

let server: Socket;
let heard: string[];
let answer: (request: string) => string | undefined;
const probe = new OptionsProbe(systemClock, systemIds);

beforeEach(async () => {
  heard = [];
  server = createSocket('udp4');
  server.on('message', (packet, { address, port }) => {
    heard.push(packet.toString());
    const text = answer(packet.toString());
    if (text !== undefined) server.send(text, port, address);
  });
  await new Promise<void>((resolve) => {
    server.bind(0, '127.0.0.1', resolve);
  });
});
afterEach(() => {
  server?.close();
  probe.close();
});

const ask = (): Promise<void> => probe.ask(`127.0.0.1:${server.address().port}`);
const via = (request: string): string => /^Via: .*$/m.exec(request)?.[0] ?? '';

describe('a question over the network', () => {
  it.each([200, 403, 404])('is answered with %i by an application', async (status) => {
    answer = (request) => `SIP/2.0 ${status} Said\r\n${via(request)}\r\n\r\n`;
    await expect(ask()).resolves.toBeUndefined();
    expect(heard[0]).toContain(`${CHECK_HEADER}: ${probe.key}`);
  });

  it.each([503, 408, 500])('is answered with %i for want of one', async (status) => {
    answer = (request) => `SIP/2.0 ${status} Said\r\n${via(request)}\r\n\r\n`;
    await expect(ask()).rejects.toThrow(`OPTIONS answered with ${status}`);
  });

  it('is repeated, and given up; what answers something else does not count', async () => {
    answer = () => 'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKother\r\n\r\n';
    await expect(ask()).rejects.toThrow('OPTIONS took longer than');
    expect(heard.length).toBe(2);
  });
});
