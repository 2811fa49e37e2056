// Why a simulated queue is not as Erlang A has it: what the formula leaves out, one sentence each, and how much each does.
import { variationOf } from '../world/chance.js';
import { behaviourOf, type Plan, type SimulatedAgent } from '../world/plan.js';
import { contains, type Estimate } from './confidence.js';
import type { RunFigures } from './figures.js';
import { shown } from './metrics.js';
import { ofQueue, over } from './runs.js';
import { agentsAt, ratesOf, type Theory } from './theory.js';

const QUARTER_MS = 15 * 60_000;
/** So many in a quarter are no chance, when they are so large a share of their hour. */
const BURST_LEAST = 20;
const BURST_SHARE = 0.4;

/** Something the formula does not know. `without`: the same plan without it. */
export interface Reason {
  readonly sentence: string;
  readonly without: (plan: Plan) => Plan;
}

/** Whether service level and abandonment are what the formula says, within their ranges. */
export function agrees(serviceLevel: Estimate | undefined, abandonRate: Estimate | undefined, { a }: Theory): boolean {
  if (a === undefined || serviceLevel === undefined || abandonRate === undefined) return false;
  return contains(serviceLevel, a.serviceLevel) && contains(abandonRate, a.abandonRate);
}

export function reasonsOf(plan: Plan, queueName: string, runs: readonly RunFigures[]): Reason[] {
  return [
    ...sharedAgents(plan, queueName),
    ...ringing(plan, queueName),
    ...changingDay(plan, queueName),
    ...shapes(plan, queueName),
    ...comingAgain(plan, queueName, runs),
    ...limits(queueName, runs),
  ];
}

function sharedAgents(plan: Plan, queueName: string): Reason[] {
  const skill = plan.centre.queues.get(queueName)?.skill ?? '';
  const others = new Set(
    [...plan.centre.queues.values()]
      .filter((queue) => queue.skill !== skill && ratesOf(plan, queue.name).some((rate) => rate > 0))
      .map((queue) => queue.skill),
  );
  const serving = plan.agents.filter(({ config }) => Object.hasOwn(config.skills, skill));
  const shared = serving.filter(({ config }) => Object.keys(config.skills).some((one) => others.has(one)));
  if (shared.length === 0) return [];
  const only = (agent: SimulatedAgent): SimulatedAgent => {
    const level = agent.config.skills[skill];
    return level === undefined ? agent : { ...agent, config: { ...agent.config, skills: { [skill]: level } } };
  };
  return [
    {
      sentence: `${shared.length} of the ${serving.length} agents also serve other queues; the formula has them here all the time.`,
      without: (given) => ({ ...given, agents: given.agents.map(only) }),
    },
  ];
}

function ringing(plan: Plan, queueName: string): Reason[] {
  const reasons: Reason[] = [];
  const { answer, missed } = plan;
  if (answer.meanMs > 0) {
    reasons.push({
      sentence: `A phone rings ${shown('ms', answer.meanMs)} before it is answered; this is part of the wait, and the formula's agents answer at once.`,
      // The agent is occupied for as long as before: only the wait is shorter.
      without: (given) => {
        const { talk } = behaviourOf(given, queueName);
        const longer = { talk: { ...talk, meanMs: talk.meanMs + answer.meanMs } };
        return withBehaviour({ ...given, answer: { kind: 'fixed', meanMs: 0 } }, longer, queueName);
      },
    });
  }
  if (missed > 0) {
    reasons.push({
      sentence: `${shown('share', missed)} of the offers are left to ring: the caller waits on, and the agent gets nothing for a while.`,
      without: (given) => ({ ...given, missed: 0 }),
    });
  }
  return reasons;
}

function changingDay(plan: Plan, queueName: string): Reason[] {
  const skill = plan.centre.queues.get(queueName)?.skill ?? '';
  const rates = ratesOf(plan, queueName);
  const busy = rates.flatMap((rate, hour) => (rate > 0 ? [{ rate, agents: agentsAt(plan, skill, hour) }] : []));
  const [least, most] = [Math.min(...busy.map(({ rate }) => rate)), Math.max(...busy.map(({ rate }) => rate))];
  const reasons: Reason[] = [];
  const same = (given: Plan): Plan => given;
  if (most > least * 1.1) {
    const range = `${least.toFixed(0)} to ${most.toFixed(0)}`;
    reasons.push({
      sentence: `${range} calls an hour: the formula takes each hour for itself, as if it went on for ever; a queue left over from the hour before is not in it.`,
      without: same,
    });
  }
  if (busy.length < 24 || busy.some(({ agents }) => agents % 1 !== 0)) {
    reasons.push({
      sentence:
        'The day begins with an empty queue, and agents come and go; the formula knows neither beginning nor end.',
      without: same,
    });
  }
  return [...reasons, ...bursts(plan, queueName)];
}

