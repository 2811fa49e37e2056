// What a customer's answer to our message means: yes, yes at some time, no, never again, or nothing we understand.
// Spanish and English in one grammar, since people do not always answer in the language they were asked in.
import { parseWhen, type WhenRule } from './when.js';

/** Longer answers are for people to read. */
export const MAX_REPLY_CHARS = 200;

export type Reply =
  /** `adjusted`: the time asked for lies outside the hours, so that the next one was taken. */
  | { readonly kind: 'accept'; readonly dueAtMs: number; readonly when: 'now' | 'later'; readonly adjusted: boolean }
  | { readonly kind: 'decline' }
  /** No more messages at all: consent is withdrawn. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'not-understood' };

const STOP = /^(baja|dar(me)? de baja|stop( ?all)?|unsubscribe|no me escrib\w+( mas)?|no more messages)$/;
const DECLINE =
  /^(2|no|nop|nope|no gracias|no thanks|no thank you|(cancela\w*|cancel)( (la|mi|el|the|my) (llamada|devolucion|call( ?back)?))?|ya no|(ya )?no hace falta|not now|(ya )?no (me |nos )?llam\w+|(please )?(don t|do not) call( ?me)?( back)?|no call( ?back)?)( (gracias|por favor|thanks|please))?$/;
const YES =
  /^(1|si|yes|yeah|yep|y|ok|okay|okey|vale|claro|sure|de acuerdo|(llam(a|e|en|ad)|call)( ?me)?( back)?|quiero que me llam\w+|please|por favor|porfa|gracias|thanks|thank you)(?= |$)/;

export function parseReply(text: string, rule: WhenRule): Reply {
  const words = normalised(text);
  if (words === '' || words.length > MAX_REPLY_CHARS) return { kind: 'not-understood' };
  if (STOP.test(words)) return { kind: 'stop' };
  if (DECLINE.test(words)) return { kind: 'decline' };
  const wish = withoutYes(words);
  // Thanks alone are no consent to be called.
  if (/^(gracias|thanks|thank you|please|por favor|porfa)$/.test(words)) return { kind: 'not-understood' };
  if (wish === '') return accepted(rule.nowMs, rule);
  const atMs = parseWhen(wish, rule);
  return atMs === undefined ? { kind: 'not-understood' } : accepted(atMs, rule);
}

function accepted(atMs: number, rule: WhenRule): Reply {
  const dueAtMs = rule.nextOpenMs(atMs);
  return { kind: 'accept', dueAtMs, when: dueAtMs > rule.nowMs ? 'later' : 'now', adjusted: dueAtMs !== atMs };
}

/** Lower case, no accents, no punctuation but what times are made of, single spaces. */
function normalised(text: string): string {
  return text
    .slice(0, MAX_REPLY_CHARS + 1)
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replaceAll(/([ap])\.\s?m\b\.?/g, '$1m')
    .replaceAll(/[^\p{L}\p{N}:.]+/gu, ' ')
    .replaceAll(/(?<!\d)\.|\.(?!\d)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The words after every yes and every courtesy at the beginning and the end. */
function withoutYes(words: string): string {
  let rest = words;
  for (let match = YES.exec(rest); match !== null && rest !== ''; match = YES.exec(rest)) {
    // "1 hora" is no yes, and neither is "1:30".
    if (match[0] === '1' && /^1 (h|hora|hour|min|pm|am)/.test(rest)) break;
    rest = rest.slice(match[0].length).trimStart();
  }
  return rest.replace(/( (por favor|porfa|please|gracias|thanks|thank you))+$/, '');
}
