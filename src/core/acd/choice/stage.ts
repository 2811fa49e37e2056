// Who may serve a queue widens while one waits: rings of skills, and teams that come in later. Each widening is a stage.
import type { ServingAgent } from '../agent.js';
import type { Entry } from '../entry.js';
import type { QueueConfig, Ring } from '../queue.js';

/** `outside-ring`: a later ring has the agent. `team-later`: the agent's team comes in later. */
export type StageFilter = 'missing-skill' | 'outside-ring' | 'team-later';

/** Times since joining at which more agents come in, ascending, the first one 0. */
export function stagesOf({ rings = [], teamDelaysMs = {} }: QueueConfig): readonly number[] {
  const times = new Set([0, ...rings.map(({ afterMs }) => afterMs), ...Object.values(teamDelaysMs)]);
  return [...times].sort((a, b) => a - b);
}

/** Index of the stage that an entry has reached. */
export function stageAt(stages: readonly number[], waitedMs: number): number {
  let stage = 0;
  while (stage + 1 < stages.length && (stages[stage + 1] ?? 0) <= waitedMs) stage += 1;
  return stage;
}

/** What keeps the agent from entries that have waited so long; undefined: nothing. */
export function stageFilterOf(config: ServingAgent, queue: QueueConfig, waitedMs: number): StageFilter | undefined {
  const ring = firstRingOf(config, queue);
  if (ring === undefined) return 'missing-skill';
  if (ring.afterMs > waitedMs) return 'outside-ring';
  return teamDelayOf(config, queue) > waitedMs ? 'team-later' : undefined;
}

/** Time since joining at which the agent comes in; undefined: never, a skill is missing. */
export function comesInMs(config: ServingAgent, queue: QueueConfig): number | undefined {
  const ring = firstRingOf(config, queue);
  return ring && Math.max(ring.afterMs, teamDelayOf(config, queue));
}

function teamDelayOf({ team }: ServingAgent, { teamDelaysMs }: QueueConfig): number {
  return team === undefined ? 0 : (teamDelaysMs?.[team] ?? 0);
}

/** Whether the agent is one of those who may get entries of the queue, sooner or later. */
export function serves(config: ServingAgent, queue: QueueConfig): boolean {
  return firstRingOf(config, queue) !== undefined;
}

/** The rings of a queue; one of its skill when nothing is said. */
export function ringsOf({ rings, skill }: QueueConfig): readonly Ring[] {
  return rings ?? [{ afterMs: 0, skills: { [skill]: 1 } }];
}

/** `sales ≥ 3 + english ≥ 2`: all of them, at least so good. */
export function skillsText(skills: Ring['skills']): string {
  return Object.entries(skills)
    .map(([name, level]) => `${name} ≥ ${level}`)
    .join(' + ');
}

/** Unix ms at which somebody else may serve this entry; undefined: nobody comes in any more. */
export function widensAtMs(entry: Entry, queue: QueueConfig, nowMs: number): number | undefined {
  const times = stagesOf(queue).map((afterMs) => entry.joinedAtMs + afterMs);
  if (entry.preferred !== undefined) times.push(entry.preferred.untilMs);
  const later = times.filter((atMs) => atMs > nowMs);
  return later.length === 0 ? undefined : Math.min(...later);
}

function firstRingOf(config: ServingAgent, { rings, skill }: QueueConfig): Pick<Ring, 'afterMs'> | undefined {
  if (rings === undefined) return Object.hasOwn(config.skills, skill) ? AT_ONCE : undefined;
  return rings.find(({ skills }) =>
    Object.entries(skills).every(
      ([name, level]) => (Object.hasOwn(config.skills, name) ? (config.skills[name] ?? 0) : 0) >= level,
    ),
  );
}

const AT_ONCE = { afterMs: 0 };
