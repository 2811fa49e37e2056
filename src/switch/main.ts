// Entry of the switch's own process: wires signalling and media together and says where they listen.
import { join } from 'node:path';
import { pino } from 'pino';
import { systemClock } from '../lib/clock.js';
import { systemIds } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { type Certificates, openCertificates } from './certificates.js';
import { type DrachtioServer, type DrachtioServerOptions, openDrachtioServer } from './control/drachtio/server.js';
import { openMediaEngine } from './media/engine.js';
import { CHANNELS_MAX, isLoopback, openMediaServer } from './media-server/media-server.js';
import { BadSetting, readSettings, type SwitchSettings, USAGE } from './settings.js';
import { ShortCut } from './sip/transport/short-cut.js';
import { openTcp } from './sip/transport/tcp.js';
import { openTls } from './sip/transport/tls.js';
import type { ListenOptions } from './sip/transport/transport.js';
import { openWebSocket } from './sip/transport/web-socket.js';

/**
 * A 100 has to come within 200 ms, and only if nothing else does (RFC 3261 §17.2.1): who is refused at once, a stranger, sees
 * the refusal alone, and a call that is answered at once costs one message less.
 */
const TRYING_AFTER_MS = 150;
/** Faults nobody caught that the process outlives; a bug met more often than this is one in everything. */
const FAULTS_PER_MINUTE_MAX = 60;
const CLOSE_LIMIT_MS = 8_000;
const ALONE_LOOK_MS = 1_000;

interface Closable {
  close(): Promise<unknown>;
}

interface Opened {
  readonly ready: object;
  readonly parts: readonly Closable[];
  readonly certificates: Certificates;
}

async function open(settings: SwitchSettings, log: Log): Promise<Opened> {
  const shared = { clock: systemClock, ids: systemIds };
  const parts: Closable[] = [];
  // Both halves of the switch speak SIP with each other.
  const transports = { udp: new ShortCut().openUdp, tcp: openTcp };
  const certificates = await openCertificates({
    ...settings.tls,
    clock: systemClock,
    folder: join(settings.dataFolder, 'tls'),
    hosts: [...new Set([settings.sip.host, settings.controlHost])],
    log: log.child({ part: 'tls' }),
  });
  parts.unshift({ close: () => Promise.resolve(certificates.close()) });
  try {
    const engine = await openMediaEngine({
      address: settings.sip.host,
      ports: settings.rtpPorts,
      workers: settings.workers,
      ...(settings.sip.webRtcPort === undefined ? {} : { webPort: settings.sip.webRtcPort }),
      engine: settings.mediaEngine,
      musicFolder: join(settings.dataFolder, 'music'),
      log: log.child({ part: 'media' }),
    });
    parts.unshift(engine);
    const mediaServer = await openMediaServer({
      ...shared,
      sip: {
        address: settings.controlHost,
        port: 0,
        transports: { ...transports, tls: openTls({ context: certificates.context }) },
      },
      eventSocket: { address: settings.controlHost, ...settings.eventSocket },
      engine,
      speechFolder: join(settings.dataFolder, 'speech'),
      channelsMax: Math.min(CHANNELS_MAX, Math.floor((settings.rtpPorts.last - settings.rtpPorts.first + 1) / 2)),
      log: log.child({ part: 'channels' }),
      allowed: (address) => isLoopback(address) || address === settings.controlHost || address === settings.sip.host,
    });
    parts.unshift(mediaServer);
    const drachtio = await openDrachtioServer({
      ...shared,
      host: settings.controlHost,
      ...settings.drachtio,
      sip: { auto100: TRYING_AFTER_MS, ...signalling(settings, transports, certificates) },
      lostConnectionMs: settings.sip.lostConnectionMs,
      orphanGraceMs: settings.orphanGraceMs,
      delayMs: () => mediaServer.load().loop.delayMs,
      log: log.child({ part: 'sip' }),
    });
    parts.unshift(drachtio);
    if (settings.aloneMs !== undefined) endWhenAlone(drachtio, settings.aloneMs, log);
    const ready = {
      ready: true,
      drachtio: `${drachtio.address.host}:${drachtio.address.port}`,
      eventSocket: `${mediaServer.eventSocket.address}:${mediaServer.eventSocket.port}`,
      sip: drachtio.sipListeners.map((one) => `${one.transport}/${one.address}:${one.port}`),
      ...(settings.secretFile === undefined ? {} : { secretFile: settings.secretFile }),
    };
    return { ready, parts, certificates };
  } catch (error) {
    for (const part of parts) await part.close();
    throw error;
  }
}

