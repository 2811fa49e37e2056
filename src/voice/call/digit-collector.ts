// Runs one digit collection on a leg: keys, timer and prompt in, one result out.
import type { Collected } from '../../app/ports.js';
import type { Clock, Timer } from '../../lib/clock.js';
import { type Collection, type CollectionInput, collect, type DigitRules, waitMs } from './digit-collection.js';
import type { KeyStream } from './key-stream.js';

export interface CollectorParts {
  readonly clock: Clock;
  readonly rules: DigitRules;
  readonly keys: KeyStream;
  readonly ended: AbortSignal;
  /** Settles when the prompt is over. */
  readonly prompt: Promise<unknown>;
  readonly stopPrompt: () => void;
}

/** Goes on from `begun`. Rejects with the reason of `ended`. */
export function runCollection(begun: Collection, parts: CollectorParts): Promise<Collected> {
  const { clock, rules, keys, ended, prompt } = parts;
  return new Promise<Collected>((resolve, reject) => {
    let at = begun;
    let timer: Timer | undefined;
    const close = (): void => {
      timer?.cancel();
      release();
      ended.removeEventListener('abort', onEnd);
    };
    const onEnd = (): void => {
      close();
      reject(ended.reason);
    };
    const step = (input: CollectionInput): void => {
      const next = collect(rules, at, input);
      if (next === at) return;
      if (at.state === 'prompting' && next.state !== 'waiting') parts.stopPrompt();
      at = next;
      timer?.cancel();
      if (at.state === 'done') {
        close();
        resolve(at.result);
      } else {
        wait();
      }
    };
    const wait = (): void => {
      const ms = waitMs(rules, at);
      if (ms !== undefined) timer = clock.after(ms, () => step({ kind: 'timer' }));
    };
    const release = keys.capture((key) => {
      step({ kind: 'key', key });
      return true;
    });
    ended.addEventListener('abort', onEnd, { once: true });
    if (ended.aborted) {
      onEnd();
      return;
    }
    wait();
    const promptOver = (): void => step({ kind: 'prompt-over' });
    prompt.then(promptOver, promptOver);
  });
}
