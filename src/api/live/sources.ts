// What is shown live, kind by kind: who may see it, and what makes it look different.
import type { LiveQueue } from '../../contract/live/live.js';
import { isInLine } from '../../core/acd/position.js';
import { presentName } from '../../core/routing/keys/former-names.js';
import type { ApiServices } from '../services.js';
import { agentView } from '../view/agent.js';
import { queueView } from '../view/queue.js';
import { iso } from '../view/time.js';
import { alarmSource, type ChangeServices, moveSource } from './changes.js';
import { type ConversationSourceServices, conversationSource } from './conversations.js';
import { type DeskServices, deskSource } from './desk.js';
import { type FigureServices, figuresSource } from './figures.js';
import { centreSource, emergencySource, entrySource, type FloorServices, noticeSource, talkSource } from './floor.js';
import { type FlowServices, flowSource } from './flow.js';
import type { LiveSource } from './hub.js';
import { placedCallSource } from './placed-calls.js';
import { stopAll, withGone } from './watching.js';
import { type WorkServices, workSource } from './work.js';

export type SourceServices = Pick<ApiServices, 'agents' | 'live' | 'centre' | 'clock' | 'flows' | 'placedCalls'> &
  FloorServices &
  DeskServices &
  ChangeServices &
  ConversationSourceServices &
  FigureServices &
  FlowServices &
  WorkServices;

export function liveSources(services: SourceServices): readonly LiveSource[] {
  return [
    agentSource(services),
    queueSource(services),
    deskSource(services),
    conversationSource(services),
    entrySource(services),
    talkSource(services),
    noticeSource(services),
    centreSource(services),
    alarmSource(services),
    moveSource(services),
    emergencySource(services),
    figuresSource(services),
    flowSource(services),
    placedCallSource(services),
    workSource(services),
  ];
}

function agentSource({ agents, live, flows, teams }: SourceServices): LiveSource {
  const ids = (): string[] => agents.all().map(({ config }) => config.name);
  return {
    kind: 'agent',
    ids,
    view: (id) => {
      const known = agents.one(id);
      return known === undefined ? undefined : agentView(known);
    },
    shows: () => true,
    watch: (dirty) => {
      const known = withGone(ids);
      const all = (): void => {
        for (const id of known()) dirty(id);
      };
      return stopAll([
        live.onChange(({ kind, id }) => {
          if (kind === 'agent') dirty(id);
        }),
        live.onReset(all),
        flows.onChange(all),
        agents.onDevice(dirty),
        teams.onChange(all),
      ]);
    },
  };
}

/** How many wait is for everybody; who waits is not in here. */
function queueSource(services: SourceServices): LiveSource {
  const { live, flows, centre, alarms } = services;
  const ids = (): string[] => [...centre().queues.keys()];
  return {
    kind: 'queue',
    ids,
    view: (id) => liveQueueView(services, id),
    shows: () => true,
    watch: (dirty) => {
      const known = withGone(ids);
      const all = (): void => {
        for (const id of known()) dirty(id);
      };
      // A deleted entry does not tell any more where it stood; the queue may have another name since.
      const queueOf = new Map([...live.entries()].map(({ entry, queue }) => [entry, queue]));
      const entryChanged = (id: string): void => {
        const entry = live.entry(id);
        const queue = entry?.queue ?? queueOf.get(id);
        if (entry === undefined) queueOf.delete(id);
        else queueOf.set(id, entry.queue);
        if (queue !== undefined) dirty(presentName(centre(), queue));
      };
      return stopAll([
        // The state of an agent counts in every queue that the agent serves.
        live.onChange(({ kind, id }) => (kind === 'agent' ? all() : entryChanged(id))),
        live.onReset(all),
        flows.onChange(all),
        alarms.onChange(all),
      ]);
    },
  };
}

function liveQueueView({ agents, live, centre, clock }: SourceServices, id: string): LiveQueue | undefined {
  const config = centre().queues.get(id);
  if (config === undefined) return undefined;
  const entries = [...live.entries()].filter(({ queue }) => queue === id);
  const scene = { entries, agents: agents.all(), estimatedWaitMs: undefined, nowMs: clock.nowMs() };
  const { longestWaitMs: _longest, ...shown } = queueView(config, scene);
  const first = Math.min(...entries.filter(isInLine).map(({ joinedAtMs }) => joinedAtMs));
  return Number.isFinite(first) ? { ...shown, longestSince: iso(first) } : shown;
}
