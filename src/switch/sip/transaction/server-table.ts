// Finds the server transaction a request belongs to (RFC 3261 §17.2.3), and keeps their number bounded.
import type { SipRequest } from '../message/message.js';
import type { Essentials } from '../message/parse.js';
import { formatVia, uniqueBranch } from '../message/via.js';
import type { ServerRun } from './server-run.js';

/** 64*T1 of memory at some 600 requests a second: beyond it new requests get 503. */
export const MAX_SERVER_TRANSACTIONS = 20_000;

interface Keys {
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

  get size(): number {
    return this.#keys.size;
  }

  get full(): boolean {
    return this.#keys.size >= MAX_SERVER_TRANSACTIONS;
  }

  /** The transaction of which `request` is a copy. */
  find(request: SipRequest, essentials: Essentials): ServerRun | undefined {
    return this.#byExact.get(keysOf(request, essentials, request.method).exact);
  }

  /** The INVITE transaction that an ACK or CANCEL is about. */
  findInvite(request: SipRequest, essentials: Essentials): ServerRun | undefined {
    const { exact, loose } = keysOf(request, essentials, 'INVITE');
    return this.#byExact.get(exact) ?? (loose === undefined ? undefined : this.#byLoose.get(loose));
  }

  /** A transaction begun by the same request arriving on another path. */
  findMerged(request: SipRequest, essentials: Essentials): ServerRun | undefined {
    const { merge } = keysOf(request, essentials, request.method);
    return merge === undefined ? undefined : this.#byMerge.get(merge);
  }

  add(run: ServerRun, essentials: Essentials): void {
    const keys = keysOf(run.request, essentials, run.request.method);
    this.#keys.set(run, keys);
    this.#byExact.set(keys.exact, run);
    if (keys.loose !== undefined && run.request.method === 'INVITE') this.#byLoose.set(keys.loose, run);
    if (keys.merge !== undefined && !this.#byMerge.has(keys.merge)) this.#byMerge.set(keys.merge, run);
  }

  remove(run: ServerRun): void {
    const keys = this.#keys.get(run);
    this.#keys.delete(run);
    forget(this.#byExact, keys?.exact, run);
    forget(this.#byLoose, keys?.loose, run);
    forget(this.#byMerge, keys?.merge, run);
  }

  *[Symbol.iterator](): IterableIterator<ServerRun> {
    yield* this.#keys.keys();
  }
}

function forget(map: Map<string, ServerRun>, key: string | undefined, run: ServerRun): void {
  if (key !== undefined && map.get(key) === run) map.delete(key);
}

function keysOf(request: SipRequest, essentials: Essentials, method: string): Keys {
  const { topVia, cseq, callId, fromTag, toTag } = essentials;
  const branch = uniqueBranch(topVia);
  const merge = toTag === undefined ? join(fromTag, callId, cseq.number, method) : undefined;
  if (branch === undefined) {
    // An RFC 2543 peer: everything that its copies have in common (§17.2.3). The To tag is left out, for the ACK's is
    // the one of our response.
    const via = formatVia(topVia);
    return { exact: join(via, request.uri, fromTag, callId, cseq.number, method), loose: undefined, merge };
  }
  return {
    exact: join(branch, topVia.host.toLowerCase(), topVia.port, method),
    loose: join(branch, callId, cseq.number),
    merge,
  };
}

/** Line breaks stand in no header, so that no two keys can be confused. */
function join(...parts: readonly (string | number | undefined)[]): string {
  return parts.join('\n');
}
