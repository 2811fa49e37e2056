// Profiles of one person that people have put together: who is the main one, and what may be put together at all.
// Nothing is moved: a profile remembers which one it was put into, so that taking it out again leaves everything as it was.
import { isPromised } from '../callback.js';
import type { Address } from '../event.js';
import type { Interaction } from '../interaction.js';

/** More would be nobody's profile any more. */
export const TOGETHER_MAX = 20;

export interface Profile {
  readonly id: string;
  readonly addresses: readonly Address[];
  readonly name?: string;
  readonly language?: string;
  readonly segment?: string;
  readonly tags?: readonly string[];
  readonly consent: 'unknown' | 'given' | 'withdrawn';
}

/** `into`: the profile it was put into; the main one of those together has none. */
export interface Member<P extends Profile = Profile> {
  readonly profile: P;
  readonly into?: string;
}

export type MergeRefusal = 'together-already' | 'too-many';

/** Why these two cannot be put together; undefined: they can. */
export function mergeRefusal(one: readonly Member[], other: readonly Member[]): MergeRefusal | undefined {
  const ids = new Set(one.map(({ profile }) => profile.id));
  if (other.some(({ profile }) => ids.has(profile.id))) return 'together-already';
  return one.length + other.length > TOGETHER_MAX ? 'too-many' : undefined;
}

export function mainOf<M extends Member>(members: readonly M[]): M | undefined {
  return members.find(({ into }) => into === undefined);
}

/** One profile of all: the main one says what it knows, the others what it does not know. Nobody who said no has agreed. */
export function asOne(members: readonly Member[]): Profile | undefined {
  const main = mainOf(members);
  if (main === undefined) return undefined;
  const all = [main, ...members.filter((one) => one !== main)].map(({ profile }) => profile);
  const first = <K extends 'name' | 'language' | 'segment'>(key: K): { readonly [P in K]?: string } => {
    const value = all.find((one) => one[key] !== undefined)?.[key];
    return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: string });
  };
  const consents = new Set(all.map(({ consent }) => consent));
  return {
    id: main.profile.id,
    addresses: all.flatMap(({ addresses }) => addresses),
    ...first('name'),
    ...first('language'),
    ...first('segment'),
    tags: [...new Set(all.flatMap(({ tags = [] }) => tags))],
    consent: consents.has('withdrawn') ? 'withdrawn' : consents.has('given') ? 'given' : 'unknown',
  };
}

/** What the customer is still owed in that matter. */
export function isOwed({ callback }: Pick<Interaction, 'callback'>): boolean {
  return isPromised(callback) || callback?.state === 'offered';
}
