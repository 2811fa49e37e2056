// Which language is spoken with somebody; and those in which Hilo itself writes: what the centre says is configured per language there.

export type Language = 'es' | 'en';

/**
 * The first language of `wanted` (tags as `es-MX`, best first) that is among the `spoken` ones, also without its region;
 * undefined: none of them.
 */
export function firstSpoken(wanted: readonly string[], spoken: readonly string[]): string | undefined {
  const candidates = wanted.flatMap((tag) => [tag, tag.split('-')[0] ?? tag]);
  return candidates.find((candidate) => spoken.includes(candidate));
}

/** The nearest of ours to a language tag such as `es-MX`; English for the rest. */
export function languageOf(tag: string): Language {
  return /^es\b/i.test(tag) ? 'es' : 'en';
}
