// The bot that ships: rules of words and keys, and the contract is that of every bot. It keeps nothing between turns.
import type { BotInput, SentReply } from './bot-contract.js';

/** In one language, with everything filled in. */
export interface RuleBot {
  readonly greeting: SentReply;
  readonly answers: readonly RuleAnswer[];
  /** Said when no rule fits. */
  readonly otherwise: SentReply;
}

export interface RuleAnswer {
  /** Words and phrases, any of which has to occur; `invoic*` is the beginning of a word. */
  readonly words: readonly string[];
  /** Keys, or what is written in digits. */
  readonly keys: readonly string[];
  readonly reply: SentReply;
}

/** The first answer that fits. Silence and the unknown get `otherwise`. */
export function answerByRules(bot: RuleBot, input: BotInput): SentReply {
  switch (input.event) {
    case 'start':
      return bot.greeting;
    case 'silence':
      return bot.otherwise;
    case 'digits':
      return bot.answers.find(({ keys }) => keys.includes(input.digits))?.reply ?? bot.otherwise;
    case 'text': {
      const text = plain(input.text);
      const fitting = bot.answers.find(
        ({ words, keys }) => keys.includes(input.text.trim()) || words.some((word) => occurs(word, text)),
      );
      return fitting?.reply ?? bot.otherwise;
    }
  }
}

function occurs(word: string, text: string): boolean {
  const wanted = plain(word).trim();
  if (wanted === '') return false;
  return text.includes(word.endsWith('*') ? ` ${wanted}` : ` ${wanted} `);
}

/** ` quiero mi factura `: lower case, without accents and signs, a space on both sides of each word. */
function plain(text: string): string {
  const letters = text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();
  return ` ${letters.replace(/[^\p{Letter}\p{Number}]+/gu, ' ').trim()} `;
}
