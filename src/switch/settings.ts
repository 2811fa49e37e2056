// The switch's environment as one typed object: the only place where the switch reads it.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join, resolve } from 'node:path';
import type { CertificateFiles } from './certificates.js';
import { type OutboundTarget, type OutboundTargets, parseTarget } from './control/outbound/targets.js';
import type { EngineChoice } from './media/engine.js';
import { IDLE_LIMIT_MS } from './sip/transport/idle-watch.js';
import type { Origins } from './sip/transport/origin.js';
import { DEFAULT_PLACES, type PlaceLimits } from './sip/transport/places.js';

export interface SwitchSettings {
  /** How long calls outlive their application: one that is started again takes over who talks. */
  readonly orphanGraceMs: number;
  /** Without any application for so long it ends; undefined: not by itself. */
  readonly aloneMs: number | undefined;
  /** Where phones and trunks reach us; also the address of all RTP. */
  readonly sip: {
    readonly host: string;
    readonly port: number;
    /** Undefined: not spoken. */
    readonly sipsPort: number | undefined;
    readonly wsPort: number | undefined;
    readonly wssPort: number | undefined;
    /** UDP port of browsers' media, of the first worker; each further one has the next. 0 = any; undefined = no WebRTC. */
    readonly webRtcPort: number | undefined;
    /** Pages that may connect by WebSocket. */
    readonly origins: Origins;
    readonly places: PlaceLimits;
    /** New requests a second that a stranger may send; undefined: any number. */
    readonly requestsPerSecond: number | undefined;
    /** How long a connection is kept that nobody uses and nothing needs. */
    readonly idleMs: number | 'keep';
    /** How long a call whose WebSocket closed may be taken up again before it is hung up. */
    readonly lostConnectionMs: number | 'keep';
  };
  readonly tls: { readonly configured?: CertificateFiles; readonly authorities?: string };
  readonly rtpPorts: { readonly first: number; readonly last: number };
  /** Where applications reach the two control ports; the media server's own SIP is there too. */
  readonly controlHost: string;
  readonly drachtio: {
    readonly port: number;
    readonly secret: string;
    /** Outbound mode: who decides about new requests of a method. */
    readonly outbound?: { readonly targets: OutboundTargets };
  };
  readonly eventSocket: { readonly port: number; readonly secret: string };
  /** Where generated secrets were written; absent when both were given. */
  readonly secretFile?: string;
  readonly dataFolder: string;
  readonly workers: number;
  /** Who does the plain work with packets; `auto`: native where it has been built. */
  readonly mediaEngine: EngineChoice;
  readonly logLevel: string;
}

export class BadSetting extends Error {
  override readonly name = 'BadSetting';
}

export const USAGE = `Usage: node switch/main.js [--help]

The embedded SIP and media server: speaks the protocols of drachtio-server and of FreeSWITCH's event socket.
Prints one line of JSON on stdout when it listens, logs to stderr, ends on SIGTERM or SIGINT.

  HILO_SIP_HOST       IPv4 address for SIP and RTP                  127.0.0.1
  HILO_SIP_PORT       UDP and TCP port for SIP, 0 = any free one    5060
  HILO_SIPS_PORT      SIP over TLS, 0 = any free one, off = none    5061
  HILO_WS_PORT        SIP over WebSocket, likewise                  5066
  HILO_WSS_PORT       SIP over secure WebSocket, likewise           7443
                      (these three: any free one when HILO_SIP_PORT is 0)
  HILO_TLS_CERT       PEM files used instead of a self-signed       HILO_DATA/tls/cert.pem
  HILO_TLS_KEY        certificate; read again on change and SIGHUP  HILO_DATA/tls/key.pem
  HILO_TLS_CA         PEM file: authorities that TLS peers we call must have; any certificate will do without
  HILO_WS_ORIGINS     pages that may connect, comma list, or any    own host
  HILO_SIP_CONNECTIONS  TCP, TLS and WebSocket connections in all   4096
  HILO_SIP_CONNECTIONS_PER_ADDRESS  of one address                  512
  HILO_SIP_IDLE       seconds until a connection is closed that carries neither messages nor keep-alives, nor is needed
                      by a registration or a call, keep = never     600
  HILO_SIP_RATE       new requests a second of one unknown address, off = any number;
                      twenty times as many once calls or registrations of it were accepted  500
  HILO_SIP_LOST_CONNECTION  seconds until a call whose WebSocket was lost is hung up, keep = never  15
  HILO_SWITCH_GRACE   seconds that calls outlive their application  60
  HILO_SWITCH_ALONE   seconds without any application after which it ends, never = not by itself  never
  HILO_RTP_PORTS      first-last                                    16384-32767
  HILO_WEBRTC_PORT    UDP port of all browsers' media, the next ones for further workers; 0 = any free one, off = none
                      (any free one when HILO_SIP_PORT is 0)        10000
  HILO_SWITCH_HOST    IPv4 address of the control ports             127.0.0.1
  DRACHTIO_PORT       drachtio protocol, 0 = any free one           9022
  DRACHTIO_SECRET     its secret                                    generated into HILO_DATA
  DRACHTIO_OUTBOUND_URL  new requests go not to connected applications but to the one that listens at
                      tcp://host:port or tls://host:port, or as the web service at http://… or https://… decides
                      (asked by GET; "POST http://…" by POST)
  DRACHTIO_OUTBOUND_URL_INVITE  the same for one method; likewise _REGISTER, _OPTIONS, _MESSAGE, …
  FREESWITCH_PORT     event socket, 0 = any free one                8021
  FREESWITCH_SECRET   its secret                                    generated into HILO_DATA
  HILO_DATA           data folder: music/, switch-secrets.json      ./data
  HILO_MEDIA_WORKERS  threads for RTP                               1
  HILO_MEDIA_ENGINE   native, typescript, or auto: native where it could be built  auto
  HILO_LOG_LEVEL      debug, info, warn or error                    info
`;

