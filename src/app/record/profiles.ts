// Who a customer is for people: the profile with all its numbers and matters, and profiles that were put together.
import { asOne, type Member, mainOf, mergeRefusal, type Profile } from '../../core/interaction/contact/together.js';
import type { RecordedEvent } from '../../core/interaction/event.js';
import { isWithheld } from '../../core/policy/recipient.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';
import type { Contact, InteractionSummary, RecordStore } from '../ports.js';

/** Matters told with their whole history at a time: the newest. */
export const MATTERS_PAGE = 20;
/** Read from the store at a time: calls need it too. */
const READ_TOGETHER = 4;

/** A profile that was put into another one, or taken out again. */
export interface MergeFact {
  readonly act: 'merged' | 'unmerged';
  readonly contact: string;
  readonly into: string;
  readonly by: string;
  readonly atMs: number;
}

export interface ProfileStore {
  /** Everybody who is together with that contact; empty when there is no such contact. Rejects with HiloError `store-unavailable`. */
  together(contact: string): Promise<readonly Member<Contact>[]>;
  /** False, and nothing is changed: what it says is not so any more (for `merged`: both stand alone or are main ones). */
  noteMerge(fact: MergeFact): Promise<boolean>;
  /** What was done to any of them, newest first. */
  mergesOf(contacts: readonly string[]): Promise<readonly MergeFact[]>;
}

export interface Matter {
  readonly summary: InteractionSummary;
  readonly events: readonly RecordedEvent[];
}

export interface CustomerHistory {
  /** All that are together as one. */
  readonly profile: Profile;
  readonly members: readonly Member<Contact>[];
  readonly merges: readonly MergeFact[];
  /** All callers without a number share one profile: they are not one person, and nobody's history is told. */
  readonly withheld: boolean;
  /** Newest first. */
  readonly matters: readonly Matter[];
  /** Mark of the next page. */
  readonly next?: string;
}

export interface ProfilesPorts {
  readonly store: ProfileStore;
  readonly records: Pick<RecordStore, 'find' | 'read'>;
  readonly clock: Clock;
}

export class Profiles {
  constructor(private readonly ports: ProfilesPorts) {}

  /** Rejects with HiloError `not-found` or `store-unavailable`. */
  async historyOf(contact: string, after?: string): Promise<CustomerHistory> {
    const { store, records } = this.ports;
    const members = await this.#members(contact);
    const profile = asOne(members);
    if (profile === undefined) throw noContact(contact);
    const ids = members.map((member) => member.profile.id);
    const merges = await store.mergesOf(ids);
    const withheld = profile.addresses.some(({ value }) => isWithheld(value));
    if (withheld) return { profile, members, merges, withheld, matters: [] };
    const query = { contacts: ids, limit: MATTERS_PAGE };
    const { interactions, next } = await records.find(after === undefined ? query : { ...query, after });
    const matters = await this.#read(interactions);
    const history = { profile, members, merges, withheld, matters };
    return next === undefined ? history : { ...history, next };
  }

  /** Puts all that is together with `contact` into what is together with `into`. Rejects with HiloError `not-found`, `wrong-state` or `invalid-input`. */
  async merge({ contact, into, by }: { readonly contact: string; readonly into: string; readonly by: string }) {
    const [one, other] = await Promise.all([this.#members(contact), this.#members(into)]);
    const [moved, main] = [mainOf(one), mainOf(other)];
    if (moved === undefined || main === undefined) throw noContact(moved === undefined ? contact : into);
    if ([...one, ...other].some(({ profile }) => profile.addresses.some(({ value }) => isWithheld(value)))) {
      throw new HiloError('invalid-input', 'callers who withhold their number are not one person');
    }
    const refusal = mergeRefusal(one, other);
    if (refusal === 'together-already') throw new HiloError('wrong-state', 'these two are together already');
    if (refusal === 'too-many') throw new HiloError('wrong-state', 'so many profiles are not one person');
    await this.#note({ act: 'merged', contact: moved.profile.id, into: main.profile.id, by });
  }

  /** Rejects with HiloError `not-found` or `wrong-state`. */
  async unmerge({ contact, by }: { readonly contact: string; readonly by: string }): Promise<void> {
    const members = await this.#members(contact);
    const into = members.find(({ profile }) => profile.id === contact)?.into;
    if (into === undefined) throw new HiloError('wrong-state', 'this profile was not put into another one');
    await this.#note({ act: 'unmerged', contact, into, by });
  }

  async #note(fact: Omit<MergeFact, 'atMs'>): Promise<void> {
    const { store, clock } = this.ports;
    if (await store.noteMerge({ ...fact, atMs: clock.nowMs() })) return;
    throw new HiloError('wrong-state', 'somebody else has just changed that: look at it again');
  }

  async #members(contact: string): Promise<readonly Member<Contact>[]> {
    const members = await this.ports.store.together(contact);
    if (members.length === 0) throw noContact(contact);
    return members;
  }

  async #read(summaries: readonly InteractionSummary[]): Promise<readonly Matter[]> {
    const matters: Matter[] = [];
    for (let at = 0; at < summaries.length; at += READ_TOGETHER) {
      const some = summaries.slice(at, at + READ_TOGETHER);
      const read = some.map(async (summary) => ({ summary, events: await this.ports.records.read(summary.id) }));
      matters.push(...(await Promise.all(read)));
    }
    return matters;
  }
}

function noContact(contact: string): HiloError {
  return new HiloError('not-found', `there is no contact ${contact}`);
}
