// The live picture: documents of several sources, their changes numbered, and everybody who looks on.
import type { UserRow } from '../../app/users.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';

/** Changes of one document within this time are told as one. */
const FLUSH_MS = 100;
/** Changes that somebody who was cut off may still catch up with. */
export const CHANGES_KEPT = 5_000;
/** The picture is kept up so long after the last one looked away. */
export const KEPT_UP_MS = 60_000;

/** One kind of documents. */
export interface LiveSource {
  readonly kind: string;
  ids(): Iterable<string>;
  /** The document as JSON can hold it; undefined: there is none. */
  view(id: string): object | undefined;
  shows(user: UserRow, id: string): boolean;
  /** Calls `dirty` when a document may look different now; returns how to stop that. */
  watch(dirty: (id: string) => void): () => void;
}

export interface Resume {
  readonly epoch: string;
  readonly after: number;
}

interface Looking {
  readonly user: UserRow;
  readonly send: (text: string) => void;
}

interface Told {
  readonly source: LiveSource;
  readonly id: string;
  /** The change as JSON text, made once for everybody. */
  readonly text: string;
}

interface Picture {
  readonly epoch: string;
  /** Documents by kind and id, as change texts. */
  readonly documents: Map<string, Told>;
  /** The newest ones; the last has the number {@link number}. */
  readonly changes: Told[];
  number: number;
  readonly dirty: Map<string, { readonly source: LiveSource; readonly id: string }>;
  flush: Timer | undefined;
  readonly unwatch: readonly (() => void)[];
}

export class LiveHub {
  readonly #looking = new Set<Looking>();
  #picture: Picture | undefined;
  #fading: Timer | undefined;

  constructor(
    private readonly sources: readonly LiveSource[],
    private readonly clock: Clock,
    private readonly ids: Pick<Ids, 'uuid'>,
  ) {}

  get looking(): number {
    return this.#looking.size;
  }

  /** Sends a snapshot, or what was missed since `resume`, then every change. Returns how to stop. */
  look(user: UserRow, resume: Resume | undefined, send: (text: string) => void): () => void {
    this.#fading?.cancel();
    this.#picture ??= this.#draw();
    const picture = this.#picture;
    // What is not told yet belongs to a number of its own.
    this.#flush(picture);
    this.#begin(picture, user, resume, send);
    const looking = { user, send };
    this.#looking.add(looking);
    return () => {
      if (this.#looking.delete(looking) && this.#looking.size === 0) {
        this.#fading = this.clock.after(KEPT_UP_MS, () => this.#fade());
      }
    };
  }

  /** Nobody is told anything any more. */
  close(): void {
    this.#looking.clear();
    this.#fading?.cancel();
    this.#fade();
  }

  #draw(): Picture {
    const documents = new Map<string, Told>();
    for (const source of this.sources) {
      for (const id of source.ids()) {
        const value = source.view(id);
        if (value !== undefined) documents.set(keyOf(source, id), { source, id, text: textOf(source, id, value) });
      }
    }
    const dirty: Picture['dirty'] = new Map();
    const unwatch = this.sources.map((source) => source.watch((id) => this.#soil(source, id)));
    return { epoch: this.ids.uuid(), documents, changes: [], number: 0, dirty, flush: undefined, unwatch };
  }

  #soil(source: LiveSource, id: string): void {
    const picture = this.#picture;
    if (picture === undefined) return;
    picture.dirty.set(keyOf(source, id), { source, id });
    picture.flush ??= this.clock.after(FLUSH_MS, () => this.#flush(picture));
  }

  #flush(picture: Picture): void {
    picture.flush?.cancel();
    picture.flush = undefined;
    const after = picture.number;
    const told: Told[] = [];
    for (const [key, { source, id }] of picture.dirty) {
      const value = source.view(id);
      const text = textOf(source, id, value ?? null);
      const known = picture.documents.get(key)?.text;
      if (text === known || (value === undefined && known === undefined)) continue;
      const one = { source, id, text };
      if (value === undefined) picture.documents.delete(key);
      else picture.documents.set(key, one);
      told.push(one);
    }
    picture.dirty.clear();
    if (told.length === 0) return;
    picture.number += told.length;
    picture.changes.push(...told);
    picture.changes.splice(0, picture.changes.length - CHANGES_KEPT);
    for (const { user, send } of this.#looking) send(changesText(user, after, picture.number, told));
  }

  #begin(picture: Picture, user: UserRow, resume: Resume | undefined, send: (text: string) => void): void {
    const { epoch, number, changes, documents } = picture;
    const missed = resume?.epoch === epoch ? number - resume.after : undefined;
    if (resume !== undefined && missed !== undefined && missed >= 0 && missed <= changes.length) {
      send(JSON.stringify({ type: 'resumed', epoch, number: resume.after }));
      if (missed > 0) send(changesText(user, resume.after, number, changes.slice(-missed)));
      return;
    }
    const seen = visible(user, documents.values());
    send(`{"type":"snapshot","epoch":${JSON.stringify(epoch)},"number":${number},"documents":[${seen.join()}]}`);
  }

  #fade(): void {
    this.#picture?.flush?.cancel();
    for (const stop of this.#picture?.unwatch ?? []) stop();
    this.#picture = undefined;
  }
}

/** Told to everybody, also to those who may see none of the changes: numbers have no holes. */
function changesText(user: UserRow, after: number, number: number, told: readonly Told[]): string {
  return `{"type":"changes","after":${after},"number":${number},"changes":[${visible(user, told).join()}]}`;
}

function visible(user: UserRow, told: Iterable<Told>): string[] {
  return [...told].filter(({ source, id }) => source.shows(user, id)).map(({ text }) => text);
}

function keyOf(source: LiveSource, id: string): string {
  return `${source.kind} ${id}`;
}

function textOf({ kind }: LiveSource, id: string, value: object | null): string {
  return JSON.stringify({ kind, id, value });
}
