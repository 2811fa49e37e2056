// Drafts as this browser keeps them.

/** The text, and the revision in force that it was begun from. */
export interface Kept {
  readonly text: string;
  readonly base: string;
}

/** The browser's `localStorage`. */
export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const PREFIX = 'hilo-draft:';

function keyOf(name: string): string {
  return `${PREFIX}${name}`;
}

/** Of flows; drafts of tests stand beside them. */
export function draftNames(store: Pick<Storage, 'length' | 'key'>): readonly string[] {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '');
  const names = keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  return names.filter((name) => !name.includes('.')).toSorted();
}

/** What cannot be read is no draft. */
export function keptDraft(store: Store, name: string): Kept | undefined {
  const found = store.getItem(keyOf(name));
  if (found === null) return undefined;
  try {
    const { text, base } = Object(JSON.parse(found)) as Partial<Kept>;
    return typeof text === 'string' && typeof base === 'string' ? { text, base } : undefined;
  } catch {
    // Written by hand or by another version.
    return undefined;
  }
}

/** false: there is no room. */
export function keepDraft(store: Store, name: string, draft: Kept | undefined): boolean {
  if (draft === undefined) {
    store.removeItem(keyOf(name));
    return true;
  }
  try {
    store.setItem(keyOf(name), JSON.stringify(draft));
    return true;
  } catch {
    // QuotaExceededError, or a browser that keeps nothing.
    return false;
  }
}
