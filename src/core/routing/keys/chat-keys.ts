// The chat on web pages, as `chat` in `centre.yaml` says: which pages may show it, how it greets, and what it asks.
import { z } from 'zod';
import { languageSchema, nameSchema, strict } from '../../document/shape.js';
import type { Path } from '../../document/yaml-text.js';

const MAX_ORIGINS = 50;
const MAX_GREETING_CHARS = 300;
/** What browsers send as `Origin`; a star stands for every name below. */
const ORIGIN = /^https?:\/\/(\*\.)?[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){0,10}(:\d{1,5})?$/;

export const chatSchema = strict({
  greeting: z
    .record(languageSchema, z.string().min(1).max(MAX_GREETING_CHARS))
    .describe('What a visitor reads first, per language.'),
  origins: z
    .array(z.string().regex(ORIGIN, { error: 'a site is written as https://www.example.com' }))
    .max(MAX_ORIGINS)
    .default([])
    .describe('Sites whose pages may show the chat; besides those of Hilo itself.'),
  hours: nameSchema
    .optional()
    .describe('Opening hours that the visitor is told; what is written outside of them waits. Left out: always open.'),
  ask: z
    .array(z.enum(['name', 'number']))
    .max(2)
    .default([])
    .describe('What the visitor may say of themselves with the first message; nobody has to.'),
  'call-back': z.boolean().default(true).describe('The visitor may ask to be called.'),
  note: z.string().optional().describe('For whoever reads the file.'),
});

type RawChat = z.output<typeof chatSchema>;

export interface ChatRules {
  /** By language. */
  readonly greeting: Readonly<Record<string, string>>;
  /** `https://www.example.com`, `https://*.example.com:8443`. */
  readonly origins: readonly string[];
  /** Name of opening hours. */
  readonly hours?: string;
  readonly ask: readonly ('name' | 'number')[];
  readonly callBack: boolean;
}

export function chatOf(raw: RawChat | undefined): { chat?: ChatRules } {
  if (raw === undefined) return {};
  const { greeting, origins, hours, ask, 'call-back': callBack } = raw;
  return { chat: { greeting, origins, ask, callBack, ...(hours === undefined ? {} : { hours }) } };
}

/** How the names and texts in it are checked: the compiler's own means. */
interface Checks {
  known(path: Path, what: string, name: string, names: Iterable<string>): void;
  perLanguage(path: Path, versions: Readonly<Record<string, string>>): void;
  issue(path: Path, message: string, advice: string): void;
}

export function checkChat(
  { chat, conversations, hours }: { chat?: RawChat | undefined; conversations?: object | undefined; hours: object },
  { known, perLanguage, issue }: Checks,
): void {
  if (chat === undefined) return;
  perLanguage(['chat', 'greeting'], chat.greeting);
  if (chat.hours !== undefined) known(['chat', 'hours'], 'opening hours', chat.hours, Object.keys(hours));
  if (conversations === undefined) {
    issue(['chat'], 'nobody answers what is written in the chat', 'add conversations: with a queue');
  }
}
