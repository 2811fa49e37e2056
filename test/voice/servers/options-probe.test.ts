import { createSocket, type Socket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { CHECK_HEADER, OptionsProbe } from '../../../src/voice/servers/options-probe.js';
import { eventually } from '../../support/servers.js';

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

  it('ends when nobody is asked any more, and is not repeated then', async () => {
    answer = () => undefined;
    const clock = new FakeClock();
    const closing = new OptionsProbe(clock, systemIds);
    const asked = closing.ask(`127.0.0.1:${server.address().port}`);
    await eventually('it is heard', () => heard.length === 1);
    closing.close();
    await expect(asked).rejects.toThrow('nobody is asked any more');
    expect(clock.pending).toBe(0);
  });

  it('that begins while this is closed is not sent', async () => {
    const asked = ask();
    probe.close();
    await expect(asked).rejects.toThrow('nobody is asked any more');
    expect(heard).toEqual([]);
  });
});
