// One application on its TCP connection: authentication, routes, pings, and the frames in and out.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../../lib/clock.js';
import { coalesceWrites } from '../../../lib/coalesced-writes.js';
import type { Ids } from '../../../lib/ids.js';
import type { Log } from '../../../lib/log.js';
import type { Command, ProxyCommand, SipCommand } from './command.js';
import { parseCommand } from './command.js';
import { FrameFault, FrameReader } from './frame.js';
import type { Outcome } from './report.js';
import { replyFrame } from './report.js';

/** A connection that has not authenticated by then is closed. */
export const AUTHENTICATE_WITHIN_MS = 10_000;
/** An application that reads so slowly that this much waits for it is cut off. */
export const MAX_BACKLOG_BYTES = 16 * 1_048_576;
export const MAX_VERBS = 64;
/** One slow request is the application's affair; so many at once, and no frame of any kind for so long, is not. */
export const STALLED_REQUESTS = 8;
export const STALLED_MS = 150;
/** How long a refused peer may take to read the refusal. */
const LINGER_MS = 1_000;

export interface AppConnectionPorts {
  readonly secret: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The tokens after `OK` in the answer to a right secret: listeners outside, version, listeners inside. */
  readonly greeting: () => readonly string[];
  readonly onSip: (connection: AppConnection, command: SipCommand) => void;
  readonly onProxy: (connection: AppConnection, command: ProxyCommand) => void;
  /** Told after the application has been greeted. */
  readonly onReady?: (connection: AppConnection) => void;
  /** Called once, also when the server itself closes the connection. */
  readonly onGone: (connection: AppConnection) => void;
}

type State =
  | { readonly kind: 'unauthenticated'; readonly deadline: Timer }
  | { readonly kind: 'ready' }
  /** Refused: nothing more is read, the last reply is on its way out. */
  | { readonly kind: 'closing'; readonly deadline: Timer }
  | { readonly kind: 'gone' };

/**
 *   unauthenticated ──right secret──▶ ready ──bad frame──▶ closing ──▶ gone
 *         └───────wrong secret, bad frame, too late──────────▲
 */
export class AppConnection {
  readonly id: string;
  readonly #socket: Socket;
  readonly #ports: AppConnectionPorts;
  readonly #log: Log;
  readonly #reader = new FrameReader();
  readonly #verbs = new Set<string>();
  readonly #tags = new Set<string>();
  /** New requests given to it since it last said anything, and since when (monotonic ms). */
  #unheard = { requests: 0, sinceMs: 0 };
  #state: State;

