// What is live, for the parts of the page that show it.
import { useMemo, useSyncExternalStore } from 'react';
import type { WireAgent } from '../../contract/agent.js';
import type { LiveConversations } from '../../contract/conversation/conversation.js';
import type { LiveAlarm, LiveMove } from '../../contract/live/changes.js';
import type { LiveDesk } from '../../contract/live/desk.js';
import type {
  LiveCentre,
  LiveEmergency,
  LiveEntry,
  LiveFigures,
  LiveNotice,
  LiveTalk,
} from '../../contract/live/floor.js';
import type { LiveFlow } from '../../contract/live/flow.js';
import type { LiveQueue } from '../../contract/live/live.js';
import type { WirePlacedCall } from '../../contract/owed/placed-call.js';
import type { LiveWork } from '../../contract/owed/work-list.js';
import { type Link, LiveConnection } from './connection.js';

/** Kinds of documents and their shapes. */
export interface LiveKinds {
  readonly agent: WireAgent;
  readonly queue: LiveQueue;
  readonly entry: LiveEntry;
  readonly talk: LiveTalk;
  readonly figures: LiveFigures;
  readonly notice: LiveNotice;
  readonly centre: LiveCentre;
  readonly alarm: LiveAlarm;
  readonly move: LiveMove;
  readonly conversations: LiveConversations;
  readonly emergency: LiveEmergency;
  readonly desk: LiveDesk;
  readonly flow: LiveFlow;
  readonly 'placed-call': WirePlacedCall;
  readonly work: LiveWork;
}

const connection = new LiveConnection();
const subscribe = (listener: () => void): (() => void) => connection.subscribe(listener);
const NONE: ReadonlyMap<string, unknown> = new Map();

/** All documents of a kind by id; the same object until one of them changes. */
export function useLive<K extends keyof LiveKinds>(kind: K): ReadonlyMap<string, LiveKinds[K]> {
  const read = (): ReadonlyMap<string, unknown> => connection.view.picture.documents[kind] ?? NONE;
  return useSyncExternalStore(subscribe, read) as ReadonlyMap<string, LiveKinds[K]>;
}

export function useLiveOne<K extends keyof LiveKinds>(kind: K, id: string): LiveKinds[K] | undefined {
  const all = useLive(kind);
  return useMemo(() => all.get(id), [all, id]);
}

export function useLink(): Link {
  return useSyncExternalStore(subscribe, () => connection.view.link);
}
