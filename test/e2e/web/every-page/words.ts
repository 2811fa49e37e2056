// Finds words of the other language on a page, by the tables of texts of the whole application.
import type { Page } from 'playwright-core';
import { LANGUAGES, type Language } from '../../../../src/web/texts/language.js';

/** Stands for what a text is filled with. */
const BLANK = '\uE000';
const FILLED = new RegExp(BLANK, 'g');
const BLANKS_MAX = 4;

/** All that the application may say by itself: whole texts, and those with something in them. */
interface Said {
  readonly whole: ReadonlySet<string>;
  readonly filled: readonly RegExp[];
}

const MODULES = import.meta.glob<Readonly<Record<string, unknown>>>('../../../../src/web/**/*texts.ts', {
  eager: true,
});

const SAID: Readonly<Record<Language, Said>> = { es: saidIn('es'), en: saidIn('en') };

function saidIn(language: Language): Said {
  const tables = Object.values(MODULES)
    .flatMap((module) => Object.values(module))
    .filter(isTable);
  if (tables.length < 15) throw new Error('the tables of texts are elsewhere');
  const texts = tables.flatMap((table) => leaves(table[language]));
  return {
    whole: new Set(texts.filter((text) => !text.includes(BLANK))),
    filled: texts.filter((text) => text.includes(BLANK) && /\p{L}{3}/u.test(text)).map(patternOf),
  };
}

function isTable(value: unknown): value is Readonly<Record<Language, unknown>> {
  return typeof value === 'object' && value !== null && LANGUAGES.every((language) => language in value);
}

function leaves(texts: unknown): readonly string[] {
  if (typeof texts === 'string') return [texts];
  if (typeof texts === 'function') return leaves(filledIn(texts as (...blanks: string[]) => unknown));
  return typeof texts === 'object' && texts !== null ? Object.values(texts).flatMap(leaves) : [];
}

function filledIn(text: (...blanks: string[]) => unknown): unknown {
  try {
    return text(...Array.from({ length: BLANKS_MAX }, () => BLANK));
  } catch {
    // It wants something else than words, such as a list.
    return undefined;
  }
}

function patternOf(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(FILLED, '.*')}$`, 's');
}

function isSaid({ whole, filled }: Said, text: string): boolean {
  return whole.has(text) || filled.some((pattern) => pattern.test(text));
}

/** Texts on the page that only the other language has; what is marked as another language, and what people write, is theirs. */
export async function foreignWords(page: Page, language: Language): Promise<readonly string[]> {
  const other = language === 'es' ? 'en' : 'es';
  const shown = await page.evaluate(readTexts);
  return shown.filter((text) => !isSaid(SAID[language], text) && isSaid(SAID[other], text));
}

/** Runs in the page. */
function readTexts(): string[] {
  const texts = new Set<string>();
  const theirs = (element: Element): boolean =>
    element.closest(`[lang]:not(html):not([lang="${document.documentElement.lang}"]), code, pre, .cm-content`) !== null;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node instanceof Element ? node : node.parentElement;
    if (element === null || theirs(element) || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    const found =
      node instanceof Element
        ? ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'].map((name) => node.getAttribute(name) ?? '')
        : [node.textContent ?? ''];
    for (const text of found) if (text.trim() !== '') texts.add(text.trim());
  }
  return [...texts];
}