  constructor(socket: Socket, ports: AppConnectionPorts) {
    this.id = ports.ids.uuid();
    this.#socket = socket;
    this.#ports = ports;
    this.#log = ports.log.child({ application: `${socket.remoteAddress}:${socket.remotePort}` });
    const deadline = ports.clock.after(AUTHENTICATE_WITHIN_MS, () => this.#refuse('', 'not authenticated in time'));
    this.#state = { kind: 'unauthenticated', deadline };
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    coalesceWrites(socket);
    socket.on('data', (piece) => this.#read(piece));
    socket.on('error', (error) => this.#log.info({ error: error.message }, 'application connection failed'));
    socket.on('close', () => this.#gone());
  }

  get verbs(): ReadonlySet<string> {
    return this.#verbs;
  }

  get tags(): ReadonlySet<string> {
    return this.#tags;
  }

  get isReady(): boolean {
    return this.#state.kind === 'ready';
  }

  /** Sends one whole frame, with the others of this turn. Frames for a connection that is going are dropped. */
  send(frame: Buffer): void {
    if (this.#state.kind === 'gone' || this.#state.kind === 'closing') return;
    this.#socket.write(frame);
    if (this.#socket.writableLength > MAX_BACKLOG_BYTES) {
      this.#log.warn({ backlog: this.#socket.writableLength }, 'application does not read: connection cut');
      this.#socket.destroy();
    }
  }

  reply(replyTo: string, outcome: Outcome, ...tokens: readonly string[]): void {
    this.send(replyFrame(this.#ports.ids.uuid(), replyTo, outcome, ...tokens));
  }

  close(): void {
    this.#socket.destroy();
    this.#gone();
  }

  snapshot(): object {
    const { remoteAddress, remotePort, writableLength } = this.#socket;
    const address = `${remoteAddress}:${remotePort}`;
    return { id: this.id, state: this.#state.kind, address, verbs: [...this.#verbs], backlog: writableLength };
  }

  /** A new request is in its hands: some sign of it is due. */
  given(): void {
    if (this.#unheard.requests === 0) this.#unheard.sinceMs = this.#ports.clock.monotonicMs();
    this.#unheard.requests += 1;
  }

  /** Several requests wait for it and it has said nothing at all for a while: it hangs, or its event loop is late. */
  get isStalled(): boolean {
    const { requests, sinceMs } = this.#unheard;
    return requests >= STALLED_REQUESTS && this.#ports.clock.monotonicMs() - sinceMs > STALLED_MS;
  }

  #read(piece: Buffer): void {
    this.#unheard.requests = 0;
    if (this.#state.kind === 'closing' || this.#state.kind === 'gone') return;
    try {
      for (const payload of this.#reader.push(piece)) this.#take(payload);
    } catch (error) {
      if (!(error instanceof FrameFault)) throw error;
      this.#refuse('', error.message);
    }
  }

  #take(payload: Buffer): void {
    if (this.#state.kind === 'closing' || this.#state.kind === 'gone') return;
    const parsed = parseCommand(payload);
    if (!parsed.ok) this.#refuse(parsed.id, parsed.reason);
    else if (parsed.command.kind === 'authenticate') this.#authenticate(parsed.command);
    else if (this.#state.kind !== 'ready') this.#refuse(parsed.command.id, 'not authenticated');
    else this.#obey(parsed.command);
  }

  #authenticate({ id, secret, tags }: Extract<Command, { kind: 'authenticate' }>): void {
    if (!sameSecret(secret, this.#ports.secret)) {
      this.#refuse(id, 'incorrect secret');
      return;
    }
    if (this.#state.kind === 'unauthenticated') this.#state.deadline.cancel();
    this.#state = { kind: 'ready' };
    this.#log.info({}, 'application connected');
    for (const tag of tags) this.#tags.add(tag);
    this.reply(id, 'OK', ...this.#ports.greeting());
    this.#ports.onReady?.(this);
  }

  #obey(command: Exclude<Command, { kind: 'authenticate' }>): void {
    switch (command.kind) {
      case 'route':
        // A set: drachtio-srf sends all its routes again whenever it registers another one.
        if (this.#verbs.size >= MAX_VERBS) {
          this.reply(command.id, 'NOK', 'too many routes');
          return;
        }
        this.#verbs.add(command.verb);
        this.reply(command.id, 'OK');
        return;
      case 'remove-route':
        this.#verbs.delete(command.verb);
        this.reply(command.id, 'OK');
        return;
      case 'ping':
        this.reply(command.id, 'OK', 'pong');
        return;
      case 'refused':
        this.reply(command.id, 'NOK', command.reason);
        return;
      case 'sip':
        this.#ports.onSip(this, command);
        return;
      case 'proxy':
        this.#ports.onProxy(this, command);
    }
  }

  #refuse(replyTo: string, reason: string): void {
    this.#log.warn({ reason }, 'application refused');
    this.reply(replyTo, 'NO', reason);
    this.#endState();
    // Reading goes on (and is thrown away): unread bytes would turn the close into a reset that eats the reply.
    const deadline = this.#ports.clock.after(LINGER_MS, () => this.#socket.destroy());
    this.#state = { kind: 'closing', deadline };
    this.#socket.end();
  }

  #gone(): void {
    if (this.#state.kind === 'gone') return;
    this.#endState();
    this.#state = { kind: 'gone' };
    this.#verbs.clear();
    this.#ports.onGone(this);
  }

  #endState(): void {
    if (this.#state.kind === 'unauthenticated' || this.#state.kind === 'closing') this.#state.deadline.cancel();
  }
}

/** Equal in time that does not depend on where the two differ, nor on their lengths. */
function sameSecret(offered: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(offered), digest(right));
}