const OUTBOUND = 'DRACHTIO_OUTBOUND_URL';
const WORKERS_MAX = 64;
const SECRET_BYTES = 18;
const OWNER_ONLY = 0o600;

/** Throws {@link BadSetting} with the name of the variable. Writes the secrets that were not given to a file. */
export function readSettings(environment: NodeJS.ProcessEnv): SwitchSettings {
  const text = (name: string, otherwise: string): string => environment[name] || otherwise;
  const port = (name: string, otherwise: number): number => integer(name, text(name, String(otherwise)), 0, 65_535);
  const dataFolder = resolve(text('HILO_DATA', './data'));
  const { drachtio, eventSocket, secretFile } = secrets(environment, dataFolder);
  return {
    sip: sipSettings(environment),
    tls: tlsSettings(environment),
    orphanGraceMs: 1000 * integer('HILO_SWITCH_GRACE', text('HILO_SWITCH_GRACE', '60'), 0, 3_600),
    aloneMs:
      text('HILO_SWITCH_ALONE', 'never') === 'never'
        ? undefined
        : 1000 * integer('HILO_SWITCH_ALONE', text('HILO_SWITCH_ALONE', ''), 1, 86_400),
    rtpPorts: range('HILO_RTP_PORTS', text('HILO_RTP_PORTS', '16384-32767')),
    controlHost: address('HILO_SWITCH_HOST', text('HILO_SWITCH_HOST', '127.0.0.1')),
    drachtio: { port: port('DRACHTIO_PORT', 9022), secret: drachtio, ...outbound(environment) },
    eventSocket: { port: port('FREESWITCH_PORT', 8021), secret: eventSocket },
    ...(secretFile === undefined ? {} : { secretFile }),
    dataFolder,
    workers: integer('HILO_MEDIA_WORKERS', text('HILO_MEDIA_WORKERS', '1'), 1, WORKERS_MAX),
    mediaEngine: engineChoice(text('HILO_MEDIA_ENGINE', 'auto')),
    logLevel: text('HILO_LOG_LEVEL', 'info'),
  };
}

