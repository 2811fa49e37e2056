// Written conversations, as `conversations` in `centre.yaml` says: who answers what customers write, and with which texts.
import { z } from 'zod';
import { languageSchema, nameSchema, strict } from '../../document/shape.js';
import { compileTemplate } from '../../document/template.js';
import type { Path } from '../../document/yaml-text.js';
import type { ChannelName } from '../../interaction/event.js';

/** Filled in by Hilo. */
export const KNOWN_PLACES = ['agent', 'customer', 'reference', 'queue'] as const;
const MAX_TEXTS = 200;
/** WhatsApp takes more, agents do not. */
const MAX_PARAMETERS = 10;
const MAX_LABEL_CHARS = 60;

const WRITTEN = ['sms', 'whatsapp', 'chat', 'sandbox'] as const satisfies readonly ChannelName[];

const perLanguage = z.record(languageSchema, z.string());
const someQueues = z.array(nameSchema).min(1).max(50).optional().describe('Only in these queues; left out: in all.');

const canned = strict({
  title: perLanguage.describe('What it is called, per language.'),
  text: perLanguage.describe(
    `Filled in: ${KNOWN_PLACES.map((name) => `{{ ${name} }}`).join(', ')}. The agent may change it before it goes.`,
  ),
  queues: someQueues,
});

const parameterName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, { error: 'a parameter is a small word, such as time' });

const template = strict({
  title: perLanguage.describe('What it is called, per language.'),
  text: perLanguage.describe('As the provider has approved it, with the parameters in their places.'),
  'sent-as': z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/, { error: 'small letters, digits and _' })
    .optional()
    .describe('Its name at the provider; left out: its name here, with _ for -.'),
  parameters: z
    .array(parameterName)
    .max(MAX_PARAMETERS)
    .default([])
    .describe(`In the order of the provider. ${KNOWN_PLACES.join(', ')}: filled in by Hilo; all others: by the agent.`),
  labels: z
    .record(parameterName, z.record(languageSchema, z.string().trim().min(1).max(MAX_LABEL_CHARS)))
    .default({})
    .describe('What the agent reads beside the field of a parameter, per language; left out: its name.'),
  queues: someQueues,
});

export const conversationsSchema = strict({
  queue: nameSchema.describe('Where what customers write waits for an agent.'),
  channels: z
    .partialRecord(z.enum(WRITTEN), nameSchema)
    .default({})
    .describe('Another queue for what comes by that channel.'),
  'canned-texts': z
    .record(nameSchema, canned)
    .refine((texts) => Object.keys(texts).length <= MAX_TEXTS, { error: `at most ${MAX_TEXTS} texts` })
    .default({})
    .describe('Texts that agents send often, by name.'),
  templates: z
    .record(nameSchema, template)
    .refine((texts) => Object.keys(texts).length <= MAX_TEXTS, { error: `at most ${MAX_TEXTS} templates` })
    .default({})
    .describe('Texts approved by the provider: they go also when the customer has not written for 24 hours.'),
  note: z.string().optional().describe('For whoever reads the file.'),
});

type RawConversations = z.output<typeof conversationsSchema>;

type PerLanguage = Readonly<Record<string, string>>;

export interface CannedText {
  readonly name: string;
  readonly title: PerLanguage;
  /** Liquid. */
  readonly text: PerLanguage;
  readonly queues?: readonly string[];
}

export interface MessageTemplate extends CannedText {
  readonly sentAs: string;
  readonly parameters: readonly string[];
  /** Of some of them, by name. */
  readonly labels: Readonly<Record<string, PerLanguage>>;
}

export interface ConversationRules {
  readonly queue: string;
  readonly queues: Readonly<Partial<Record<ChannelName, string>>>;
  readonly cannedTexts: ReadonlyMap<string, CannedText>;
  readonly templates: ReadonlyMap<string, MessageTemplate>;
}

export function conversationsOf(raw: RawConversations | undefined): { conversations?: ConversationRules } {
  if (raw === undefined) return {};
  const texts = Object.entries(raw['canned-texts']);
  const templates = Object.entries(raw.templates);
  return {
    conversations: {
      queue: raw.queue,
      queues: raw.channels,
      cannedTexts: new Map(texts.map(([name, { title, text, queues }]) => [name, textOf(name, title, text, queues)])),
      templates: new Map(
        templates.map(([name, { title, text, queues, parameters, labels, 'sent-as': sentAs }]) => [
          name,
          {
            ...textOf(name, title, text, queues),
            sentAs: sentAs ?? name.replaceAll('-', '_').toLowerCase(),
            ...{ parameters, labels },
          },
        ]),
      ),
    },
  };
}

function textOf(name: string, title: PerLanguage, text: PerLanguage, queues?: readonly string[]): CannedText {
  return queues === undefined ? { name, title, text } : { name, title, text, queues };
}

/** How the names and texts in it are checked: the compiler's own means. */
interface Checks {
  known(path: Path, what: string, name: string, names: Iterable<string>): void;
  perLanguage(path: Path, versions: PerLanguage): void;
  /** `offset`: within the value. */
  textIssue(path: Path, offset: number, severity: 'error' | 'warning', message: string, advice: string): void;
}

export function checkConversations(
  raw: RawConversations | undefined,
  queues: readonly string[],
  { known, perLanguage: versions, textIssue }: Checks,
): void {
  if (raw === undefined) return;
  known(['conversations', 'queue'], 'queue', raw.queue, queues);
  for (const [channel, queue] of Object.entries(raw.channels)) {
    known(['conversations', 'channels', channel], 'queue', queue, queues);
  }
  const check = (
    path: Path,
    { title, text, queues: own = [] }: Pick<z.output<typeof canned>, 'title' | 'text' | 'queues'>,
    places: readonly string[],
  ): void => {
    versions([...path, 'title'], title);
    versions([...path, 'text'], text);
    for (const [index, queue] of own.entries()) known([...path, 'queues', index], 'queue', queue, queues);
    for (const [language, source] of Object.entries(text)) {
      const compiled = compileTemplate(source, places, language);
      const severity = compiled.ok ? 'warning' : 'error';
      for (const { message, advice, offset } of compiled.ok ? compiled.doubts : [compiled]) {
        textIssue([...path, 'text', language], offset, severity, message, advice);
      }
    }
  };
  for (const [name, text] of Object.entries(raw['canned-texts'])) {
    check(['conversations', 'canned-texts', name], text, KNOWN_PLACES);
  }
  for (const [name, text] of Object.entries(raw.templates)) {
    const path: Path = ['conversations', 'templates', name];
    check(path, text, text.parameters);
    for (const [parameter, label] of Object.entries(text.labels)) {
      known([...path, 'labels', parameter], 'parameter', parameter, text.parameters);
      versions([...path, 'labels', parameter], label);
    }
  }
}
