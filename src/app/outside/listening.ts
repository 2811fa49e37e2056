// Waits for what a caller says without a voice: a written line or keys, whichever comes first.
import type { Answer, Ask } from '../../core/ivr/ask.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Leg } from '../ports.js';
import type { Inbox } from '../writing/inbox.js';

const KEYS = '0123456789*#';
const TERMINATOR = '#';

export interface ListeningPorts {
  readonly leg: Leg;
  readonly clock: Clock;
  /** Of what is said first. */
  readonly paths: readonly string[];
  /** Absent: the phone has no text, and only keys can come. */
  readonly inbox: Inbox | undefined;
}

type Input = { readonly kind: 'key'; readonly key: string } | 'line' | 'nothing';

/** Rejects as the leg's methods do. */
export async function listen(ask: Ask & { kind: 'listen' }, ports: ListeningPorts): Promise<Answer> {
  const { leg, paths, inbox } = ports;
  if (inbox === undefined) return collect(leg, paths, ask.max, ask.waitMs, ask.interDigitMs);
  const unread = inbox.take();
  if (unread !== undefined) return { kind: 'written', text: unread };
  const input = await firstOf(ask, { ...ports, inbox });
  if (input === 'nothing') return { kind: 'time-out', digits: '' };
  if (input === 'line') return { kind: 'written', text: inbox.take() ?? '' };
  if (input.key === TERMINATOR) return { kind: 'time-out', digits: '' };
  if (ask.max === 1) return { kind: 'digits', digits: input.key };
  const more = await collect(leg, [], ask.max - 1, ask.interDigitMs, ask.interDigitMs);
  return { kind: 'digits', digits: input.key + ('digits' in more ? more.digits : '') };
}

async function collect(
  leg: Leg,
  prompts: readonly string[],
  max: number,
  firstDigitMs: number,
  interDigitMs: number,
): Promise<Extract<Answer, { kind: 'digits' | 'time-out' }>> {
  const request = { prompts, min: 1, max, terminators: TERMINATOR, firstDigitMs, interDigitMs, bargeIn: true };
  const { outcome, digits } = await leg.collect(request);
  return outcome === 'digits' ? { kind: 'digits', digits } : { kind: 'time-out', digits };
}

/** A line cuts the prompt off as a key does; while somebody types, time stands still. */
async function firstOf(
  { waitMs }: Ask & { kind: 'listen' },
  { leg, clock, paths, inbox }: ListeningPorts & { inbox: Inbox },
): Promise<Input> {
  let finish: (input: Input) => void = () => undefined;
  const input = new Promise<Input>((resolve) => {
    finish = resolve;
  });
  let timer: Timer | undefined;
  let waiting = false;
  const wait = (): void => {
    timer?.cancel();
    if (waiting) timer = clock.after(waitMs, () => finish('nothing'));
  };
  const stopReading = inbox.read({
    typed: wait,
    line: () => finish('line'),
  });
  let releaseKeys = (): void => undefined;
  try {
    const played = leg.play(paths, { stopKeys: KEYS });
    const first = await Promise.race([played, input]);
    if (first === 'nothing' || first === 'line' || 'kind' in first) {
      await leg.silence();
      await played;
      return first;
    }
    if (first.outcome === 'key') return { kind: 'key', key: first.key };
    releaseKeys = leg.onKey((key) => finish({ kind: 'key', key }));
    waiting = true;
    wait();
    return await untilEnd(leg, input);
  } finally {
    timer?.cancel();
    releaseKeys();
    stopReading();
  }
}

/** Rejects with the end of the leg; the methods of the leg do so themselves. */
async function untilEnd(leg: Leg, input: Promise<Input>): Promise<Input> {
  return new Promise((resolve, reject) => {
    const gone = (): void => {
      // Asked of the leg itself, so that the error is the one that its methods reject with.
      leg.silence().then(() => reject(leg.ended.reason), reject);
    };
    leg.ended.addEventListener('abort', gone, { once: true });
    if (leg.ended.aborted) gone();
    void input.then((given) => {
      leg.ended.removeEventListener('abort', gone);
      resolve(given);
    });
  });
}
