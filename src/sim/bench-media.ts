#!/usr/bin/env node
// Load test of the media engine alone: how many legs hold their time, and what a leg costs; both engines side by side.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findLimit, LEGS_MAX, type Limit } from './bench/media-limit.js';
import { canRun, type RunResult, run, STORIES } from './bench/media-run.js';
import type { Story } from './bench/media-side.js';

const USAGE = `npm run bench:media -- [options]

Legs of the media engine and callers in a process of their own, who speak and measure when packets leave.

  --story all       ivr: prompts, callers speak and press keys; bridge: calls of two legs; hold: music; idle: only answered;
                    webrtc: browsers that speak and hear music (100, or --legs N); or several, with commas
  --engine both     native, typescript or both
  --legs N          one run with so many legs; without: more and more, until p99 of lateness reaches 5 ms
  --from 200        legs to begin with
  --seconds 8       of each run, after 2 s of warming up
  --workers 1       media threads
  --real-time       real-time priority for engine and callers (root): for a machine that does other things as well
  --json            the figures of each run as a line of JSON`;

const ENGINES = ['typescript', 'native'] as const;
type EngineName = (typeof ENGINES)[number];

interface Wish {
  readonly stories: readonly Story[];
  readonly webrtc: boolean;
  readonly engines: readonly EngineName[];
  readonly legs: number | undefined;
  readonly from: number;
  readonly seconds: number;
  readonly workers: number;
  readonly realTime: boolean;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const wish = readWish();
  if (wish === undefined) return;
  if (!canRun()) {
    console.error('bench:media needs its callers, which are C++: `node scripts/native.mjs` says what is missing.');
    process.exitCode = 1;
    return;
  }
  for (const story of wish.stories) {
    const best = new Map<EngineName, Limit>();
    console.log(`\n${story}\n${HEAD}`);
    for (const engine of wish.engines) {
      const held = await limitOf(wish, story, engine);
      if (held !== undefined) best.set(engine, held);
    }
    if (story !== 'idle') tellRatio(story, wish.legs === undefined, best.get('typescript'), best.get('native'));
  }
  if (wish.webrtc) await runWebLegs(wish);
}

function readWish(): Wish | undefined {
  const { values } = parseArgs({
    options: {
      story: { type: 'string', default: 'all' },
      engine: { type: 'string', default: 'both' },
      legs: { type: 'string' },
      from: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '8' },
      workers: { type: 'string', default: '1' },
      'real-time': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const stories = STORIES.filter((story) => values.story === 'all' || values.story.split(',').includes(story));
  const engines = ENGINES.filter((engine) => values.engine === 'both' || values.engine === engine);
  const legs = values.legs === undefined ? undefined : Number(values.legs);
  const [from, seconds, workers] = [Number(values.from), Number(values.seconds), Number(values.workers)];
  const numbers = [from, seconds, workers, legs ?? 1];
  const webrtc = values.story === 'all' || values.story.split(',').includes('webrtc');
  const isGood =
    (stories.length > 0 || webrtc) && engines.length > 0 && numbers.every((one) => one > 0 && one <= LEGS_MAX);
  if (values.help || !isGood) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return undefined;
  }
  return { stories, webrtc, engines, legs, from, seconds, workers, realTime: values['real-time'], json: values.json };
}

/** WebRTC is the same with both engines: it is the library's work, in a process of its own. */
async function runWebLegs({ legs = 100, seconds }: Wish): Promise<void> {
  console.log('\nwebrtc');
  const program = fileURLToPath(new URL('./bench/web-legs.js', import.meta.url));
  const options = ['--legs', String(legs), '--seconds', String(seconds)];
  await once(spawn(process.execPath, [program, ...options], { stdio: 'inherit' }), 'close');
}

async function limitOf(wish: Wish, story: Story, engine: EngineName): Promise<Limit | undefined> {
  const legs = wish.legs ?? (story === 'idle' ? 500 : undefined);
  if (legs !== undefined) return { legs, result: await step(wish, story, engine, legs) };
  return findLimit(wish.from, (more) => step(wish, story, engine, more));
}

async function step(wish: Wish, story: Story, engine: EngineName, legs: number): Promise<RunResult> {
  const { seconds, workers, realTime } = wish;
  const result = await run({ story, engine, legs, seconds, workers, realTime });
  console.log(row(engine, legs, result));
  if (wish.json) console.log(JSON.stringify({ story, engine, legs, load: loadavg()[0], ...result }));
  return result;
}

const HEAD =
  'engine      legs  late p50/p99/p99.9 ms   >40 ms  came     keys        CPU %  µs/packet  RSS MB  kB/leg  callers p99  load';

function row(engine: EngineName, legs: number, result: RunResult): string {
  const { p50, p99, p999, packets, gaps, whole, digits, keys, cpuPercent, cpuUsPerPacket, rssMb, rssKbPerLeg } = result;
  const late = [p50, p99, p999].map((ms) => ms.toFixed(2)).join(' / ');
  return [
    engine.padEnd(10),
    String(legs).padStart(5),
    late.padEnd(22),
    percent(gaps / Math.max(1, packets)).padStart(7),
    percent(whole).padStart(8),
    (keys === 0 ? '' : `${digits} (${keys})`).padStart(11),
    cpuPercent.toFixed(0).padStart(5),
    cpuUsPerPacket.toFixed(2).padStart(10),
    rssMb.toFixed(0).padStart(7),
    rssKbPerLeg.toFixed(1).padStart(7),
    result.ownP99.toFixed(2).padStart(12),
    (loadavg()[0] ?? 0).toFixed(1).padStart(5),
  ].join(' ');
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`;
}

function tellRatio(story: Story, isLimit: boolean, slow: Limit | undefined, quick: Limit | undefined): void {
  if (slow === undefined || quick === undefined) return;
  const unit = story === 'bridge' ? 'calls' : 'legs';
  const count = (legs: number): number => (story === 'bridge' ? legs / 2 : legs);
  const cost = (slow.result.cpuUsPerPacket / quick.result.cpuUsPerPacket).toFixed(1);
  const held = isLimit ? `${count(quick.legs)} ${unit} held against ${count(slow.legs)}; ` : '';
  console.log(`native / typescript: ${held}a packet costs ${cost} times less`);
}

await main();
