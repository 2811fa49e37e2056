// Flows without a telephone: compiles those of a folder, and a caller who does what a story says and writes down what is heard.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatIssue, type SourceFile } from '../../src/core/document/issue.js';
import type { Answer, Ask, Prompt } from '../../src/core/ivr/ask.js';
import { compileFlows } from '../../src/core/ivr/compile.js';
import { httpAnswer } from '../../src/core/ivr/outside/take.js';
import type { Surroundings } from '../../src/core/ivr/scope.js';
import type { FlowCatalogue, Progress, Session, SessionStart, TraceLine } from '../../src/core/ivr/session.js';
import { advance, startSession } from '../../src/core/ivr/walk.js';

export const MADRID = 'Europe/Madrid';
/** Monday 5 January 2026, 09:30 in Madrid. */
export const MONDAY_MS = Date.parse('2026-01-05T08:30:00Z');

export const AROUND: Surroundings = {
  queues: new Set(['support', 'sales']),
  agents: new Set(['ana']),
  hours: new Set(['office']),
  texts: new Map([['missed-call', { es: 'Hola' }]]),
  webHosts: new Map([['crm.example.com:443', { host: 'crm.example.com', port: 443, insecure: false, private: false }]]),
};

export function filesIn(folder: string): SourceFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('.test.yaml') && file !== 'centre.yaml')
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8'), revision: `revision of ${file}` }));
}

/** A flow in Spanish that begins with the step `first`; `head`: what else stands above its steps. */
export function flowFile(name: string, head: string, steps: string): SourceFile {
  const text = `version: 1\nname: ${name}\nlanguages: [es]\nstart: first\n${head}\nsteps:\n${steps}`;
  return { file: `${name}.yaml`, text, revision: name };
}

/** Mistakes and warnings of these flows, but that no way leads to a person: flows of two steps lead to nobody. */
export function toldOf(...files: readonly SourceFile[]): string[] {
  const compiled = compileFlows(files, AROUND);
  const issues = compiled.ok ? compiled.warnings : compiled.issues;
  return issues.map(formatIssue).filter((issue) => !issue.includes('no way leads to a person'));
}

/** Throws with all mistakes when there are any. */
export function catalogueOf(
  files: readonly SourceFile[],
  around: Surroundings = AROUND,
  isOpen: FlowCatalogue['isOpen'] = () => true,
  isHoliday: FlowCatalogue['isHoliday'] = () => false,
): FlowCatalogue {
  const compiled = compileFlows(files, around);
  if (!compiled.ok) throw new Error(compiled.issues.map(formatIssue).join('\n'));
  return { flows: compiled.value, isOpen, isHoliday };
}

/** A catalogue of one flow `test` in Spanish, from its variables and steps. */
export function flowOf(steps: string, head = ''): FlowCatalogue {
  const text = `version: 1\nname: test\nlanguages: [es]\nstart: first\n${head}\nsteps:\n${steps}`;
  return catalogueOf([{ file: 'test.yaml', text, revision: 'r1' }]);
}

export function start(catalogue: FlowCatalogue, options: Partial<SessionStart> = {}): Progress {
  return startSession(catalogue, {
    flow: 'test',
    call: { from: '+34600123123', name: 'Eva', to: '1000', reference: 'H-1' },
    languages: [],
    nowMs: MONDAY_MS,
    timeZone: MADRID,
    ...options,
  });
}

/** Plain JSON between any two steps: a session survives being written down. */
export function next(catalogue: FlowCatalogue, session: Session, answer: Answer, nowMs = MONDAY_MS): Progress {
  const written: Session = JSON.parse(JSON.stringify(session));
  return advance(catalogue, written, answer, nowMs);
}

export interface Story {
  readonly transcript: readonly string[];
  readonly trace: readonly TraceLine[];
  readonly last: Progress;
}

/** `deeds`: digits, or `silence`, or the outcome of what was asked (`served`, `not-served`, `left` …). What is only played needs none. */
export function tell(catalogue: FlowCatalogue, deeds: readonly string[], options: Partial<SessionStart> = {}): Story {
  const open = [...deeds];
  const transcript: string[] = [];
  let progress = start(catalogue, options);
  const trace = [...progress.trace];
  for (;;) {
    transcript.push(...heard(progress.ask));
    const { ask, session } = progress;
    if (session.state === 'ended') break;
    const deed = ask.kind === 'play' ? 'listens' : open.shift();
    if (deed === undefined) break;
    if (ask.kind !== 'play') transcript.push(`< ${deed}`);
    progress = next(catalogue, session, answerOf(ask, deed), options.nowMs);
    trace.push(...progress.trace);
  }
  if (open.length > 0) transcript.push(`too late: ${open.join(', ')}`);
  return { transcript, trace, last: progress };
}

export function answerOf(ask: Ask, deed: string): Answer {
  const reason = 'as-told';
  switch (ask.kind) {
    case 'play':
      return { kind: 'played' };
    case 'collect':
      return deed === 'silence' ? { kind: 'time-out', digits: '' } : { kind: 'digits', digits: deed };
    case 'queue':
      return { kind: 'queue', outcome: deed === 'served' ? 'served' : 'not-served', reason };
    case 'forward':
      return { kind: 'forward', outcome: deed === 'connected' || deed === 'refused' ? deed : 'failed', reason };
    case 'voicemail':
      return { kind: 'voicemail', outcome: deed === 'left' || deed === 'failed' ? deed : 'empty' };
    case 'message':
      return { kind: 'message', outcome: deed === 'queued' ? 'queued' : 'declined', reason };
    case 'callback': {
      if (!deed.startsWith('promised')) return { kind: 'callback', outcome: 'refused', reason };
      const [, date = '2026-01-05', time = '09:30'] = deed.split(' ');
      return { kind: 'callback', outcome: 'promised', date, time };
    }
    case 'http':
      return /^\d{3}$/.test(deed)
        ? httpAnswer(ask, Number(deed), {})
        : { kind: 'http', outcome: 'failed', reason: 'unreachable' };
    case 'customer':
      return { kind: 'customer', outcome: 'failed', reason };
    case 'bot':
      return { kind: 'bot', outcome: 'failed', reason };
    case 'listen':
      return deed === 'silence' ? { kind: 'time-out', digits: '' } : { kind: 'written', text: deed };
    case 'hangup':
      throw new Error('the call is over');
  }
}

function heard(ask: Ask): string[] {
  const prompts = 'prompts' in ask ? ask.prompts.map(sayPrompt) : [];
  switch (ask.kind) {
    case 'queue':
      return [`queue ${ask.queue}`];
    case 'forward':
      return [`forward to ${Object.values(ask.to).join(' ')}`];
    case 'voicemail':
      return [...prompts, 'voicemail'];
    case 'message':
      return [`message: ${ask.text}`];
    case 'callback':
      return [`call back ${ask.number} for ${ask.queue}: ${Object.values(ask.when).join(' ')}`];
    case 'hangup':
      return [...prompts, `end: ${ask.result} (${ask.reason})`];
    default:
      return prompts;
  }
}

function sayPrompt(prompt: Prompt): string {
  if (prompt.kind === 'text') return `${prompt.language}: ${prompt.text}`;
  return `${prompt.language}: [${prompt.name}] ${prompt.fallbackText ?? ''}`.trimEnd();
}
