// Alarm clocks on BullMQ: one job per id, tried again with growing waits, kept for a person when all tries failed.
import { type Job as BullJob, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { HiloError } from '../app/errors.js';
import type { Job, Jobs } from '../app/ports.js';
import { assert } from '../lib/assert.js';
import type { Clock } from '../lib/clock.js';
import type { Ids } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { withTimeOut } from '../lib/time-out.js';

const QUEUE = 'jobs';
const PREFIX = '{hilo}';
/** Limits for one request to Redis, one run of a handler, and the jobs under way at closing time. */
const REQUEST_LIMIT_MS = 2_000;
const RUN_LIMIT_MS = 60_000;
const CLOSE_LIMIT_MS = 10_000;
const CONCURRENCY_MAX = 20;
const DEAD_LETTERS_MAX = 1_000;
/** How long after the death of a node its running jobs are taken over. */
const LOCK_MS = 10_000;
const ATTEMPTS = 6;
const BACK_OFF_FIRST_MS = 2_000;
const RECONNECT_MAX_MS = 1_000;

export interface BullJobsOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** How often a job is tried before it becomes a dead letter; 6 unless given. */
  readonly attempts?: number;
  /** First wait after a failure, doubled each time; 2000 unless given. */
  readonly backOffMs?: number;
  /** Jobs handled at the same time by this process; 20 unless given. */
  readonly concurrency?: number;
  readonly prefix?: string;
}

/** A job that failed every time: for a person to look at. */
export interface DeadLetter {
  readonly id: string;
  readonly job: Job;
  readonly reason: string;
  readonly attempts: number;
  readonly failedAtMs: number;
}

interface Payload {
  readonly id: string;
  readonly job: Job;
}

/**
 * Each schedule makes a new job in BullMQ and points `id` at it; a job that is no longer pointed at does nothing. So a
 * job can be replaced or cancelled even while an older one of the same id is running.
 */
export class BullJobs implements Jobs {
  readonly attempts: number;
  readonly #options: BullJobsOptions;
  readonly #log: Log;
  readonly #redis: Redis;
  readonly #connected: Promise<void>;
  readonly #queue: Queue<Payload>;
  readonly #pointers: string;
  #worker: { readonly bull: Worker<Payload>; readonly redis: Redis } | undefined;
  #closed: Promise<void> | undefined;
  #reconnecting = true;

