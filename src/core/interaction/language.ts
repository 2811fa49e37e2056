// The languages in which Hilo itself writes; what the centre says is configured per language there.

export type Language = 'es' | 'en';

/** The nearest of ours to a language tag such as `es-MX`; English for the rest. */
export function languageOf(tag: string): Language {
  return /^es\b/i.test(tag) ? 'es' : 'en';
}
