// Owns the keys of bind_digit_action: what they do on a channel, beside whatever runs there.
import type { Clock, Timer } from '../../../lib/clock.js';

/** Most bindings on one channel, in all realms. */
export const BINDINGS_MAX = 100;
/** FreeSWITCH's wait for the next key of a binding. */
const KEY_LIMIT_MS = 1_500;
const PATTERN_LENGTH_MAX = 64;

export interface Binding {
  readonly realm: string;
  /** Keys, or `~` and a regular expression. */
  readonly keys: string;
  act(pressed: string): void;
}

export class DigitActions {
  readonly #clock: Clock;
  #bindings: Binding[] = [];
  #realm: string | undefined;
  #pressed = '';
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The first realm is the one in force. False: too many, or a pattern that does not compile. */
  bind(binding: Binding): boolean {
    if (this.#bindings.length >= BINDINGS_MAX || !isUsable(binding.keys)) return false;
    this.#bindings.push(binding);
    this.#realm ??= binding.realm;
    return true;
  }

  clear(realm: string): void {
    this.#bindings = realm === 'all' ? [] : this.#bindings.filter((binding) => binding.realm !== realm);
    if (realm === 'all' || realm === this.#realm) this.#realm = this.#bindings[0]?.realm;
    this.#forget();
  }

  setRealm(realm: string): void {
    this.#realm = realm;
    this.#forget();
  }

  /** True: the key belongs to a binding and is nobody else's. */
  press(key: string): boolean {
    const bindings = this.#bindings.filter(({ realm }) => realm === this.#realm);
    if (bindings.length === 0) return false;
    const pressed = this.#pressed + key;
    const done = bindings.find(({ keys }) => matches(keys, pressed));
    const mayGrow = bindings.some(
      ({ keys }) => !keys.startsWith('~') && keys.length > pressed.length && keys.startsWith(pressed),
    );
    this.#forget();
    if (mayGrow) {
      this.#pressed = pressed;
      this.#timer = this.#clock.after(KEY_LIMIT_MS, () => {
        this.#forget();
        done?.act(pressed);
      });
      return true;
    }
    done?.act(pressed);
    return done !== undefined;
  }

  #forget(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#pressed = '';
  }
}

function isUsable(keys: string): boolean {
  if (!keys.startsWith('~')) return /^[0-9*#A-D]{1,32}$/.test(keys);
  return keys.length <= PATTERN_LENGTH_MAX && patternOf(keys) !== undefined;
}

function matches(keys: string, pressed: string): boolean {
  return keys.startsWith('~') ? patternOf(keys)?.test(pressed) === true : keys === pressed;
}

/** The pattern comes from our own client; pressed keys are few and short. */
function patternOf(keys: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${keys.slice(1)})$`);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
