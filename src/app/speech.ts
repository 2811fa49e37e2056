// From what is to be said to the files that say it: recorded prompts win, the rest is synthesised once.
import type { Prompt } from '../core/ivr/ask.js';
import { renderText, textIn } from '../core/policy/message-text.js';
import type { Centre } from '../core/routing/centre.js';
import type { Log } from '../lib/log.js';
import type { Prompts } from './texts.js';

export class Speech {
  constructor(
    private readonly prompts: Prompts,
    private readonly centre: () => Centre,
    private readonly log: Log,
  ) {}

  /** Paths to play; what can be neither found nor spoken is left out with a line in the log: the call goes on. */
  async paths(prompts: readonly Prompt[]): Promise<string[]> {
    const paths = await Promise.all(prompts.map((prompt) => this.#path(prompt)));
    return paths.filter((path) => path !== undefined);
  }

  /** A canned text of the centre, filled in. '' when the key is unknown. */
  text(key: string, language: string, variables: Readonly<Record<string, string | number>> = {}): string {
    const centre = this.centre();
    const template = textIn(centre.texts.get(key), language, centre.defaultLanguage);
    if (template === undefined) {
      this.log.warn({ key, language }, 'canned text missing');
      return '';
    }
    return renderText(template, variables, language);
  }

  /** A canned text as a prompt; a recording named like the key wins. */
  canned(key: string, language: string, variables: Readonly<Record<string, string | number>> = {}): Prompt {
    const fallbackText = this.text(key, language, variables);
    return { kind: 'recorded', name: key, fallbackText, language };
  }

  /** Makes the canned texts ready that have nothing to fill in: they must be at hand when everything else is not. */
  async warm(): Promise<void> {
    const { texts } = this.centre();
    for (const [key, versions] of texts) {
      for (const [language, text] of Object.entries(versions)) {
        if (!text.includes('{')) await this.paths([{ kind: 'recorded', name: key, fallbackText: text, language }]);
      }
    }
  }

  async #path(prompt: Prompt): Promise<string | undefined> {
    const said = saidOf(prompt, this.prompts);
    if (said?.kind !== 'spoken') return said?.path;
    try {
      return await this.prompts.spoken(said.text, said.language, said.voice);
    } catch (error) {
      this.log.error({ err: error, language: said.language }, 'prompt cannot be made');
      return undefined;
    }
  }
}

/** `path`: of a WAV. */
export type Said =
  | { readonly kind: 'recorded'; readonly path: string }
  | { readonly kind: 'spoken'; readonly text: string; readonly language: string; readonly voice?: string };

/**
 * What is heard of a prompt: its recording, then the text at the place where it is used, then that of the prompt itself, then
 * the text of a language that stands in. undefined: nothing.
 */
export function saidOf(prompt: Prompt, prompts: Pick<Prompts, 'recorded' | 'text'>): Said | undefined {
  const path = prompt.kind === 'recorded' ? prompts.recorded(prompt.name, prompt.language) : undefined;
  if (path !== undefined) return { kind: 'recorded', path };
  const { text, ...how } = spokenPart(prompt, prompts);
  return text === undefined || text.trim() === '' ? undefined : { kind: 'spoken', text, ...how };
}

function spokenPart(
  prompt: Prompt,
  prompts: Pick<Prompts, 'text'>,
): { readonly text: string | undefined; readonly language: string; readonly voice?: string } {
  if (prompt.kind === 'text') return { text: prompt.text, language: prompt.language };
  const { name, language, fallbackText, fallbackLanguage } = prompt;
  const isOwn = fallbackText !== undefined && fallbackText.trim() !== '' && fallbackLanguage === undefined;
  const kept = isOwn ? undefined : prompts.text(name, language);
  return kept === undefined ? { text: fallbackText, language: fallbackLanguage ?? language } : { ...kept, language };
}