  constructor(options: BullJobsOptions) {
    this.#options = options;
    this.attempts = options.attempts ?? ATTEMPTS;
    this.#log = options.log.child({ part: 'jobs' });
    const prefix = options.prefix ?? PREFIX;
    this.#pointers = `${prefix}:job-pointers`;
    this.#redis = this.#connect({
      enableOfflineQueue: false,
      commandTimeout: REQUEST_LIMIT_MS,
      maxRetriesPerRequest: 0,
    });
    // At the start there is a moment without connection, which is no outage: requests wait for it, once.
    this.#connected = new Promise((resolve) => {
      this.#redis.once('ready', () => resolve());
    });
    this.#queue = new Queue<Payload>(QUEUE, {
      connection: this.#redis,
      prefix,
      defaultJobOptions: {
        attempts: this.attempts,
        backoff: { type: 'exponential', delay: options.backOffMs ?? BACK_OFF_FIRST_MS },
        removeOnComplete: true,
        removeOnFail: { count: DEAD_LETTERS_MAX },
      },
    });
    this.#queue.on('error', (error) => this.#log.debug({ error: error.message }, 'queue'));
  }

  /** Durable when it resolves. Rejects with HiloError `store-unavailable`; the job then does not run. */
  schedule(id: string, atMs: number, job: Job): Promise<void> {
    return this.#request('schedule', async (givenUp) => {
      const jobId = this.#options.ids.uuid();
      const delay = Math.max(0, Math.round(atMs - this.#options.clock.nowMs()));
      // First the pointer: a job that is due at once must find it.
      const before = await this.#redis.hget(this.#pointers, id);
      await this.#redis.hset(this.#pointers, id, jobId);
      if (givenUp()) return;
      await this.#queue.add(job.kind, { id, job }, { jobId, delay });
      if (before !== null) await this.#discard(before);
    });
  }

  cancel(id: string): Promise<void> {
    return this.#request('cancel', async () => {
      const jobId = await this.#redis.hget(this.#pointers, id);
      if (jobId === null) return;
      await this.#redis.hdel(this.#pointers, id);
      await this.#discard(jobId);
    });
  }

  onJob(handler: (job: Job, attempt: number) => Promise<void>): void {
    assert(this.#worker === undefined, 'there is one handler of jobs');
    const redis = this.#connect({ maxRetriesPerRequest: null });
    const bull = new Worker<Payload>(QUEUE, (job) => this.#run(job, handler), {
      connection: redis,
      prefix: this.#options.prefix ?? PREFIX,
      concurrency: this.#options.concurrency ?? CONCURRENCY_MAX,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS,
      maxStalledCount: this.attempts,
    });
    bull.on('error', (error) => this.#log.debug({ error: error.message }, 'worker'));
    bull.on('failed', (job, error) => void this.#failed(job, error));
    this.#worker = { bull, redis };
  }

  /** The newest dead letters, at most `limit`. */
  deadLetters(limit: number): Promise<readonly DeadLetter[]> {
    return this.#request('list', async () => {
      const jobs = await this.#queue.getFailed(0, Math.max(0, limit - 1));
      return jobs.map((job) => ({
        id: job.data.id,
        job: job.data.job,
        reason: job.failedReason,
        attempts: job.attemptsMade,
        failedAtMs: job.finishedOn ?? job.timestamp,
      }));
    });
  }

  /** Waits for jobs under way, at most 10 s. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const worker = this.#worker;
    // Without Redis nothing can be finished in order: what was under way is taken over when its lock runs out.
    const redisAway = this.#redis.status !== 'ready';
    if (redisAway) this.#reconnecting = false;
    if (worker !== undefined) {
      try {
        await withTimeOut(this.#options.clock, 'closing the worker', CLOSE_LIMIT_MS, worker.bull.close(redisAway));
      } catch (error) {
        this.#log.warn({ error: String(error) }, 'jobs under way are left to be taken over');
      }
    }
    this.#reconnecting = false;
    worker?.redis.disconnect();
    this.#redis.disconnect();
  }

  /** BullMQ copies the worker's connection with its options, and only this stops the copy's attempts to reconnect. */
  #connect(options: {
    enableOfflineQueue?: boolean;
    commandTimeout?: number;
    maxRetriesPerRequest: number | null;
  }): Redis {
    const redis = new Redis(this.#options.url, {
      ...options,
      connectTimeout: REQUEST_LIMIT_MS,
      retryStrategy: (attempt) => (this.#reconnecting ? Math.min(RECONNECT_MAX_MS, 50 * attempt) : null),
    });
    redis.on('error', (error: Error) => this.#log.debug({ error: error.message }, 'Redis'));
    return redis;
  }

  async #run(bull: BullJob<Payload>, handler: (job: Job, attempt: number) => Promise<void>): Promise<void> {
    const { id, job } = bull.data;
    const current = await this.#redis.hget(this.#pointers, id);
    if (current !== bull.id) {
      this.#log.debug({ id, kind: job.kind }, 'job was replaced or cancelled');
      return;
    }
    await withTimeOut(this.#options.clock, `job ${job.kind}`, RUN_LIMIT_MS, handler(job, bull.attemptsMade + 1));
    await this.#forget(id, bull.id);
  }

  async #failed(bull: BullJob<Payload> | undefined, error: Error): Promise<void> {
    if (bull === undefined) return;
    const { id, job } = bull.data;
    const attempts = bull.attemptsMade;
    if (bull.finishedOn === undefined) {
      this.#log.warn({ id, kind: job.kind, attempts, error: error.message }, 'job failed, trying again');
      return;
    }
    this.#log.error({ id, kind: job.kind, attempts, error: error.message }, 'job failed for good: dead letter');
    await this.#forget(id, bull.id ?? '').catch((cause: unknown) =>
      this.#log.warn({ id, error: String(cause) }, 'could not forget the job'),
    );
  }

  /** Removes the pointer, unless it points at a newer job by now. */
  async #forget(id: string, jobId: string): Promise<void> {
    const script = `if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end`;
    await this.#redis.eval(script, 1, this.#pointers, id, jobId);
  }

  /** Best effort: nothing points at it any more, so it would do nothing; while it is running it cannot be removed. */
  async #discard(jobId: string): Promise<void> {
    const removed = await this.#queue.remove(jobId);
    if (removed === 0) this.#log.debug({ jobId }, 'an older job is running or gone');
  }

  async #request<T>(what: string, action: (givenUp: () => boolean) => Promise<T>): Promise<T> {
    let late = false;
    const work = this.#connected.then(() => action(() => late));
    try {
      return await withTimeOut(this.#options.clock, what, REQUEST_LIMIT_MS, work);
    } catch (error) {
      late = true;
      throw new HiloError('store-unavailable', `Redis does not answer: cannot ${what} jobs`, { cause: error });
    }
  }
}
