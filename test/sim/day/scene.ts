// A small centre for simulated days: the sample's flow, with queues and people as a test wants them.
import type { QueueConfig } from '../../../src/core/acd/queue.js';
import { compileFolder } from '../../../src/sim/day/input/folder.js';
import { readFolder } from '../../../src/sim/day/input/plan-from-options.js';
import { simulatedAgent } from '../../../src/sim/day/input/staff.js';
import type { Plan, SimulatedAgent } from '../../../src/sim/day/world/plan.js';
import { HOUR_MS } from '../../../src/sim/day/world/plan.js';

const sample = compileFolder(readFolder('ivr-flows'));

/** Nine to five. */
export const OFFICE = { fromMs: 9 * HOUR_MS, toMs: 17 * HOUR_MS };

export function staff(count: number, skills: Readonly<Record<string, number>>, shift = OFFICE): SimulatedAgent[] {
  const kind = Object.keys(skills).join('+');
  return Array.from({ length: count }, (_, n) => ({
    config: simulatedAgent(`${kind}-${n + 1}`, skills),
    shifts: [shift],
  }));
}

/** The same number of calls in each of these hours. */
export function steady(perHour: number, fromHour = 9, toHour = 17): number[] {
  return Array.from({ length: 24 }, (_, hour) => (hour >= fromHour && hour < toHour ? perHour : 0));
}

/** One morning of 60 calls an hour for support and 30 for sales, with call-backs and people who ring again. */
export function planOfDay(change: Partial<Plan> = {}): Plan {
  return {
    ...sample,
    startMs: Date.UTC(2026, 0, 11, 23),
    days: 1,
    agents: [...staff(4, { support: 3 }), ...staff(2, { sales: 3 }), ...staff(2, { support: 2, sales: 2 })],
    arrivals: {
      kind: 'profile',
      perHour: new Map([
        ['support', steady(60, 9, 13)],
        ['sales', steady(30, 9, 13)],
      ]),
    },
    arrivalsFactor: 1,
    behaviour: {
      talk: { kind: 'lognormal', meanMs: 240_000, cv: 0.8 },
      patience: { kind: 'weibull', meanMs: 90_000, shape: 1.3 },
    },
    behaviourOf: new Map(),
    answer: { kind: 'lognormal', meanMs: 4_000, cv: 0.5 },
    missed: 0.03,
    redial: 0.4,
    outside: 'answered',
    redialAfter: { kind: 'exponential', meanMs: 300_000 },
    replies: 0.4,
    replyAfter: { kind: 'exponential', meanMs: 300_000 },
    reached: 0.7,
    ...change,
  };
}

/** The plan with the same change made to all of its queues. */
export function withQueues(plan: Plan, change: Partial<QueueConfig>): Plan {
  const queues = new Map([...plan.centre.queues].map(([name, queue]) => [name, { ...queue, ...change }]));
  return { ...plan, centre: { ...plan.centre, queues } };
}
