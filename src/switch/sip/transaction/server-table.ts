// Finds the server transaction a request belongs to (RFC 3261 §17.2.3), and keeps their number bounded.
import type { SipRequest } from '../message/message.js';
import type { Essentials } from '../message/parse.js';
import { formatVia, uniqueBranch } from '../message/via.js';
import type { ServerRun } from './server-run.js';

/** Beyond it new requests get 503. Other requests than INVITE leave the table with their answer. */
export const MAX_SERVER_TRANSACTIONS = 20_000;
/** The share of one address, so that a flood from there leaves room for everybody else. */
export const MAX_PER_SOURCE = 16_000;
/** Of that, what may be begun outside dialogs: the calls that an address has must still be able to end. */
export const MAX_NEW_PER_SOURCE = 12_000;

export interface Keys {
  readonly exact: string;
  /** Without sent-by: a NAT may show us the ACK and the CANCEL under another one than the INVITE. */
  readonly loose: string | undefined;
  /** What a merged request has in common with the first one (§8.2.2.2); undefined inside a dialog. */
  readonly merge: string | undefined;
}

export class ServerTable {
  readonly #byExact = new Map<string, ServerRun>();
  readonly #byLoose = new Map<string, ServerRun>();
  readonly #byMerge = new Map<string, ServerRun>();
  readonly #keys = new Map<ServerRun, Keys>();
  readonly #perSource = new Map<string, number>();

  get size(): number {
    return this.#keys.size;
  }

  /** Whether one more request from that address finds no room. */
  isFull(request: SipRequest, { toTag }: Essentials, address: string): boolean {
    const isNew = toTag === undefined && request.method !== 'CANCEL';
    const share = isNew ? MAX_NEW_PER_SOURCE : MAX_PER_SOURCE;
    return this.#keys.size >= MAX_SERVER_TRANSACTIONS || (this.#perSource.get(address) ?? 0) >= share;
  }

  /** The transaction of which a request is a copy. */
  find({ exact }: Keys): ServerRun | undefined {
    return this.#byExact.get(exact);
  }

  /** The INVITE transaction that an ACK or CANCEL is about. */
  findInvite(request: SipRequest, essentials: Essentials): ServerRun | undefined {
    const { exact, loose } = keysOf(request, essentials, 'INVITE');
    return this.#byExact.get(exact) ?? (loose === undefined ? undefined : this.#byLoose.get(loose));
  }

  /** A transaction begun by the same request arriving on another path. */
  findMerged({ merge }: Keys): ServerRun | undefined {
    return merge === undefined ? undefined : this.#byMerge.get(merge);
  }

  add(run: ServerRun, keys: Keys): void {
    this.#keys.set(run, keys);
    const { address } = run.source;
    this.#perSource.set(address, (this.#perSource.get(address) ?? 0) + 1);
    this.#byExact.set(keys.exact, run);
    if (keys.loose !== undefined && run.request.method === 'INVITE') this.#byLoose.set(keys.loose, run);
    if (keys.merge !== undefined && !this.#byMerge.has(keys.merge)) this.#byMerge.set(keys.merge, run);
  }

  remove(run: ServerRun): void {
    const keys = this.#keys.get(run);
    if (!this.#keys.delete(run)) return;
    this.#forgetOneOf(run.source.address);
    forget(this.#byExact, keys?.exact, run);
    forget(this.#byLoose, keys?.loose, run);
    forget(this.#byMerge, keys?.merge, run);
  }

  #forgetOneOf(address: string): void {
    const left = (this.#perSource.get(address) ?? 1) - 1;
    if (left > 0) this.#perSource.set(address, left);
    else this.#perSource.delete(address);
  }

  *[Symbol.iterator](): IterableIterator<ServerRun> {
    yield* this.#keys.keys();
  }
}

function forget(map: Map<string, ServerRun>, key: string | undefined, run: ServerRun): void {
  if (key !== undefined && map.get(key) === run) map.delete(key);
}

/**
 * Line breaks stand in no header, so that no two keys can be confused.
 * @param method that of the request, or of the one it is about: INVITE for ACK and CANCEL
 */
export function keysOf(request: SipRequest, essentials: Essentials, method: string): Keys {
  const { topVia, cseq, callId, fromTag, toTag } = essentials;
  const branch = uniqueBranch(topVia);
  const merge = toTag === undefined ? `${fromTag}\n${callId}\n${cseq.number}\n${method}` : undefined;
  if (branch === undefined) {
    // An RFC 2543 peer: everything that its copies have in common (§17.2.3). The To tag is left out, for the ACK's is
    // the one of our response.
    const via = formatVia(topVia);
    return { exact: [via, request.uri, fromTag, callId, cseq.number, method].join('\n'), loose: undefined, merge };
  }
  return {
    exact: `${branch}\n${topVia.host.toLowerCase()}\n${topVia.port}\n${method}`,
    // Only looked for by what is about an INVITE.
    loose: method === 'INVITE' ? `${branch}\n${callId}\n${cseq.number}` : undefined,
    merge,
  };
}
