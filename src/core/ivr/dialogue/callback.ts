// `callback`: offers to call back, asks when and at which number, and says so once the promise is stored.
//
//   choice ──soon, tomorrow──▶ number ──1──▶ promise ──promised──▶ told ──▶ next
//     │ └──time──▶ time ──HHMM──▶ ▲  │ 2, or no number known            │ refused
//     │ no, or nothing            └── typed ◀┘                          ▼
//     └─────────────────────────────────────────────────────────▶ otherwise
import { DateTime } from 'luxon';
import { z } from 'zod';
import { assert } from '../../../lib/assert.js';
import { duration, whole } from '../../document/shape.js';
import type { Answer, CallbackWish } from '../ask.js';
import type { Move, StepContext, StepMemory } from '../flow.js';
import { MAX_TRIES } from '../limits.js';
import { type PromptPart, promptSchema, renderPrompts } from '../prompt.js';
import type { Scope } from '../scope.js';
import { stepKind, stepName } from '../step-kind.js';
import { askDigits, askKey } from './collecting.js';

const MIN_NUMBER_DIGITS = 3;
const MAX_NUMBER_DIGITS = 15;
/** What the texts of this step may say besides what every text may: the number, and when it will be. */
const NUMBER_NAMES = ['callback.number'];
const PROMISE_NAMES = ['callback.number', 'callback.date', 'callback.time', 'callback.today', 'callback.soon'];

