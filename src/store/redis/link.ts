// One connection to Redis on which nobody waits for long: every command has a limit, none is kept for better days.
import { Redis } from 'ioredis';
import { HiloError } from '../../app/errors.js';
import type { Log } from '../../lib/log.js';

const COMMAND_LIMIT_MS = 1_000;
const CONNECT_LIMIT_MS = 1_000;
/** How long a server may take to close its side before the connection is torn down. */
const GOOD_BYE_MS = 50;
const KEEP_ALIVE_MS = 10_000;
const RECONNECT_FIRST_MS = 50;
const RECONNECT_MAX_MS = 1_000;

export interface LinkOptions {
  /** redis://[:password@]host:port[/database] */
  readonly url: string;
  readonly log: Log;
  /** Milliseconds; 1000 unless given. */
  readonly commandLimitMs?: number;
}

export class Link {
  readonly redis: Redis;
  readonly commandLimitMs: number;
  readonly #log: Log;
  #state: 'connecting' | 'ready' | 'lost' = 'connecting';

  /** Connects in the background, for ever, until closed. `onReady` is called each time the connection works. */
  constructor(options: LinkOptions, onReady: () => void) {
    this.commandLimitMs = options.commandLimitMs ?? COMMAND_LIMIT_MS;
    this.#log = options.log;
    this.redis = new Redis(options.url, {
      commandTimeout: this.commandLimitMs,
      connectTimeout: CONNECT_LIMIT_MS,
      disconnectTimeout: GOOD_BYE_MS,
      enableOfflineQueue: false,
      // A command whose answer was lost may have been carried out: to repeat it is for the one who knows what it does.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      autoResubscribe: false,
      keepAlive: KEEP_ALIVE_MS,
      retryStrategy: (attempt) => Math.min(RECONNECT_MAX_MS, RECONNECT_FIRST_MS * 2 ** Math.min(attempt - 1, 10)),
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    this.redis.on('ready', () => {
      if (this.#state === 'lost') options.log.info({}, 'Redis is back');
      this.#state = 'ready';
      onReady();
    });
    this.redis.on('close', () => this.#lost('the connection to Redis is gone'));
    this.redis.on('error', (error: Error) => options.log.debug({ error: error.message }, 'Redis'));
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Rejects with HiloError `store-unavailable` when Redis is away, full, loading, or does not answer in time. */
  async run<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      if (this.#state === 'lost') throw new Error('Connection is closed.');
      return await command(this.redis);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (isTimeOut(error)) this.drop(`Redis did not answer within ${this.commandLimitMs} ms: connecting anew`);
      throw new HiloError('store-unavailable', 'Redis does not answer or cannot store; try again', { cause: error });
    }
  }

  /** The questions that were never answered go with the connection; until there is a new one, commands fail at once. */
  drop(why: string): void {
    this.#lost(why);
    this.redis.disconnect(true);
  }

  /** Safe to call twice. */
  close(): void {
    this.#state = 'connecting';
    this.redis.disconnect();
  }

  #lost(why: string): void {
    if (this.#state !== 'ready') return;
    this.#state = 'lost';
    this.#log.error({}, why);
  }
}

function isTimeOut(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}

/** What Redis says when it is there but of no use (full, loading, standby, disk trouble), and what ioredis says without it. */
const REFUSALS = /\b(OOM|READONLY|MISCONF|LOADING|MASTERDOWN|NOREPLICAS|BUSY|NOAUTH|WRONGPASS|CLUSTERDOWN|TRYAGAIN)\b/;
const DISCONNECTED =
  /Command timed out|Connection is closed|isn't writeable|max retries|ECONN|EPIPE|ETIMEDOUT|command queue state/i;

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return REFUSALS.test(error.message) || DISCONNECTED.test(error.message) || error.name === 'MaxRetriesPerRequestError';
}
