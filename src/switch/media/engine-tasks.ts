// What a worker was asked to play and to record, until it says that it has ended.
import type { Playback, PlaybackResult, Recording, RecordingResult } from './media-leg.js';

export interface Waiting<T> {
  readonly promise: Promise<T>;
  readonly settle: (value: T) => void;
}

export function waiting<T>(): Waiting<T> {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

const NOTHING_PLAYED: PlaybackResult = { outcome: 'break', samples: 0, ms: 0, lastOffset: 0, left: 0 };

/** Pause and seek, in samples. */
export type Steering = { readonly pause: boolean } | { readonly seek: number; readonly from: 'start' | 'here' };

/** How the worker is told; `id` is of this set of tasks. */
interface Orders {
  start(id: number): void;
  stop(id: number): void;
}
export interface PlaybackOrders extends Orders {
  /** Absent: it cannot be steered. */
  steer?(id: number, how: Steering): void;
}
export interface RecordingOrders extends Orders {
  hide(id: number, reason: 'pause' | 'mask', on: boolean): void;
}

export class EngineTasks {
  readonly #playbacks = new Map<number, { started: Waiting<boolean>; done: Waiting<PlaybackResult> }>();
  readonly #recordings = new Map<number, Waiting<RecordingResult>>();
  #lastId = 0;

  nextId(): number {
    return ++this.#lastId;
  }

  /** `orders` undefined: nobody is there any more to do it. */
  play(orders: PlaybackOrders | undefined): Playback {
    const id = this.nextId();
    const started = waiting<boolean>();
    const done = waiting<PlaybackResult>();
    if (orders === undefined) {
      started.settle(false);
      done.settle(NOTHING_PLAYED);
    } else {
      this.#playbacks.set(id, { started, done });
      orders.start(id);
    }
    return {
      started: started.promise,
      done: done.promise,
      stop: () => orders?.stop(id),
      pause: (pause) => orders?.steer?.(id, { pause }),
      seek: (seek, from) => orders?.steer?.(id, { seek, from }),
    };
  }

  record(orders: RecordingOrders | undefined): Recording {
    const id = this.nextId();
    const done = waiting<RecordingResult>();
    if (orders === undefined) done.settle({ outcome: 'failed', samples: 0, ms: 0, error: 'it is closed' });
    else {
      this.#recordings.set(id, done);
      orders.start(id);
    }
    return {
      done: done.promise,
      stop: () => orders?.stop(id),
      mask: (on) => orders?.hide(id, 'mask', on),
      pause: (on) => orders?.hide(id, 'pause', on),
    };
  }

  started(id: number): void {
    this.#playbacks.get(id)?.started.settle(true);
  }

  played(id: number, result: PlaybackResult): void {
    const playback = this.#playbacks.get(id);
    this.#playbacks.delete(id);
    // Without effect when it has started: a promise settles once.
    playback?.started.settle(false);
    playback?.done.settle(result);
  }

  recorded(id: number, result: RecordingResult): void {
    this.#recordings.get(id)?.settle(result);
    this.#recordings.delete(id);
  }

  /** The worker will say nothing more about playbacks. */
  abandonPlaybacks(): void {
    for (const id of [...this.#playbacks.keys()]) this.played(id, NOTHING_PLAYED);
  }

  abandonRecordings(reason: string): void {
    for (const id of [...this.#recordings.keys()]) {
      this.recorded(id, { outcome: 'failed', samples: 0, ms: 0, error: reason });
    }
  }
}