const shape = {
  queue: z.string().describe('The queue whose people call back.'),
  say: promptSchema.describe('The offer, with the keys of `times`.'),
  times: z
    .record(
      z.string().regex(/^[0-9*#]$/, { error: "a key of the telephone is one of 0-9, * and #, e.g. 1 or '*'" }),
      z.enum(['soon', 'time', 'tomorrow', 'no']),
    )
    .meta({ minProperties: 1 })
    .default({ 1: 'soon' })
    .describe(
      'Key → choice. `soon`: when somebody is free, with the place kept. `time`: at a time the caller types. `tomorrow`: at this hour. `no`: none.',
    ),
  'ask-time': promptSchema.optional().describe('Asks for four digits, hours and minutes. Needed for `time`.'),
  'confirm-number': promptSchema.describe(
    'Reads back the number, {{ callback.number | phone }}: 1 it is right, 2 another one.',
  ),
  'ask-number': promptSchema.describe('Asks for another number, ended with #.'),
  'wrong-key': promptSchema.optional().describe('Said before a question is repeated.'),
  promised: promptSchema.describe(
    'Said when the promise is stored. It may say {{ callback.date | date }}, {{ callback.time | time }}, {{ callback.number | phone }}, and ask {% if callback.soon %} or {% if callback.today %}.',
  ),
  wait: duration(500, 60_000).prefault('7s').describe('For a key.'),
  tries: whole(1, MAX_TRIES).default(3).describe('How often each question is asked.'),
  next: stepName.optional().describe('It is promised; without it the call ends there.'),
  otherwise: stepName.describe('Not wanted, not answered, or not possible.'),
};

const about = {
  summary:
    'Offers a call-back: as soon as somebody is free, at a time the caller types, or tomorrow at this hour. It is stored before it is said.',
  example: `
do: callback
queue: support
say:
  es: 'Para que le llamemos en cuanto podamos, pulse 1. Para elegir la hora, pulse 2. Para mañana a esta hora, pulse 3.'
  en: 'For a call as soon as we can, press 1. To choose the time, press 2. For tomorrow at this time, press 3.'
times: { 1: soon, 2: time, 3: tomorrow }
ask-time:
  es: 'Marque la hora con cuatro cifras. Por ejemplo, 1730 para las cinco y media de la tarde.'
  en: 'Type the time with four digits, for example 1730 for half past five.'
confirm-number:
  es: "Le llamaremos al {{ callback.number | phone: 'ES' }}. Si es correcto, pulse 1; para cambiarlo, pulse 2."
  en: "We will call {{ callback.number | phone: 'ES' }}. If that is right, press 1; to change it, press 2."
ask-number:
  es: Marque el número y después almohadilla.
  en: Type the number, then the hash key.
promised:
  es: 'De acuerdo: {% if callback.soon %}le llamaremos en cuanto podamos{% else %}le llamaremos el {{ callback.date | date }} a {{ callback.time | time }}{% endif %}.'
  en: 'All right: we will call you {% if callback.soon %}as soon as we can{% else %}on {{ callback.date | date }} at {{ callback.time | time }}{% endif %}.'
otherwise: support`,
  keys: shape,
};

interface Parts {
  readonly offer: readonly PromptPart[];
  readonly askTime: readonly PromptPart[];
  readonly confirmNumber: readonly PromptPart[];
  readonly askNumber: readonly PromptPart[];
  readonly wrongKey: readonly PromptPart[];
  readonly promised: readonly PromptPart[];
}

interface Keys {
  readonly queue: string;
  readonly times: Readonly<Record<string, 'soon' | 'time' | 'tomorrow' | 'no'>>;
  readonly wait: number;
  readonly tries: number;
  readonly next: string | undefined;
  readonly otherwise: string;
}

export const callback = stepKind(about, (keys, scope) => {
  const asksTime = Object.values(keys.times).includes('time');
  if (Object.keys(keys.times).length === 0) scope.issue(['times'], 'no key accepts it', 'e.g. 1: soon');
  if (asksTime && keys['ask-time'] === undefined) {
    scope.issue(['times'], 'nothing asks for the time', 'add ask-time: …');
  }
  const parts = partsOf(keys, scope);
  const dialogue = new Dialogue(parts, {
    queue: scope.named('queues', ['queue'], keys.queue),
    times: keys.times,
    wait: keys.wait,
    tries: keys.tries,
    next: scope.optionalExit(['next'], keys.next),
    otherwise: scope.exit(['otherwise'], keys.otherwise),
  });
  return {
    listens: true,
    prices: { next: { keys: 2 }, otherwise: { waitMs: keys.tries * keys.wait, times: keys.tries } },
    enter: (at) => ({ kind: 'ask', ask: askKey(renderPrompts(parts.offer, at), keys.wait) }),
    answer: (answer, at) => dialogue.answer(answer, at),
  };
});

function partsOf(keys: z.output<z.ZodObject<typeof shape>>, scope: Scope): Parts {
  return {
    offer: scope.prompt(['say'], keys.say),
    askTime: scope.prompt(['ask-time'], keys['ask-time']),
    confirmNumber: scope.prompt(['confirm-number'], keys['confirm-number'], NUMBER_NAMES),
    askNumber: scope.prompt(['ask-number'], keys['ask-number']),
    wrongKey: scope.prompt(['wrong-key'], keys['wrong-key']),
    promised: scope.prompt(['promised'], keys.promised, PROMISE_NAMES),
  };
}

/** What was asked last, and what is known so far: `asked`, `date`, `time` ('' for soon), `number`. */
class Dialogue {
  constructor(
    private readonly parts: Parts,
    private readonly keys: Keys,
  ) {}

  answer(answer: Answer, at: StepContext): Move {
    switch (at.memory['asked'] ?? 'choice') {
      case 'choice':
        return this.chosen(typedIn(answer), at);
      case 'time':
        return this.timed(typedIn(answer), at);
      case 'number':
        return this.confirmed(typedIn(answer), at);
      case 'typed':
        return this.typed(typedIn(answer), at);
      case 'promise':
        return this.promised(answer, at);
      default:
        return this.told(at);
    }
  }

  private chosen(key: string, at: StepContext): Move {
    const choice = this.keys.times[key];
    if (choice === undefined) return this.again(key, at);
    switch (choice) {
      case 'no':
        return { kind: 'go', to: this.keys.otherwise, outcome: 'declined' };
      case 'time':
        return this.ask('time', {}, 'chosen:time', at);
      case 'soon':
        return this.askNumber({ date: '', time: '' }, 'chosen:soon', at);
      case 'tomorrow':
        return this.askNumber({ date: dayAfter(at.facts.now.date), time: at.facts.now.time }, 'chosen:tomorrow', at);
    }
  }

  /** A time that has passed today is meant for tomorrow. */
  private timed(typed: string, at: StepContext): Move {
    const match = /^([01]\d|2[0-3])([0-5]\d)$/.exec(typed);
    if (match === null) return this.again(typed, at);
    const time = `${match[1]}:${match[2]}`;
    const { now } = at.facts;
    return this.askNumber({ date: time > now.time ? now.date : dayAfter(now.date), time }, 'time:4', at);
  }

  private askNumber(when: StepMemory, outcome: string, at: StepContext): Move {
    const { from } = at.facts.call;
    if (from === '') return this.ask('typed', when, outcome, at);
    return this.ask('number', { ...when, number: from }, outcome, at);
  }

  private confirmed(key: string, at: StepContext): Move {
    if (key === '1') return this.promise(at);
    if (key === '2') return this.ask('typed', at.memory, 'another-number', at);
    return this.again(key, at);
  }

  private typed(number: string, at: StepContext): Move {
    if (number.length < MIN_NUMBER_DIGITS) return this.again(number, at);
    return this.ask('number', { ...at.memory, number }, `digits:${number.length}`, at);
  }

  private promise(at: StepContext): Move {
    const { memory } = at;
    const [date, time] = [String(memory['date'] ?? ''), String(memory['time'] ?? '')];
    const when: CallbackWish = time === '' ? { kind: 'soon' } : { kind: 'at', date, time };
    const ask = { kind: 'callback', queue: this.keys.queue, number: String(memory['number'] ?? ''), when } as const;
    return { kind: 'ask', ask, memory: { ...memory, asked: 'promise' }, outcome: 'number-confirmed' };
  }

  private promised(answer: Answer, at: StepContext): Move {
    assert(answer.kind === 'callback', 'a promise is answered by its outcome');
    if (answer.outcome === 'refused') {
      return { kind: 'go', to: this.keys.otherwise, outcome: `refused:${answer.reason}` };
    }
    const { date, time } = answer;
    const { number = '', time: wished = '' } = at.memory;
    const today = date === at.facts.now.date;
    // What was to be as soon as possible may be another day, when it is closed.
    const soon = wished === '' && today;
    const prompts = renderPrompts(this.parts.promised, at, { callback: { number, date, time, today, soon } });
    if (this.keys.next === undefined) {
      return { kind: 'end', outcome: 'promised', prompts, result: 'callback-promised', reason: 'callback-promised' };
    }
    return { kind: 'ask', ask: { kind: 'play', prompts }, memory: { asked: 'told' }, outcome: 'promised' };
  }

  private told(at: StepContext): Move {
    const { next } = this.keys;
    assert(next !== undefined && at.memory['asked'] === 'told', 'a promise is told once');
    return { kind: 'go', to: next, outcome: 'told' };
  }

  private ask(asked: 'time' | 'number' | 'typed', memory: StepMemory, outcome: string, at: StepContext): Move {
    const kept = { ...memory, asked };
    return { kind: 'ask', ask: this.question(kept, [], at), memory: kept, outcome };
  }

  private question(memory: StepMemory, first: readonly PromptPart[], at: StepContext) {
    const { parts, keys } = this;
    const { asked = 'choice', number = '' } = memory;
    const say = (own: readonly PromptPart[]) => renderPrompts([...first, ...own], at, { callback: { number } });
    switch (asked) {
      case 'time':
        return askDigits(say(parts.askTime), keys.wait, { min: 4, max: 4 });
      case 'number':
        return askKey(say(parts.confirmNumber), keys.wait);
      case 'typed':
        return askDigits(say(parts.askNumber), keys.wait, { min: MIN_NUMBER_DIGITS, max: MAX_NUMBER_DIGITS });
      default:
        return askKey(say(parts.offer), keys.wait);
    }
  }

  private again(typed: string, at: StepContext): Move {
    const outcome = typed === '' ? 'time-out' : 'wrong-answer';
    if (at.failures + 1 >= this.keys.tries) return { kind: 'go', to: this.keys.otherwise, outcome };
    return { kind: 'ask-again', ask: this.question(at.memory, this.parts.wrongKey, at), outcome };
  }
}

function typedIn(answer: Answer): string {
  assert(answer.kind === 'digits' || answer.kind === 'time-out', 'a question is answered by keys');
  return answer.digits;
}

/** `2026-01-31` → `2026-02-01`. */
function dayAfter(date: string): string {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ days: 1 }).toFormat('yyyy-MM-dd');
}
