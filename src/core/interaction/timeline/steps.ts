// The steps of flows as people read of them: what a step is called, and how it was left.
import type { Language } from '../language.js';
import { reasonText } from './reasons.js';

/** English, Spanish; by what stands before the colon of an outcome. `…`: what stands after it. */
const OUTCOMES: Readonly<Record<string, readonly [en: string, es: string]>> = {
  answered: ['answered', 'contestado'],
  case: ['case …', 'caso …'],
  closed: ['outside opening hours', 'fuera de horario'],
  declined: ['declined', 'no ha querido'],
  digits: ['… digits typed', '… cifras tecleadas'],
  failed: ['failed (…)', 'ha fallado (…)'],
  gone: ['went on', 'sigue'],
  holiday: ['a day off', 'día festivo'],
  key: ['pressed …', 'ha pulsado …'],
  known: ['known', 'se le conoce'],
  no: ['said no', 'ha dicho que no'],
  'no-guess': ['not understood', 'no se ha entendido'],
  'not-confirmed': ['not confirmed', 'no lo ha confirmado'],
  'not-served': ['not served (…)', 'sin atender (…)'],
  'number-confirmed': ['number confirmed', 'número confirmado'],
  open: ['within opening hours', 'en horario'],
  otherwise: ['none of the cases', 'ninguno de los casos'],
  played: ['heard', 'escuchado'],
  promised: ['promised', 'prometida'],
  refused: ['refused (…)', 'rechazado (…)'],
  return: ['over', 'terminado'],
  returned: ['back from the sub-flow', 'de vuelta del subflujo'],
  said: ['heard', 'escuchado'],
  served: ['served', 'atendida'],
  'time-out': ['no answer', 'sin respuesta'],
  told: ['told', 'dicho'],
  unknown: ['not known', 'no se le conoce'],
  'wrong-answer': ['another answer', 'otra respuesta'],
  'wrong-key': ['a key without a meaning', 'una tecla sin sentido'],
  'wrong-length': ['… digits, too few or too many', '… cifras: faltan o sobran'],
  yes: ['said yes', 'ha dicho que sí'],
};

/** What the flows call a step now, by its place in the record (`main/ask-pin`); undefined: nothing. */
export type StepTitles = (step: string, language: Language) => string | undefined;

/** What reports call it in the revision that was run, else its own name in words: `main/ask-pin` → `Ask pin`. */
export function stepTitle(step: string, name: string | undefined): string {
  const words = (name ?? step.slice(step.indexOf('/') + 1)).replaceAll(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An outcome unknown here (of an older or newer record, or with a name of its own in the flow) is told as it stands. */
export function outcomeText(outcome: string, language: Language): string {
  const colon = outcome.indexOf(':');
  const [kind, detail] = colon < 0 ? [outcome, ''] : [outcome.slice(0, colon), outcome.slice(colon + 1)];
  const words = Object.hasOwn(OUTCOMES, kind) ? OUTCOMES[kind] : undefined;
  // A reason of the end of a flow may stand there as well.
  if (words === undefined) return reasonText(outcome, language);
  return words[language === 'es' ? 1 : 0].replace('…', reasonText(detail, language));
}
