// One waiting entry looked at closely: who stands before it, what keeps each agent from it, how far its queue has widened.
import type { Language } from '../../interaction/language.js';
import type { AgentPresence } from '../agent.js';
import { type Entry, offersOf } from '../entry.js';
import { isInLine, isSameLine } from '../position.js';
import type { Ring } from '../queue.js';
import type { Floor } from '../select.js';
import { standOf, type WhyWaiting, whyText, whyWaiting } from '../why.js';
import { compareEntries, priorityAt } from './line.js';
import { keptFor, ownFilterOf } from './own.js';
import { filterAt } from './pool.js';
import { ringsOf, serves, skillsText, stageAt, stagesOf, widensAtMs } from './stage.js';
import { compareContestants, fieldsOf, keysOf, linearOrder, type Values, valuesOf } from './strategy.js';
import { clock, filterText, strategyText, valuesText } from './words.js';

/** Longest lists, the first of each. */
export const SCRUTINY_MAX = 100;

export interface AgentScrutiny {
  readonly agent: string;
  /** What keeps the agent from it; absent: nothing, the next round may choose this one. */
  readonly filter?: string;
  /** When that ends by itself, Unix ms; of a rest and of a refusal. */
  readonly untilMs?: number;
  /** What would be compared; absent for those who are kept from it, and where chance is drawn for each round. */
  readonly values?: Values;
}

export interface Scrutiny {
  readonly entry: Entry;
  readonly why: WhyWaiting;
  readonly strategy: string;
  /** Smaller goes first. */
  readonly order: { readonly priority: number; readonly seniorityMs: number; readonly joinedAtMs: number };
  /** The first of those who stand before it in its queue, in order. */
  readonly ahead: readonly { readonly entry: string; readonly by: 'priority' | 'seniority' }[];
  /** Agents who serve the queue: first those who could have it, best first. */
  readonly agents: readonly AgentScrutiny[];
  /** Absent when the queue never widens. */
  readonly ring?: {
    readonly number: number;
    readonly of: number;
    /** Any of these is enough by now. */
    readonly skills: readonly Ring['skills'][];
    readonly widensAtMs?: number;
    /** Agents who come in then. */
    readonly comeIn: readonly string[];
  };
}

/** Undefined when its queue is gone. */
export function scrutinise(entry: Entry, given: Floor): Scrutiny | undefined {
  const floor = { ...given, waiting: [...given.waiting], agents: [...given.agents] };
  const queue = floor.queues.get(entry.queue);
  if (queue === undefined) return undefined;
  const { nowMs } = floor;
  const ring = ringOf(entry, floor);
  return {
    entry,
    why: whyWaiting(entry, floor),
    strategy: queue.strategy,
    order: {
      priority: priorityAt(entry, nowMs),
      seniorityMs: entry.seniorityMs,
      joinedAtMs: entry.joinedAtMs,
    },
    ahead: aheadOf(entry, floor),
    agents: agentsOf(entry, floor),
    ...(ring === undefined ? {} : { ring }),
  };
}

interface Scene extends Floor {
  readonly waiting: readonly Entry[];
  readonly agents: readonly AgentPresence[];
}

function aheadOf(entry: Entry, { waiting, nowMs }: Scene): Scrutiny['ahead'] {
  if (!isInLine(entry)) return [];
  const before = waiting.filter(
    (other) => isSameLine(other, entry) && isInLine(other) && compareEntries(other, entry, nowMs) < 0,
  );
  return before
    .sort((a, b) => compareEntries(a, b, nowMs))
    .slice(0, SCRUTINY_MAX)
    .map((other) => {
      const better = priorityAt(other, nowMs) < priorityAt(entry, nowMs);
      return { entry: other.entry, by: better ? 'priority' : 'seniority' };
    });
}

function agentsOf(entry: Entry, floor: Scene): readonly AgentScrutiny[] {
  const queue = floor.queues.get(entry.queue);
  if (queue === undefined) return [];
  const { nowMs, agentConfigs } = floor;
  const stand = standOf(entry, queue, floor);
  const presences = new Map(floor.agents.map((presence) => [presence.agent, presence]));
  const kept = keptFor(entry, queue, (name) => known(name, presences, agentConfigs), nowMs);
  const places = linearOrder(queue, agentConfigs.keys());
  const contest = { queue, isWork: stand.channel !== 'call', places, seed: 0, nowMs };
  const fields = fieldsOf(contest);
  const isDrawn = queue.strategy === 'random' || queue.strategy === 'weighted';
  const free: { agent: string; keys: readonly number[]; values: Values }[] = [];
  const stopped: AgentScrutiny[] = [];
  const ringing = new Set(offersOf(entry).map(({ agent }) => agent));
  for (const presence of floor.agents) {
    const { agent } = presence;
    const config = agentConfigs.get(agent);
    if (config === undefined || !serves(config, queue)) continue;
    const other = kept !== undefined && kept !== agent ? 'not-preferred' : undefined;
    const filter = ringing.has(agent)
      ? 'offered'
      : (filterAt(presence, config, stand) ?? ownFilterOf(entry, agent, nowMs) ?? other);
    const keys = keysOf(fields, presence, config, contest);
    if (filter === undefined) free.push({ agent, keys, values: valuesOf(fields, keys) });
    else stopped.push({ agent, filter, ...untilOf(filter, presence, entry) });
  }
  const inOrder = isDrawn ? free : free.sort(compareContestants);
  const candidates = inOrder.map(({ agent, values }) => (isDrawn ? { agent } : { agent, values }));
  return [...candidates, ...stopped].slice(0, SCRUTINY_MAX);
}

