// How agents spent their time, by day of the centre.
import { DateTime } from 'luxon';
import {
  type PresenceChange,
  type TimeInState,
  timesOf,
  type WorkTimes,
  workTimesOf,
} from '../../core/acd/agent-times.js';
import type { Centre } from '../../core/routing/centre.js';
import { namesOfAgent } from '../../core/routing/keys/former-names.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';
import type { AgentStore } from '../floor/agent-store.js';
import type { PresenceLog } from '../floor/presence-log.js';

/** Nobody asks for longer at once. */
export const DAYS_MAX = 62;
/** A day of 25 hours and a bit: every change is told. */
export const PRESENCE_DAYS_MAX = 2;
const DAY_MS = 86_400_000;

export interface AgentHistoryPorts {
  readonly agentStore: AgentStore;
  readonly presenceLog: PresenceLog;
  readonly centre: () => Centre;
  readonly clock: Clock;
}

export interface AskedSpan {
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface Span extends WorkTimes {
  readonly fromMs: number;
  readonly toMs: number;
  /** Adds up to `toMs - fromMs`. */
  readonly times: readonly (TimeInState & { readonly paid?: boolean })[];
}

export interface AgentTimes {
  readonly total: Span;
  /** One per day of the centre's time zone that the span touches. */
  readonly days: readonly (Span & { readonly day: string })[];
}

export class AgentHistory {
  constructor(private readonly ports: AgentHistoryPorts) {}

  /**
   * Absent bounds: from midnight of the centre until now. Never beyond now: nobody knows what an agent will do.
   * Rejects with HiloError `not-found`, `invalid-input`, `store-unavailable`.
   */
  async times(agent: string, asked: AskedSpan): Promise<AgentTimes> {
    const { timeZone, breaks } = this.ports.centre();
    const { changes, fromMs, toMs } = await this.#changes(agent, asked, DAYS_MAX);
    const span = (from: number, to: number): Span => {
      const times = timesOf(changes, from, to);
      const paid = (time: TimeInState) =>
        time.state === 'break' ? { ...time, paid: breaks.get(time.reason ?? '')?.paid ?? false } : time;
      return { fromMs: from, toMs: to, times: times.map(paid), ...workTimesOf(times) };
    };
    return {
      total: span(fromMs, toMs),
      days: daysOf(fromMs, toMs, timeZone).map(({ day, ...at }) => ({ day, ...span(at.fromMs, at.toMs) })),
    };
  }

  /** When the agent came into which state: the last change before the span, and those within, oldest first. Bounds as above. */
  async presence(agent: string, asked: AskedSpan): Promise<readonly PresenceChange[]> {
    const { changes } = await this.#changes(agent, asked, PRESENCE_DAYS_MAX);
    return changes;
  }

  async #changes(agent: string, asked: AskedSpan, daysMax: number) {
    const { agentStore, presenceLog, centre, clock } = this.ports;
    const { agents, timeZone } = centre();
    const names = namesOfAgent(centre(), agent);
    if (!agents.has(agent)) throw new HiloError('not-found', `there is no agent ${agent}`);
    const nowMs = clock.nowMs();
    const fromMs = asked.fromMs ?? DateTime.fromMillis(nowMs, { zone: timeZone }).startOf('day').toMillis();
    const toMs = Math.min(asked.toMs ?? nowMs, nowMs);
    if (toMs < fromMs) throw new HiloError('invalid-input', '`from` has to be before `to` and before now');
    if (toMs - fromMs > daysMax * DAY_MS) throw new HiloError('invalid-input', `at most ${daysMax} days at once`);
    await presenceLog.settled();
    return { changes: await agentStore.presence(names, fromMs, toMs), fromMs, toMs };
  }
}

/** A day of a change of clocks has 23 or 25 hours. */
function daysOf(fromMs: number, toMs: number, zone: string): { day: string; fromMs: number; toMs: number }[] {
  const days: { day: string; fromMs: number; toMs: number }[] = [];
  let at = DateTime.fromMillis(fromMs, { zone });
  while (at.toMillis() < toMs) {
    const next = at.startOf('day').plus({ days: 1 });
    days.push({ day: at.toISODate() ?? '', fromMs: at.toMillis(), toMs: Math.min(next.toMillis(), toMs) });
    at = next;
  }
  return days;
}
