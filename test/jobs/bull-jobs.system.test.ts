// Alarm clocks on a real Redis: each rings once, can be set anew, is tried again, and never disappears unseen.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../src/app/ports.js';
import { BullJobs, type BullJobsOptions } from '../../src/jobs/bull-jobs.js';
import { systemClock } from '../../src/lib/clock.js';
import { systemIds } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import type { LocalServer } from '../../src/local/redis.js';
import { eventually, LATE_MS, startRedisOnly, timed } from '../support/servers.js';

let server: LocalServer;
let opened: BullJobs[] = [];

beforeAll(async () => {
  server = await startRedisOnly();
});

afterEach(async () => {
  await Promise.all(opened.map((jobs) => jobs.close()));
  opened = [];
});

afterAll(async () => {
  await server?.close();
});

function open(options: Partial<BullJobsOptions> = {}): BullJobs {
  const jobs = new BullJobs({
    url: server.url,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    backOffMs: 20,
    prefix: `{${systemIds.uuid()}}`,
    ...options,
  });
  opened.push(jobs);
  return jobs;
}

function callback(interaction: string): Job {
  return { kind: 'callback-due', interaction, callback: 'c1' };
}

/** Registers a handler that keeps what rang; gives the list. Nothing rings before there is one. */
function listen(jobs: BullJobs): string[] {
  const rang: string[] = [];
  jobs.onJob(async (job) => {
    rang.push(job.interaction);
  });
  return rang;
}

/** Resolves once a job scheduled now has been handled: everything due before it was due too. */
async function settled(jobs: BullJobs, rang: string[]): Promise<void> {
  const mark = systemIds.uuid();
  await jobs.schedule(mark, Date.now() + 150, callback(mark));
  await eventually('the mark rings', () => rang.includes(mark));
  rang.splice(rang.indexOf(mark), 1);
}

describe('a job', () => {
  it('rings at its time with what it was given', async () => {
    const jobs = open();
    const rang: { job: Job; attempt: number; atMs: number }[] = [];
    jobs.onJob(async (job, attempt) => {
      rang.push({ job, attempt, atMs: Date.now() });
    });
    const dueAtMs = Date.now() + 300;
    await jobs.schedule('callback:i1', dueAtMs, callback('i1'));
    await eventually('it rings', () => rang.length === 1);
    expect(rang[0]).toMatchObject({ job: callback('i1'), attempt: 1 });
    expect(rang[0]?.atMs).toBeGreaterThanOrEqual(dueAtMs - 20);
  });

  it('whose time is over rings at once', async () => {
    const jobs = open();
    const rang = listen(jobs);
    await jobs.schedule('x', Date.now() - 60_000, callback('late'));
    await eventually('it rings', () => rang.length === 1);
  });

  it('scheduled again under its id rings once, with the new content, at the new time', async () => {
    const jobs = open();
    await jobs.schedule('x', Date.now() + 50, callback('old'));
    await jobs.schedule('x', Date.now() + 100, callback('newer'));
    await jobs.schedule('x', Date.now() + 60, callback('newest'));
    const rang = listen(jobs);
    await settled(jobs, rang);
    expect(rang).toEqual(['newest']);
  });

  it('scheduled 20 times at once under one id rings once', async () => {
    const jobs = open();
    const at = Date.now() + 100;
    await Promise.all(Array.from({ length: 20 }, (_, index) => jobs.schedule('x', at, callback(`i${index}`))));
    const rang = listen(jobs);
    await settled(jobs, rang);
    expect(rang).toHaveLength(1);
  });

  it('that was cancelled does not ring; cancelling what is not there is fine', async () => {
    const jobs = open();
    await jobs.schedule('x', Date.now() + 50, callback('x'));
    await jobs.cancel('x');
    await jobs.cancel('never scheduled');
    const rang = listen(jobs);
    await settled(jobs, rang);
    expect(rang).toEqual([]);
  });

  it('may schedule itself again while it runs', async () => {
    const jobs = open();
    const rang: string[] = [];
    jobs.onJob(async (job) => {
      rang.push(job.interaction);
      if (job.interaction === 'first') await jobs.schedule('x', Date.now() + 30, callback('second'));
    });
    await jobs.schedule('x', Date.now(), callback('first'));
    await eventually('both ring', () => rang.length === 2);
    expect(rang).toEqual(['first', 'second']);
  });

  it('rings on one node only', async () => {
    const prefix = `{${systemIds.uuid()}}`;
    const nodes = [open({ prefix }), open({ prefix })];
    const rang = nodes.flatMap((jobs) => [listen(jobs)]);
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => nodes[0]?.schedule(`j${index}`, Date.now(), callback(`i${index}`))),
    );
    await eventually('all ring', () => rang.flat().length >= 50);
    expect(new Set(rang.flat()).size).toBe(50);
    expect(rang.flat()).toHaveLength(50);
  });
});

