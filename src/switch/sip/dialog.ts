// Dialogs as values: what two user agents know of each other between requests (RFC 3261 §12).
import type { Headers } from './message/headers.js';
import type { SipRequest, SipResponse } from './message/message.js';

export interface Dialog {
  readonly role: 'uac' | 'uas';
  readonly state: 'early' | 'confirmed';
  readonly callId: string;
  readonly localTag: string;
  /** Empty for RFC 2543 peers. */
  readonly remoteTag: string;
  /** Name-addr text without its tag. */
  readonly localUri: string;
  readonly remoteUri: string;
  /** The URI of the peer's Contact. */
  readonly remoteTarget: string;
  /** Route values, nearest hop first. */
  readonly routeSet: readonly string[];
  /** The last CSeq number we used; 0 when none. */
  readonly localCseq: number;
  readonly remoteCseq: number | undefined;
  /** sips: all the way. */
  readonly secure: boolean;
  /** Our Contact value. */
  readonly localContact: string | undefined;
}

export interface InDialogOptions {
  /** Instead of the next number: ACK takes that of its INVITE; a retry with credentials may give its own. */
  readonly cseq?: number;
  readonly headers?: Headers | Iterable<readonly [name: string, value: string]>;
  readonly body?: Buffer;
}

export interface InDialogRequest {
  readonly request: SipRequest;
  readonly dialog: Dialog;
  /** URI of the first hop: the top Route, or the request-URI. */
  readonly nextHop: string;
}

/** The UAS side, from an INVITE or SUBSCRIBE and our response above 100 (§12.1.1). */
export declare function dialogFromRequest(request: SipRequest, response: SipResponse): Dialog | undefined;
/** The UAC side, from our request and a response with a To tag (§12.1.2). */
export declare function dialogFromResponse(request: SipRequest, response: SipResponse): Dialog | undefined;
/** A request inside the dialog (§12.2.1.1); strict routers are served (§12.2.1.1, first route without lr). */
export declare function requestInDialog(dialog: Dialog, method: string, options?: InDialogOptions): InDialogRequest;
/** After a request came (§12.2.2): its CSeq, and the new target; undefined when its CSeq is too low (answer 500). */
export declare function afterRemoteRequest(dialog: Dialog, request: SipRequest): Dialog | undefined;
/** After a response to our request inside the dialog: the new target of INVITE and UPDATE (§12.2.1.2). */
export declare function afterResponse(dialog: Dialog, method: string, response: SipResponse): Dialog;
