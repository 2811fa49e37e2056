// How agents work, as written in `centre.yaml`: breaks, rests after refusals, wrap-up and dispositions of a queue.
import { z } from 'zod';
import { BACK_OFF, type BackOff, UNANSWERED } from '../acd/back-off.js';
import type { Dispositions, WrapUp } from '../acd/wrap-up.js';
import { custom, duration, languageSchema, nameSchema, strict, whole } from '../document/shape.js';

const HOUR_MS = 3_600_000;
/** Nobody writes up for longer than this, whatever the mode: an agent who forgot it is missing in every queue. */
const WRAP_UP_MOST_MS = HOUR_MS;
const MAX_BREAKS = 50;
const MAX_CODES = 200;
const MAX_RESTS = 10;

export interface BreakConfig {
  readonly name: string;
  /** Per language. */
  readonly title: Readonly<Record<string, string>>;
  /** Whether it counts as working time. */
  readonly paid: boolean;
}

const texts = z.record(languageSchema, z.string());

const oneOrMore = z
  .union([duration(0, HOUR_MS), z.array(duration(0, HOUR_MS)).min(1).max(MAX_RESTS)])
  .transform((rests): readonly number[] => (Array.isArray(rests) ? rests : [rests]));

const backOff = strict({
  rejected: oneOrMore
    .optional()
    .describe('The rest of an agent who rejected a call; a list: after the 1st, 2nd … time in a row.'),
  busy: oneOrMore.optional().describe('Whose telephone was busy.'),
  'no-answer': oneOrMore.optional().describe('Who did not answer.'),
  unreachable: oneOrMore.optional().describe('Whose telephone could not be reached.'),
  'not-registered': oneOrMore.optional().describe('Who had no device.'),
  'pause-after': whole(0, 100)
    .default(BACK_OFF.pauseAfter)
    .describe('So many offers in a row without an answer and the agent is on a break; 0: never.'),
});

/** Top-level keys. */
export const deskKeys = {
  breaks: z
    .record(
      nameSchema,
      strict({
        title: texts.describe('What it is called, per language.'),
        paid: z.boolean().default(false).describe('It counts as working time.'),
      }),
    )
    .superRefine((breaks, context) => {
      if (UNANSWERED in breaks) {
        custom(context, `'${UNANSWERED}' is Hilo's own`, 'agents who answer nothing are sent on that break', [
          UNANSWERED,
        ]);
      }
      if (Object.keys(breaks).length > MAX_BREAKS) custom(context, 'too many breaks', `at most ${MAX_BREAKS}`);
    })
    .default({})
    .describe('Breaks that agents may take, by name.'),
  'back-off': backOff.prefault({}).describe('How long an agent rests who did not take an offer, by reason.'),
};

const prolongable = strict({
  for: duration(1_000, WRAP_UP_MOST_MS).describe('So long at first.'),
  prolong: duration(1_000, WRAP_UP_MOST_MS).describe('So much more each time the agent asks.'),
  'at-most': duration(1_000, WRAP_UP_MOST_MS).describe('Together no longer than this.'),
})
  .refine((raw) => raw['at-most'] >= raw.for)
  .transform((raw): WrapUp => ({ mode: 'prolongable', ms: raw.for, byMs: raw.prolong, mostMs: raw['at-most'] }));

const wrapUp = z
  .union(
    [
      z.literal('none').transform((): WrapUp => ({ mode: 'none' })),
      z.literal('until-done').transform((): WrapUp => ({ mode: 'until-done', mostMs: WRAP_UP_MOST_MS })),
      prolongable,
      duration(0, WRAP_UP_MOST_MS).transform((ms): WrapUp => (ms === 0 ? { mode: 'none' } : { mode: 'fixed', ms })),
    ],
    { error: 'a wrap-up is none, until-done, a time up to 1h, or { for: 15s, prolong: 30s, at-most: 5m }' },
  )
  .prefault('15s');

const dispositions = strict({
  codes: z
    .record(nameSchema, texts)
    .superRefine((codes, context) => {
      const count = Object.keys(codes).length;
      if (count === 0) custom(context, 'there is no code to choose', 'name at least one');
      if (count > MAX_CODES) custom(context, 'too many codes', `at most ${MAX_CODES}`);
    })
    .describe('Code, and what it is called per language.'),
  required: z.boolean().default(false).describe('Without one the agent cannot end the wrap-up.'),
});

/** Keys of a queue. */
export const deskQueueKeys = {
  'wrap-up': wrapUp.describe('`none`, `until-done`, a time, or `{ for: 15s, prolong: 30s, at-most: 5m }`.'),
  dispositions: dispositions.optional().describe('What a conversation was about, for the agent to choose from.'),
};

/** Of a device: how long it rings; absent: as long as the queue says. */
export const deviceRing = duration(3_000, 120_000).optional();

type RawDesk = z.output<z.ZodObject<typeof deskKeys>>;

export function breaksOf({ breaks }: Pick<RawDesk, 'breaks'>): ReadonlyMap<string, BreakConfig> {
  return new Map(Object.entries(breaks).map(([name, { title, paid }]) => [name, { name, title, paid }]));
}

export function backOffOf({ 'back-off': raw }: Pick<RawDesk, 'back-off'>): BackOff {
  const { restMs } = BACK_OFF;
  return {
    pauseAfter: raw['pause-after'],
    restMs: {
      rejected: raw.rejected ?? restMs.rejected,
      busy: raw.busy ?? restMs.busy,
      'no-answer': raw['no-answer'] ?? restMs['no-answer'],
      unreachable: raw.unreachable ?? restMs.unreachable,
      'not-registered': raw['not-registered'] ?? restMs['not-registered'],
    },
  };
}

export function dispositionsOf(raw: z.output<typeof dispositions> | undefined): { dispositions?: Dispositions } {
  return raw === undefined ? {} : { dispositions: { codes: raw.codes, required: raw.required } };
}