describe('a handler', () => {
  it('that fails is called again with the number of the attempt, until it succeeds', async () => {
    const jobs = open({ attempts: 5 });
    const attempts: number[] = [];
    jobs.onJob(async (_job, attempt) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error('not yet');
    });
    await jobs.schedule('x', Date.now(), callback('x'));
    await eventually('third attempt', () => attempts.length === 3);
    expect(attempts).toEqual([1, 2, 3]);
    expect(await jobs.deadLetters(10)).toEqual([]);
  });

  it('that always fails leaves a dead letter, and the id can be used again', async () => {
    const jobs = open({ attempts: 2 });
    let calls = 0;
    jobs.onJob(async () => {
      calls += 1;
      throw new Error('the provider is on fire');
    });
    await jobs.schedule('send:m1', Date.now(), callback('i1'));
    await eventually('a dead letter', async () => (await jobs.deadLetters(10)).length === 1);
    expect(calls).toBe(2);
    expect(await jobs.deadLetters(10)).toMatchObject([
      { id: 'send:m1', job: callback('i1'), reason: 'the provider is on fire', attempts: 2 },
    ]);
    await jobs.schedule('send:m1', Date.now(), callback('i1'));
    await eventually('tried again', () => calls === 4);
  });

  it('is never called for more jobs at once than allowed', async () => {
    const jobs = open({ concurrency: 3 });
    let running = 0;
    let most = 0;
    let done = 0;
    jobs.onJob(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      done += 1;
    });
    await Promise.all(Array.from({ length: 20 }, (_, index) => jobs.schedule(`j${index}`, Date.now(), callback('x'))));
    await eventually('all done', () => done === 20);
    expect(most).toBe(3);
  });

  it('under way is waited for when closing', async () => {
    const jobs = open();
    let state = 'waiting';
    jobs.onJob(async () => {
      state = 'running';
      await new Promise((resolve) => setTimeout(resolve, 200));
      state = 'done';
    });
    await jobs.schedule('x', Date.now(), callback('x'));
    await eventually('it runs', () => state === 'running');
    await jobs.close();
    expect(state).toBe('done');
  });
});

describe('Redis is killed', () => {
  it('scheduled jobs ring all the same, and scheduling fails quickly meanwhile', async () => {
    const jobs = open();
    const rang = listen(jobs);
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => jobs.schedule(`j${index}`, Date.now() + 1_000, callback(`i${index}`))),
    );
    // Silent first: killed at once it may be back before anybody asks.
    const pid = server.pid() ?? Number.NaN;
    process.kill(pid, 'SIGSTOP');
    const attempt = await timed(jobs.schedule('meanwhile', Date.now(), callback('meanwhile')));
    process.kill(pid, 'SIGKILL');
    expect(attempt.ms).toBeLessThan(LATE_MS);
    expect(attempt.code).toBe('store-unavailable');
    await eventually('all ring', () => rang.length >= 30, 30_000);
    expect(new Set(rang)).toEqual(new Set(Array.from({ length: 30 }, (_, index) => `i${index}`)));
  });
});

describe('Redis is not there at all', () => {
  it('scheduling fails within its limit, and closing takes a moment only', async () => {
    const jobs = open({ url: 'redis://127.0.0.1:1' });
    jobs.onJob(async () => undefined);
    const attempt = await timed(jobs.schedule('x', Date.now(), callback('x')));
    expect(attempt.code).toBe('store-unavailable');
    expect(attempt.ms).toBeLessThan(LATE_MS);
    expect((await timed(jobs.close())).ms).toBeLessThan(LATE_MS);
  });
});
