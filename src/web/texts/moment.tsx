// A moment as people write it, in their language and time zone.
import { localeOf } from './clock.js';
import { useLanguage } from './language.js';

const FORMAT: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };

/** `time`: ISO 8601. */
export function Moment({ time }: { readonly time: string }) {
  const { language } = useLanguage();
  return (
    <time className="figure" dateTime={time} title={time}>
      {new Intl.DateTimeFormat(localeOf(language), FORMAT).format(new Date(time))}
    </time>
  );
}
