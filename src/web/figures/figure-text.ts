// A figure as it is written on the page: in the reader's language, with what it is a part of.
import type { Counts } from '../../core/interaction/figures/counts.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { count, shown } from './shown.js';
import { type FigureName, figureTexts } from './texts.js';

export function useFigureText(): (name: FigureName, counts: Counts) => string {
  const texts = useTexts(figureTexts);
  const { language } = useLanguage();
  return (name, counts) => {
    const value = shown(name, counts, language) ?? texts.none;
    return name === 'recovered' ? texts.ofLost(value, count(counts.lost, language)) : value;
  };
}