function sipSettings(environment: NodeJS.ProcessEnv): SwitchSettings['sip'] {
  const text = (name: string, otherwise: string | number): string => environment[name] || String(otherwise);
  const port = integer('HILO_SIP_PORT', text('HILO_SIP_PORT', 5060), 0, 65_535);
  const number = (name: string, otherwise: number, min: number, max: number): number =>
    integer(name, text(name, otherwise), min, max);
  const unless = (word: string, name: string, otherwise: number, min: number, max: number): number | undefined =>
    text(name, otherwise) === word ? undefined : number(name, otherwise, min, max);
  const listener = (name: string, otherwise: number): number | undefined =>
    unless('off', name, port === 0 ? 0 : otherwise, 0, 65_535);
  const idleSeconds = unless('keep', 'HILO_SIP_IDLE', IDLE_LIMIT_MS / 1000, 10, 86_400);
  const lostSeconds = unless('keep', 'HILO_SIP_LOST_CONNECTION', 15, 0, 3_600);
  return {
    host: address('HILO_SIP_HOST', text('HILO_SIP_HOST', '127.0.0.1')),
    port,
    sipsPort: listener('HILO_SIPS_PORT', 5061),
    wsPort: listener('HILO_WS_PORT', 5066),
    wssPort: listener('HILO_WSS_PORT', 7443),
    webRtcPort: listener('HILO_WEBRTC_PORT', 10_000),
    origins: originsOf(text('HILO_WS_ORIGINS', '')),
    places: {
      total: number('HILO_SIP_CONNECTIONS', DEFAULT_PLACES.total, 1, 1_000_000),
      perSource: number('HILO_SIP_CONNECTIONS_PER_ADDRESS', DEFAULT_PLACES.perSource, 1, 1_000_000),
    },
    requestsPerSecond: unless('off', 'HILO_SIP_RATE', 500, 1, 1_000_000),
    idleMs: idleSeconds === undefined ? 'keep' : idleSeconds * 1000,
    lostConnectionMs: lostSeconds === undefined ? 'keep' : lostSeconds * 1000,
  };
}

function originsOf(text: string): Origins {
  const named = text
    .split(',')
    .map((origin) => origin.trim().toLowerCase())
    .filter((origin) => origin !== '');
  if (named.length === 0) return 'own-host';
  return named.includes('any') ? 'any' : named;
}

function tlsSettings(environment: NodeJS.ProcessEnv): SwitchSettings['tls'] {
  const { HILO_TLS_CERT: cert, HILO_TLS_KEY: key, HILO_TLS_CA: authorities } = environment;
  if (Boolean(cert) !== Boolean(key)) throw new BadSetting('HILO_TLS_CERT and HILO_TLS_KEY go together');
  return {
    ...(cert && key ? { configured: { cert: resolve(cert), key: resolve(key) } } : {}),
    ...(authorities ? { authorities: pem('HILO_TLS_CA', resolve(authorities)) } : {}),
  };
}

function pem(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new BadSetting(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** One target for all methods, and those of single ones. */
function outbound(environment: NodeJS.ProcessEnv): { outbound?: { targets: OutboundTargets } } {
  const targets = new Map<string, OutboundTarget>();
  for (const [name, value] of Object.entries(environment)) {
    const method = name === OUTBOUND ? '*' : name.startsWith(`${OUTBOUND}_`) ? name.slice(OUTBOUND.length + 1) : '';
    if (method === '' || !value) continue;
    const target = parseTarget(value);
    if (target === undefined) throw new BadSetting(`${name} must be an http, https, tcp or tls URL, not "${value}"`);
    targets.set(method, target);
  }
  return targets.size === 0 ? {} : { outbound: { targets } };
}

function engineChoice(text: string): EngineChoice {
  if (text === 'auto' || text === 'native' || text === 'typescript') return text;
  throw new BadSetting(`HILO_MEDIA_ENGINE must be auto, native or typescript, not "${text}"`);
}

function integer(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new BadSetting(`${name} must be a number from ${min} to ${max}, not "${text}"`);
}

/** 0.0.0.0 will not do: the address is written into SDP and Contact. */
function address(name: string, text: string): string {
  if (isIPv4(text) && text !== '0.0.0.0') return text;
  throw new BadSetting(`${name} must be one IPv4 address of this machine, not "${text}"`);
}

function range(name: string, text: string): { first: number; last: number } {
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  if (match && first > 0 && last <= 65_535 && last > first) return { first, last };
  throw new BadSetting(`${name} must be first-last, for example 16384-32767, not "${text}"`);
}

interface Secrets {
  readonly drachtio: string;
  readonly eventSocket: string;
  readonly secretFile?: string;
}

function secrets(environment: NodeJS.ProcessEnv, dataFolder: string): Secrets {
  const given = { drachtio: environment['DRACHTIO_SECRET'], eventSocket: environment['FREESWITCH_SECRET'] };
  const drachtio = given.drachtio || randomBytes(SECRET_BYTES).toString('base64url');
  const eventSocket = given.eventSocket || randomBytes(SECRET_BYTES).toString('base64url');
  if (given.drachtio && given.eventSocket) return { drachtio, eventSocket };
  const secretFile = join(dataFolder, 'switch-secrets.json');
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(secretFile, `${JSON.stringify({ drachtio, eventSocket })}\n`, { mode: OWNER_ONLY });
  chmodSync(secretFile, OWNER_ONLY);
  return { drachtio, eventSocket, secretFile };
}
