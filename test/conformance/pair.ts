// The pair under test: our switch as a process of its own, or the real drachtio-server and FreeSWITCH that are named in
// CONFORMANCE_DRACHTIO and CONFORMANCE_FREESWITCH as host:port.
import { it } from 'vitest';
import { startSwitchProcess } from '../support/switch-process.js';
import { type App, type Connected, connectApp } from '../switch/drachtio/application.js';
import { Phone } from '../switch/drachtio/phone.js';
import { knownOnOurs } from './known-on-ours.js';
import { knownOnReal } from './known-on-real.js';

export interface ControlPort {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

export interface Pair {
  readonly kind: 'embedded' | 'real';
  /** For `srf.connect`. */
  readonly drachtio: ControlPort;
  /** For `mrf.connect`, with {@link PROFILE}. */
  readonly freeswitch: ControlPort;
  /** Where phones reach the pair over UDP, as the drachtio handshake tells it. */
  readonly sip: { readonly host: string; readonly port: number };
  /** An application on drachtio-srf that the pair has told of its routes; disconnected with the pair. */
  app(prepare?: (srf: App) => void): Promise<Connected>;
  /** A plain SIP phone on UDP, closed with the pair. */
  phone(): Promise<Phone>;
  close(): Promise<void>;
}

/** The Sofia profile on both sides. */
export const PROFILE = 'drachtio_mrf';

const REAL = readReal();

export const pairKind: Pair['kind'] = REAL === undefined ? 'embedded' : 'real';

/** @param environment of the embedded switch; a real pair has its own settings */
export async function openPair(environment: NodeJS.ProcessEnv = {}): Promise<Pair> {
  const closers: (() => unknown)[] = [];
  const ports = REAL ?? (await embedded(environment, closers));
  const probe = await connectApp(ports.drachtio.port, ports.drachtio.secret, () => undefined, ports.drachtio.host);
  probe.srf.disconnect();
  const sip = /(?:^|,)udp\/([^,]+):(\d+)/.exec(probe.hostports);
  if (sip === null) throw new Error(`no UDP among the listeners "${probe.hostports}"`);
  return {
    kind: pairKind,
    ...ports,
    sip: { host: sip[1] ?? '', port: Number(sip[2]) },
    async app(prepare = () => undefined) {
      const connected = await connectApp(ports.drachtio.port, ports.drachtio.secret, prepare, ports.drachtio.host);
      closers.push(() => connected.srf.disconnect());
      return connected;
    },
    async phone() {
      const phone = await Phone.open(sip[1]);
      closers.push(() => phone.close());
      return phone;
    },
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** A case of the suite; one that a pair cannot pass says in its table why, and is run on the other only. */
export function conforms(name: string, run: () => Promise<void>): void {
  const reason = (pairKind === 'real' ? knownOnReal : knownOnOurs)[name];
  if (reason === undefined) it(name, run);
  else it.skip(`${name} (not on the ${pairKind} pair: ${reason})`, run);
}

interface Ports {
  readonly drachtio: ControlPort;
  readonly freeswitch: ControlPort;
}

async function embedded(environment: NodeJS.ProcessEnv, closers: (() => unknown)[]): Promise<Ports> {
  const process = await startSwitchProcess(environment);
  closers.push(() => process.close());
  const { secret, drachtio, eventSocket } = process;
  return { drachtio: { ...drachtio, secret }, freeswitch: { ...eventSocket, secret } };
}

function readReal(): Ports | undefined {
  const drachtio = process.env['CONFORMANCE_DRACHTIO'];
  const freeswitch = process.env['CONFORMANCE_FREESWITCH'];
  if (!drachtio && !freeswitch) return undefined;
  return {
    drachtio: { ...hostPort('CONFORMANCE_DRACHTIO', drachtio), secret: secret('CONFORMANCE_DRACHTIO', 'cymru') },
    freeswitch: {
      ...hostPort('CONFORMANCE_FREESWITCH', freeswitch),
      secret: secret('CONFORMANCE_FREESWITCH', 'ClueCon'),
    },
  };
}

function hostPort(name: string, text = ''): { host: string; port: number } {
  const match = /^([^:]+):(\d+)$/.exec(text);
  if (match === null) throw new Error(`${name} must be host:port, not "${text}"`);
  return { host: match[1] ?? '', port: Number(match[2]) };
}

function secret(name: string, stock: string): string {
  return process.env[`${name}_SECRET`] || stock;
}
