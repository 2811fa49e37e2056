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
  values(values: Readonly<Record<string, number>>, language: Language): string;
  filter(name: string, language: Language): string;
}

const DECISIONS: ReadonlySet<string> = new Set<InteractionEvent['type']>([
  'queued',
  'wait-estimated',
  'offered',
  'offer-refused',
  'offer-withdrawn',
  'connected',
  'left-queue',
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
  const [first, ...others] = why.candidates;
  const name = words.strategy(why.strategy, language);
  const lines = [es ? `Estrategia: ${name}.` : `Strategy: ${name}.`];
  const told = ({ agent, values }: Explanation['candidates'][number]): string =>
    `${agent} (${words.values(values, language)})`;
  if (first !== undefined) lines.push(es ? `Elegido: ${told(first)}.` : `Chosen: ${told(first)}.`);
  if (others.length > 0) {
    const list = others.map(told).join('; ');
    lines.push(es ? `Detrás: ${list}.` : `Behind: ${list}.`);
  }
  if (why.removed.length > 0) {
    const list = why.removed.map(({ agent, filter }) => `${agent} ${words.filter(filter, language)}`).join('; ');
    lines.push(es ? `No podían: ${list}.` : `Could not: ${list}.`);
  }
  const { priority } = why.order;
  lines.push(
    es
      ? `Prioridad ${priority}; delante quedaban ${why.ahead} en la cola.`
      : `Priority ${priority}; ${why.ahead} stood before it in the queue.`,
  );
  return [...lines, ...peculiar(why, es)];
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
