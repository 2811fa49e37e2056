// What is known of a phone in the browser at a moment: whether it can be reached, and its call.

export type PhoneFailure =
  /** The person or the browser does not let the page use the microphone. */
  | 'no-microphone'
  /** Hilo's SIP server cannot be reached over WebSocket; it is tried again. */
  | 'unreachable'
  /** The registrar does not take it. */
  | 'refused'
  /** No device of this person is a browser (centre.yaml). */
  | 'no-device';

/**
 *   off ──start──▶ connecting ──registered──▶ ready
 *                     ▲  │                      │
 *                     │  └──────▶ failed ◀──────┘   (goes on trying by itself where that can help)
 *                     └─────────────┘
 */
export type PhoneState =
  | { readonly state: 'off' }
  | { readonly state: 'connecting' }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly reason: PhoneFailure };

export interface PhoneCall {
  readonly id: string;
  /** `ringing`: here, or there for a call that goes out. `ended` is seen until the next call, or for a short while. */
  readonly state: 'ringing' | 'talking' | 'ended';
  readonly direction: 'in' | 'out';
  /** The other side's number, or the name of its device. */
  readonly from: string;
  readonly fromName: string;
  /** `X-Hilo-Reference`: what the customer is told. */
  readonly reference?: string;
  /** `X-Hilo-Interaction`: id of the matter. */
  readonly interaction?: string;
  /** `X-Hilo-Queue`. */
  readonly queue?: string;
  /** `X-Hilo-Note`: of a colleague who passes the call on. */
  readonly note?: string;
  /** `X-Hilo-Transferred-By`. */
  readonly transferredBy?: string;
  /** The same call again, after this page was loaded anew. */
  readonly again?: true;
  /** The agent has asked for it: when it is answered the customer is called. */
  readonly placed?: true;
  readonly muted: boolean;
  /** `lost`: nothing comes or goes at the moment; it is being mended. */
  readonly link: 'good' | 'lost';
  /** Unix ms; of the ringing, then of the talk, then of the end. */
  readonly sinceMs: number;
  /** In words of SIP, once it has ended: `Terminated`, `Busy`, `Canceled` … */
  readonly cause?: string;
}

export interface PhoneView {
  readonly phone: PhoneState;
  readonly call: PhoneCall | undefined;
}

export const SILENT_PHONE: PhoneView = { phone: { state: 'off' }, call: undefined };

/** Where and as whom a phone talks SIP. */
export interface PhoneAccount {
  /** `wss://host:port` */
  readonly server: string;
  /** `sip:ana-web@host` */
  readonly uri: string;
  /** Absent: it only calls, as a stranger does. */
  readonly credentials?: { readonly user: string; readonly password: string };
}
