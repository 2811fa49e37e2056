// `--what-if agents=+2,skill:sales=ana,ring=15s`: the same callers on a changed centre.
import type { QueueConfig } from '../../../core/acd/queue.js';
import type { Plan, SimulatedAgent } from '../world/plan.js';
import { BadInput, parseList, parseMs, parseShare } from './quantities.js';
import { queueNamed, simulatedAgent } from './staff.js';

const HELP = `write for example agents=+2 or agents:sales=-1, skill:sales=ana, arrivals=+10%, ring=15s, wrap-up:sales=30s,
max-wait=5m, max-length:sales=20, priority:sales=3, callback-share=25%, strategy:support=longest-idle, missed=5%`;

/** The plan with all changes made, in the order in which they are written. Throws {@link BadInput}. */
export function changedPlan(plan: Plan, text: string): Plan {
  const changes = parseList(text);
  if (changes.length === 0) throw new BadInput(`--what-if: nothing is changed; ${HELP}`);
  return changes.reduce((changed, [name, value]) => change(changed, name, value), plan);
}

function change(plan: Plan, name: string, value: string): Plan {
  const [what = '', whose] = name.split(':');
  const where = `--what-if ${name}=${value}`;
  switch (what) {
    case 'agents':
      return { ...plan, agents: withAgents(plan, where, whose, value) };
    case 'skill':
      return { ...plan, agents: withSkill(plan, where, whose ?? '', value) };
    case 'arrivals':
      return { ...plan, arrivalsFactor: plan.arrivalsFactor * factorOf(where, value) };
    case 'missed':
      return { ...plan, missed: parseShare(where, value) };
    case 'ring':
      return withQueues(plan, where, whose, () => ({ ringMs: parseMs(where, value) }));
    case 'wrap-up':
      return withQueues(plan, where, whose, () => ({ wrapUpMs: parseMs(where, value) }));
    case 'max-wait':
      return withQueues(plan, where, whose, () => ({ maxWaitMs: parseMs(where, value) }));
    case 'max-length':
      return withQueues(plan, where, whose, () => ({ maxLength: whole(where, value, 100_000) }));
    case 'priority':
      return withQueues(plan, where, whose, () => ({ priority: whole(where, value, 9) }));
    case 'callback-share':
      return withQueues(plan, where, whose, () => ({ callbackShare: parseShare(where, value) }));
    case 'strategy':
      return withQueues(plan, where, whose, () => ({ strategy: strategyOf(where, value) }));
    default:
      throw new BadInput(`${where}: this cannot be changed; ${HELP}`);
  }
}

/** `+2` and `-2`: like the first agent who serves that queue (or the first of all); the last of them go first. */
function withAgents(
  { agents, centre }: Plan,
  where: string,
  queue: string | undefined,
  value: string,
): SimulatedAgent[] {
  if (!/^[+-]\d{1,4}$/.test(value)) throw new BadInput(`${where}: write +2 or -2`);
  const skill = queue === undefined ? undefined : queueNamed(where, queue, centre).skill;
  const those = agents.filter(({ config }) => skill === undefined || Object.hasOwn(config.skills, skill));
  const model = those[0];
  const difference = Number(value);
  if (difference < 0) {
    const gone = new Set(those.slice(difference));
    if (those.length < -difference) throw new BadInput(`${where}: there are only ${those.length}`);
    return agents.filter((agent) => !gone.has(agent));
  }
  if (model === undefined) throw new BadInput(`${where}: there is no agent whom they could be like`);
  const more = Array.from({ length: difference }, (_, index) => {
    const name = `more-${queue ?? 'agents'}-${index + 1}`;
    return {
      config: simulatedAgent(name, skill === undefined ? model.config.skills : { [skill]: 3 }),
      shifts: model.shifts,
    };
  });
  return [...agents, ...more];
}

/** `ana` or `ana:5+bruno:2`: they learn what the queue asks for. */
function withSkill({ agents, centre }: Plan, where: string, queue: string, value: string): SimulatedAgent[] {
  const { skill } = queueNamed(where, queue, centre);
  const learn = new Map(value.split('+').map((item) => [item.split(':')[0] ?? '', item.split(':')[1] ?? '3']));
  for (const name of learn.keys()) {
    if (!agents.some(({ config }) => config.name === name)) {
      const some = agents.slice(0, 8).map(({ config }) => config.name);
      throw new BadInput(`${where}: there is no agent '${name}', but for example ${some.join(', ')}`);
    }
  }
  return agents.map((agent) => {
    const level = learn.get(agent.config.name);
    if (level === undefined) return agent;
    const skills = { ...agent.config.skills, [skill]: Math.max(1, whole(where, level, 5)) };
    return { ...agent, config: { ...agent.config, skills } };
  });
}

function withQueues(plan: Plan, where: string, name: string | undefined, changes: () => Partial<QueueConfig>): Plan {
  if (name !== undefined) queueNamed(where, name, plan.centre);
  const queues = new Map(
    [...plan.centre.queues].map(([key, queue]) => [
      key,
      name === undefined || name === key ? { ...queue, ...changes() } : queue,
    ]),
  );
  return { ...plan, centre: { ...plan.centre, queues } };
}

function factorOf(where: string, value: string): number {
  const [, sign, percent] = /^([+-])(\d+(?:\.\d+)?)%$/.exec(value) ?? [];
  if (percent === undefined) throw new BadInput(`${where}: write +10% or -10%`);
  const factor = 1 + (Number(percent) / 100) * (sign === '-' ? -1 : 1);
  if (factor < 0 || factor > 20) throw new BadInput(`${where}: from -100% to +1900%`);
  return factor;
}

function whole(where: string, text: string, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= max) return number;
  throw new BadInput(`${where}: a whole number up to ${max}`);
}

const STRATEGIES: readonly QueueConfig['strategy'][] = [
  'longest-idle',
  'round-robin',
  'fewest-calls',
  'least-talk-time',
  'random',
  'weighted',
  'top-down',
  'ring-all',
];

function strategyOf(where: string, value: string): QueueConfig['strategy'] {
  const strategy = STRATEGIES.find((one) => one === value);
  if (strategy === undefined)
    throw new BadInput(`${where}: there is no strategy '${value}', only ${STRATEGIES.join(', ')}`);
  return strategy;
}
