// The face of a supervisor's line into a conversation, as the telephony gives it.
import type { MonitorMode } from '../../core/interaction/event.js';

export interface Listening {
  /** Settles when nothing is heard any more, whatever ended it; never rejects. */
  readonly over: Promise<void>;
  /** Rejects as every method of a leg does. */
  change(mode: MonitorMode): Promise<void>;
}
