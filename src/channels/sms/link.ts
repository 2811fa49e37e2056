// The way to the SMSC that is always there or coming back: reconnects with patience, submits a few at a time.
import { HiloError } from '../../app/errors.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { BindRefused, Connection, type ConnectionPorts, type SmscAddress } from './connection.js';
import { printable, STATUS, type Submission, submitFields } from './pdu.js';
import { isCongested, submitError } from './submit-status.js';

/** Submits without an answer yet; more of them is what SMSCs answer with "throttled". */
export const WINDOW = 10;
export const MAX_WAITING = 1_000;
export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 60_000;
/** After "throttled" or "queue full". */
export const CONGESTION_PAUSE_MS = 1_000;
/** A connection that held for so long was a good one: the next pause is short again. */
const STABLE_MS = 10_000;

/**
 *            connect                bound
 *  paused ───────────▶ connecting ───────▶ bound
 *    ▲                     │ refused, lost   │ lost
 *    └─────────────────────┴─────────────────┘        any ── close ──▶ closed
 */
type State =
  | { readonly state: 'paused'; readonly timer: Timer }
  | { readonly state: 'connecting'; readonly connection: Connection }
  | { readonly state: 'bound'; readonly connection: Connection; readonly sinceMs: number }
  | { readonly state: 'closed' };

interface Waiting {
  readonly submission: Submission;
  resolve(id: string): void;
  reject(error: unknown): void;
}

export class SmppLink {
  readonly #address: SmscAddress;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #connectionPorts: ConnectionPorts;
  #state: State;
  #failures = 0;
  #waiting: Waiting[] = [];
  #outstanding = 0;
  #congestion: Timer | undefined;

  /** Starts to connect at once. */
  constructor(address: SmscAddress, ports: ConnectionPorts) {
    this.#address = address;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#connectionPorts = ports;
    this.#state = this.#connect();
  }

  /**
   * The SMSC's id of the message, '' when it gives none. Rejects with HiloError `message-refused` or `message-not-sent`;
   * after a connection lost in between nobody knows whether it was taken.
   */
  submit(submission: Submission): Promise<string> {
    if (this.#state.state !== 'bound') return Promise.reject(notConnected());
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new HiloError('message-not-sent', `${MAX_WAITING} messages already wait for the SMSC`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ submission, resolve, reject });
      this.#pump();
    });
  }

  snapshot(): { readonly state: string; readonly waiting: number; readonly outstanding: number } {
    return { state: this.#state.state, waiting: this.#waiting.length, outstanding: this.#outstanding };
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    const before = this.#state;
    this.#state = { state: 'closed' };
    this.#refuseWaiting();
    switch (before.state) {
      case 'paused':
        before.timer.cancel();
        return;
      case 'connecting':
        before.connection.abandon();
        return;
      case 'bound':
        await before.connection.close();
        return;
      case 'closed':
        return;
    }
  }

  #connect(): State {
    const connection = new Connection(this.#address, this.#connectionPorts);
    connection.lost.addEventListener('abort', () => this.#lost(connection.lost.reason), { once: true });
    connection.bind(this.#address).then(
      () => this.#bound(connection),
      // Told by `lost` as well.
      () => undefined,
    );
    return { state: 'connecting', connection };
  }

  #bound(connection: Connection): void {
    if (this.#state.state !== 'connecting') return;
    this.#state = { state: 'bound', connection, sinceMs: this.#clock.monotonicMs() };
    this.#log.info({ smsc: `${this.#address.host}:${this.#address.port}` }, 'bound to the SMSC');
  }

  #lost(reason: unknown): void {
    const before = this.#state;
    if (before.state === 'closed' || before.state === 'paused') return;
    const heldMs = before.state === 'bound' ? this.#clock.monotonicMs() - before.sinceMs : 0;
    this.#failures = heldMs >= STABLE_MS ? 0 : this.#failures + 1;
    const pauseMs = pauseAfter(this.#failures, reason);
    const smsc = `${this.#address.host}:${this.#address.port}`;
    this.#log.warn({ smsc, err: reason, pauseMs }, 'no connection to the SMSC, trying again');
    const timer = this.#clock.after(pauseMs, () => {
      this.#state = this.#connect();
    });
    this.#state = { state: 'paused', timer };
    this.#refuseWaiting();
  }

  #refuseWaiting(): void {
    this.#congestion?.cancel();
    this.#congestion = undefined;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(notConnected());
  }

  #pump(): void {
    while (this.#state.state === 'bound' && this.#congestion === undefined && this.#outstanding < WINDOW) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#outstanding += 1;
      this.#hand(this.#state.connection, next.submission)
        .then(next.resolve, next.reject)
        .finally(() => {
          this.#outstanding -= 1;
          this.#pump();
        });
    }
  }

  async #hand(connection: Connection, submission: Submission): Promise<string> {
    const response = await connection.request('submit_sm', submitFields(submission)).catch((error: unknown) => {
      throw new HiloError('message-not-sent', 'the connection to the SMSC was lost', { cause: error });
    });
    const { command_status: status } = response;
    if (isCongested(status)) this.#pause();
    if (status !== STATUS.ok) throw submitError(status);
    return printable(response['message_id']);
  }

  #pause(): void {
    this.#congestion ??= this.#clock.after(CONGESTION_PAUSE_MS, () => {
      this.#congestion = undefined;
      this.#pump();
    });
  }
}

/** A refusal will not be different in a second, and many SMSCs lock out who insists. */
function pauseAfter(failures: number, reason: unknown): number {
  if (reason instanceof BindRefused) return LONGEST_PAUSE_MS;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
}

function notConnected(): HiloError {
  return new HiloError('message-not-sent', 'there is no connection to the SMSC now');
}
