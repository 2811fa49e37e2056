// What is owed to customers and waits for somebody's hand: call-backs promised, lost customers, voice messages.
import { serves } from '../../core/acd/choice/stage.js';
import { isPromised, type PromisedCallback } from '../../core/interaction/callback.js';
import { fold, type Interaction } from '../../core/interaction/interaction.js';
import type { Lost } from '../../core/interaction/lost/lost.js';
import { type Said, saidOf } from '../../core/interaction/owed/said.js';
import type { Voicemail } from '../../core/interaction/owed/voicemails.js';
import { isWithheld } from '../../core/policy/recipient.js';
import type { Centre } from '../../core/routing/centre.js';
import { presentHolders } from '../../core/routing/keys/former-names.js';
import type { Clock } from '../../lib/clock.js';
import type { InteractionSummary, RecordStore } from '../ports.js';
import type { Contacts } from '../record/contacts.js';

/** Of each list, the longest owed first; whoever has more has other worries. */
export const LIST_MOST = 300;
/** Of the messages that are dealt with. */
const DONE_MOST = 50;
/** Within it a matter may change twice and have the same time; and clocks of nodes differ. */
const SETTLED_AFTER_MS = 2_000;
/** Interactions that are read at the same time. */
const READ_TOGETHER = 8;

export interface Owing {
  readonly interaction: Interaction;
  /** Of the contact, where it is known. */
  readonly name?: string;
  /** What the customer, and colleagues, have said about it. */
  readonly said: readonly Said[];
}

export type WorkItem = Owing &
  (
    | { readonly kind: 'callback'; readonly callback: PromisedCallback }
    | { readonly kind: 'lost'; readonly lost: Lost }
    | { readonly kind: 'voicemail'; readonly voicemail: Voicemail }
  );

export interface WorkListPorts {
  readonly store: Pick<RecordStore, 'pendingCallbacks' | 'lostMatters' | 'voicemailMatters' | 'read'>;
  readonly contacts: Pick<Contacts, 'ofCaller'>;
  readonly centre: () => Centre;
  readonly clock: Clock;
}

interface Known {
  readonly updatedAtMs: number;
  readonly owing: Owing;
}

export class WorkList {
  readonly #ports: WorkListPorts;
  /** By interaction; read again when its row has changed. Only those of the last reading are kept. */
  #known = new Map<string, Known>();
  #reading: Promise<readonly WorkItem[]> | undefined;

  constructor(ports: WorkListPorts) {
    this.#ports = ports;
  }

  /** Everything that is to be done; concurrent calls share one reading. Rejects with HiloError `store-unavailable`. */
  open(): Promise<readonly WorkItem[]> {
    this.#reading ??= this.#open().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Voice messages that somebody has dealt with, the newest first. Rejects with HiloError `store-unavailable`. */
  async done(): Promise<readonly WorkItem[]> {
    const rows = await this.#ports.store.voicemailMatters({ done: true, limit: DONE_MOST });
    const owing = await this.#all(rows, new Map());
    return this.#now(owing)
      .flatMap((one) => voicemailsIn(one, (state) => state === 'done'))
      .toReversed();
  }

  async #open(): Promise<readonly WorkItem[]> {
    const { store } = this.#ports;
    const [promised, lost, messages] = await Promise.all([
      store.pendingCallbacks(),
      store.lostMatters({ state: 'open', limit: LIST_MOST }),
      store.voicemailMatters({ done: false, limit: LIST_MOST }),
    ]);
    const rows = new Map([...promised.slice(0, LIST_MOST), ...lost, ...messages].map((row) => [row.id, row]));
    const known = new Map<string, Known>();
    const owing = await this.#all([...rows.values()], known);
    this.#known = known;
    return this.#now(owing).flatMap(itemsIn);
  }

  /** What is kept between readings knows everybody by the name of then. */
  #now(owing: readonly Owing[]): readonly Owing[] {
    const centre = this.#ports.centre();
    return owing.map((one) => ({ ...one, interaction: presentHolders(centre, one.interaction) }));
  }

  async #all(rows: readonly InteractionSummary[], known: Map<string, Known>): Promise<readonly Owing[]> {
    const all: Owing[] = [];
    for (let at = 0; at < rows.length; at += READ_TOGETHER) {
      const some = rows.slice(at, at + READ_TOGETHER);
      all.push(...(await Promise.all(some.map((row) => this.#owing(row, known)))));
    }
    return all;
  }

  async #owing({ id, updatedAtMs }: InteractionSummary, known: Map<string, Known>): Promise<Owing> {
    const before = this.#known.get(id);
    const isSettled = this.#ports.clock.nowMs() - updatedAtMs > SETTLED_AFTER_MS;
    const isSame = isSettled && before?.updatedAtMs === updatedAtMs;
    const owing = isSame ? before.owing : await this.#read(id);
    known.set(id, { updatedAtMs, owing });
    return owing;
  }

  async #read(id: string): Promise<Owing> {
    const events = await this.#ports.store.read(id);
    const interaction = fold(events);
    const name = await this.#nameOf(interaction);
    const owing = { interaction, said: saidOf(events) };
    return name === undefined ? owing : { ...owing, name };
  }

  async #nameOf({ address }: Interaction): Promise<string | undefined> {
    if (isWithheld(address.value)) return undefined;
    const { contact } = await this.#ports.contacts.ofCaller(address.value, this.#ports.centre().country);
    return contact.name;
  }
}

/** What is to be done in a matter. Whoever has a call-back coming, or spoke on the machine, is not listed as lost besides. */
export function itemsIn(owing: Owing): readonly WorkItem[] {
  const { callback, lost } = owing.interaction;
  const messages = voicemailsIn(owing, (state) => state !== 'done');
  if (isPromised(callback)) return [...messages, { ...owing, kind: 'callback', callback }];
  if (lost?.state !== 'open' || messages.length > 0) return messages;
  return [{ ...owing, kind: 'lost', lost }];
}

function voicemailsIn(owing: Owing, wanted: (state: Voicemail['state']) => boolean): WorkItem[] {
  const { voicemails = [] } = owing.interaction;
  return voicemails
    .filter(({ state }) => wanted(state))
    .map((voicemail) => ({ ...owing, kind: 'voicemail', voicemail }) as const);
}

/** Whose it is; undefined: nobody's in particular. */
export function holderOf({ interaction, ...item }: WorkItem): string | undefined {
  if (item.kind === 'callback' && item.callback.state === 'dialling') return item.callback.agent;
  return interaction.keeper?.agent ?? (item.kind === 'callback' ? item.callback.owner?.agent : undefined);
}

export function queueOf(item: WorkItem): string | undefined {
  if (item.kind === 'callback') return item.callback.queue;
  return item.kind === 'lost' ? item.lost.queue : item.voicemail.queue;
}

/** In a queue that the agent serves, or theirs. */
export function concerns(item: WorkItem, agent: string, centre: Centre): boolean {
  if (holderOf(item) === agent) return true;
  const name = queueOf(item);
  const queue = name === undefined ? undefined : centre.queues.get(name);
  const config = centre.agents.get(agent);
  return queue !== undefined && config !== undefined && serves(config, queue);
}

/** When it began to be owed, or is due; Unix ms. */
export function momentOf(item: WorkItem): number {
  if (item.kind === 'callback') return item.callback.dueAtMs;
  return item.kind === 'lost' ? item.lost.atMs : item.voicemail.atMs;
}
