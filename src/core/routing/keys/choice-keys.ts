// How a queue chooses its agents, as written in `centre.yaml`: the keys, what is checked, and what they become.
import { z } from 'zod';
import type { ServingAgent } from '../../acd/agent.js';
import { CHANNELS, type Channel, type ChannelRules, DEFAULT_CHANNELS } from '../../acd/choice/capacity.js';
import { type QueueConfig, type Ring, STRATEGIES } from '../../acd/queue.js';
import { RING_AT_MOST } from '../../acd/select.js';
import { duration, nameSchema, strict, whole } from '../../document/shape.js';
import type { Path } from '../../document/yaml-text.js';

const HOUR_MS = 3_600_000;
export const MAX_RINGS = 10;
export const MAX_TEAM_DELAYS = 20;
/** An agent with more conversations than this answers none of them. */
export const MAX_PER_AGENT = 20;

const step = strict({
  skill: nameSchema.optional().describe('Who has it may serve from now on.'),
  level: whole(1, 5).default(1).describe('1 (knows) to 5 (best): at least so good.'),
  skills: z.record(nameSchema, whole(1, 5)).optional().describe('Several at once, each with its level.'),
  for: duration(1_000, HOUR_MS).optional().describe('How long it stays so narrow; left out of the last step.'),
});

/** Keys of a queue. */
export const choiceKeys = {
  skill: nameSchema.optional().describe('Who has it may serve the queue; in its place `skills`.'),
  skills: z
    .array(step)
    .min(1, { error: 'at least one step' })
    .max(MAX_RINGS)
    .optional()
    .describe('Steps that expire: each lets in those who are good enough for it, and all of the steps before.'),
  strategy: z.enum(STRATEGIES).default('longest-idle').describe('Who of those who are free gets the next one.'),
  order: z.array(nameSchema).min(1).max(1_000).optional().describe('Of top-down: who goes first.'),
  'ring-at-most': whole(2, 20).optional().describe('Of ring-all: so many agents at a time.'),
  'team-delays': z
    .record(nameSchema, duration(1_000, HOUR_MS))
    .default({})
    .describe('Team: its agents are only asked after so long.'),
  sticky: duration(1_000, HOUR_MS)
    .optional()
    .describe('So long who calls again is kept for the agent of the last time.'),
  ageing: duration(1_000, HOUR_MS).optional().describe('So much waiting improves the priority by one.'),
};

const capacity = strict({
  message: whole(0, MAX_PER_AGENT).optional().describe('Messages at a time.'),
  task: whole(0, MAX_PER_AGENT).optional().describe('Tasks at a time.'),
});

/** Keys of an agent. */
export const choiceAgentKeys = {
  team: nameSchema.optional().describe('The team of the agent.'),
  weight: whole(1, 100)
    .default(1)
    .describe('Of weighted: how many offers to this agent for each one of somebody with weight 1.'),
  capacity: capacity.optional().describe('At a time, where it is not what `channels` says.'),
};

/** What is left out is told to editors and forms, and filled in by {@link channelsOf}. */
function interrupts(channel: Channel, description: string) {
  const words = z.array(z.enum(CHANNELS)).max(CHANNELS.length).optional();
  return words.meta({ description, default: [...DEFAULT_CHANNELS[channel].interrupts] });
}

function perAgent(channel: Channel) {
  const most = whole(1, MAX_PER_AGENT).optional();
  return most.meta({ description: 'At a time.', default: DEFAULT_CHANNELS[channel].perAgent });
}

/** Key of the centre. */
export const channelsSchema = strict({
  call: strict({ interrupts: interrupts('call', 'What an agent may have in hand and be called all the same.') })
    .optional()
    .describe('One at a time.'),
  message: strict({
    'per-agent': perAgent('message'),
    interrupts: interrupts('message', 'What an agent may have in hand and be offered one all the same.'),
  })
    .optional()
    .describe('Conversations in writing.'),
  task: strict({
    'per-agent': perAgent('task'),
    interrupts: interrupts('task', 'What an agent may have in hand and be offered one all the same.'),
  })
    .optional()
    .describe('Work without a customer waiting.'),
});

type RawChoice = z.output<z.ZodObject<typeof choiceKeys>>;
type RawAgentChoice = z.output<z.ZodObject<typeof choiceAgentKeys>>;

/** What the checks need of the rest of the file, and where they complain. */
export interface ChoiceAround {
  readonly agents: readonly string[];
  readonly teams: readonly string[];
  issue(path: Path, message: string, advice: string): void;
  known(path: Path, what: string, name: string, names: Iterable<string>): void;
}

