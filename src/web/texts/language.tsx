// The language of the person at the screen: the browser's at first, then the one that was chosen.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

export type Language = 'es' | 'en';
export const LANGUAGES: readonly Language[] = ['es', 'en'];
const KEPT_AS = 'hilo-language';

/** Texts of one area in both languages; the second has to have all of the first. */
export interface Texts<T> {
  readonly es: T;
  readonly en: NoInfer<T>;
}

interface Chosen {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const LanguageContext = createContext<Chosen>({ language: 'es', choose: () => undefined });

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const chosen = useMemo(() => {
    const choose = (next: Language): void => {
      localStorage.setItem(KEPT_AS, next);
      setLanguage(next);
    };
    return { language, choose };
  }, [language]);
  return <LanguageContext.Provider value={chosen}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): Chosen {
  return useContext(LanguageContext);
}

export function useTexts<T>(texts: Texts<T>): T {
  return texts[useLanguage().language];
}

function firstLanguage(): Language {
  const wishes = [localStorage.getItem(KEPT_AS) ?? '', ...navigator.languages];
  const known = wishes.map((wish) => LANGUAGES.find((language) => wish.toLowerCase().startsWith(language)));
  return known.find((language) => language !== undefined) ?? 'es';
}
