// The open contract between Hilo and a bot: what is sent for each turn, what may come back. docs/bots.md tells it to bot builders.
import { z } from 'zod';
import type { Value } from '../value.js';

/** Longest text of one turn, in either direction. */
export const MAX_TURN_CHARS = 1_600;
const MAX_SET = 20;
const MAX_NAME_CHARS = 80;

/** What the person did: nothing yet, wrote, typed keys, or let the time pass. */
export type BotInput =
  | { readonly event: 'start' }
  | { readonly event: 'text'; readonly text: string }
  | { readonly event: 'digits'; readonly digits: string }
  | { readonly event: 'silence' };

/** One turn as it is sent, without the name of the session, which the app adds. */
export type BotTurn = BotInput & {
  readonly contract: 1;
  /** From 1. */
  readonly turn: number;
  readonly channel: 'voice';
  readonly language: string;
  readonly facts: Readonly<Record<string, Value>>;
};

const name = z.string().min(1).max(MAX_NAME_CHARS);

/** Unknown keys are passed over: a newer bot may say more than we read. */
const reply = z.object({
  /** Text to be said. */
  say: z.string().max(MAX_TURN_CHARS).default(''),
  /** Of the text, when it is not that of the turn; one that the flow does not have is passed over. */
  language: z.string().max(MAX_NAME_CHARS).optional(),
  /** Keys the person may type before Hilo stops listening for more; text ends with its line. */
  listen: z.object({ digits: z.int().min(1).max(32).default(1) }).prefault({}),
  action: z
    .object({
      queue: name.optional(),
      step: name.optional(),
      hangup: z.literal(true).optional(),
      set: z
        .record(name, z.union([z.string().max(MAX_TURN_CHARS), z.number(), z.boolean()]))
        .refine((values) => Object.keys(values).length <= MAX_SET)
        .optional(),
    })
    .optional(),
  /** The bot has nothing more to say: the flow goes on. */
  done: z.boolean().default(false),
});

/** As bots write it. */
export type SentReply = z.input<typeof reply>;
/** As it is read. */
export type BotReply = z.output<typeof reply>;

/** undefined for whatever is not a reply. */
export function readReply(body: unknown): BotReply | undefined {
  return reply.safeParse(body).data;
}
