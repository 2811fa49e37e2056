// The states of a talk, and how it ends.
import type { Destination } from '../../core/acd/queue.js';
import type { Leg, LegEnd } from '../ports.js';
import type { Colleague } from './colleagues.js';
import type { Handover, TalkSide } from './side.js';

/*
 *             hold                       consult                    they answer
 *  talking ◀────────▶ on-hold    talking, on-hold ───▶ calling ─────────────────▶ consulting ──complete──▶ talking (with them)
 *     ▲     unhold                   ▲                   │ nobody, cancel             │ cancel, they hang up
 *     │                              └───────────────────┴────────────────────────────┘
 *     └── two are left ◀── together ◀── conference ── talking, on-hold, consulting          each ──▶ over
 */
export type TalkState =
  | { readonly state: 'talking' | 'on-hold' | 'together' | 'over' }
  | {
      readonly state: 'calling';
      readonly consultation: string;
      readonly who: Colleague;
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