export function checkChoice(path: Path, queue: RawChoice, around: ChoiceAround): void {
  const { skill, skills, strategy, order, 'ring-at-most': ringAtMost } = queue;
  if (skill === undefined && skills === undefined) around.issue(path, 'nobody is named who serves it', 'add skill: …');
  checkSteps([...path, 'skills'], skills ?? [], around);
  if (order !== undefined && strategy !== 'top-down')
    around.issue([...path, 'order'], `${strategy} knows no order`, 'strategy: top-down does');
  for (const [index, agent] of (order ?? []).entries()) {
    around.known([...path, 'order', index], 'agent', agent, around.agents);
    if (order?.indexOf(agent) !== index)
      around.issue([...path, 'order', index], `'${agent}' is here twice`, 'the first place counts');
  }
  if (ringAtMost !== undefined && strategy !== 'ring-all')
    around.issue([...path, 'ring-at-most'], `${strategy} rings one at a time`, 'strategy: ring-all rings several');
  const delays = Object.keys(queue['team-delays']);
  if (delays.length > MAX_TEAM_DELAYS)
    around.issue([...path, 'team-delays'], 'too many teams', `at most ${MAX_TEAM_DELAYS}`);
  for (const team of delays) around.known([...path, 'team-delays', team], 'team', team, around.teams);
}

function checkSteps(path: Path, steps: NonNullable<RawChoice['skills']>, around: ChoiceAround): void {
  for (const [index, { skill, skills, for: lasts }] of steps.entries()) {
    const last = index === steps.length - 1;
    if ((skill === undefined) === (skills === undefined || Object.keys(skills).length === 0))
      around.issue(
        [...path, index],
        'a step has either skill or skills',
        'skill: sales, or skills: { sales: 3, english: 2 }',
      );
    if (last && lasts !== undefined)
      around.issue([...path, index, 'for'], 'the last step does not end', 'leave for: out here');
    if (!last && lasts === undefined) around.issue([...path, index], 'this step never ends', 'add for: 20s');
  }
}

export function choiceOf(
  raw: RawChoice,
): Pick<
  QueueConfig,
  'skill' | 'strategy' | 'rings' | 'teamDelaysMs' | 'stickyMs' | 'ageingMs' | 'order' | 'ringAtMost'
> {
  const { strategy, order, sticky, ageing, 'team-delays': delays, 'ring-at-most': ringAtMost } = raw;
  const rings = raw.skills === undefined ? undefined : ringsOf(raw.skills);
  return {
    skill: raw.skill ?? Object.keys(rings?.[0]?.skills ?? {})[0] ?? '',
    strategy,
    ...(rings === undefined ? {} : { rings }),
    ...(Object.keys(delays).length === 0 ? {} : { teamDelaysMs: delays }),
    ...(sticky === undefined ? {} : { stickyMs: sticky }),
    ...(ageing === undefined ? {} : { ageingMs: ageing }),
    ...(order === undefined ? {} : { order }),
    ...(strategy === 'ring-all' ? { ringAtMost: ringAtMost ?? RING_AT_MOST } : {}),
  };
}

export function choiceOfAgent(raw: RawAgentChoice): Pick<ServingAgent, 'team' | 'weight' | 'capacity'> {
  const { team, weight, capacity: own } = raw;
  const { message, task } = own ?? {};
  const kinds = { ...(message === undefined ? {} : { message }), ...(task === undefined ? {} : { task }) };
  return {
    ...(team === undefined ? {} : { team }),
    ...(weight === 1 ? {} : { weight }),
    ...(own === undefined ? {} : { capacity: kinds }),
  };
}

export function channelsOf(raw: z.output<typeof channelsSchema> | undefined): ChannelRules {
  const { call, message, task } = DEFAULT_CHANNELS;
  return {
    call: { perAgent: 1, interrupts: raw?.call?.interrupts ?? call.interrupts },
    message: {
      perAgent: raw?.message?.['per-agent'] ?? message.perAgent,
      interrupts: raw?.message?.interrupts ?? message.interrupts,
    },
    task: { perAgent: raw?.task?.['per-agent'] ?? task.perAgent, interrupts: raw?.task?.interrupts ?? task.interrupts },
  };
}

function ringsOf(steps: NonNullable<RawChoice['skills']>): Ring[] {
  let afterMs = 0;
  return steps.map(({ skill, level, skills, for: lasts = 0 }) => {
    const ring = { afterMs, skills: skills ?? (skill === undefined ? {} : { [skill]: level }) };
    afterMs += lasts;
    return ring;
  });
}
