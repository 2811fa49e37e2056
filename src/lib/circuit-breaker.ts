// Whether somebody who failed several times in a row is asked again: a pure state machine, the time comes from outside.
//
//   closed ──so many failures in a row──▶ open ──after a rest, one may try──▶ half-open ──success──▶ closed
//                                          ▲──────────────failure──────────────┘

export interface CircuitRules {
  /** In a row. */
  readonly failuresMax: number;
  readonly restMs: number;
}

export type Circuit =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly untilMs: number }
  /** One is on the way, and decides; when nothing is heard of it for a rest, another one is. */
  | { readonly state: 'half-open'; readonly sinceMs: number };

export const CLOSED: Circuit = { state: 'closed', failures: 0 };

/** Whether somebody may try now, and the circuit from then on. */
export function enter(
  circuit: Circuit,
  nowMs: number,
  rules: CircuitRules,
): { readonly admitted: boolean; readonly circuit: Circuit } {
  switch (circuit.state) {
    case 'closed':
      return { admitted: true, circuit };
    case 'open':
      if (nowMs < circuit.untilMs) return { admitted: false, circuit };
      return { admitted: true, circuit: { state: 'half-open', sinceMs: nowMs } };
    case 'half-open':
      if (nowMs - circuit.sinceMs < rules.restMs) return { admitted: false, circuit };
      return { admitted: true, circuit: { state: 'half-open', sinceMs: nowMs } };
  }
}

/** What came of a try. Those that began before it opened do not close it. */
export function leave(circuit: Circuit, success: boolean, nowMs: number, rules: CircuitRules): Circuit {
  switch (circuit.state) {
    case 'closed': {
      const failures = success ? 0 : circuit.failures + 1;
      if (failures < rules.failuresMax) return { state: 'closed', failures };
      return { state: 'open', untilMs: nowMs + rules.restMs };
    }
    case 'open':
      return circuit;
    case 'half-open':
      return success ? CLOSED : { state: 'open', untilMs: nowMs + rules.restMs };
  }
}
