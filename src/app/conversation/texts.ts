// Texts that agents do not type: canned ones and templates, filled in for a conversation.
import { renderText, textIn } from '../../core/policy/message-text.js';
import type { Centre } from '../../core/routing/centre.js';
import { type CannedText, KNOWN_PLACES, type MessageTemplate } from '../../core/routing/keys/conversation-keys.js';
import { HiloError } from '../errors.js';
import type { NewMessage } from '../message/messages.js';

const VALUE_CHARS_MAX = 200;

type Places = Readonly<Record<string, string>>;

export interface ChosenTemplate {
  readonly name: string;
  readonly language: string;
  /** Of the parameters that the agent fills in. */
  readonly values?: Places | undefined;
}

export interface FilledText {
  readonly name: string;
  readonly title: Places;
  readonly text: Places;
}

export interface FilledTemplate extends FilledText {
  /** Parameters that the agent fills in. */
  readonly fields: readonly string[];
  /** Of some fields, by name and language. */
  readonly labels: Readonly<Record<string, Places>>;
}

/** Those of the queue, in the order of the file; `places` per language. */
export function cannedTextsFor(centre: Centre, queue: string, places: (language: string) => Places): FilledText[] {
  return [...(centre.conversations?.cannedTexts.values() ?? [])]
    .filter((text) => isOf(text, queue))
    .map(({ name, title, text }) => ({
      ...{ name, title },
      text: perLanguage(text, (language, source) => renderText(source, places(language), language)),
    }));
}

/** The same of templates; what the agent fills in stands there as `{name}`. */
export function templatesFor(centre: Centre, queue: string, places: (language: string) => Places): FilledTemplate[] {
  return [...(centre.conversations?.templates.values() ?? [])]
    .filter((template) => isOf(template, queue))
    .map((template) => {
      const fields = fieldsOf(template, places(centre.defaultLanguage));
      const open = Object.fromEntries(fields.map((name) => [name, `{${name}}`]));
      const { name, title, text } = template;
      const labels = Object.fromEntries(Object.entries(template.labels).filter(([field]) => fields.includes(field)));
      const filled = perLanguage(text, (language, source) =>
        renderText(source, { ...places(language), ...open }, language),
      );
      return { name, title, text: filled, fields, labels };
    });
}

/** Throws HiloError `invalid-input`: there is no such template here, or a parameter is missing. */
export function templateMessage(
  { name, language, values = {} }: ChosenTemplate,
  queue: string,
  places: Places,
  centre: Centre,
): Pick<NewMessage, 'text' | 'language' | 'template'> {
  const template = centre.conversations?.templates.get(name);
  if (template === undefined || !isOf(template, queue)) {
    throw new HiloError('invalid-input', `there is no template ${name} for the queue ${queue}`);
  }
  const source = Object.hasOwn(template.text, language) ? textIn(template.text, language, language) : undefined;
  if (source === undefined) throw new HiloError('invalid-input', `the template ${name} has no text in ${language}`);
  const given: Record<string, string> = {};
  for (const parameter of template.parameters) {
    const own = Object.hasOwn(values, parameter) ? values[parameter] : undefined;
    const known = isKnown(parameter) ? places[parameter] : undefined;
    const value = known === undefined || known === '' ? (own ?? '') : known;
    const clean = value.replaceAll(/\s+/g, ' ').trim();
    if (clean === '') throw new HiloError('invalid-input', `the template ${name} needs a value for ${parameter}`);
    given[parameter] = clean.slice(0, VALUE_CHARS_MAX);
  }
  const parameters = template.parameters.map((parameter) => given[parameter] ?? '');
  const text = renderText(source, given, language);
  return { text, language, template: { name, sentAs: template.sentAs, parameters } };
}

/** Also what Hilo should know and does not, such as the name of a stranger. */
function fieldsOf({ parameters }: MessageTemplate, places: Places): string[] {
  return parameters.filter((name) => !isKnown(name) || (places[name] ?? '') === '');
}

function isKnown(name: string): boolean {
  return KNOWN_PLACES.some((known) => known === name);
}

function isOf({ queues }: CannedText, queue: string): boolean {
  return queues?.includes(queue) ?? true;
}

function perLanguage(text: Places, make: (language: string, source: string) => string): Places {
  return Object.fromEntries(Object.entries(text).map(([language, source]) => [language, make(language, source)]));
}