/** In this order they are named to applications: the first of those that fit is the one they send from. */
function listenersOf({ sip }: SwitchSettings): ListenOptions[] {
  const ports = { udp: sip.port, tcp: sip.port, tls: sip.sipsPort, ws: sip.wsPort, wss: sip.wssPort };
  return (['udp', 'tcp', 'tls', 'ws', 'wss'] as const).flatMap((transport) => {
    const port = ports[transport];
    return port === undefined ? [] : [{ transport, address: sip.host, port }];
  });
}

type Signalling = Omit<DrachtioServerOptions['sip'], 'auto100'>;

/** Where SIP is spoken, how, and within which limits. */
function signalling(
  settings: SwitchSettings,
  plain: NonNullable<Signalling['transports']>,
  certificates: Certificates,
): Signalling {
  const { origins, places, idleMs, requestsPerSecond } = settings.sip;
  const { authorities } = settings.tls;
  const tls = { context: certificates.context, ...(authorities === undefined ? {} : { authorities }) };
  const webSockets = { ws: openWebSocket({ origins }), wss: openWebSocket({ origins, tls }) };
  return {
    listen: listenersOf(settings),
    transports: { ...plain, tls: openTls(tls), ...webSockets },
    places,
    idleMs,
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
  };
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(USAGE);
    return;
  }
  let settings: SwitchSettings;
  try {
    settings = readSettings(process.env);
  } catch (error) {
    if (!(error instanceof BadSetting)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
    return;
  }
  const destination = pino.destination({ dest: 2, sync: true });
  // Who read what we say may be dead (kill -9): the calls go on all the same.
  const unheard = (): void => undefined;
  destination.on('error', unheard);
  for (const output of [process.stdout, process.stderr]) output.on('error', unheard);
  const log: Log = pino({ name: 'switch', level: settings.logLevel }, destination);
  outliveFaults(log);
  try {
    const { ready, parts, certificates } = await open(settings, log);
    closeOnSignal(parts, log);
    process.on('SIGHUP', () => certificates.reload());
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } catch (error) {
    log.error({ err: error }, 'switch cannot start');
    process.exitCode = 1;
  }
}

/** Left behind by an application that nobody started again: an end in order, as if asked for. */
function endWhenAlone(drachtio: DrachtioServer, aloneMs: number, log: Log): void {
  let aloneSinceMs = systemClock.monotonicMs();
  const look = (): void => {
    const nowMs = systemClock.monotonicMs();
    if (drachtio.snapshot().applications.length > 0) aloneSinceMs = nowMs;
    if (nowMs - aloneSinceMs < aloneMs) {
      systemClock.after(ALONE_LOOK_MS, look);
      return;
    }
    log.warn({ aloneMs }, 'no application has come back');
    process.kill(process.pid, 'SIGTERM');
  };
  look();
}

/** In the reverse order of opening: signalling hangs up first, while media is still there to say goodbye. */
function closeOnSignal(parts: readonly Closable[], log: Log): void {
  let closing = false;
  const close = async (signal: string): Promise<void> => {
    if (closing) return;
    closing = true;
    log.info({ signal }, 'switch is closing');
    const limit = systemClock.after(CLOSE_LIMIT_MS, () => process.exit(1));
    for (const part of parts) {
      await part.close().catch((error: unknown) => log.error({ err: error }, 'not closed cleanly'));
    }
    limit.cancel();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void close(signal));
}

/** A bug in one call must not end the others: what no edge caught is logged, and only a flood of it is fatal. */
function outliveFaults(log: Log): void {
  let [faults, sinceMs] = [0, 0];
  const onFault = (error: unknown): void => {
    log.error({ err: error }, 'fault that nobody caught');
    const nowMs = systemClock.monotonicMs();
    if (nowMs - sinceMs > 60_000) [faults, sinceMs] = [0, nowMs];
    if (++faults > FAULTS_PER_MINUTE_MAX) process.exit(1);
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
}

await main();
