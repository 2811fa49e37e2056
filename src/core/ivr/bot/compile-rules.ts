// The rules of the bot that ships, from the flow's YAML to what is asked in a call, in the language of that call.
import type { Template } from '../../document/template.js';
import { textValues } from '../facts.js';
import type { StepContext } from '../flow.js';
import type { Scope } from '../scope.js';
import { type BotReply, readReply, type SentReply } from './bot-contract.js';
import type { RawRules } from './bot-keys.js';
import type { RuleBot } from './rule-bot.js';

type Texts = ReadonlyMap<string, Template>;

/** `mayAct`: whether the step allows what a reply asks for; what it does not allow is a mistake of the file. */
export function compileRules(
  raw: RawRules,
  scope: Scope,
  mayAct: (reply: BotReply) => boolean,
): (at: StepContext) => RuleBot {
  const greeting = scope.texts(['rules', 'greeting'], raw.greeting);
  const otherwise = scope.texts(['rules', 'otherwise'], raw.otherwise);
  const { languages } = scope.header;
  const answers = raw.answers.map(({ words, keys, say, action, done }, index) => {
    const path = ['rules', 'answers', index];
    for (const language of Object.keys(words)) scope.language([...path, 'words', language], language);
    if (Object.keys(words).length === 0 && keys.length === 0) {
      scope.issue(path, 'this answer fits nothing', 'give it words or keys');
    } else if (keys.length === 0) {
      const deaf = languages.filter((language) => wordsIn(words, language, scope) === undefined);
      if (deaf.length > 0) {
        const told = deaf.map((language) => `'${language}'`).join(' and ');
        scope.warning([...path, 'words'], `nobody gets this answer in ${told}`, 'add words of that language, or keys');
      }
    }
    const texts: Texts = say === undefined ? new Map() : scope.texts([...path, 'say'], say);
    const reply: SentReply = { ...(action === undefined ? {} : { action }), done };
    const read = readReply(reply);
    if (read === undefined || !mayAct(read)) {
      scope.issue([...path, 'action'], 'the step does not allow this action', 'list it under actions');
    }
    return { words, keys, texts, reply };
  });
  return (at) => ({
    greeting: inLanguage(greeting, at),
    otherwise: inLanguage(otherwise, at),
    answers: answers.map(({ words, keys, texts, reply }) => ({
      words: wordsIn(words, at.language, scope) ?? [],
      keys,
      reply: { ...reply, ...inLanguage(texts, at) },
    })),
  });
}

/** Of a language that stands in when there are none: who is answered in Spanish writes Spanish. */
function wordsIn(
  words: Readonly<Record<string, readonly string[]>>,
  language: string,
  { header }: Scope,
): readonly string[] | undefined {
  return [language, ...(header.fallBack.get(language) ?? [])]
    .map((one) => words[one])
    .find((some) => some !== undefined && some.length > 0);
}

/** With its language, where another one stands in for that of the call. */
function inLanguage(texts: Texts, at: StepContext): Pick<SentReply, 'say' | 'language'> {
  const template = texts.get(at.language);
  if (template === undefined) return { say: '' };
  const say = template.render(textValues(at.facts));
  return template.language === at.language ? { say } : { say, language: template.language };
}
