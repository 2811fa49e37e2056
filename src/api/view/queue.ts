// Queues and those who wait in them as the API shows them.
import type { WireEntry, WireQueue } from '../../contract/queue.js';
import type { AgentPresence } from '../../core/acd/agent.js';
import type { Entry, Offer } from '../../core/acd/entry.js';
import { isInLine } from '../../core/acd/position.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import type { Floor } from '../../core/acd/select.js';
import { lineOf } from '../../core/acd/wait/line.js';
import { whyText, whyWaiting } from '../../core/acd/why.js';
import type { Language } from '../../core/interaction/language.js';
import type { AgentConfig } from '../../core/routing/centre.js';
import { iso } from './time.js';

export interface QueueScene {
  /** Entries of this queue. */
  readonly entries: readonly Entry[];
  readonly agents: readonly { readonly config: AgentConfig; readonly presence: AgentPresence }[];
  /** Of somebody who joins now; undefined: nobody knows. */
  readonly estimatedWaitMs: number | undefined;
  readonly nowMs: number;
}

export function queueView(config: QueueConfig, { entries, agents, estimatedWaitMs, nowMs }: QueueScene): WireQueue {
  const { waiting, longestMs = 0, agents: states } = lineOf(config, entries, agents, nowMs);
  return {
    id: config.name,
    title: { ...config.title },
    skill: config.skill,
    waiting,
    callbacks: entries.filter((entry) => isInLine(entry) && entry.kind === 'callback').length,
    longestWaitMs: longestMs,
    ...(estimatedWaitMs === undefined ? {} : { estimatedWaitMs }),
    maxLength: config.maxLength,
    serviceLevelMs: config.serviceLevelMs,
    agents: { ...states },
    ...(config.alarms === undefined ? {} : { alarms: { ...config.alarms } }),
  };
}

/** `floor` holds every entry and agent: the others are the reason why this one waits. */
export function entryView(entry: Entry, floor: Floor, language: Language): WireEntry {
  const why = whyWaiting(entry, floor);
  const { kind, state, priority, joinedAtMs, seniorityMs, interaction, refusedBy } = entry;
  return {
    id: entry.entry,
    ...{ interaction, kind, state, priority },
    ...(entry.title === undefined ? {} : { title: entry.title }),
    joinedAt: iso(joinedAtMs),
    seniority: iso(seniorityMs),
    waitedMs: Math.max(0, floor.nowMs - joinedAtMs),
    ...(why.position === undefined ? {} : { position: why.position.position, ahead: why.position.ahead }),
    cause: why.cause,
    why: whyText(why, language),
    ...(entry.state === 'waiting' ? {} : { offer: offerView(entry.offer) }),
    refusedBy: Object.entries(refusedBy).map(([agent, { reason, untilMs }]) => ({
      agent,
      reason,
      until: iso(untilMs),
    })),
  };
}

function offerView({ id, agent, madeAtMs, expiresAtMs, why }: Offer): NonNullable<WireEntry['offer']> {
  const explanation = {
    ...why,
    candidates: why.candidates.map((candidate) => ({ ...candidate, values: { ...candidate.values } })),
    removed: [...why.removed],
    counts: { candidates: why.counts.candidates, removed: { ...why.counts.removed } },
    passedOver: [...why.passedOver],
    heldBack: [...(why.heldBack ?? [])],
    reserved: [...(why.reserved ?? [])],
  };
  return { id, agent, madeAt: iso(madeAtMs), expiresAt: iso(expiresAtMs), explanation };
}
