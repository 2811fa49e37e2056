// Whether a server may be given new calls, from checks that succeed or fail. Pure.

/*
 *        miss               miss × DEAD_AFTER
 *  in ─────────▶ doubted ───────────────────▶ dead        in: new calls. All others: none; what talks goes on until dead.
 *   ▲            ▲    │ good                    │ connected again
 *   │       miss │    ▼                         │
 *   └─ good × n ─ returning ◀──────────────────┘
 */
export type Standing =
  | { readonly state: 'in' }
  | { readonly state: 'doubted'; readonly misses: number }
  | { readonly state: 'returning'; readonly good: number }
  | { readonly state: 'dead' };

/** With one check a second that may take two: left out after 3 s at the latest, given up after 9 s. */
export const CHECK_EVERY_MS = 1_000;
export const CHECK_LIMIT_MS = 2_000;
export const DEAD_AFTER = 3;
export const BACK_AFTER = 3;

export const IN: Standing = { state: 'in' };

export function judged(standing: Standing, good: boolean): Standing {
  switch (standing.state) {
    case 'in':
      return good ? standing : { state: 'doubted', misses: 1 };
    case 'doubted':
      if (good) return returned(1);
      return standing.misses + 1 < DEAD_AFTER ? { state: 'doubted', misses: standing.misses + 1 } : { state: 'dead' };
    case 'returning':
      return good ? returned(standing.good + 1) : { state: 'doubted', misses: 1 };
    case 'dead':
      // Its connection is closed: nothing is checked any more.
      return standing;
  }
}

/** There is a connection again. One that was closed in order, or crashed, answered right now: that is a good check. */
export function reconnected(standing: Standing): Standing {
  return standing.state === 'in' ? standing : { state: 'returning', good: 0 };
}

function returned(good: number): Standing {
  return good < BACK_AFTER ? { state: 'returning', good } : IN;
}
