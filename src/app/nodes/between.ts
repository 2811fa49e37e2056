// What goes on between this node and the others of its centre.

import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Reconciler } from '../reconciler.js';
import type { CallAccounts } from '../record/call-accounts.js';
import { TalkCards, type TalkCardsPorts } from '../talk/talk-cards.js';
import { Errands } from './errands.js';
import type { Letters } from './letters.js';
import { ITEMS_SHOWN, SharedTalks } from './shared-talks.js';

export interface Between {
  /** The talks of all nodes. */
  readonly sharedTalks: SharedTalks;
  /** What other nodes do for this one, and the other way round. */
  readonly errands: Errands;
}

export interface BetweenPorts extends TalkCardsPorts {
  readonly letters: Letters;
  readonly reconciler: Pick<Reconciler, 'overdue'>;
  readonly accounts: Pick<CallAccounts, 'endedTwice'>;
  readonly node: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export function buildBetween(ports: BetweenPorts): Between {
  const { letters, reconciler, accounts, node, clock, ids, log } = ports;
  const shared = { letters, node, clock, log };
  const unaccounted = () => {
    const items = reconciler.overdue;
    return { count: items.length + accounts.endedTwice, items: items.slice(0, ITEMS_SHOWN) };
  };
  return {
    errands: new Errands({ ...shared, ids }),
    sharedTalks: new SharedTalks({ ...shared, cards: new TalkCards(ports), unaccounted }),
  };
}
