// The line to the SIP server, against real WebSocket servers: one that answers, one that is silent, one that never lets in.

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SipLine } from '../../../src/web/phone/sip-line.js';
import { eventually } from '../../support/servers.js';

const PING = '\r\n\r\n';
const PONG = '\r\n';

describe('a line to the SIP server', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  interface Heard {
    readonly line: SipLine;
    readonly told: string[];
    readonly server: WebSocketServer;
  }

  /** `answers`: what the server says to each message; undefined: nothing. */
  async function connected(answers: (text: string) => string | undefined): Promise<Heard> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        const answer = answers(String(data));
        if (answer !== undefined) socket.send(answer);
      });
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const { line, told } = lineTo((server.address() as AddressInfo).port, 5_000, 200);
    closing.push(() => {
      line.disconnect();
      server.close();
    });
    line.connect();
    await eventually('connected', () => told.includes('connected'));
    return { line, told, server };
  }

  function lineTo(port: number, connectMs: number, answerMs: number): Omit<Heard, 'server'> {
    const told: string[] = [];
    const open = (url: string) => {
      const socket = new WebSocket(url, 'sip');
      // A browser tells nobody why.
      socket.on('error', () => undefined);
      return socket as unknown as globalThis.WebSocket;
    };
    const line = new SipLine(`ws://127.0.0.1:${port}`, { connectMs, answerMs }, open);
    line.onconnect = () => told.push('connected');
    line.ondisconnect = (isFault, code) => told.push(`lost ${isFault} ${code}`);
    line.ondata = (data) => told.push(`data ${JSON.stringify(data)}`);
    return { line, told };
  }

  test('a server that answers the ping is there', async () => {
    const { line } = await connected((text) => (text === PING ? PONG : undefined));
    expect(await line.answers()).toBe(true);
  });

  test('anything it says is a sign of life, and reaches whoever listens', async () => {
    const { line, told } = await connected(() => 'OPTIONS');
    expect(await line.answers()).toBe(true);
    expect(told).toContain('data "OPTIONS"');
  });

  test('a silent one is not there; nobody waits longer than the limit', async () => {
    const { line } = await connected(() => undefined);
    expect(await line.answers()).toBe(false);
  });

  test('without a connection nobody answers and nothing is sent', async () => {
    const { line } = lineTo(9, 1_000, 60_000);
    expect(await line.answers()).toBe(false);
    expect(line.send('REGISTER')).toBe(false);
  });

  test('another network: the old connection is given up and told as lost, the new one as made', async () => {
    const { line, told, server } = await connected(() => undefined);
    const [old] = [...server.clients];
    const asked = line.answers();
    line.renew();
    expect(told).toEqual(['connected', 'lost true 1006']);
    expect(await asked).toBe(false);
    await eventually('connected again', () => told.length === 3);
    expect(told.at(-1)).toBe('connected');
    await eventually('the old one is closed', () => old?.readyState === WebSocket.CLOSED);
    expect(server.clients.size).toBe(1);
  });

  test('a connection that does not come about is lost after the limit', async () => {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { line, told } = lineTo((server.address() as AddressInfo).port, 100, 100);
    line.connect();
    expect(line.isConnecting()).toBe(true);
    await eventually('told', () => told.length > 0);
    expect(told).toEqual(['lost true 1006']);
    expect(line.isConnecting()).toBe(false);
  });

  test('says of itself what Via and Route want', () => {
    const line = new SipLine('wss://hilo.example:8443/sip');
    expect([line.via_transport, line.sip_uri]).toEqual(['WSS', 'sip:hilo.example:8443;transport=ws']);
  });
});
