// New requests in outbound mode: a directory decides, or an application is dialled, and the request handed over (§A18).
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Timer } from '../../../lib/clock.js';
import type { ServerTransaction } from '../../sip/transaction/transaction.js';
import type { AppConnection } from '../drachtio/app-connection.js';
import type { Action } from '../outbound/action.js';
import { askDirectory } from '../outbound/directory.js';
import type { AppAddress, OutboundTarget, OutboundTargets } from '../outbound/targets.js';
import { ownAnswer } from './own-answer.js';
import { passToTargets } from './proxying.js';
import type { Exchange, OutboundMode } from './tables.js';

/** A directory has to answer, and then an application to authenticate, within so long each. */
export const DECIDE_WITHIN_MS = 4_000;
/** Connections to applications that the server has dialled; a request that needs one more gets 480. */
export const MAX_DIALLED = 2_000;

export interface OutboundPorts {
  readonly targets: OutboundTargets;
  /** Speaks the protocol on a socket that the server has opened; `onReady` when the application has authenticated. */
  readonly adopt: (socket: Socket, onReady: (connection: AppConnection) => void) => AppConnection;
  /** Puts the request into the hands of that application. */
  readonly handOver: (transaction: ServerTransaction, owner: AppConnection) => void;
}

interface Waiting {
  /** The caller has cancelled, or time is up: whatever comes is too late. */
  readonly stop: () => void;
}

export class OutboundRequests implements OutboundMode {
  readonly #exchange: Exchange;
  readonly #ports: OutboundPorts;
  readonly #waiting = new Map<string, Waiting>();
  #dialled = 0;

  constructor(exchange: Exchange, ports: OutboundPorts) {
    this.#exchange = exchange;
    this.#ports = ports;
  }

  get size(): number {
    return this.#waiting.size;
  }

  targetFor(method: string): OutboundTarget | undefined {
    return this.#ports.targets.get(method) ?? this.#ports.targets.get('*');
  }

  take(transaction: ServerTransaction, target: OutboundTarget): void {
    if (target.kind === 'application') this.#dial(transaction, target);
    else this.#ask(transaction, target);
  }

  cancel(transaction: ServerTransaction): boolean {
    const waiting = this.#waiting.get(transaction.id);
    waiting?.stop();
    return waiting !== undefined;
  }

  close(): void {
    for (const waiting of [...this.#waiting.values()]) waiting.stop();
  }

  #ask(transaction: ServerTransaction, directory: Extract<OutboundTarget, { kind: 'directory' }>): void {
    const abort = new AbortController();
    const end = this.#wait(transaction, () => abort.abort(), 480);
    askDirectory(directory, transaction.request, transaction.source, abort.signal).then(
      (action) => {
        if (end()) this.#act(transaction, action);
      },
      (error: unknown) => {
        if (!end()) return;
        this.#exchange.log.warn({ err: error, url: directory.url.href }, 'directory does not help');
        this.#answer(transaction, 500);
      },
    );
  }

  #act(transaction: ServerTransaction, action: Action): void {
    switch (action.kind) {
      case 'reject':
        this.#answer(transaction, action.status, action.reason);
        return;
      case 'redirect': {
        const headers = action.contacts.map((contact): [string, string] => ['Contact', contact]);
        this.#answer(transaction, action.contacts.length > 1 ? 300 : 302, undefined, headers);
        return;
      }
      case 'proxy': {
        const { recordRoute, ...order } = action.proxy;
        const fault = passToTargets(this.#exchange, transaction, { ...order, remainInDialog: recordRoute, added: [] });
        if (fault === undefined) return;
        this.#exchange.log.warn({ fault }, 'directory names targets that cannot be reached');
        this.#answer(transaction, fault === 'Too many hops' ? 483 : 500);
        return;
      }
      case 'dial':
        this.#dial(transaction, action.application);
        return;
      case 'tag': {
        const owner = this.#exchange.applications.withTag(action.tag);
        if (owner === undefined) this.#answer(transaction, 480);
        else this.#ports.handOver(transaction, owner);
      }
    }
  }

  #dial(transaction: ServerTransaction, { host, port, tls }: AppAddress): void {
    const { log } = this.#exchange;
    if (this.#dialled >= MAX_DIALLED) {
      log.warn({ limit: MAX_DIALLED }, 'too many applications dialled');
      this.#answer(transaction, 480);
      return;
    }
    this.#dialled += 1;
    const socket = tls ? connectTls({ host, port }) : connect({ host, port });
    const unreachable = (): void => {
      if (end()) this.#answer(transaction, 480);
    };
    const end = this.#wait(transaction, () => socket.destroy(), 480);
    // An application that has taken the call keeps the connection; one that never spoke loses it.
    socket.once('close', () => {
      this.#dialled -= 1;
      unreachable();
    });
    this.#ports.adopt(socket, (connection) => {
      if (end()) this.#ports.handOver(transaction, connection);
    });
  }

  /** Keeps a request until something is decided; the returned function tells whether that comes in time. */
  #wait(transaction: ServerTransaction, giveUp: () => void, status: number): () => boolean {
    const { clock, log } = this.#exchange;
    let timer: Timer;
    const end = (): boolean => {
      if (this.#waiting.get(transaction.id) !== waiting) return false;
      this.#waiting.delete(transaction.id);
      timer.cancel();
      return true;
    };
    const waiting: Waiting = {
      stop: () => {
        if (end()) giveUp();
      },
    };
    timer = clock.after(DECIDE_WITHIN_MS, () => {
      log.warn({ method: transaction.request.method }, 'nobody decided in time');
      waiting.stop();
      this.#answer(transaction, status);
    });
    this.#waiting.set(transaction.id, waiting);
    return end;
  }

  #answer(
    transaction: ServerTransaction,
    status: number,
    reason?: string,
    headers: readonly [string, string][] = [],
  ): void {
    transaction.respond(ownAnswer(transaction, status, reason === undefined ? { headers } : { headers, reason }));
  }
}
