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

/** What the requests of all transactions, and of one address, may hold of memory, by their size on the wire. */
export const MAX_SERVER_BYTES = 256 * 1024 * 1024;
export const MAX_BYTES_PER_SOURCE = 64 * 1024 * 1024;

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
  readonly #held = new Map<ServerRun, { readonly keys: Keys; readonly bytes: number }>();
  readonly #perSource = new Map<string, { count: number; bytes: number }>();
  #bytes = 0;

  get size(): number {
    return this.#held.size;
  }

  /** Whether one more request from that address finds no room. */
  isFull(request: SipRequest, { toTag }: Essentials, address: string): boolean {
    const isNew = toTag === undefined && request.method !== 'CANCEL';
    const share = isNew ? MAX_NEW_PER_SOURCE : MAX_PER_SOURCE;
    const { count, bytes } = this.#perSource.get(address) ?? { count: 0, bytes: 0 };
    if (this.#held.size >= MAX_SERVER_TRANSACTIONS || count >= share) return true;
    return this.#bytes >= MAX_SERVER_BYTES || bytes >= MAX_BYTES_PER_SOURCE;
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

  /** @param bytes of the request on the wire */
  add(run: ServerRun, keys: Keys, bytes: number): void {
    this.#held.set(run, { keys, bytes });
    this.#bytes += bytes;
    const ofSource = this.#perSource.get(run.source.address) ?? { count: 0, bytes: 0 };
    ofSource.count += 1;
    ofSource.bytes += bytes;
    this.#perSource.set(run.source.address, ofSource);
    this.#byExact.set(keys.exact, run);
    if (keys.loose !== undefined && run.request.method === 'INVITE') this.#byLoose.set(keys.loose, run);
    if (keys.merge !== undefined && !this.#byMerge.has(keys.merge)) this.#byMerge.set(keys.merge, run);
  }

  remove(run: ServerRun): void {
    const held = this.#held.get(run);
    if (held === undefined) return;
    const { keys, bytes } = held;
    this.#held.delete(run);
    this.#bytes -= bytes;
    this.#forgetOneOf(run.source.address, bytes);
    forget(this.#byExact, keys.exact, run);
    forget(this.#byLoose, keys.loose, run);
    forget(this.#byMerge, keys.merge, run);
  }

  #forgetOneOf(address: string, bytes: number): void {
    const ofSource = this.#perSource.get(address);
    if (ofSource === undefined) return;
    ofSource.count -= 1;
    ofSource.bytes -= bytes;
    if (ofSource.count === 0) this.#perSource.delete(address);
  }

  *[Symbol.iterator](): IterableIterator<ServerRun> {
    yield* this.#held.keys();
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
