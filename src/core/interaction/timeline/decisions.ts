// Every decision of an interaction, as its record explains it: what was decided, out of what, and in a sentence.
import type { InteractionEvent, RecordedEvent } from '../event.js';
import type { Explanation } from '../explanation.js';
import type { Language } from '../language.js';
import { sentenceOf } from './timeline.js';

export interface DecisionLine {
  readonly version: number;
  readonly atMs: number;
  readonly type: InteractionEvent['type'];
  /** The first one is what happened, the others say why. */
  readonly sentences: readonly string[];
  /** Of an offer: what was compared. */
  readonly explanation?: Explanation;
}

/** How a choice is put in words; core/acd has them. */
export interface ChoiceWords {
  strategy(name: string, language: Language): string;
  values(values: Values, language: Language): string;
  filter(name: string, language: Language): string;
  /** In what the first came out before the second; undefined: in nothing but the name. */
  deciding(first: Values, second: Values, language: Language): Deciding | undefined;
}

type Values = Readonly<Record<string, number>>;

interface Deciding {
  readonly first: string;
  readonly second: string;
}

const DECISIONS: ReadonlySet<string> = new Set<InteractionEvent['type']>([
  'queued',
  'wait-estimated',
  'offered',
  'offer-refused',
  'offer-withdrawn',
  'connected',
  'left-queue',
  'priority-changed',
  'queue-changed',
  'overflowed',
  'forwarded',
  'forward-refused',
  'message-declined',
  'callback-requested',
  'callback-attempted',
  'callback-attempt-failed',
  'callback-ended',
  'work-taken',
]);

export function decisionsOf(events: Iterable<RecordedEvent>, language: Language, words: ChoiceWords): DecisionLine[] {
  const lines: DecisionLine[] = [];
  for (const { version, atMs, event } of events) {
    if (!DECISIONS.has(event.type)) continue;
    const base = { version, atMs, type: event.type };
    const sentence = sentenceOf(event, language);
    if (event.type !== 'offered') lines.push({ ...base, sentences: [sentence] });
    else {
      const { why } = event.data;
      lines.push({ ...base, sentences: [sentence, ...explained(why, language, words)], explanation: why });
    }
  }
  return lines;
}

function explained(why: Explanation, language: Language, words: ChoiceWords): string[] {
  const es = language === 'es';
  const chosen = why.candidates.slice(0, why.together ?? 1);
  const others = why.candidates.slice(chosen.length);
  const [[first], [second]] = [chosen, others];
  const name = words.strategy(why.strategy, language);
  const lines = [es ? `Estrategia: ${name}.` : `Strategy: ${name}.`];
  const told = ({ agent, values }: Explanation['candidates'][number]): string =>
    `${agent} (${words.values(values, language)})`;
  if (first !== undefined) lines.push(`${es ? 'Elegido' : 'Chosen'}: ${chosen.map(told).join('; ')}.`);
  if (first !== undefined && second !== undefined) {
    if (why.together === undefined) lines.push(decided(words.deciding(first.values, second.values, language), es));
    const list = others.map(told).join('; ');
    const more = moreText(why.counts.candidates - why.candidates.length, es);
    lines.push(es ? `Detrás: ${list}${more}.` : `Behind: ${list}${more}.`);
  }
  if (why.removed.length > 0) {
    const list = why.removed.map(({ agent, filter }) => `${agent} ${words.filter(filter, language)}`).join('; ');
    const all = Object.values(why.counts.removed).reduce((sum, count) => sum + count, 0);
    const more = moreText(all - why.removed.length, es);
    lines.push(es ? `No podían: ${list}${more}.` : `Could not: ${list}${more}.`);
  }
  return [...lines, placeText(why, es), ...peculiar(why, es)];
}

function placeText({ order: { priority }, ahead }: Explanation, es: boolean): string {
  if (ahead === 0)
    return es ? `Prioridad ${priority}; era la primera de su cola.` : `Priority ${priority}; first in its queue.`;
  return es
    ? `Prioridad ${priority}; ${ahead} delante en su cola tenían que esperar todavía.`
    : `Priority ${priority}; ${ahead} before it in its queue had to wait on.`;
}

function decided(deciding: Deciding | undefined, es: boolean): string {
  if (deciding === undefined) return es ? 'Decidió el nombre: en todo iguales.' : 'Decided by name: equal in all.';
  const { first, second } = deciding;
  return es ? `Decidió: ${first}, frente a ${second}.` : `Decided by: ${first}, against ${second}.`;
}

/** What a long list leaves out. */
function moreText(count: number, es: boolean): string {
  if (count <= 0) return '';
  return es ? ` y ${count} más` : ` and ${count} more`;
}

function peculiar({ ring, preferred, together, passedOver, heldBack = [], reserved = [] }: Explanation, es: boolean) {
  const lines: string[] = [];
  if (ring !== undefined)
    lines.push(es ? `Anillo ${ring.number} de ${ring.of}.` : `Ring ${ring.number} of ${ring.of}.`);
  if (preferred !== undefined) lines.push(es ? `Se reservaba para ${preferred}.` : `It was kept for ${preferred}.`);
  if (together !== undefined) lines.push(es ? `Sonaba en ${together} a la vez.` : `It rang at ${together} together.`);
  const lists = [
    [passedOver, es ? 'Este agente las había rechazado' : 'This agent had refused'],
    [heldBack, es ? 'Esperaban porque ya había bastantes devoluciones' : 'Held back, enough call-backs were under way'],
    [reserved, es ? 'Se reservaban para su agente' : 'Kept for agents of their own'],
  ] as const;
  for (const [entries, text] of lists) if (entries.length > 0) lines.push(`${text}: ${entries.join(', ')}.`);
  return lines;
}
