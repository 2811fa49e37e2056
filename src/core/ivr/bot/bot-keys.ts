// The keys of a `bot` step, and the rules of the bot that ships as they are written.
import { z } from 'zod';
import { duration, strict, whole } from '../../document/shape.js';
import { headersSchema } from '../outside/endpoint.js';
import { stepName } from '../step-kind.js';
import { valueSchema } from '../value.js';

const MAX_ANSWERS = 50;
const MAX_WORDS = 50;
const MAX_FACTS = 30;

const texts = z.record(z.string(), z.string());

const action = strict({
  step: z.string().optional().describe("A word of the step's `actions: step`."),
  queue: z.string().optional().describe("A word of the step's `actions: queue`."),
  hangup: z.literal(true).optional().describe('The talk is over.'),
  set: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('Variables and their new values.'),
});

const ruleSchema = strict({
  words: z
    .record(z.string(), z.array(z.string().min(1).max(80)).max(MAX_WORDS))
    .default({})
    .describe('Language: words of which one has to be in what was written.'),
  keys: z
    .array(z.union([z.string(), z.number()]).transform(String))
    .max(10)
    .default([])
    .describe('Or keys that were pressed.'),
  say: texts.optional().describe('The answer, per language.'),
  action: action.optional().describe('What it asks for.'),
  done: z.boolean().default(false).describe('The talk ends well with it.'),
});

export const rulesSchema = strict({
  greeting: texts.describe('The first words, per language.'),
  answers: z
    .array(ruleSchema)
    .max(MAX_ANSWERS, { error: `at most ${MAX_ANSWERS} answers` })
    .describe('The first that fits is taken.'),
  otherwise: texts.describe('Nothing fits.'),
});

export type RawRules = z.output<typeof rulesSchema>;

export const botKeys = {
  url: z
    .string()
    .optional()
    .describe(
      'Of a bot elsewhere: `https://…` (a POST per turn) or `wss://…` (one WebSocket per talk). See docs/bots.md.',
    ),
  headers: headersSchema.describe('Of these requests, as in `http`.'),
  rules: rulesSchema
    .optional()
    .describe(
      'Instead of `url`: a bot of words and keys. `greeting`, `answers: [{ words, keys, say, action, done }]`, `otherwise`.',
    ),
  facts: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'a fact is named in lower-case letters, digits, _' }),
      valueSchema,
    )
    .refine((facts) => Object.keys(facts).length <= MAX_FACTS, { error: `at most ${MAX_FACTS} facts` })
    .default({})
    .describe('What the bot is told besides the text: `{ name: { cel: customer.name } }`.'),
  actions: strict({
    step: z.record(z.string().max(80), stepName).default({}).describe('Its word: a step.'),
    queue: z.record(z.string().max(80), stepName).default({}).describe('Its queue: a step.'),
    hangup: stepName.optional().describe('The step where it may end the call.'),
    set: z.array(z.string()).max(20).default([]).describe('Variables that it may set.'),
  })
    .prefault({})
    .describe(
      'What the bot may ask for, and where that leads: `step: { its-word: step }`, `queue: { support: step }`, `hangup: step`; ' +
        '`set: [order]` are the variables it may set. Anything else it asks for is a failure.',
    ),
  wait: duration(1_000, 120_000).prefault('10s').describe('For the caller to write or type, after the last word.'),
  'turn-time': duration(500, 30_000).prefault('5s').describe('For each answer of the bot.'),
  turns: whole(1, 100).default(20).describe('So many turns at most.'),
  total: duration(5_000, 1_800_000).prefault('5m').describe('Longer than this the talk is not.'),
  next: stepName.describe('The bot is done.'),
  failed: stepName.describe('No answer, a bad one, or too many turns.'),
};