/** In a log calls may come in a much shorter time than the hour over which the formula spreads them. */
function bursts({ arrivals, startMs }: Plan, queueName: string): Reason[] {
  if (arrivals.kind !== 'log') return [];
  const quarters = new Map<number, number>();
  for (const { atMs, queue } of arrivals.calls) {
    if (queue !== queueName) continue;
    const quarter = Math.floor((atMs - startMs) / QUARTER_MS);
    quarters.set(quarter, (quarters.get(quarter) ?? 0) + 1);
  }
  const calls = [...quarters.values()].reduce((sum, count) => sum + count, 0);
  const [busiest = 0, count = 0] = [...quarters].sort(([, a], [, b]) => b - a)[0] ?? [];
  const hour = Math.floor(busiest / 4);
  const inHour = [0, 1, 2, 3].reduce((sum, quarter) => sum + (quarters.get(4 * hour + quarter) ?? 0), 0);
  if (count < BURST_LEAST || count < BURST_SHARE * inHour) return [];
  return [
    {
      sentence: `${count} of the ${calls} calls came in one quarter of an hour, ${inHour} in that hour: the formula spreads those of an hour over all of it.`,
      without: (given) => given,
    },
  ];
}

function shapes(plan: Plan, queueName: string): Reason[] {
  const { talk, patience, wrapUp: writing } = behaviourOf(plan, queueName);
  const wrapUpMs = writing?.meanMs ?? plan.centre.queues.get(queueName)?.wrapUpMs ?? 0;
  const reasons: Reason[] = [];
  if (variationOf(talk) !== 1 || wrapUpMs > 0) {
    const less = variationOf(talk) < 1 ? 'less' : 'more';
    const wrapUp = wrapUpMs > 0 ? `, and ${shown('ms', wrapUpMs)} of wrap-up follow each` : '';
    const varying =
      variationOf(talk) === 1
        ? 'Talks are exponential'
        : `Talks vary ${less} than exponential ones (standard deviation ${variationOf(talk).toFixed(2)} of the mean)`;
    reasons.push({
      sentence: `${varying}${wrapUp}.`,
      without: (given) => withBehaviour(given, { talk: { kind: 'exponential', meanMs: talk.meanMs } }, queueName),
    });
  }
  if (patience.kind !== 'exponential') {
    reasons.push({
      sentence: `Patience is not exponential (standard deviation ${variationOf(patience).toFixed(2)} of the mean).`,
      without: (given) =>
        withBehaviour(given, { patience: { kind: 'exponential', meanMs: patience.meanMs } }, queueName),
    });
  }
  return reasons;
}

function withBehaviour(plan: Plan, change: Partial<Plan['behaviour']>, queue: string): Plan {
  const behaviour = new Map(plan.behaviourOf);
  behaviour.set(queue, { ...behaviour.get(queue), ...change });
  return { ...plan, behaviourOf: behaviour };
}

function comingAgain(plan: Plan, queueName: string, runs: readonly RunFigures[]): Reason[] {
  const offered = over(ofQueue(runs, queueName), (one) => one.offered)?.mean ?? 0;
  const planned = ratesOf(plan, queueName).reduce((sum, rate) => sum + rate, 0) * plan.days;
  const reached = over(ofQueue(runs, queueName), ({ callbacks }) => callbacks.attempted)?.mean ?? 0;
  const reasons: Reason[] = [];
  if (plan.redial > 0 && offered > planned * 1.005) {
    reasons.push({
      sentence: `${(offered - planned).toFixed(0)} of ${offered.toFixed(0)} calls are of people who ring again or come from other queues; the formula counts everybody once.`,
      without: (given) => ({ ...given, redial: 0 }),
    });
  }
  if (reached > 0.5) {
    reasons.push({
      sentence: `Agents make ${reached.toFixed(0)} call-backs besides; the formula's agents have nothing else to do.`,
      without: (given) => ({ ...given, replies: 0 }),
    });
  }
  return reasons;
}

function limits(queueName: string, runs: readonly RunFigures[]): Reason[] {
  const left = over(ofQueue(runs, queueName), ({ flowedOut }) => flowedOut)?.mean ?? 0;
  if (left < 0.5) return [];
  const patient = { maxWaitMs: 24 * 3_600_000 };
  return [
    {
      sentence: `${left.toFixed(0)} callers go on to the overflow after the longest wait; in the formula they wait on.`,
      without: (given) => {
        const queue = given.centre.queues.get(queueName);
        if (queue === undefined) return given;
        const queues = new Map(given.centre.queues).set(queueName, { ...queue, ...patient });
        return { ...given, centre: { ...given.centre, queues } };
      },
    },
  ];
}
