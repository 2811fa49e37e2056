// Recordings of conversations and messages of callers, as the record tells of them: who may hear which, and where it is silent.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { serves } from '../../core/acd/choice/stage.js';
import type { RecordedEvent } from '../../core/interaction/event.js';
import { fold } from '../../core/interaction/interaction.js';
import type { Centre } from '../../core/routing/centre.js';
import { namesOfAgent } from '../../core/routing/keys/former-names.js';
import type { UserRow } from '../users.js';
import { type Wave, waveOf } from './wave.js';

/** A name of ours; nothing else is looked for among the files. */
const NAME = /^[0-9a-zA-Z-]{1,64}$/;

/** A stretch in which nobody may hear what was said: silence; ms from the beginning. */
export interface Pause {
  readonly fromMs: number;
  /** Absent: to the end. */
  readonly toMs?: number;
}

export interface Recording {
  readonly id: string;
  readonly kind: 'call' | 'voicemail';
  readonly segment: string;
  readonly startedAtMs: number;
  /** Of a message; of a conversation its file says it. */
  readonly durationMs?: number;
  /** Who talked in it, of us. */
  readonly agents: readonly string[];
  /** Whose message it is. */
  readonly queue?: string;
  readonly pauses: readonly Pause[];
  /** False while the call goes on: the file is still written. */
  readonly over: boolean;
}

/** In the order in which they began. */
export function recordingsOf(events: readonly RecordedEvent[]): readonly Recording[] {
  const calls = fold(events).segments.filter((segment) => segment.kind === 'call');
  return events.flatMap(({ event, atMs }): Recording[] => {
    if (event.type !== 'recording-started' && event.type !== 'voicemail-left') return [];
    const { segment, recording: id } = event.data;
    const over = calls.find((call) => call.id === segment)?.state !== 'answered';
    const agents = agentsIn(events, segment);
    if (event.type === 'recording-started') {
      return [{ id, kind: 'call', segment, startedAtMs: atMs, agents, pauses: pausesOf(events, id, atMs), over }];
    }
    const { durationMs, queue } = event.data;
    const message = { id, kind: 'voicemail', segment, startedAtMs: atMs - durationMs, durationMs, agents } as const;
    return [{ ...message, pauses: [], over: true, ...(queue === undefined ? {} : { queue }) }];
  });
}

/** Supervisors hear everything; an agent what they said themselves, and messages for a queue that they serve. */
export function mayHear({ name, role }: Pick<UserRow, 'name' | 'role'>, recording: Recording, centre: Centre): boolean {
  if (role !== 'agent') return true;
  if (namesOfAgent(centre, name).some((one) => recording.agents.includes(one))) return true;
  const queue = recording.queue === undefined ? undefined : centre.queues.get(recording.queue);
  const agent = centre.agents.get(name);
  return recording.kind === 'voicemail' && queue !== undefined && agent !== undefined && serves(agent, queue);
}

function pausesOf(events: readonly RecordedEvent[], recording: string, startedAtMs: number): readonly Pause[] {
  const pauses: Pause[] = [];
  let fromMs: number | undefined;
  for (const { event, atMs } of events) {
    if (event.type !== 'recording-paused' && event.type !== 'recording-resumed') continue;
    if (event.data.recording !== recording) continue;
    const at = Math.max(0, atMs - startedAtMs);
    if (event.type === 'recording-paused') fromMs ??= at;
    else if (fromMs !== undefined) {
      pauses.push({ fromMs, toMs: at });
      fromMs = undefined;
    }
  }
  return fromMs === undefined ? pauses : [...pauses, { fromMs }];
}

function agentsIn(events: readonly RecordedEvent[], segment: string): readonly string[] {
  const names = events.flatMap(({ event }) => {
    if (event.type === 'connected') return event.data.segment === segment ? [event.data.agent] : [];
    if (event.type === 'transferred') {
      return event.data.segment === segment && event.data.way !== 'blind' ? [event.data.to] : [];
    }
    if (event.type !== 'party-joined' || event.data.segment !== segment || event.data.party.kind !== 'agent') return [];
    return [event.data.party.name];
  });
  return [...new Set(names)];
}

export class RecordingFiles {
  constructor(private readonly folder: string) {}

  /** Path and bytes of its file; undefined when it is not here, or not any more. */
  async find({ id }: Pick<Recording, 'id'>): Promise<{ readonly path: string; readonly bytes: number } | undefined> {
    const path = this.#pathOf(id);
    if (path === undefined) return undefined;
    const found = await stat(path, { bigint: false }).catch(() => undefined); // Not there: said by undefined.
    return found?.isFile() ? { path, bytes: found.size } : undefined;
  }

  /** Rejects with HiloError `not-found`. */
  wave({ id }: Pick<Recording, 'id'>): Promise<Wave> {
    return waveOf(this.#pathOf(id) ?? '');
  }

  #pathOf(id: string): string | undefined {
    return NAME.test(id) ? join(this.folder, `${id}.wav`) : undefined;
  }
}
