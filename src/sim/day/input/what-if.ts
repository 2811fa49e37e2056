// `--what-if agents=+2,skill:sales=ana,ring=15s`: the same callers on a changed centre.
import { type QueueConfig, STRATEGIES } from '../../../core/acd/queue.js';
import type { Plan, SimulatedAgent } from '../world/plan.js';
import { withinReach } from './plan-from-options.js';
import { BadInput, parseList, parseMs, parseOutside, parseShare } from './quantities.js';
import { queueNamed, simulatedAgent } from './staff.js';

const HELP = `write for example agents=+2 or agents:sales=-1, skill:sales=ana, arrivals=+10%, ring=15s, wrap-up:sales=30s,
max-wait=5m, max-length:sales=20, priority:sales=3, callback-share=25%, strategy:support=longest-idle, missed=5%, outside=failed`;

/** A change, what it means here, and the plan with it and those before it. */
export interface Changed {
  readonly change: string;
  readonly means: readonly string[];
  readonly plan: Plan;
}

/** One after the other, in the order in which they are written; at least one. Throws {@link BadInput}. */
export function changesOf(plan: Plan, text: string): readonly [Changed, ...Changed[]] {
  const [first, ...others] = parseList(text);
  if (first === undefined) throw new BadInput(`--what-if: nothing is changed; ${HELP}`);
  const made = (before: Plan, [name, value]: readonly [string, string]): Changed => {
    const after = withinReach(change(before, name, value));
    return { change: `${name}=${value}`, means: staffChanges(before, after), plan: after };
  };
  const changes: [Changed, ...Changed[]] = [made(plan, first)];
  for (const other of others) changes.push(made((changes.at(-1) ?? changes[0]).plan, other));
  return changes;
}

/** The plan with all changes made. */
export function changedPlan(plan: Plan, text: string): Plan {
  const changes = changesOf(plan, text);
  return (changes.at(-1) ?? changes[0]).plan;
}

/** Who came, who went and who learnt what, in a sentence each. */
function staffChanges(before: Plan, after: Plan): string[] {
  const was = new Map(before.agents.map((agent) => [agent.config.name, agent]));
  const is = new Set(after.agents.map(({ config }) => config.name));
  const gone = before.agents.filter(({ config }) => !is.has(config.name));
  return [
    ...after.agents.flatMap((agent) => {
      const known = was.get(agent.config.name);
      if (known === undefined) return [`${agent.config.name} comes: ${skillsOf(agent)}, ${shiftsOf(agent)}`];
      return known === agent ? [] : [`${agent.config.name}: ${skillsOf(known)} becomes ${skillsOf(agent)}`];
    }),
    ...gone.map((agent) => `${agent.config.name} goes: ${skillsOf(agent)}, ${shiftsOf(agent)}`),
  ];
}

function skillsOf({ config }: SimulatedAgent): string {
  const skills = Object.entries(config.skills).map(([skill, level]) => `${skill} ${level}`);
  return skills.length === 0 ? 'no skill' : skills.join(' and ');
}

function shiftsOf({ shifts }: SimulatedAgent): string {
  return shifts.map(({ fromMs, toMs }) => `${timeOfDay(fromMs)}-${timeOfDay(toMs)}`).join(' and ');
}

function timeOfDay(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
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
    case 'outside':
      return { ...plan, outside: parseOutside(where, value) };
    case 'ring':
      return withQueues(plan, where, whose, () => ({ ringMs: parseMs(where, value) }));
    case 'wrap-up':
      return withWrapUp(plan, where, whose, value);
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
  const prefix = `more-${queue ?? 'agents'}-`;
  const already = agents.filter(({ config }) => config.name.startsWith(prefix)).length;
  const more = Array.from({ length: difference }, (_, index) => {
    const name = `${prefix}${already + index + 1}`;
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

/** All agents write up for exactly so long. */
function withWrapUp(plan: Plan, where: string, name: string | undefined, value: string): Plan {
  const ms = parseMs(where, value);
  const changed = withQueues(plan, where, name, () => ({ wrapUpMs: ms, wrapUp: { mode: 'fixed', ms } }));
  const behaviourOf = new Map(plan.behaviourOf);
  for (const queue of name === undefined ? plan.centre.queues.keys() : [name]) {
    behaviourOf.set(queue, { ...behaviourOf.get(queue), wrapUp: { kind: 'fixed', meanMs: ms } });
  }
  return { ...changed, behaviourOf };
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

function strategyOf(where: string, value: string): QueueConfig['strategy'] {
  const strategy = STRATEGIES.find((one) => one === value);
  if (strategy === undefined)
    throw new BadInput(`${where}: there is no strategy '${value}', only ${STRATEGIES.join(', ')}`);
  return strategy;
}
