// The media server as one piece: media engine below, SIP profile and event socket above, channels between.
import { hostname } from 'node:os';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { runnerOf } from '../channel/application.js';
import { APPLICATIONS } from '../channel/applications/catalogue.js';
import { Schedule } from '../channel/beside/schedule.js';
import { Channels } from '../channel/channels.js';
import { API_COMMANDS } from '../channel/command/catalogue.js';
import { runCommand, type Switchboard } from '../channel/command/command.js';
import { Conferences } from '../channel/conference/conferences.js';
import { Core } from '../channel/core.js';
import { EventBus } from '../channel/event-bus.js';
import { type EventSocketServer, openEventSocketServer } from '../control/event-socket/server.js';
import type { MediaEngine } from '../media/engine.js';
import type { MediaLeg } from '../media/media-leg.js';
import type { MediaRoom } from '../media/media-room.js';
import { openStack, type SipStack, type StackOptions } from '../sip/stack.js';
import type { SipTimers } from '../sip/transaction/timers.js';
import { Speaker } from '../speech/speaker.js';
import { LoadMeter } from './load-meter.js';
import { SipFace } from './sip-face.js';

/** Most channels, as told to clients in Max-Sessions. */
export const CHANNELS_MAX = 4_000;
/** Time for hung-up channels to tell their ends at {@link MediaServer.close}. */
const CLOSE_LIMIT_MS = 2_000;

export interface MediaServerOptions {
  /** SIP between the signalling side and us; port 0 = any free one. */
  readonly sip: {
    readonly address: string;
    readonly port: number;
    readonly transports?: NonNullable<StackOptions['transports']>;
  };
  readonly eventSocket: { readonly address: string; readonly port: number; readonly secret: string };
  /** Name of the SIP profile in `sofia status`; fsmrf asks for drachtio_mrf. */
  readonly profile?: string;
  readonly engine: MediaEngine;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Where texts that were spoken are kept; absent: `speak` and `say` say nothing. */
  readonly speechFolder?: string;
  readonly channelsMax?: number;
  readonly timers?: Partial<SipTimers>;
  /** Who may send INVITEs and dial the event socket; default: this machine. */
  allowed?(address: string): boolean;
}

export interface MediaServerSnapshot {
  readonly channels: number;
  readonly calls: number;
  readonly sip: ReturnType<SipStack['snapshot']>;
}

export interface MediaServer {
  readonly sipPort: number;
  readonly eventSocket: { readonly address: string; readonly port: number };
  readonly channels: Channels;
  snapshot(): MediaServerSnapshot;
  /** Hangs every channel up, closes the listeners; the engine stays, it is the caller's. Safe to call twice. */
  close(): Promise<void>;
}

/** Binds SIP and event socket; rejects, with nothing left open, when one cannot be bound. */
export async function openMediaServer(options: MediaServerOptions): Promise<MediaServer> {
  const { clock, ids, log, engine, profile = 'drachtio_mrf', allowed = isLoopback } = options;
  const core = new Core({ uuid: ids.uuid(), hostname: hostname(), address: options.sip.address }, clock);
  const callsMax = options.channelsMax ?? CHANNELS_MAX;
  const channels = new Channels(clock, callsMax);
  const bus = new EventBus();
  const face = new SipFace();
  const timers = options.timers === undefined ? {} : { timers: options.timers };
  const { transports, ...binding } = options.sip;
  const listen = [{ transport: 'udp' as const, ...binding }];
  const stack = await openStack(
    { listen, clock, ids, log, ...timers, ...(transports === undefined ? {} : { transports }) },
    face,
  );
  const sipPort = stack.listeners[0]?.port ?? 0;
  const openRoom = (near: MediaLeg): MediaRoom => engine.openRoom(near, { relaysKeys: false });
  const conferences = new Conferences({ core, bus, ids, openRoom });
  const meter = new LoadMeter(engine, clock);
  const schedule = new Schedule(clock);
  const board: Switchboard = {
    load: () => meter.load,
    schedule,
    globals: new Map(),
    run: (text) => runCommand(API_COMMANDS, text, board),
    channels,
    conferences,
    core,
    ids,
    log,
    profile: { name: profile, address: options.sip.address, port: sipPort },
  };
  let eventSocket: EventSocketServer;
  try {
    const ports = { board, bus, commands: API_COMMANDS, log };
    eventSocket = await openEventSocketServer({ ...options.eventSocket, allowed }, ports);
  } catch (error) {
    meter.close();
    await stack.close();
    throw error;
  }
  const channelPorts = {
    core,
    bus,
    run: runnerOf(APPLICATIONS, {
      ...{ channels, conferences, schedule },
      ...(options.speechFolder === undefined
        ? {}
        : { speaker: new Speaker({ folder: options.speechFolder, clock, log }) }),
    }),
  };
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
    eventSocket: { address: eventSocket.address, port: eventSocket.port },
    channels,
    snapshot: () => ({ channels: channels.counts().now, calls: face.size, sip: stack.snapshot() }),
    close() {
      meter.close();
      schedule.close();
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
