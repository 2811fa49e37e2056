// How much is owed to customers, live: for each agent in the queues that they serve, and all of it for supervisors.
import { createHash } from 'node:crypto';
import { concerns, holderOf, type WorkItem } from '../../app/owed/work-list.js';
import type { LiveWork } from '../../contract/owed/work-list.js';
import { OWED_EVENTS } from '../../core/interaction/owed/owed.js';
import { atLeast } from '../access.js';
import type { ApiServices } from '../services.js';
import type { LiveSource } from './hub.js';
import { every, stopAll } from './watching.js';

/** What other nodes have changed is seen within that time. */
const READ_EVERY_MS = 5_000;
/** A fact is told before it is stored: so long after it the lists are read. */
const STORED_AFTER_MS = 300;
const EVERYTHING = '*';

export type WorkServices = Pick<ApiServices, 'workList' | 'interactions' | 'centre' | 'clock' | 'log'>;

export function workSource({ workList, interactions, centre, clock, log }: WorkServices): LiveSource {
  let items: readonly WorkItem[] = [];
  let reading = false;
  let again = false;
  const ids = (): string[] => [...centre().agents.keys(), EVERYTHING];
  const read = async (dirty: (id: string) => void): Promise<void> => {
    again = reading;
    if (reading) return;
    reading = true;
    try {
      items = await workList.open();
      for (const id of ids()) dirty(id);
    } catch (error) {
      log.warn({ err: error }, 'the work-list cannot be read; what was known stays');
    } finally {
      reading = false;
    }
    if (again) await read(dirty);
  };
  return {
    kind: 'work',
    ids,
    view: (id) => {
      const own = id === EVERYTHING ? items : items.filter((item) => concerns(item, id, centre()));
      return workView(own, id);
    },
    shows: (user, id) => (id === EVERYTHING ? atLeast(user, 'supervisor') : id === user.name),
    watch: (dirty) => {
      void read(dirty);
      let soon: { cancel(): void } | undefined;
      const changed = (): void => {
        soon?.cancel();
        soon = clock.after(STORED_AFTER_MS, () => void read(dirty));
      };
      return stopAll([
        interactions.onEvent((_thread, { type }) => {
          if (OWED_EVENTS.has(type)) changed();
        }),
        every(clock, () => void read(dirty), READ_EVERY_MS),
        () => soon?.cancel(),
      ]);
    },
  };
}

function workView(items: readonly WorkItem[], id: string): LiveWork {
  const count = (kind: WorkItem['kind']): number => items.filter((item) => item.kind === kind).length;
  return {
    callbacks: count('callback'),
    lost: count('lost'),
    voicemails: count('voicemail'),
    mine: items.filter((item) => holderOf(item) === id).length,
    stamp: stampOf(items),
  };
}

/** Another one as good as always when an item has come, gone or changed: a sum over all of them, small enough to be sent. */
function stampOf(items: readonly WorkItem[]): string {
  const sum = createHash('sha1');
  for (const { interaction, kind } of items) sum.update(`${kind} ${interaction.id} ${interaction.version}\n`);
  return sum.digest('base64url').slice(0, 12);
}
