// An estimated wait in rounded words, as a person would say it: "unos cinco minutos".

const MINUTE_MS = 60_000;
/** Minutes that are said; a wait is rounded up to the next of them, so that nobody waits longer than told for the rounding. */
const STEPS = [1, 2, 3, 4, 5, 7, 10, 15, 20, 25, 30, 45, 60] as const;

type Step = (typeof STEPS)[number];

const SPANISH: Readonly<Record<Step, string>> = {
  1: 'un minuto',
  2: 'unos dos minutos',
  3: 'unos tres minutos',
  4: 'unos cuatro minutos',
  5: 'unos cinco minutos',
  7: 'unos siete minutos',
  10: 'unos diez minutos',
  15: 'un cuarto de hora',
  20: 'unos veinte minutos',
  25: 'unos veinticinco minutos',
  30: 'media hora',
  45: 'tres cuartos de hora',
  60: 'una hora',
};

const ENGLISH: Readonly<Record<Step, string>> = {
  1: 'one minute',
  2: 'about two minutes',
  3: 'about three minutes',
  4: 'about four minutes',
  5: 'about five minutes',
  7: 'about seven minutes',
  10: 'about ten minutes',
  15: 'a quarter of an hour',
  20: 'about twenty minutes',
  25: 'about twenty-five minutes',
  30: 'half an hour',
  45: 'three quarters of an hour',
  60: 'an hour',
};

/** In other languages the plain number of minutes in the words of that language. */
export function waitWords(waitMs: number, language: string): string {
  const minutes = waitMs / MINUTE_MS;
  const step = STEPS.find((candidate) => minutes <= candidate);
  const [family] = language.split('-');
  if (family === 'es') return step === undefined ? 'más de una hora' : SPANISH[step];
  if (family === 'en') return step === undefined ? 'more than an hour' : ENGLISH[step];
  const unit = { style: 'unit', unit: 'minute', unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(language, unit).format(step ?? Math.ceil(minutes));
}
