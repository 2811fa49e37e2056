// Owns what one connection wants to hear: event names, CUSTOM subclasses, filters (compatibility C4).
import type { EventHeaders } from '../../channel/event.js';
import type { EventFormat } from './wire.js';

/** Most names, subclasses and filters, each, on one connection. */
export const ENTRIES_MAX = 500;
/** Longest text a regular expression of a filter is tried on. */
const MATCHED_LENGTH_MAX = 1_024;

interface Filter {
  readonly header: string;
  readonly value: string;
  readonly negative: boolean;
  matches(text: string): boolean;
}

export class Subscription {
  format: EventFormat = 'plain';
  #all = false;
  readonly #names = new Set<string>();
  readonly #subclasses = new Set<string>();
  #filters: Filter[] = [];

  get empty(): boolean {
    return !this.#all && this.#names.size === 0 && this.#subclasses.size === 0;
  }

  /** Subscriptions add up. After the word CUSTOM every word is a subclass. False when no name was given. */
  add(words: readonly string[]): boolean {
    const { names, subclasses } = sort(words);
    for (const name of names) {
      if (name === 'ALL') this.#all = true;
      else if (this.#names.size < ENTRIES_MAX) this.#names.add(name);
    }
    for (const subclass of subclasses) if (this.#subclasses.size < ENTRIES_MAX) this.#subclasses.add(subclass);
    return names.length + subclasses.length > 0;
  }

  remove(words: readonly string[]): void {
    const { names, subclasses } = sort(words);
    for (const name of names) this.#names.delete(name);
    for (const subclass of subclasses) this.#subclasses.delete(subclass);
    if (names.includes('ALL')) this.clear();
  }

  clear(): void {
    this.#all = false;
    this.#names.clear();
    this.#subclasses.clear();
  }

  /** `CUSTOM` without subclasses hears every subclass. */
  subscribes(name: string, subclass: string | undefined): boolean {
    if (this.#all) return true;
    if (name !== 'CUSTOM') return this.#names.has(name);
    return this.#names.has('CUSTOM') || (subclass !== undefined && this.#subclasses.has(subclass));
  }

  /** False when there are too many, or a regular expression does not compile. */
  addFilter(header: string, text: string): boolean {
    const filter = makeFilter(header, text);
    if (!filter || this.#filters.length >= ENTRIES_MAX) return false;
    this.#filters.push(filter);
    return true;
  }

  removeFilter(header: string, value: string | undefined): void {
    if (header.toLowerCase() === 'all') this.#filters = [];
    this.#filters = this.#filters.filter(
      (one) => one.header.toLowerCase() !== header.toLowerCase() || (value !== undefined && one.value !== value),
    );
  }

  /** Several filters are OR-ed (compatibility J6); one with a leading `-` shuts out what it matches. */
  passes(headers: Readonly<EventHeaders>): boolean {
    let wanted = !this.#filters.some((filter) => !filter.negative);
    for (const filter of this.#filters) {
      const value = headers[filter.header];
      if (value === undefined || !filter.matches(value)) continue;
      if (filter.negative) return false;
      wanted = true;
    }
    return wanted;
  }

  /** The channels that the filters name when they name nothing else. */
  get channels(): readonly string[] | 'everywhere' {
    const onlyChannels = this.#filters.every(
      (one) => one.header === 'Unique-ID' && !one.negative && isPlain(one.value),
    );
    return onlyChannels && this.#filters.length > 0
      ? this.#filters.map((filter) => filter.value.toLowerCase())
      : 'everywhere';
  }
}

function sort(words: readonly string[]): { names: string[]; subclasses: string[] } {
  const upper = words.map((word) => word.toUpperCase());
  const custom = upper.indexOf('CUSTOM');
  const names = (custom < 0 ? upper : upper.slice(0, custom)).map((name) => name.replace(/^SWITCH_EVENT_/, ''));
  const subclasses = custom < 0 ? [] : words.slice(custom + 1).filter((word) => word.toUpperCase() !== 'CUSTOM');
  if (custom >= 0 && subclasses.length === 0) names.push('CUSTOM');
  return { names, subclasses };
}

function makeFilter(header: string, text: string): Filter | undefined {
  const negative = text.startsWith('-');
  const value = text.replace(/^[+-]/, '');
  if (isPlain(value)) {
    const lower = value.toLowerCase();
    return { header, value, negative, matches: (other) => other.toLowerCase() === lower };
  }
  try {
    const pattern = new RegExp(value.slice(1, -1), 'i');
    return { header, value, negative, matches: (other) => pattern.test(other.slice(0, MATCHED_LENGTH_MAX)) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Not of the form `/regular expression/`. */
function isPlain(value: string): boolean {
  return !(value.length > 2 && value.startsWith('/') && value.endsWith('/'));
}
