// One line of a test's script: what the caller hears or does, what becomes of them, how the call ends.
import { z } from 'zod';
import { dialString, duration, nameSchema, strict } from '../document/shape.js';
import { adviseName } from '../document/spelling.js';
import type { Place } from '../document/yaml-text.js';
import type { ForwardTarget } from '../ivr/ask.js';
import { END_RESULTS, type Heard, type ScriptItem } from './case.js';

/** `place` is added by {@link compileItem}. */
type Bare = ScriptItem extends infer Item ? (Item extends ScriptItem ? Omit<Item, 'place'> : never) : never;
type Read = { readonly ok: true; readonly item: Bare } | { readonly ok: false; readonly error: z.ZodError };

const REASON = 'as-told';
const MAX_KEYS = 64;
const words = z.union([z.string(), z.number()], { error: 'this has to be a text' }).transform(String);
const reason = nameSchema.default(REASON);

const hears = strict({
  hears: z.unknown().transform((raw, context): Heard => {
    if (typeof raw === 'string' || typeof raw === 'number') return { kind: 'hears', text: String(raw) };
    const parts = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Object.entries(raw) : [];
    const recorded = parts.find(([key]) => key === 'recorded')?.[1];
    const language = parts.find(([key]) => key === 'in')?.[1];
    const texts = parts.filter(([key]) => key !== 'recorded' && key !== 'in');
    const [[key, text] = [undefined, undefined]] = texts;
    const good =
      parts.length > 0 &&
      texts.length <= 1 &&
      parts.every(([, value]) => typeof value === 'string') &&
      (key === undefined ? recorded !== undefined : /^[a-z]{2,3}(-[A-Z]{2})?$/.test(key));
    if (!good) {
      context.issues.push({
        code: 'custom',
        message: 'this is nothing to hear',
        input: undefined,
        params: { advice: "a text, {es: text}, or {recorded: name, in: es}; '…' stands for anything" },
      });
      return z.NEVER;
    }
    const spoken = key ?? language;
    return {
      kind: 'hears',
      ...(typeof text === 'string' ? { text } : {}),
      ...(typeof spoken === 'string' ? { language: spoken } : {}),
      ...(typeof recorded === 'string' ? { recorded } : {}),
    };
  }),
});

const presses = strict({
  presses: z
    .union([z.string(), z.number()], { error: 'keys of the telephone' })
    .transform(String)
    .pipe(
      z
        .string()
        .regex(/^[0-9*#]+$/, { error: 'keys of the telephone are 0-9, * and #' })
        .max(MAX_KEYS),
    ),
});
const writes = strict({ writes: words });
const waits = strict({ waits: duration(1, 24 * 3_600_000) });
const queue = strict({ queue: nameSchema, outcome: z.enum(['served', 'not-served']).optional(), reason });
const forward = strict({
  forward: strict({
    agent: z.string().optional(),
    queue: z.string().optional(),
    number: dialString.optional(),
  }).refine((to) => Object.keys(to).length === 1, { error: 'exactly one of: agent, queue, number' }),
  outcome: z.enum(['connected', 'failed', 'refused']).optional(),
  reason,
});
const voicemail = strict({ voicemail: z.enum(['left', 'empty', 'failed']) });
const message = strict({ message: words, outcome: z.enum(['queued', 'declined']).optional(), reason });
const callback = strict({ callback: nameSchema, outcome: z.enum(['promised', 'refused']).optional(), reason });
const end = strict({ result: z.enum(END_RESULTS), reason: nameSchema.optional() });
const ends = strict({
  ends: z.unknown().transform((raw, context) => {
    const checked = end.safeParse(typeof raw === 'string' ? { result: raw } : raw);
    if (checked.success) return checked.data;
    const advice = `one of: ${END_RESULTS.join(', ')}, or {result: …, reason: …}`;
    context.issues.push({ code: 'custom', message: 'this is no end of a call', input: undefined, params: { advice } });
    return z.NEVER;
  }),
});

/** What may stand in a line of each kind. */
export const SCRIPT_SCHEMAS = { hears, presses, writes, waits, queue, forward, voicemail, message, callback, ends };

function reading<Schema extends z.ZodType>(schema: Schema, make: (keys: z.output<Schema>) => Bare) {
  return (raw: unknown): Read => {
    const checked = schema.safeParse(raw);
    return checked.success ? { ok: true, item: make(checked.data) } : { ok: false, error: checked.error };
  };
}

const ITEMS: Readonly<Record<string, (raw: unknown) => Read>> = {
  hears: reading(hears, (keys) => keys.hears),
  presses: reading(presses, (keys) => ({ kind: 'presses', keys: keys.presses })),
  writes: reading(writes, (keys) => ({ kind: 'writes', text: keys.writes })),
  waits: reading(waits, (keys) => ({ kind: 'waits', ms: keys.waits })),
  queue: reading(queue, (keys) => ({
    kind: 'queue',
    queue: keys.queue,
    reason: keys.reason,
    ...outcome(keys.outcome),
  })),
  forward: reading(forward, (keys) => ({
    kind: 'forward',
    to: targetOf(keys.forward),
    reason: keys.reason,
    ...outcome(keys.outcome),
  })),
  voicemail: reading(voicemail, (keys) => ({ kind: 'voicemail', outcome: keys.voicemail })),
  message: reading(message, (keys) => ({
    kind: 'message',
    text: keys.message,
    reason: keys.reason,
    ...outcome(keys.outcome),
  })),
  callback: reading(callback, (keys) => ({
    kind: 'callback',
    queue: keys.callback,
    reason: keys.reason,
    ...outcome(keys.outcome),
  })),
  ends: reading(ends, ({ ends: { result, reason: why } }) => ({
    kind: 'ends',
    result,
    ...(why === undefined ? {} : { reason: why }),
  })),
};

export const SCRIPT_WORDS = ['silence', 'hangs-up'] as const;

export function compileItem(
  raw: unknown,
  place: Place,
): { item: ScriptItem } | { error: z.ZodError } | { message: string; advice: string } {
  const word = SCRIPT_WORDS.find((one) => one === raw);
  if (word !== undefined) return { item: { kind: word, place } };
  const keys = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Object.keys(raw) : [];
  const kind = keys.find((key) => key in ITEMS);
  const read = kind === undefined ? undefined : ITEMS[kind]?.(raw);
  if (read === undefined) {
    const known = [...Object.keys(ITEMS), ...SCRIPT_WORDS];
    const written = keys[0] ?? (typeof raw === 'string' ? raw.slice(0, 40) : 'this');
    return { message: `'${written}' is nothing a test can do or hear`, advice: adviseName(written, known) };
  }
  return read.ok ? { item: { ...read.item, place } } : { error: read.error };
}

function outcome<Outcome extends string>(told: Outcome | undefined): { outcome?: Outcome } {
  return told === undefined ? {} : { outcome: told };
}

function targetOf(to: {
  agent?: string | undefined;
  queue?: string | undefined;
  number?: string | undefined;
}): ForwardTarget {
  if (to.agent !== undefined) return { kind: 'agent', agent: to.agent };
  if (to.queue !== undefined) return { kind: 'queue', queue: to.queue };
  return { kind: 'number', number: to.number ?? '' };
}
