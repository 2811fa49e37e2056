// Rows of the media engine alone: legs with prompts and digits, bridged calls, browsers.
import { isHeld } from '../media-limit.js';
import { canRun, type RunResult, run } from '../media-run.js';
import { runWebLegs } from '../web-legs.js';
import { type Bench, type Measured, measuredLimit, percent } from './measurement.js';
import { climb, type Steps } from './stepping.js';

const QUICK_SECONDS = 3;
const SECONDS = 10;
const WEB_WHOLE_MIN = 0.999;
const LADDERS = {
  ivr: { reach: 600, aim: 1_500, full: [150, 300, 450, 600, 750, 900, 1_050, 1_200, 1_500, 1_800, 2_100, 2_500] },
  bridge: { reach: 350, aim: 1_000, full: [90, 180, 270, 350, 450, 550, 650, 750, 850, 1_000, 1_200, 1_400] },
  webrtc: { reach: 100, aim: 100, full: [50, 100, 200, 300, 400, 500] },
} as const;

/** Legs or, for bridges, calls of two legs that one media thread holds. */
export async function measureMedia(bench: Bench, story: 'ivr' | 'bridge'): Promise<Measured> {
  if (!canRun()) throw new Error('the callers are not built: node scripts/native.mjs says why');
  const legsEach = story === 'bridge' ? 2 : 1;
  const seconds = bench.quick ? QUICK_SECONDS : SECONDS;
  const tried = await climb(stepsOf(bench, story), async (load) => {
    bench.tell(`${story}: ${load}`);
    const result = await run({
      story,
      legs: load * legsEach,
      engine: 'auto',
      workers: 1,
      seconds,
      realTime: bench.realTime,
    });
    return { held: isHeld(result), result };
  });
  return measuredLimit(
    tried,
    ({ load, result }) => `${latenessOf(result)}, ${costOf(load, result)}`,
    ({ load, result }) => `${latenessOf(result)}, ${percent(result.whole, 1)} came, ${costOf(load, result)}`,
  );
}

/** By processor time: what a browser costs us, and how many of them a core has that for. */
export async function measureWebLegs(bench: Bench): Promise<Measured> {
  const seconds = bench.quick ? QUICK_SECONDS : SECONDS;
  const tried = await climb(stepsOf(bench, 'webrtc'), async (legs) => {
    bench.tell(`webrtc: ${legs}`);
    const result = await runWebLegs(legs, seconds);
    return { held: result.heard >= WEB_WHOLE_MIN, result };
  });
  const best = tried.filter(({ held }) => held).at(-1);
  if (best === undefined) return { value: 0, bounded: false, how: `fewer than ${tried.at(-1)?.load} legs heard all` };
  const { load, result } = best;
  const how = `by processor time of ${load} legs: ${(100 * result.cores).toFixed(0)} % of a core, ${percent(result.heard, 1)} came`;
  return { value: Math.floor(load / result.cores), bounded: false, how };
}

function stepsOf({ quick }: Bench, story: keyof typeof LADDERS): Steps {
  const { reach, aim, full } = LADDERS[story];
  return quick
    ? { ladder: [...new Set([Math.round(reach / 2), reach, aim])], first: reach, attempts: 1 }
    : { ladder: full, first: reach, attempts: 2 };
}

function latenessOf({ p99, p999 }: RunResult): string {
  return `late p99 ${p99.toFixed(1)}, p99.9 ${p999.toFixed(1)} ms`;
}

/** What processor time alone would allow: a machine with other work to do does not change that. */
function costOf(load: number, { cpuPercent }: RunResult): string {
  return `${cpuPercent.toFixed(0)} % of a core (by processor time: ${Math.floor((100 * load) / cpuPercent)} per core)`;
}
