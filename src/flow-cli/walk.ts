// `npm run flow ivr-flows/main.yaml`: walks a call through a flow with the keys of a telephone, in the terminal.
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { formatIssue, isError } from '../core/document/issue.js';
import {
  answerOfItself,
  insideAnswer,
  isOutside,
  type OutsideAsk,
  outsideAnswer,
  outsideQuestion,
} from '../core/flow-test/by-hand.js';
import type { Answer, Ask, Prompt } from '../core/ivr/ask.js';
import { type Now, nowIn } from '../core/ivr/facts.js';
import type { Progress } from '../core/ivr/session.js';
import { advance, startSession } from '../core/ivr/walk.js';
import { type Loaded, loadFolder } from './load.js';
import { print } from './print.js';

const MAX_ASKS = 200;

export async function walk(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      keys: { type: 'string' },
      language: { type: 'string' },
      at: { type: 'string' },
      from: { type: 'string', default: '+34600123123' },
    },
  });
  const [path] = positionals;
  if (path === undefined) throw new Error('which flow? e.g. npm run flow ivr-flows/main.yaml');
  const { loaded, issues } = loadFolder(dirname(path));
  if (loaded !== undefined) return tell(loaded, basename(path).replace(/\.ya?ml$/, ''), values);
  for (const issue of issues.filter(isError)) print(formatIssue(issue));
  return 1;
}

interface CallOptions {
  readonly keys?: string | undefined;
  readonly language?: string | undefined;
  readonly at?: string | undefined;
  readonly from?: string | undefined;
}

async function tell({ centre, catalogue }: Loaded, flow: string, options: CallOptions): Promise<number> {
  if (!catalogue.flows.has(flow))
    throw new Error(`there is no flow '${flow}': ${[...catalogue.flows.keys()].join(', ')}`);
  const nowMs = timeOf(options.at, centre.timeZone);
  const answers = answersFrom(options.keys);
  // As whoever dials the first number that leads here.
  const entries = centre.numbers.map(({ entry }) => entry);
  const entry = entries.find((one) => one.kind === 'flow' && one.flow === flow);
  let progress = startSession(catalogue, {
    flow,
    give: entry?.kind === 'flow' ? (entry.give ?? {}) : {},
    call: { from: options.from ?? '', name: '', to: '1000', reference: 'H-TRY' },
    languages: options.language === undefined ? [] : [options.language],
    nowMs,
    timeZone: centre.timeZone,
  });
  try {
    for (let asks = 0; asks < MAX_ASKS; asks += 1) {
      show(progress);
      if (progress.session.state === 'ended') return 0;
      const answer = await answerTo(progress.ask, answers, nowIn(centre.timeZone, nowMs));
      if (answer === undefined) {
        print('  (the caller hangs up)');
        return 0;
      }
      progress = advance(catalogue, progress.session, answer, nowMs);
    }
    print(`  (still going after ${MAX_ASKS} questions)`);
    return 1;
  } finally {
    answers.close();
  }
}

function timeOf(at: string | undefined, zone: string): number {
  const time = at === undefined ? DateTime.now() : DateTime.fromISO(at, { zone });
  if (!time.isValid)
    throw new Error(`--at ${at ?? ''}: ${time.invalidExplanation ?? 'not a time'}, e.g. 2026-01-05T09:00`);
  return time.toMillis();
}

/** Where the answers come from; undefined = there are no more, the caller hangs up. */
interface Answers {
  next(question: string): Promise<string | undefined>;
  close(): void;
}

function answersFrom(keys: string | undefined): Answers {
  if (keys !== undefined) {
    const given = keys === '' ? [] : keys.split(',');
    return {
      async next(question) {
        const answer = given.shift()?.trim();
        if (answer !== undefined) print(`${question}${answer === '' ? '(silence)' : answer}`);
        return answer;
      },
      close: () => undefined,
    };
  }
  const terminal = createInterface({ input: process.stdin });
  const lines = terminal[Symbol.asyncIterator]();
  return {
    async next(question) {
      process.stdout.write(question);
      const line = await lines.next();
      return line.done === true ? undefined : line.value.trim();
    },
    close: () => terminal.close(),
  };
}

async function answerTo(ask: Ask, answers: Answers, now: Now): Promise<Answer | undefined> {
  if (ask.kind === 'play') return { kind: 'played' };
  if (isOutside(ask)) return answerOfItself(ask) ?? answerFor(ask, await answers.next(outsideQuestion(ask)));
  if (ask.kind === 'hangup') return undefined;
  const typed = await answers.next(questionFor(ask));
  return typed === undefined ? undefined : insideAnswer(ask, typed, now);
}

function answerFor(ask: OutsideAsk, typed: string | undefined): Answer | undefined {
  return typed === undefined ? undefined : outsideAnswer(ask, typed);
}

function questionFor(ask: Ask): string {
  switch (ask.kind) {
    case 'collect':
      return ask.purpose === 'menu' ? '  key (Enter = silence): ' : `  ${ask.min} to ${ask.max} digits: `;
    case 'queue':
      return '  does an agent answer? (Enter = yes, no): ';
    default:
      return '  does it work? (Enter = yes, no): ';
  }
}

function show({ ask, trace }: Progress): void {
  for (const line of trace) {
    if (line.kind === 'flow-entered') print(`[flow ${line.flow}]`);
    else if (line.kind === 'language-set') print(`[language ${line.language}]`);
    else if (line.kind === 'survey-answered') print(`[survey ${line.survey}: ${line.score}]`);
    else if (line.kind === 'limit-hit') print(`[limit ${line.limit}: to ${line.to}]`);
    else print(`  · ${line.step}: ${line.outcome}`);
  }
  if ('prompts' in ask) for (const prompt of ask.prompts) print(`🔊 ${sayPrompt(prompt)}`);
  const deed = deedOf(ask);
  if (deed !== '') print(`→ ${deed}`);
}

function deedOf(ask: Ask): string {
  switch (ask.kind) {
    case 'queue':
      return `waits in queue ${ask.queue}`;
    case 'forward':
      return `is forwarded to ${Object.values(ask.to).join(' ')}`;
    case 'voicemail':
      return 'leaves a message after the tone';
    case 'message':
      return `gets a message: ${ask.text}`;
    case 'callback':
      return `is to be called back at ${ask.number} by ${ask.queue}: ${Object.values(ask.when).join(' ')}`;
    case 'hangup':
      return `the call ends: ${ask.result} (${ask.reason})`;
    default:
      return '';
  }
}

function sayPrompt(prompt: Prompt): string {
  if (prompt.kind === 'text') return `${prompt.language}: ${prompt.text}`;
  return `${prompt.language}: recording ${prompt.name}${prompt.fallbackText === undefined ? '' : ` or: ${prompt.fallbackText}`}`;
}
