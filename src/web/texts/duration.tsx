// Time that passes while one looks: `3:07`, `1:02:45`.
import { useSyncExternalStore } from 'react';

const SECOND_MS = 1_000;
const MINUTE_S = 60;
const HOUR_S = 3_600;

/** Seconds as a clock shows them. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / HOUR_S), Math.floor((whole % HOUR_S) / MINUTE_S)];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % MINUTE_S)}` : `${minutes}:${two(whole % MINUTE_S)}`;
}

/** One for the whole page, however many look at it: they all change in the same picture. */
class Seconds {
  #nowMs = Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #listeners = new Set<() => void>();

  /** Unix ms, of the last second that has passed; of this moment when nobody has looked until now. */
  readonly now = (): number => {
    if (this.#timer === undefined && Date.now() - this.#nowMs >= SECOND_MS) this.#nowMs = Date.now();
    return this.#nowMs;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#pass(), SECOND_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  #pass(): void {
    this.#nowMs = Date.now();
    for (const listener of this.#listeners) listener();
  }
}

const seconds = new Seconds();

/** Unix ms, new every second. */
export function useNow(): number {
  return useSyncExternalStore(seconds.subscribe, seconds.now);
}

/** How long ago that moment (ISO 8601) was. */
export function Since({ time }: { readonly time: string }) {
  const seconds = (useNow() - Date.parse(time)) / 1_000;
  return (
    <time className="figure" dateTime={time}>
      {clockText(seconds)}
    </time>
  );
}
