// One connection to an SMSC: bound when it opens, asked for signs of life, every request answered in time or the end of it.
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import smpp from 'smpp';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { printable, STATUS } from './pdu.js';

/** TCP, TLS and bind together. */
export const OPEN_LIMIT_MS = 10_000;
/** An SMSC that does not answer for so long has lost the request, or itself: the connection is given up. */
export const RESPONSE_LIMIT_MS = 30_000;
export const ENQUIRE_INTERVAL_MS = 30_000;
/** For the answer to our unbind. */
const UNBIND_LIMIT_MS = 2_000;
/** Deliveries being stored; the SMSC is told to wait with more. */
export const MAX_IN_HAND = 100;
const VERSION_3_4 = 0x34;

export interface SmscAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly systemId: string;
  readonly password: string;
}

export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** The SMSC does not want us: wrong password, already bound, … */
export class BindRefused extends Error {
  override readonly name = 'BindRefused';
  constructor(readonly status: number) {
    super(`bind refused with status 0x${status.toString(16).padStart(8, '0')}`);
  }
}

export interface Delivered {
  /** For the answer. */
  readonly status: number;
  /** Called once the answer is on its way. */
  acknowledged(): void;
}

export interface ConnectionPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** A `deliver_sm` or `data_sm`; must not reject. */
  deliver(pdu: smpp.PDU): Promise<Delivered>;
}

export class Connection {
  readonly #session: smpp.Session;
  readonly #ports: ConnectionPorts;
  readonly #gone = new AbortController();
  readonly #open: Timer;
  #enquiry: Timer | undefined;
  #inHand = 0;

  /** Begins to connect; `bind` says who we are. `lost` tells when it is over, whatever the reason. */
  constructor({ host, port, tls }: SmscAddress, ports: ConnectionPorts) {
    this.#ports = ports;
    // One for each request without an answer.
    setMaxListeners(0, this.#gone.signal);
    const servername = tls && isIP(host) === 0 ? { servername: host } : {};
    this.#session = smpp.connect({ host, port, tls, ...servername });
    this.#open = ports.clock.after(OPEN_LIMIT_MS, () => this.#end(new ConnectionLost('the SMSC does not let us in')));
    this.#session.on('error', (error) => this.#end(new ConnectionLost(error.message, { cause: error })));
    this.#session.on('close', () => this.#end(new ConnectionLost('the SMSC closed the connection')));
    this.#session.on('pdu', (pdu) => this.#take(pdu));
  }

  /** Aborted with the reason, an Error. */
  get lost(): AbortSignal {
    return this.#gone.signal;
  }

  /** Rejects with {@link BindRefused} or {@link ConnectionLost}; the connection is over then. */
  async bind({ tls, systemId, password }: SmscAddress): Promise<void> {
    await this.#connected(tls ? 'secureConnect' : 'connect');
    this.#session.socket.setNoDelay(true);
    const fields = { system_id: systemId, password, interface_version: VERSION_3_4 };
    const { command_status: status } = await this.request('bind_transceiver', fields);
    if (status !== STATUS.ok) {
      const refused = new BindRefused(status);
      this.#end(refused);
      throw refused;
    }
    this.#open.cancel();
    this.#enquireLater();
  }

  /** The SMSC's answer, whatever its status. Rejects with {@link ConnectionLost}: then nobody knows whether it was taken. */
  request(command: string, fields: object = {}, limitMs = RESPONSE_LIMIT_MS): Promise<smpp.PDU> {
    return new Promise((resolve, reject) => {
      if (this.lost.aborted) throw this.lost.reason;
      const onLost = (): void => {
        timer.cancel();
        reject(this.lost.reason);
      };
      const timer = this.#ports.clock.after(limitMs, () => this.#end(new ConnectionLost(`${command} not answered`)));
      this.lost.addEventListener('abort', onLost, { once: true });
      this.#session.send(new smpp.PDU(command, fields), (response) => {
        timer.cancel();
        this.lost.removeEventListener('abort', onLost);
        resolve(response);
      });
    });
  }

  /** Takes its leave and closes. Safe to call twice. */
  async close(): Promise<void> {
    if (this.lost.aborted) return;
    await this.request('unbind', {}, UNBIND_LIMIT_MS).catch((error: unknown) => {
      this.#ports.log.debug({ err: error }, 'unbind without an answer');
    });
    this.abandon();
  }

  /** Closes without a word. Safe to call twice. */
  abandon(): void {
    this.#end(new ConnectionLost('closed by us'));
  }

  #connected(event: 'connect' | 'secureConnect'): Promise<void> {
    return new Promise((resolve, reject) => {
      this.lost.addEventListener('abort', () => reject(this.lost.reason), { once: true });
      this.#session.on(event, resolve);
    });
  }

  #enquireLater(): void {
    this.#enquiry = this.#ports.clock.after(ENQUIRE_INTERVAL_MS, () => {
      this.request('enquire_link').then(
        () => this.#enquireLater(),
        (error: unknown) => this.#ports.log.debug({ err: error }, 'link is dead'),
      );
    });
  }

  #take(pdu: smpp.PDU): void {
    if (pdu.isResponse() || this.lost.aborted) return;
    switch (pdu.command) {
      case 'deliver_sm':
      case 'data_sm':
        void this.#deliver(pdu);
        return;
      case 'enquire_link':
        this.#session.send(pdu.response());
        return;
      case 'unbind':
        this.#session.send(pdu.response(), () => this.#end(new ConnectionLost('the SMSC unbound us')));
        return;
      case 'alert_notification':
      case 'outbind':
        return;
      case 'unknown':
        this.#session.send(pdu.response());
        return;
      default:
        this.#ports.log.info({ command: printable(pdu.command) }, 'SMPP command that no SMSC sends');
    }
  }

  async #deliver(pdu: smpp.PDU): Promise<void> {
    if (this.#inHand >= MAX_IN_HAND) {
      this.#session.send(pdu.response({ command_status: STATUS.queueFull }));
      return;
    }
    this.#inHand += 1;
    try {
      const { status, acknowledged } = await this.#ports.deliver(pdu);
      this.#session.send(pdu.response({ command_status: status }), () => {
        if (!this.lost.aborted) acknowledged();
      });
    } finally {
      this.#inHand -= 1;
    }
  }

  #end(reason: Error): void {
    if (this.lost.aborted) return;
    this.#open.cancel();
    this.#gone.abort(reason);
    this.#enquiry?.cancel();
    this.#session.destroy();
  }
}
