#!/usr/bin/env node
// Load test of the media engine alone: many callers who speak and hear music, or each other; what it costs, how even it is.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg, tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { silentLog } from '../lib/log.js';
import { openMediaEngine } from '../switch/media/engine.js';
import type { MediaLeg } from '../switch/media/media-leg.js';
import { type HeardCounts, openVoices } from './voices.js';

const NEAR = '127.0.0.1';
const FAR = '127.0.0.2';
/** The callers' process, started by this file with this argument: its CPU is not the engine's. */
const FAR_SIDE = 'far-side';

const USAGE = `npm run bench:media -- [options]

  --legs 400       callers, each speaking
  --story music    music: each hears music on hold; bridge: they hear each other, two and two
  --seconds 20
  --workers 1      media threads`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      legs: { type: 'string', default: '400' },
      story: { type: 'string', default: 'music' },
      seconds: { type: 'string', default: '20' },
      workers: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [count, seconds, workers] = [Number(values.legs), Number(values.seconds), Number(values.workers)];
  if (values.help || !(count > 0 && seconds > 0 && workers > 0) || !/^(music|bridge)$/.test(values.story)) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const ports = { first: 40_000, last: 59_999 };
  const engine = await openMediaEngine({ address: NEAR, ports, workers, musicFolder: tmpdir(), log: silentLog });
  const legs = await Promise.all(Array.from({ length: count }, () => engine.openLeg()));
  const far = fork(fileURLToPath(import.meta.url), [FAR_SIDE]);
  try {
    far.send(legs.map(({ port }) => port));
    const [farPorts] = (await once(far, 'message')) as [number[]];
    for (const [index, leg] of legs.entries()) connect(leg, farPorts[index] ?? 0);
    if (values.story === 'music') for (const leg of legs) leg.play({ kind: 'music', name: 'moh' });
    else for (let at = 0; at + 1 < count; at += 2) bridge(legs[at], legs[at + 1]);
    const before = process.cpuUsage();
    await pause(seconds * 1000);
    const { user, system } = process.cpuUsage(before);
    far.send('heard');
    const [heard] = (await once(far, 'message')) as [HeardCounts];
    tell(values.story, count, seconds, (user + system) / 1e6, heard);
  } finally {
    far.kill();
    await engine.close();
  }
}

function connect(leg: MediaLeg, port: number): void {
  leg.connect({ address: FAR, port, payloadType: 0, telephoneEvent: 101, send: true, receive: true, latch: false });
}

function bridge(a: MediaLeg | undefined, b: MediaLeg | undefined): void {
  if (a !== undefined && b !== undefined) a.bridge(b);
}

function tell(story: string, legs: number, seconds: number, cpuS: number, heard: HeardCounts): void {
  const { packets, late } = heard;
  const perLeg = packets / legs / seconds;
  console.log(`${legs} legs, ${story}, ${seconds} s; machine load ${loadavg()[0]?.toFixed(1)}`);
  console.log(`engine CPU        ${((100 * cpuS) / seconds).toFixed(0)} % of a core`);
  console.log(
    `                  ${((cpuS * 1e6) / Math.max(1, packets)).toFixed(1)} µs for a packet in and a packet out`,
  );
  console.log(`packets heard     ${packets}, ${perLeg.toFixed(1)} a second and leg (50 are sent)`);
  console.log(`over 40 ms apart  ${((100 * late) / Math.max(1, packets)).toFixed(2)} %`);
}

/** Speaks to each of the ports it is told from a port of its own. */
async function farSide(): Promise<void> {
  const voices = await openVoices(FAR, true);
  const [ports] = (await once(process, 'message')) as [number[]];
  const offers = ports.map((port) => `c=IN IP4 ${NEAR}\r\nm=audio ${port} RTP/AVP 0\r\n`);
  const all = offers.map((offer) => voices.take(offer));
  process.send?.(all.map(({ port }) => port));
  for (const voice of all) voice.start();
  await once(process, 'message');
  process.send?.(voices.heard());
}

await (process.argv.includes(FAR_SIDE) ? farSide() : main());
