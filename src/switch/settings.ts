// The switch's environment as one typed object: the only place where the switch reads it.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join, resolve } from 'node:path';

export interface SwitchSettings {
  /** Where phones and trunks reach us; also the address of all RTP. */
  readonly sip: { readonly host: string; readonly port: number };
  readonly rtpPorts: { readonly first: number; readonly last: number };
  /** Where applications reach the two control ports; the media server's own SIP is there too. */
  readonly controlHost: string;
  readonly drachtio: { readonly port: number; readonly secret: string };
  readonly eventSocket: { readonly port: number; readonly secret: string };
  /** Where generated secrets were written; absent when both were given. */
  readonly secretFile?: string;
  readonly dataFolder: string;
  readonly workers: number;
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
  HILO_RTP_PORTS      first-last                                    16384-32767
  HILO_SWITCH_HOST    IPv4 address of the control ports             127.0.0.1
  DRACHTIO_PORT       drachtio protocol, 0 = any free one           9022
  DRACHTIO_SECRET     its secret                                    generated into HILO_DATA
  FREESWITCH_PORT     event socket, 0 = any free one                8021
  FREESWITCH_SECRET   its secret                                    generated into HILO_DATA
  HILO_DATA           data folder: music/, switch-secrets.json      ./data
  HILO_MEDIA_WORKERS  threads for RTP                               1
  HILO_LOG_LEVEL      debug, info, warn or error                    info
`;

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
    sip: { host: address('HILO_SIP_HOST', text('HILO_SIP_HOST', '127.0.0.1')), port: port('HILO_SIP_PORT', 5060) },
    rtpPorts: range('HILO_RTP_PORTS', text('HILO_RTP_PORTS', '16384-32767')),
    controlHost: address('HILO_SWITCH_HOST', text('HILO_SWITCH_HOST', '127.0.0.1')),
    drachtio: { port: port('DRACHTIO_PORT', 9022), secret: drachtio },
    eventSocket: { port: port('FREESWITCH_PORT', 8021), secret: eventSocket },
    ...(secretFile === undefined ? {} : { secretFile }),
    dataFolder,
    workers: integer('HILO_MEDIA_WORKERS', text('HILO_MEDIA_WORKERS', '1'), 1, WORKERS_MAX),
    logLevel: text('HILO_LOG_LEVEL', 'info'),
  };
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
