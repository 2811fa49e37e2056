// Why an agent was offered something, in a sentence for that agent.
import type { Explanation } from '../../interaction/explanation.js';
import type { Language } from '../../interaction/language.js';
import { strategyText, valuesText } from './words.js';

/** `It is yours by longest idle: idle for 81 s, skill level 5.`; times on the clock of that zone. */
export function offeredText(why: Explanation, agent: string, language: Language, timeZone: string): string {
  const es = language === 'es';
  const own = why.candidates.find((candidate) => candidate.agent === agent);
  const values = own === undefined ? '' : valuesText(own.values, language, timeZone);
  const strategy = strategyText(why.strategy, language);
  const lines = [
    `${es ? 'Le toca por' : 'It is yours by'} “${strategy}”${values === '' ? '' : `: ${values}`}.`,
    ...(why.preferred === agent ? [es ? 'Se reservaba para usted.' : 'It was kept for you.'] : []),
    ...(why.together === undefined ? [] : [togetherText(why.together, es)]),
    ...(why.ring === undefined || why.ring.number === 1 ? [] : [ringText(why.ring, es)]),
  ];
  return lines.join(' ');
}

function togetherText(count: number, es: boolean): string {
  return es ? `Suena en ${count} a la vez: la tiene quien la coja antes.` : `It rings at ${count}: the first has it.`;
}

function ringText({ number, of }: { readonly number: number; readonly of: number }, es: boolean): string {
  return es ? `La cola ya se ha ampliado (${number} de ${of}).` : `The queue has widened by now (${number} of ${of}).`;
}
