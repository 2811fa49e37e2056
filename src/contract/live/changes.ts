// What supervisors have changed on the floor, as it is shown live. Times are ISO 8601.
import type { AlarmKind } from '../../core/acd/wait/alarms.js';

/** Of a queue; there is one where something was changed or seen. */
export interface LiveAlarm {
  /** Who set its limits in place of those in the file. */
  readonly given?: { readonly by: string; readonly since: string };
  /** Alarms that somebody has seen; silent until then. */
  readonly acknowledged: readonly { readonly kind: AlarmKind; readonly by: string; readonly until: string }[];
}

/** An agent in another team than the file says. Id: of the agent. */
export interface LiveMove {
  readonly team: string;
  readonly by: string;
  /** Absent: until somebody changes it. */
  readonly until?: string;
}
