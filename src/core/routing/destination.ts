// How a destination is written in the centre's file: `voicemail`, or `{queue: support}`.
import { z } from 'zod';
import type { Destination } from '../acd/queue.js';
import { custom, show, THIS_IS_MISSING } from '../document/shape.js';
import { adviseName } from '../document/spelling.js';
import type { FlowEntry } from './centre.js';

const WORDS = ['voicemail', 'message', 'callback', 'hangup'] as const;
const ADVICE = `${WORDS.join(', ')}, or {queue: …}, {agent: …}, {number: …}`;

const WORD_FOR: Readonly<Record<string, string>> = {
  flow: 'A flow, by name.',
  queue: 'A queue, by name.',
  agent: 'An agent, by name.',
  number: 'An outside number that may be dialled.',
};

/** As editors check it. */
function placeMeta(kinds: readonly string[]) {
  const properties = Object.fromEntries(
    kinds.map((kind) => [kind, { type: ['string', 'number'], description: WORD_FOR[kind] }]),
  );
  const block = { type: 'object', properties, additionalProperties: false, minProperties: 1, maxProperties: 1 };
  const shown = [...WORDS.map((word) => `\`${word}\``), ...kinds.map((kind) => `\`{ ${kind}: … }\``)].join(', ');
  return { title: shown, anyOf: [{ enum: [...WORDS] }, block] };
}

export const destinationSchema = z
  .unknown()
  .transform((raw, context): Destination => {
    const destination = read(raw, context);
    if (destination.kind === 'flow') return custom(context, 'a flow is not possible here', ADVICE);
    return destination;
  })
  .meta(placeMeta(['queue', 'agent', 'number']));

/** What answers a number: a destination, or `{flow: main}`. */
export const entrySchema = z
  .unknown()
  .transform((raw, context): Destination | FlowEntry => read(raw, context))
  .meta(placeMeta(['flow', 'queue', 'agent', 'number']));

function read(raw: unknown, context: z.core.$RefinementCtx): Destination | FlowEntry {
  const word = WORDS.find((candidate) => candidate === raw);
  if (word !== undefined) return { kind: word };
  if (raw === undefined) return custom(context, THIS_IS_MISSING, ADVICE);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return custom(context, `'${show(raw)}' is not a place for a call`, ADVICE);
  }
  const { give, ...place } = raw as Readonly<Record<string, unknown>>;
  const [first, second] = Object.entries(place);
  if (first === undefined || second !== undefined) return custom(context, 'a call goes to exactly one place', ADVICE);
  const [kind, name] = first;
  if (give !== undefined && kind !== 'flow') return custom(context, 'only a flow is given something', ADVICE, ['give']);
  if (typeof name !== 'string' && typeof name !== 'number')
    return custom(context, 'this has to be a name', ADVICE, [kind]);
  switch (kind) {
    case 'queue':
      return { kind, queue: String(name) };
    case 'agent':
      return { kind, agent: String(name) };
    case 'number':
      return { kind, number: String(name) };
    case 'flow':
      return giving({ kind, flow: String(name) }, give, context);
    default:
      return custom(context, `'${kind}' is not known here`, adviseName(kind, ['queue', 'agent', 'number']), [kind]);
  }
}

/** Whether the flow has such inputs is checked with the flows. */
function giving(entry: FlowEntry, give: unknown, context: z.core.$RefinementCtx): FlowEntry {
  if (give === undefined) return entry;
  const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).safeParse(give);
  if (!values.success) {
    return custom(context, 'inputs are names and values', "give: { vip: true, order: '' }", ['give']);
  }
  return { ...entry, give: values.data };
}