function untilOf(filter: string, { agent, backOffUntilMs }: AgentPresence, { refusedBy }: Entry): { untilMs?: number } {
  const untilMs =
    filter === 'backing-off' ? backOffUntilMs : filter === 'refused-this' ? refusedBy[agent]?.untilMs : undefined;
  return untilMs === undefined ? {} : { untilMs };
}

function known(name: string, presences: ReadonlyMap<string, Scene['agents'][number]>, configs: Floor['agentConfigs']) {
  const presence = presences.get(name);
  const config = configs.get(name);
  return presence === undefined || config === undefined ? undefined : { presence, config };
}

function ringOf(entry: Entry, floor: Scene): Scrutiny['ring'] {
  const queue = floor.queues.get(entry.queue);
  if (queue === undefined) return undefined;
  const stages = stagesOf(queue);
  if (stages.length === 1) return undefined;
  const waitedMs = floor.nowMs - entry.joinedAtMs;
  const number = 1 + stageAt(stages, waitedMs);
  const skills = ringsOf(queue).flatMap((ring) => (ring.afterMs <= waitedMs ? [ring.skills] : []));
  const nextMs = widensAtMs({ ...entry, preferred: undefined }, queue, floor.nowMs);
  const now = standOf(entry, queue, floor);
  const comeIn = floor.agents.flatMap((presence) => {
    const config = floor.agentConfigs.get(presence.agent);
    if (config === undefined || nextMs === undefined) return [];
    const isLater = (filter: string | undefined): boolean => filter === 'outside-ring' || filter === 'team-later';
    const then = { ...now, waitedMs: nextMs - entry.joinedAtMs };
    return isLater(filterAt(presence, config, now)) && !isLater(filterAt(presence, config, then))
      ? [presence.agent]
      : [];
  });
  const base = { number, of: stages.length, skills, comeIn: comeIn.slice(0, SCRUTINY_MAX) };
  return nextMs === undefined ? base : { ...base, widensAtMs: nextMs };
}

/** For a supervisor, most important first. Times on the clock of that zone. */
export function scrutinyText(scrutiny: Scrutiny, language: Language, timeZone: string): string[] {
  const at = (ms: number): string => clock(ms, timeZone);
  const { why, ring, ahead, agents, entry } = scrutiny;
  const es = language === 'es';
  const lines = [whyText(why, language)];
  if (ring !== undefined) {
    const of = es ? `Anillo ${ring.number} de ${ring.of}` : `Ring ${ring.number} of ${ring.of}`;
    const skills = ring.skills.map(skillsText).join(es ? ' o ' : ' or ');
    lines.push(`${of}: ${skills}.`);
    if (ring.widensAtMs !== undefined) {
      const who = ring.comeIn.length === 0 ? (es ? 'nadie' : 'nobody') : ring.comeIn.join(', ');
      const time = at(ring.widensAtMs);
      lines.push(
        es
          ? `A las ${time} se amplía; de los que están libres entra: ${who}.`
          : `It widens at ${time}; of those who are free comes in: ${who}.`,
      );
    }
  }
  if (entry.preferred !== undefined && why.cause === 'kept-for') {
    const time = at(entry.preferred.untilMs);
    lines.push(es ? `Se reserva hasta las ${time}.` : `It is kept until ${time}.`);
  }
  if (why.cause === 'refused') {
    const time = at(why.againAtMs);
    lines.push(es ? `Se volverá a ofrecer a las ${time}.` : `It may be offered again at ${time}.`);
  }
  const byReason = { priority: es ? 'más prioridad' : 'higher priority', seniority: es ? 'más espera' : 'longer wait' };
  if (ahead.length > 0) {
    const names = ahead.map((other) => `${other.entry} (${byReason[other.by]})`).join(', ');
    lines.push(es ? `Antes van: ${names}.` : `Before it: ${names}.`);
  }
  for (const { agent, filter, values, untilMs } of agents) {
    const until = untilMs === undefined ? '' : es ? ` (hasta las ${at(untilMs)})` : ` (until ${at(untilMs)})`;
    if (filter !== undefined) lines.push(`${agent}: ${filterText(filter, language)}${until}.`);
    else lines.push(`${agent}: ${freeText(values, language, timeZone)}.`);
  }
  lines.push(
    es
      ? `Estrategia: ${strategyText(scrutiny.strategy, language)}.`
      : `Strategy: ${strategyText(scrutiny.strategy, language)}.`,
  );
  return lines;
}

function freeText(values: Values | undefined, language: Language, timeZone: string): string {
  const free = language === 'es' ? 'libre' : 'free';
  return values === undefined ? free : `${free}; ${valuesText(values, language, timeZone)}`;
}
