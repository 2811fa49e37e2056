#!/usr/bin/env node
// Load test of WebRTC legs: browsers that speak G.711 and hear music; what one of them costs the media engine and its host.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { silentLog } from '../../lib/log.js';
import { openMediaEngine } from '../../switch/media/engine.js';
import type { MediaLeg } from '../../switch/media/media-leg.js';
import { makeAnswer, readOffer } from '../../switch/sdp/negotiation.js';
import { Browser } from '../phone/browser.js';
import { usageOf } from './process-usage.js';

/** The browsers' process, started by this file with this argument: its processor time is not the engine's. */
const FAR_SIDE = 'far-side';
/** So many are connected at a time: the handshakes of all at once would measure those. */
const AT_A_TIME = 10;

const USAGE = `node dist/sim/bench/web-legs.js [options]

  --legs 100       browsers, each speaking and hearing music
  --seconds 10`;

type ToFar = { readonly open: number } | { readonly answers: readonly string[] } | 'count';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      legs: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '10' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [count, seconds] = [Number(values.legs), Number(values.seconds)];
  if (values.help || !(count > 0 && seconds > 0)) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const { cores, heard } = await runWebLegs(count, seconds);
  console.log(`${count} WebRTC legs, ${seconds} s: ${(cores * 100).toFixed(1)} % of a core`);
  console.log(`${Math.floor(count / cores)} legs per core; heard ${(heard * 100).toFixed(2)} %`);
  console.log(`load of the machine ${loadavg()[0]?.toFixed(1)}`);
}

export interface WebLegsResult {
  /** Cores that the engine and its WebRTC host used. */
  readonly cores: number;
  /** Packets heard, of those that should have been. */
  readonly heard: number;
}

/** Opens so many WebRTC legs in this process and their browsers in another, and looks at them for so long. */
export async function runWebLegs(count: number, seconds: number): Promise<WebLegsResult> {
  const ports = { first: 40_000, last: 40_999 };
  const options = { address: '127.0.0.1', ports, workers: 1, musicFolder: tmpdir(), webPort: 0, log: silentLog };
  const engine = await openMediaEngine(options);
  const far = fork(fileURLToPath(import.meta.url), [FAR_SIDE]);
  const ask = async (message: ToFar): Promise<readonly string[]> => {
    far.send(message);
    const [answer] = (await once(far, 'message')) as [readonly string[]];
    return answer;
  };
  try {
    const legs: MediaLeg[] = [];
    while (legs.length < count) {
      const offers = await ask({ open: Math.min(AT_A_TIME, count - legs.length) });
      const opened = await Promise.all(offers.map(() => engine.openLeg('webrtc')));
      await ask({ answers: await Promise.all(opened.map((leg, at) => answer(leg, offers[at] ?? ''))) });
      legs.push(...opened);
    }
    const [cpuBefore, heardBefore] = [cpuSeconds(), Number((await ask('count'))[0])];
    await pause(seconds * 1_000);
    const [cpu, heard] = [cpuSeconds() - cpuBefore, Number((await ask('count'))[0]) - heardBefore];
    return { cores: cpu / seconds, heard: heard / (count * seconds * 50) };
  } finally {
    far.kill();
    await engine.close();
  }
}

async function answer(leg: MediaLeg, offer: string): Promise<string> {
  const read = readOffer(offer);
  if (!read.ok || read.offered.remote.security.kind !== 'webrtc') throw new Error('not an offer of a browser');
  const { remote } = read.offered;
  const party = await leg.describeWeb({ party: read.offered.remote.security.party });
  leg.connect({ ...remote, send: true, receive: true, latch: false });
  leg.play({ kind: 'music', name: 'moh' });
  const { address, port } = leg;
  return makeAnswer(read.offered, { sessionId: '1', version: 1, address, port, security: { kind: 'webrtc', party } });
}

/** Of this process, where the media worker is, and of its WebRTC host. */
function cpuSeconds(): number {
  const host = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isHost(pid));
  return [process.pid, ...host].reduce((sum, pid) => sum + usageOf(pid).cpuS, 0);
}

function isHost(pid: number): boolean {
  try {
    const parent = / (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) \S/, ''))?.[1];
    return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('host-process');
  } catch (error) {
    // It has ended meanwhile.
    if (error instanceof Error) return false;
    throw error;
  }
}

function farSide(): void {
  const browsers: Browser[] = [];
  let fresh: Browser[] = [];
  process.on('message', (message: ToFar) => {
    if (message === 'count') process.send?.([String(browsers.reduce((sum, one) => sum + one.packetsHeard, 0))]);
    else if ('open' in message) {
      fresh = Array.from({ length: message.open }, () => new Browser({ listens: false }));
      browsers.push(...fresh);
      process.send?.(fresh.map((browser) => browser.offer()));
    } else {
      for (const [at, browser] of fresh.entries()) browser.accept(message.answers[at] ?? '');
      void Promise.all(fresh.map((browser) => browser.connected)).then(() => process.send?.([]));
    }
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === FAR_SIDE) farSide();
  else await main();
}
