// Owns the words for what a channel is doing underneath the commands sent to it.

/**
 * ```
 *            uuid_bridge            partner leaves
 *  dialplan ─────────────▶ bridged ────────────────▶ parked
 *      ▲  ▲                   │ uuid_transfer           │ uuid_transfer, uuid_bridge
 *      │  └───────────────────┘                         │
 *      └────────────────────────────────────────────────┘
 * ```
 */
export type Occupation<Partner> =
  /** Base applications run one after the other: `socket` after the answer, `park` after a transfer. */
  | { readonly kind: 'dialplan' }
  | { readonly kind: 'bridged'; readonly partner: Partner }
  /** After a bridge (park_after_bridge): waits for commands. */
  | { readonly kind: 'parked' };

/** FreeSWITCH's name and number of the state of the channel's machine. */
export type MachineState =
  | 'CS_ROUTING'
  | 'CS_SOFT_EXECUTE'
  | 'CS_EXECUTE'
  | 'CS_EXCHANGE_MEDIA'
  | 'CS_PARK'
  | 'CS_HANGUP';

export const MACHINE_STATE_NUMBERS: Readonly<Record<MachineState, number>> = {
  CS_ROUTING: 2,
  CS_SOFT_EXECUTE: 3,
  CS_EXECUTE: 4,
  CS_EXCHANGE_MEDIA: 5,
  CS_PARK: 6,
  CS_HANGUP: 10,
};

export const MACHINE_STATES: Readonly<Record<Occupation<unknown>['kind'], MachineState>> = {
  dialplan: 'CS_EXECUTE',
  bridged: 'CS_EXCHANGE_MEDIA',
  parked: 'CS_PARK',
};

export type CallState = 'RINGING' | 'ACTIVE' | 'HELD' | 'HANGUP';

export const CALL_STATE_NUMBERS: Readonly<Record<CallState, number>> = { RINGING: 2, ACTIVE: 4, HELD: 5, HANGUP: 7 };
