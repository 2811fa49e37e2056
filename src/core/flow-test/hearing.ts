// Whether what was heard is what the test expects, and both in words.
import type { Ask, Prompt } from '../ivr/ask.js';
import type { Heard } from './case.js';

const GAP = /…|\.{3}/;

/** Anything, also nothing. */
export function isOpen(heard: Heard): boolean {
  return heard.recorded === undefined && heard.text !== undefined && /^(…|\.{3})$/.test(heard.text.trim());
}

export function matches(heard: Heard, prompt: Prompt): boolean {
  if (heard.language !== undefined && heard.language !== prompt.language) return false;
  if (heard.recorded !== undefined && (prompt.kind !== 'recorded' || prompt.name !== heard.recorded)) return false;
  const said = prompt.kind === 'text' ? prompt.text : (prompt.fallbackText ?? '');
  return heard.text === undefined || matchesText(heard.text, said);
}

/** `…` (or `...`) in `pattern` stands for any text; spaces are alike, however many. */
export function matchesText(pattern: string, said: string): boolean {
  const whole = tidy(said);
  const parts = tidy(pattern)
    .split(GAP)
    .map((part) => part.trim());
  const [first = '', ...others] = parts;
  if (others.length === 0) return whole === first;
  const last = others.pop() ?? '';
  if (!whole.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const found = whole.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return whole.length - last.length >= from && whole.endsWith(last);
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export function sayHeard({ text, language, recorded }: Heard): string {
  const what = [recorded === undefined ? '' : `[${recorded}]`, text ?? ''].filter((part) => part !== '').join(' ');
  return language === undefined ? what : `${language}: ${what}`;
}

export function sayPrompt(prompt: Prompt): string {
  if (prompt.kind === 'text') return `${prompt.language}: ${tidy(prompt.text)}`;
  return `${prompt.language}: [${prompt.name}] ${tidy(prompt.fallbackText ?? '')}`.trimEnd();
}

/** What the flow does beside speaking, in words. */
export function sayAsk(ask: Ask): string {
  switch (ask.kind) {
    case 'play':
      return 'speaks';
    case 'collect':
      return ask.purpose === 'menu' ? 'waits for a key' : `waits for ${ask.min} to ${ask.max} digits`;
    case 'listen':
      return 'waits for a written line or keys';
    case 'queue':
      return `puts the caller in queue ${ask.queue}`;
    case 'forward':
      return `forwards to ${ask.to.kind} ${targetName(ask.to)}`;
    case 'voicemail':
      return 'records a message';
    case 'message':
      return `sends the message: ${ask.text}`;
    case 'callback':
      return `asks for a call-back of queue ${ask.queue}`;
    case 'hangup':
      return `ends the call: ${ask.result} (${ask.reason})`;
    default:
      return `asks: ${ask.kind}`;
  }
}

export function targetName(to: (Ask & { kind: 'forward' })['to']): string {
  switch (to.kind) {
    case 'agent':
      return to.agent;
    case 'queue':
      return to.queue;
    case 'number':
      return to.number;
  }
}
