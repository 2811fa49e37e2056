// Each tab of a browser is a telephone of its own, and the same one after its page was loaded anew.
import { describe, expect, test } from 'vitest';
import { instanceOf, TABS_MOST } from '../../../src/web/phone/own-instance.js';

/** Locks of a browser: held until whoever asked is gone. */
class Tabs {
  readonly #held = new Map<string, string>();
  readonly kept = new Map<string, string>();

  open(tab: string): Promise<string> {
    const request = async (name: string, _options: unknown, granted: (lock: object | null) => unknown) => {
      if (this.#held.has(name)) return granted(null);
      this.#held.set(name, tab);
      return granted({ name });
    };
    const storage = {
      getItem: (key: string) => this.kept.get(key) ?? null,
      setItem: (key: string, value: string) => void this.kept.set(key, value),
    };
    return instanceOf({ request } as never, storage);
  }

  close(tab: string): void {
    for (const [name, by] of this.#held) if (by === tab) this.#held.delete(name);
  }
}

describe('the telephone of a tab', () => {
  test('is the same one after it was loaded anew, and another one in another tab', async () => {
    const tabs = new Tabs();
    const [one, two] = [await tabs.open('one'), await tabs.open('two')];
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(two).not.toBe(one);
    tabs.close('one');
    expect(await tabs.open('one anew')).toBe(one);
  });

  test('is a new one each time where all places are taken, where there are no locks, or where they are refused', async () => {
    const tabs = new Tabs();
    const all = new Set<string>();
    for (let n = 0; n < TABS_MOST + 2; n += 1) all.add(await tabs.open(`tab ${n}`));
    expect([all.size, tabs.kept.size]).toEqual([TABS_MOST + 2, TABS_MOST]);
    const nothing = { getItem: () => null, setItem: () => undefined };
    expect(await instanceOf(undefined, nothing)).toMatch(/^[0-9a-f-]{36}$/);
    const request = () => Promise.reject(new Error('not here'));
    expect(await instanceOf({ request } as never, nothing)).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('does not believe what it finds', async () => {
    const tabs = new Tabs();
    tabs.kept.set('hilo-phone-0', '"><x>');
    expect(await tabs.open('one')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
