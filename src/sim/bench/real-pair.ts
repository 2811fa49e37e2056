// A real drachtio-server and FreeSWITCH on this machine, to be measured as the embedded switch is.
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { systemClock } from '../../lib/clock.js';
import { withTimeOut } from '../../lib/time-out.js';
import { encodeFrame, FrameReader } from '../../switch/control/drachtio/frame.js';

export interface ControlPort {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

export interface RealPair {
  readonly drachtio: ControlPort;
  readonly freeswitch: ControlPort;
  /** Where drachtio-server takes calls over UDP. */
  readonly sipPort: number;
  /** Of both: their processor time and memory are those of a switch. */
  readonly pids: readonly number[];
}

const HELLO_LIMIT_MS = 10_000;
/** State of a listening socket in /proc/net/tcp. */
const LISTENING = '0A';

/** Throws when they are not there, or on another machine, where they could not be compared. */
export async function findPair(drachtio: ControlPort, freeswitch: ControlPort): Promise<RealPair> {
  const sipPort = await askSipPort(drachtio);
  const pids = [drachtio, freeswitch].map(({ port }) => {
    const pid = listenerOn(port);
    if (pid === undefined) throw new Error(`nobody on this machine listens on port ${port}`);
    return pid;
  });
  return { drachtio, freeswitch, sipPort, pids };
}

/** drachtio-server tells its SIP addresses with its welcome. */
async function askSipPort({ host, port, secret }: ControlPort): Promise<number> {
  const socket = connect({ host, port });
  try {
    await withTimeOut(systemClock, `drachtio-server at ${host}:${port}`, HELLO_LIMIT_MS, once(socket, 'connect'));
    const reader = new FrameReader();
    const welcome = new Promise<string>((resolve, reject) => {
      socket.on('data', (piece: Buffer) => {
        for (const frame of reader.push(piece)) resolve(frame.toString('utf8'));
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('drachtio-server closed the connection')));
    });
    socket.write(encodeFrame(`bench|authenticate|${secret}|`, undefined));
    const text = await withTimeOut(systemClock, 'the welcome of drachtio-server', HELLO_LIMIT_MS, welcome);
    const sipPort = /udp\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (sipPort === undefined) throw new Error(`drachtio-server takes no calls over UDP at 127.0.0.1: ${text}`);
    return Number(sipPort);
  } finally {
    socket.destroy();
  }
}

function listenerOn(port: number): number | undefined {
  const inode = inodeOf(readFileSync('/proc/net/tcp', 'utf8'), port);
  if (inode === undefined) return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => descriptorsOf(pid).includes(`socket:[${inode}]`));
}

/** Of the socket that listens on `port`, from the text of /proc/net/tcp. */
export function inodeOf(table: string, port: number): string | undefined {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const fields = table.split('\n').map((line) => line.trim().split(/\s+/));
  return fields.find((line) => line[1]?.endsWith(local) && line[3] === LISTENING)?.[9];
}

function descriptorsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((descriptor) => readlinkSync(`${folder}/${descriptor}`));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Ended meanwhile, or somebody else's.
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return [];
    throw error;
  }
}
