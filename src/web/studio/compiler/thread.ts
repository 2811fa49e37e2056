// The page's end of the compiler's thread: what it asks, and what comes back. A thread that hangs is ended and begun anew.
import type { CallWish, Turn } from '../phone/hand-call.js';
import type { Calendar, CalendarWish } from './calendar.js';
import type { Checked, Heard, Tested } from './workshop.js';

type Texts = Readonly<Record<string, string>>;

export type Deed =
  | { readonly kind: 'load'; readonly texts: Texts; readonly heard: Heard | undefined }
  | { readonly kind: 'check'; readonly name: string; readonly text: string; readonly language: string }
  | {
      readonly kind: 'test';
      readonly name: string;
      readonly text: string;
      readonly tests: string;
      readonly language: string;
    }
  | { readonly kind: 'dial'; readonly name: string; readonly text: string; readonly wish: CallWish }
  | { readonly kind: 'answer'; readonly typed: string }
  | { readonly kind: 'calendar'; readonly wish: CalendarWish };

export interface Wanted {
  readonly id: number;
  readonly deed: Deed;
}

export type Done =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly reason: string };

/** Compiling the longest texts takes a few hundred milliseconds. */
const LIMIT_MS = 20_000;

interface Open {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** One at a time is enough for a page. */
export class CompilerThread {
  #worker: Worker | undefined;
  readonly #open = new Map<number, Open>();
  #last = 0;

  /** `texts`: those in force, `centre` among them; `heard`: absent while nobody knows. */
  constructor(
    private readonly texts: Texts,
    private readonly heard?: Heard,
  ) {}

  /** `language`: in which mistakes are told. */
  check(name: string, text: string, language = 'en'): Promise<Checked> {
    return this.#ask({ kind: 'check', name, text, language }) as Promise<Checked>;
  }

  test(name: string, text: string, tests: string, language = 'en'): Promise<Tested> {
    return this.#ask({ kind: 'test', name, text, tests, language }) as Promise<Tested>;
  }

  dial(name: string, text: string, wish: CallWish): Promise<Turn | undefined> {
    return this.#ask({ kind: 'dial', name, text, wish }) as Promise<Turn | undefined>;
  }

  answer(typed: string): Promise<Turn | undefined> {
    return this.#ask({ kind: 'answer', typed }) as Promise<Turn | undefined>;
  }

  calendar(wish: CalendarWish): Promise<Calendar> {
    return this.#ask({ kind: 'calendar', wish }) as Promise<Calendar>;
  }

  close(): void {
    this.#end(new Error('closed'));
  }

  #ask(deed: Deed): Promise<unknown> {
    const worker = this.#running();
    this.#last += 1;
    const wanted: Wanted = { id: this.#last, deed };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(new Error('the compiler does not answer')), LIMIT_MS);
      this.#open.set(wanted.id, { resolve, reject, timer });
      worker.postMessage(wanted);
    });
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Done>) => this.#settle(data));
    worker.addEventListener('error', ({ message }) => this.#end(new Error(message)));
    worker.postMessage({ id: 0, deed: { kind: 'load', texts: this.texts, heard: this.heard } } satisfies Wanted);
    return worker;
  }

  #settle(done: Done): void {
    const open = this.#open.get(done.id);
    if (open === undefined) return;
    this.#open.delete(done.id);
    clearTimeout(open.timer);
    if (done.ok) open.resolve(done.value);
    else open.reject(new Error(done.reason));
  }

  #end(error: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject, timer } of this.#open.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#open.clear();
  }
}
