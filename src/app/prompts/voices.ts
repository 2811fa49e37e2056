// Who speaks what is not recorded: the voices of the synthesiser for each language, the first of which callers hear.

/** es-419 is the Spanish of the Americas, `+f2` a woman's voice. */
const VOICES: Readonly<Record<string, readonly string[]>> = {
  es: ['es-419', 'es', 'es-419+f2', 'es+f2'],
  en: ['en', 'en-us', 'en-gb-scotland', 'en+f2', 'en-us+f2'],
};

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/;

export function isLanguage(language: string): boolean {
  return LANGUAGE.test(language);
}

/** Other languages speak with the voice of their name. */
export function voicesOf(language: string): readonly string[] {
  if (!isLanguage(language)) return ['en'];
  const name = language.toLowerCase();
  return VOICES[language] ?? [name, `${name}+f2`];
}

export function voiceOf(language: string): string {
  return voicesOf(language)[0] ?? 'en';
}
