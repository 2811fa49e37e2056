#!/usr/bin/env node
// `npm run bench:core`: what the core and the dispatcher promise of speed, measured.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OFFERS_A_ROUND } from '../app/floor/dispatcher.js';
import { systemClock } from '../lib/clock.js';
import { silentLog } from '../lib/log.js';
import { startRedis } from '../local/redis.js';
import { runDispatch } from './dispatch/run.js';
import { growthText, type Line, tableOf } from './report.js';
import { growthOf, measureSelect } from './select.js';
import { measureFlowSteps, measureProjection } from './steps.js';
import { timeText, timingOf } from './timing.js';

const NODE_PROGRAM = fileURLToPath(new URL('./dispatch/node.js', import.meta.url));
const RUNS = 400;
const SIZES = [1_250, 2_500, 5_000, 10_000, 20_000];
const AGENTS = 1_000;
/** Few are free where many wait: so many at once is a lot. */
const FREE = 20;
/** Noise of one measurement; a quadratic round would show twice this. */
const GROWTH_MAX = 1.25;

async function main(): Promise<void> {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}\n`,
  );
  const rows = SIZES.map((waiting) => measureSelect({ waiting, agents: AGENTS, free: FREE }, RUNS));
  console.log(`Rounds of offers: ${AGENTS} agents, ${FREE} of them free; │ is n log n\n${growthText(rows)}\n`);
  const lines = [...selectLines(rows), ...stepLines(), ...(await dispatchLines())];
  console.log(`${tableOf(lines)}\n\nload at the end ${loadavg()[0]?.toFixed(1)}`);
  process.exitCode = lines.every(({ met }) => met) ? 0 : 1;
}

function selectLines(rows: readonly ReturnType<typeof measureSelect>[]): Line[] {
  const goal = rows.find(({ waiting }) => waiting === 10_000);
  const [first, last] = [rows[0], rows.at(-1)];
  if (goal === undefined || first === undefined || last === undefined) return [];
  const line = (what: string, { timing }: typeof goal, judged: boolean): Line => ({
    what,
    goal: judged ? 'p99 < 5 ms' : '',
    found: `p99 ${timeText(timing.p99Ms)}, median ${timeText(timing.medianMs)}, min ${timeText(timing.minMs)}`,
    met: !judged || timing.p99Ms < 5,
  });
  const all = measureSelect({ waiting: 10_000, agents: AGENTS, free: AGENTS }, RUNS, OFFERS_A_ROUND);
  const whole = measureSelect({ waiting: 10_000, agents: AGENTS, free: AGENTS }, RUNS);
  const none = measureSelect({ waiting: 10_000, agents: AGENTS, free: 0 }, RUNS);
  const growth = growthOf(first, last);
  return [
    line('round: 10,000 wait, 20 of 1,000 free', goal, true),
    line('… nobody free', none, true),
    line(`… all free: ${OFFERS_A_ROUND} offers, the most of a round`, all, true),
    line('… all free: 1,000 offers in one', whole, false),
    {
      ...{ what: 'growth from 1,250 to 20,000', goal: 'n log n' },
      ...{ found: `(n log n)^${growth.toFixed(2)}`, met: growth < GROWTH_MAX },
    },
  ];
}

function stepLines(): Line[] {
  const step = measureFlowSteps(RUNS);
  const { perSecond } = measureProjection(30, 100_000);
  return [
    {
      ...{ what: 'flow step', goal: '< 50 µs' },
      ...{ found: `median ${timeText(step.medianMs)}, min ${timeText(step.minMs)}`, met: step.medianMs < 0.05 },
    },
    {
      ...{ what: 'projection', goal: '100,000 events/s' },
      ...{ found: `${perSecond.toLocaleString('en')} events/s`, met: perSecond >= 100_000 },
    },
  ];
}

async function dispatchLines(): Promise<Line[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hilo-bench-'));
  const redis = await startRedis({ folder, clock: systemClock, log: silentLog });
  try {
    const base = { redisUrl: redis.url, program: NODE_PROGRAM, agents: 400, holdMs: 500 };
    const full = await runDispatch({ ...base, nodes: 2, perSecond: 200, seconds: 10 });
    const accept = timingOf(full.reports.flatMap(({ acceptMs }) => acceptMs));
    const offered = full.reports.reduce((sum, one) => sum + one.offered, 0);
    const killed = await runDispatch({ ...base, nodes: 2, perSecond: 200, seconds: 8, killLeaderAfterMs: 3_000 });
    const { leadsMs = Infinity, offersMs = Infinity } = killed.failOver ?? {};
    const lost = killed.reports.reduce((sum, one) => sum + one.left, 0);
    const doubled = killed.reports.reduce((sum, one) => sum + one.acceptedTwice + one.offeredTwice, 0);
    return [
      {
        ...{ what: 'three nodes, 200 offers/s on one Redis', goal: 'accept p99 < 20 ms' },
        found: `${Math.round(offered / 10)} offers/s, accept p99 ${timeText(accept.p99Ms)}, median ${timeText(accept.medianMs)}`,
        met: accept.p99Ms < 20 && offered >= 1_990,
      },
      {
        ...{ what: 'the leader is killed at 200 offers/s', goal: '< 3 s, none lost or doubled' },
        found: `${timeText(offersMs)} to the next offer (led after ${timeText(leadsMs)}), ${lost} lost, ${doubled} doubled`,
        met: offersMs < 3_000 && lost === 0 && doubled === 0,
      },
    ];
  } finally {
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
