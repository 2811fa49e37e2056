// What a media server is made of.
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { MediaEngine } from '../media/engine.js';
import type { StackOptions } from '../sip/stack.js';
import type { SipTimers } from '../sip/transaction/timers.js';

export interface MediaServerOptions {
  /** SIP between the signalling side and us; port 0 = any free one. */
  readonly sip: {
    readonly address: string;
    readonly port: number;
    /** With `tls` among them there is a listener for it as well, on any free port. */
    readonly transports?: NonNullable<StackOptions['transports']>;
  };
  readonly eventSocket: { readonly address: string; readonly port: number; readonly secret: string };
  /** Name of the SIP profile in `sofia status`; fsmrf asks for drachtio_mrf. */
  readonly profile?: string;
  readonly engine: MediaEngine;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Where texts that were spoken are kept; absent: `speak` and `say` say nothing. */
  readonly speechFolder?: string;
  readonly channelsMax?: number;
  readonly timers?: Partial<SipTimers>;
  /** Who may send INVITEs and dial the event socket; default: this machine. */
  allowed?(address: string): boolean;
}
