// The media server as one piece: media engine below, SIP profile and event socket above, channels between.
import type { Clock } from '../../lib/clock.js';
import type { Channels } from '../channel/channels.js';
import { API_COMMANDS } from '../channel/command/catalogue.js';
import { type EventSocketServer, openEventSocketServer } from '../control/event-socket/server.js';
import { openStack, type SipStack } from '../sip/stack.js';
import { openFloor } from './floor.js';
import type { SwitchLoad } from './load-meter.js';
import type { MediaServerOptions } from './options.js';
import { SipFace } from './sip-face.js';

/** Most channels, as told to clients in Max-Sessions. */
export const CHANNELS_MAX = 4_000;
/** Time for hung-up channels to tell their ends at {@link MediaServer.close}. */
const CLOSE_LIMIT_MS = 2_000;

export interface MediaServerSnapshot {
  readonly channels: number;
  readonly calls: number;
  readonly sip: ReturnType<SipStack['snapshot']>;
}

export interface MediaServer {
  readonly sipPort: number;
  /** SIP over TLS; undefined: not spoken. */
  readonly sipsPort: number | undefined;
  readonly eventSocket: { readonly address: string; readonly port: number };
  readonly channels: Channels;
  /** Of this process and its media workers. */
  load(): SwitchLoad;
  snapshot(): MediaServerSnapshot;
  /** Hangs every channel up, closes the listeners; the engine stays, it is the caller's. Safe to call twice. */
  close(): Promise<void>;
}

/** Binds SIP and event socket; rejects, with nothing left open, when one cannot be bound. */
export async function openMediaServer(options: MediaServerOptions): Promise<MediaServer> {
  const { clock, ids, log, engine, profile = 'drachtio_mrf', allowed = isLoopback } = options;
  const callsMax = options.channelsMax ?? CHANNELS_MAX;
  const face = new SipFace();
  const timers = options.timers === undefined ? {} : { timers: options.timers };
  const { transports, ...binding } = options.sip;
  const secure = transports?.tls === undefined ? [] : [{ transport: 'tls' as const, ...binding, port: 0 }];
  const listen = [{ transport: 'udp' as const, ...binding }, ...secure];
  const stack = await openStack(
    { listen, clock, ids, log, ...timers, ...(transports === undefined ? {} : { transports }) },
    face,
  );
  const [sipPort = 0, sipsPort] = stack.listeners.map((listener) => listener.port);
  const floor = openFloor(options, callsMax, { port: sipPort, securePort: sipsPort });
  const { board, bus, channelPorts } = floor;
  const { channels } = board;
  let eventSocket: EventSocketServer;
  try {
    const ports = { board, bus, commands: API_COMMANDS, log };
    eventSocket = await openEventSocketServer({ ...options.eventSocket, allowed }, ports);
  } catch (error) {
    floor.close();
    await stack.close();
    throw error;
  }
  const userAgent = 'Hilo media server';
  face.start({
    stack,
    engine,
    eventSocket,
    ids,
    log,
    profile,
    userAgent,
    ...timers,
    channelPorts,
    channels,
    callsMax,
    allowed,
  });
  let closing: Promise<void> | undefined;
  return {
    sipPort,
    sipsPort,
    eventSocket: { address: eventSocket.address, port: eventSocket.port },
    channels,
    load: floor.load,
    snapshot: () => ({ channels: channels.counts().now, calls: face.size, sip: stack.snapshot() }),
    close() {
      floor.close();
      closing ??= closeAll(channels, eventSocket, stack, clock);
      return closing;
    },
  };
}

async function closeAll(
  channels: Channels,
  eventSocket: EventSocketServer,
  stack: SipStack,
  clock: Clock,
): Promise<void> {
  const ends = channels.all().map((channel) => {
    channel.hangup('SYSTEM_SHUTDOWN');
    return new Promise<void>((resolve) => channel.onOver(resolve));
  });
  await new Promise<void>((resolve) => {
    const timer = clock.after(CLOSE_LIMIT_MS, resolve);
    void Promise.all(ends).then(() => {
      timer.cancel();
      resolve();
    });
  });
  await eventSocket.close();
  await stack.close();
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}
