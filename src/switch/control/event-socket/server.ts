// Owns the event-socket listener: inbound clients, heartbeats, and the sockets dialled for channels.
import { createServer, connect as dial, isIPv4, type Server, type Socket } from 'node:net';
import { cpus } from 'node:os';
import type { Timer } from '../../../lib/clock.js';
import type { Channel } from '../../channel/channel.js';
import { upTime } from '../../channel/command/status-commands.js';
import { VERSION } from '../../channel/core.js';
import { SwitchEvent } from '../../channel/event.js';
import { PacedLog } from '../../sip/paced-log.js';
import { Connection, type EventSocketPorts } from './connection.js';
import { RUDE_REJECTION } from './wire.js';

/** Processor time over which the idle share is taken at least. */
const IDLE_PERIOD_MS = 1_000;
/** FreeSWITCH's interval. */
export const HEARTBEAT_MS = 20_000;
/** Most clients at a time, without the sockets of channels. */
export const CLIENTS_MAX = 200;
/** How long a client that was refused may take to read why. */
const REFUSED_LIMIT_MS = 2_000;
/** fsmrf gives a call up when its socket has not come 4 s after the 200. */
export const DIAL_LIMIT_MS = 4_000;

export interface EventSocketOptions {
  readonly address: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly secret: string;
  /** Who may connect. */
  allowed(address: string): boolean;
}

export interface EventSocketServer {
  readonly address: string;
  readonly port: number;
  /** Dials `ip:port` for a channel. Rejects when nobody answers; resolves to the end of the connection. */
  attach(channel: Channel, target: string): Promise<{ readonly closed: Promise<void> }>;
  close(): Promise<void>;
}

export type ServerPorts = Omit<EventSocketPorts, 'heartbeat'>;

export async function openEventSocketServer(
  options: EventSocketOptions,
  ports: ServerPorts,
): Promise<EventSocketServer> {
  const heartbeats = startHeartbeats(ports);
  const connectionPorts: EventSocketPorts = { ...ports, heartbeat: heartbeats.make };
  const clients = new Map<Socket, Connection>();
  const sockets = new Map<Socket, Connection>();
  const track = (into: Map<Socket, Connection>, socket: Socket, connection: Connection): void => {
    into.set(socket, connection);
    socket.once('close', () => into.delete(socket));
  };
  const refusals = new PacedLog(ports.log, ports.board.core.clock);
  const refused = new Set<Socket>();
  const refuse = (socket: Socket): void => {
    refused.add(socket);
    const limit = ports.board.core.clock.after(REFUSED_LIMIT_MS, () => socket.destroy());
    socket.on('error', (error) => ports.log.debug({ err: error }, 'refused client'));
    socket.once('close', () => {
      limit.cancel();
      refused.delete(socket);
    });
    socket.end(RUDE_REJECTION);
    socket.resume();
  };
  const server = createServer((socket) => {
    const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    if (!options.allowed(address) || clients.size >= CLIENTS_MAX) {
      refusals.warn({ address }, 'event socket client refused');
      refuse(socket);
      return;
    }
    track(clients, socket, new Connection(socket, { kind: 'inbound', secret: options.secret }, connectionPorts));
  });
  let bound: { address: string; port: number };
  try {
    bound = await listen(server, options.address, options.port);
  } catch (error) {
    heartbeats.stop();
    throw error;
  }
  server.on('error', (error) => ports.log.error({ err: error }, 'event socket listener'));
  return {
    ...bound,
    async attach(channel, target) {
      const socket = await dialTarget(target);
      if (!server.listening) {
        socket.destroy();
        throw new Error('the event socket is closed');
      }
      track(sockets, socket, new Connection(socket, { kind: 'outbound', channel }, connectionPorts));
      return { closed: new Promise((resolve) => socket.once('close', () => resolve())) };
    },
    async close() {
      heartbeats.stop();
      for (const connection of [...clients.values(), ...sockets.values()]) connection.close();
      for (const socket of refused) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, address: string, port: number): Promise<{ address: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      const bound = server.address();
      resolve({ address, port: typeof bound === 'object' && bound ? bound.port : port });
    });
  });
}

/** `ip:port` as the application gave it in X-esl-outbound. Names are not looked up (compatibility J16). */
export function parseTarget(target: string): { host: string; port: number } | undefined {
  const match = /^([\d.]+|localhost):(\d{1,5})$/.exec(target.trim());
  const host = match?.[1] === 'localhost' ? '127.0.0.1' : (match?.[1] ?? '');
  const port = Number(match?.[2]);
  return isIPv4(host) && port > 0 && port < 65_536 ? { host, port } : undefined;
}

function dialTarget(target: string): Promise<Socket> {
  const parsed = parseTarget(target);
  if (!parsed) return Promise.reject(new Error(`not an ip:port: ${target}`));
  return new Promise((resolve, reject) => {
    const socket = dial({ ...parsed, noDelay: true });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(DIAL_LIMIT_MS, () => fail(new Error(`${target} did not answer in ${DIAL_LIMIT_MS} ms`)));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** Share of the machine's processors that had nothing to do since the last asking, as a percentage. */
function idleMeter(): () => number {
  const times = (): { idle: number; all: number } => {
    const each = cpus().map(({ times: time }) => time);
    const idle = each.reduce((sum, time) => sum + time.idle, 0);
    return { idle, all: each.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.irq, idle) };
  };
  let before = times();
  let last = 100;
  return () => {
    const now = times();
    // Processors count in steps of 10 ms: an asking that comes too soon gets the last answer.
    if (now.all - before.all < IDLE_PERIOD_MS) return last;
    last = (100 * (now.idle - before.idle)) / (now.all - before.all);
    before = now;
    return last;
  };
}

function startHeartbeats({ board, bus }: ServerPorts): { make(): SwitchEvent; stop(): void } {
  const { core, channels } = board;
  const idlePercent = idleMeter();
  const make = (): SwitchEvent => {
    const counts = channels.counts();
    return new SwitchEvent({
      ...core.head('HEARTBEAT'),
      'Event-Info': 'System Ready',
      'Up-Time': upTime(core.upMs),
      'FreeSWITCH-Version': VERSION,
      'Uptime-msec': String(Math.round(core.upMs)),
      'Session-Count': String(counts.now),
      'Max-Sessions': String(counts.max),
      'Session-Per-Sec': String(counts.max),
      'Session-Per-Sec-Last': String(counts.perSecond),
      'Session-Peak-Max': String(counts.peak),
      'Session-Since-Startup': String(counts.sinceStart),
      'Idle-CPU': idlePercent().toFixed(6),
    });
  };
  let timer: Timer;
  const beat = (): void => {
    bus.publish({ name: 'HEARTBEAT' }, make);
    timer = core.clock.after(HEARTBEAT_MS, beat);
  };
  timer = core.clock.after(HEARTBEAT_MS, beat);
  return { make, stop: () => timer.cancel() };
}
