// The header lines of one message, in order, found by name in any spelling.

import { splitList } from './grammar.js';
import { headerName } from './header-name.js';

interface Line {
  readonly key: string;
  readonly name: string;
  readonly value: string;
}

export class Headers {
  #lines: Line[] = [];

  /** From `[name, value]` pairs, in this order. */
  static of(pairs: Iterable<readonly [name: string, value: string]>): Headers {
    const headers = new Headers();
    for (const [name, value] of pairs) headers.append(name, value);
    return headers;
  }

  /** The first line of that name. */
  get(name: string): string | undefined {
    const { key } = headerName(name);
    return this.#lines.find((line) => line.key === key)?.value;
  }

  /** Every line of that name, top first. Via, Route, Record-Route, Contact and Path hold one value a line after parsing. */
  all(name: string): string[] {
    const { key } = headerName(name);
    const values: string[] = [];
    for (const line of this.#lines) if (line.key === key) values.push(line.value);
    return values;
  }

  /** The values of a comma list over all its lines: `Supported: 100rel, timer` gives two. */
  list(name: string): string[] {
    return this.all(name).flatMap(splitList);
  }

  has(name: string): boolean {
    const { key } = headerName(name);
    return this.#lines.some((line) => line.key === key);
  }

  /** Replaces all lines of that name by one, at the place of the first; appends when there was none. */
  set(name: string, value: string): this {
    const { key, text } = headerName(name);
    const at = this.#lines.findIndex((line) => line.key === key);
    if (at < 0) return this.append(name, value);
    this.#lines = this.#lines.filter((line, index) => index <= at || line.key !== key);
    this.#lines[at] = { key, name: text, value };
    return this;
  }

  /** Replaces only the first line of that name: the top Via. Appends when there was none. */
  setFirst(name: string, value: string): this {
    const { key, text } = headerName(name);
    const at = this.#lines.findIndex((line) => line.key === key);
    if (at < 0) return this.append(name, value);
    this.#lines[at] = { key, name: text, value };
    return this;
  }

  append(name: string, value: string): this {
    const { key, text } = headerName(name);
    this.#lines.push({ key, name: text, value });
    return this;
  }

  /** Puts a line above all others. */
  prepend(name: string, value: string): this {
    const { key, text } = headerName(name);
    this.#lines.unshift({ key, name: text, value });
    return this;
  }

  delete(name: string): this {
    const { key } = headerName(name);
    this.#lines = this.#lines.filter((line) => line.key !== key);
    return this;
  }

  /** Takes the first line of that name away: the top Via or Route. */
  deleteFirst(name: string): this {
    const { key } = headerName(name);
    const at = this.#lines.findIndex((line) => line.key === key);
    if (at >= 0) this.#lines.splice(at, 1);
    return this;
  }

  get size(): number {
    return this.#lines.length;
  }

  clone(): Headers {
    const copy = new Headers();
    copy.#lines = this.#lines.slice();
    return copy;
  }

  *[Symbol.iterator](): IterableIterator<readonly [name: string, value: string]> {
    for (const { name, value } of this.#lines) yield [name, value];
  }
}
