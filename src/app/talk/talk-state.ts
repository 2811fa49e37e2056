// What a talk needs, its states, and how it ends.
import type { Destination } from '../../core/acd/queue.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Leg, LegEnd } from '../ports.js';
import type { Colleague, Colleagues } from './colleagues.js';
import type { Handover, TalkSide } from './side.js';

export interface TalkPorts {
  readonly colleagues: Pick<Colleagues, 'check' | 'reach'>;
  readonly ids: Ids;
  readonly log: Log;
}

export interface TalkOptions {
  readonly music: string;
  /** Somebody else talks with the customer first of all now. */
  readonly onMain: (side: TalkSide) => void;
  /** Something was done: state and people may be others. */
  readonly onChange?: () => void;
}

/*
 *             hold                       consult                    they answer
 *  talking ◀────────▶ on-hold    talking, on-hold ───▶ calling ─────────────────▶ consulting ──complete──▶ talking (with them)
 *     ▲     unhold                   ▲                   │ nobody, cancel             │ cancel, they hang up
 *     │                              └───────────────────┴────────────────────────────┘
 *     └── two are left ◀── together ◀── conference ── talking, on-hold, consulting          each ──▶ over
 *  calling ──the agent hangs up──▶ over: the customer is sent on to whom they were asking
 */
export type TalkState =
  | { readonly state: 'talking' | 'on-hold' | 'together' | 'over' }
  | {
      readonly state: 'calling';
      readonly consultation: string;
      readonly who: Colleague;
      readonly handover: Handover;
      readonly stop: AbortController;
    }
  | {
      readonly state: 'consulting';
      readonly consultation: string;
      readonly who: Colleague;
      readonly colleague: TalkSide;
    };

/** `leg`: whose end it was. */
export type TalkOver =
  | { readonly kind: 'ended'; readonly leg: Leg; readonly end: LegEnd }
  /** The customer is to go elsewhere and hears music until then. */
  | { readonly kind: 'sent-on'; readonly to: Destination; readonly handover: Handover };
