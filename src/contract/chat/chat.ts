// The chat on web pages, on the wire: how it greets, what is written, how it stands.
import { z } from 'zod';
import { time } from '../wire.js';

export const CHAT_CHARS_MAX = 4_096;
const NAME_CHARS_MAX = 80;
const NUMBER_CHARS_MAX = 40;

export const chatQuery = z.strictObject({
  language: z.string().min(2).max(10).optional().describe('Wanted; one of the centre comes back.'),
});

const opening = z.object({
  open: z.boolean(),
  opensAt: time.optional().describe('When it is closed and anybody knows.'),
});

/** GET /api/chat */
export const chatSettings = z
  .object({
    language: z.string().describe('Of the greeting.'),
    greeting: z.string(),
    centre: z.string().describe('What the centre is called.'),
    ask: z.array(z.enum(['name', 'number'])).describe('What a visitor may say of themselves.'),
    callBack: z.boolean().describe('A visitor may ask to be called.'),
    opening,
    textChars: z.number().int(),
    files: z.object({ bytes: z.number().int(), types: z.array(z.string()) }),
  })
  .meta({ id: 'ChatSettings' });
export type WireChatSettings = z.infer<typeof chatSettings>;

const who = {
  name: z.string().trim().min(1).max(NAME_CHARS_MAX).optional().describe('What the visitor is called, as they say.'),
  language: z.string().min(2).max(10).optional().describe('Of the page.'),
};
const number = z.string().trim().min(1).max(NUMBER_CHARS_MAX);

/** POST /api/chat/messages */
export const chatMessage = z
  .strictObject({
    id: z.uuid().describe('Made by the page: the same message sent twice is one message.'),
    text: z.string().max(CHAT_CHARS_MAX).default(''),
    file: z.string().min(1).max(64).optional().describe('Of what was uploaded.'),
    number: number.optional().describe('Where the visitor may be called.'),
    ...who,
  })
  .refine(({ text, file }) => text.trim() !== '' || file !== undefined, { error: 'a text, a file, or both' });
export type NewWireChatMessage = z.input<typeof chatMessage>;

export const chatTaken = z.object({ number: z.number().int().describe('Of the line; lines are told by number.') });

/** POST /api/chat/call-back */
export const chatCallBack = z.strictObject({ number, language: who.language });
export const chatPromised = z.object({ promised: z.literal(true) });

export const chatFile = z.object({ id: z.string(), name: z.string(), type: z.string(), bytes: z.number().int() });
export type WireChatFile = z.infer<typeof chatFile>;
export const chatUploaded = z.object({ file: chatFile });
export const chatUpload = z.strictObject({ name: z.string().min(1).max(200) });

export const chatLine = z.object({
  number: z.number().int().describe('Grows; may leave some out.'),
  id: z.string(),
  by: z.enum(['visitor', 'centre']),
  text: z.string().describe('As text, never as markup.'),
  file: chatFile.optional(),
  at: time,
});
export type WireChatLine = z.infer<typeof chatLine>;

const talk = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }).describe('Nothing is open.'),
  z.object({
    state: z.literal('waiting'),
    ahead: z.number().int().optional().describe('So many are answered before; missing: nobody knows.'),
  }),
  z.object({ state: z.literal('talking'), agent: z.string().describe('What the agent is called.') }),
  z.object({ state: z.literal('over') }).describe('The agent has ended it; it may be written on.'),
]);

/** What is told on the WebSocket. */
export const chatNews = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('lines'), lines: z.array(chatLine) }),
    z.object({
      type: z.literal('state'),
      talk,
      callBack: z.object({ number: z.string(), dueAt: time }).optional().describe('Promised, and not made yet.'),
      opening,
    }),
    z.object({ type: z.literal('beat') }),
  ])
  .meta({ id: 'ChatNews' });
export type WireChatNews = z.infer<typeof chatNews>;

/** The first thing that the page says. */
export const chatHello = z.strictObject({
  token: z.string().max(64),
  after: z.number().int().min(0).describe('Number of the last line that the page has.'),
});
/** What it says then: how far it has come. */
export const chatSeen = z.union([
  z.strictObject({ got: z.number().int().min(1) }),
  z.strictObject({ read: z.number().int().min(1) }),
]);
