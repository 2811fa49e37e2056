// The language in which a client wants to be told things.
import { type Language, languageOf } from '../core/interaction/language.js';

/** Of ours (es, en) the one that `Accept-Language` likes best (RFC 9110 §12.5.4); `otherwise` when it names none. */
export function preferredLanguage(header: string | undefined, otherwise: string): Language {
  let best: { readonly language: Language; readonly quality: number } | undefined;
  for (const range of (header ?? '').split(',')) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1');
    if (!/^(es|en)\b/i.test(tag) || !(quality > 0 && quality <= 1)) continue;
    if (best === undefined || quality > best.quality) best = { language: languageOf(tag), quality };
  }
  return best?.language ?? languageOf(otherwise);
}
