// Which telephone this is: the same after the page was loaded anew, another one in another tab (RFC 5626 §4.1).

const NAME = 'hilo-phone';
/** Tabs of one browser that are telephones of their own at the same time. */
export const TABS_MOST = 16;

type Locks = Pick<LockManager, 'request'>;
type Kept = Pick<Storage, 'getItem' | 'setItem'>;

let mine: Promise<string> | undefined;

/** Of this page, for as long as it lives. */
export function ownInstance(): Promise<string> {
  mine ??= instanceOf(navigator.locks, localStorage);
  return mine;
}

/**
 * A UUID that no other tab has at the moment. Each tab holds one of the browser's places: it is given back when the tab is
 * closed or loaded anew, and the next page that asks is the same telephone. Never rejects.
 */
export async function instanceOf(locks: Locks | undefined, kept: Kept): Promise<string> {
  for (let place = 0; locks !== undefined && place < TABS_MOST; place += 1) {
    const key = `${NAME}-${place}`;
    if (!(await holds(locks, key))) continue;
    const known = kept.getItem(key);
    if (known !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(known)) return known;
    const made = crypto.randomUUID();
    kept.setItem(key, made);
    return made;
  }
  return crypto.randomUUID();
}

/** True: from now on, until the page goes.. */
function holds(locks: Locks, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const forEver = new Promise<never>(() => undefined);
    const asked = locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : forEver;
    });
    asked.catch(() => resolve(false));
  });
}
