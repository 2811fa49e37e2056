// Alarm clocks on the fake clock: one job per id, tried again with growing pauses, run by any node that is alive.
import type { Job, Jobs } from '../../../src/app/ports.js';
import type { Clock, Timer } from '../../../src/lib/clock.js';
import type { Life } from './gate.js';

type Handler = (job: Job, attempt: number) => Promise<void>;

const ATTEMPTS = 6;
const BACK_OFF_MS = 2_000;

export class FakeJobQueue {
  readonly #alarms = new Map<string, Timer>();
  readonly #workers: { readonly life: Life; readonly handler: Handler }[] = [];
  readonly dead: Job[] = [];

  constructor(private readonly clock: Clock) {}

  /** Jobs set and not yet begun. */
  get waiting(): readonly string[] {
    return [...this.#alarms.keys()];
  }

  connect(life: Life): FakeJobs {
    return new FakeJobs(this, life);
  }

  serve(life: Life, handler: Handler): void {
    this.#workers.push({ life, handler });
  }

  set(id: string, atMs: number, job: Job, attempt = 1): void {
    this.#alarms.get(id)?.cancel();
    const delayMs = Math.max(0, atMs - this.clock.nowMs());
    this.#alarms.set(
      id,
      this.clock.after(delayMs, () => {
        this.#alarms.delete(id);
        void this.#run(id, job, attempt);
      }),
    );
  }

  drop(id: string): void {
    this.#alarms.get(id)?.cancel();
    this.#alarms.delete(id);
  }

  async #run(id: string, job: Job, attempt: number): Promise<void> {
    // A node that stopped serving stands last in line.
    const worker = this.#workers.find(({ life }) => !life.dead);
    if (worker === undefined) return;
    try {
      await worker.handler(job, attempt);
    } catch {
      if (attempt >= ATTEMPTS) this.dead.push(job);
      else if (!this.#alarms.has(id))
        this.set(id, this.clock.nowMs() + BACK_OFF_MS * 2 ** (attempt - 1), job, attempt + 1);
    }
  }
}

export class FakeJobs implements Jobs {
  readonly attempts = ATTEMPTS;

  constructor(
    private readonly queue: FakeJobQueue,
    private readonly life: Life,
  ) {}

  async schedule(id: string, atMs: number, job: Job): Promise<void> {
    this.queue.set(id, atMs, job);
  }

  async cancel(id: string): Promise<void> {
    this.queue.drop(id);
  }

  onJob(handler: Handler): void {
    this.queue.serve(this.life, handler);
  }
}

export const JOB_METHODS = ['schedule', 'cancel'] as const;
