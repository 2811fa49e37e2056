// When something happened, to the second: what is shown beside it is of today.
import { localeOf } from '../texts/clock.js';
import { useLanguage } from '../texts/language.js';

/** `at`: ISO 8601. */
export function TimeOfDay({ at }: { readonly at: string }) {
  const { language } = useLanguage();
  return (
    <time className="figure" dateTime={at}>
      {new Date(at).toLocaleTimeString(localeOf(language))}
    </time>
  );
}
