// One supervised process: ready, dead, back, stopped; never left behind.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, FakeClock, systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { Child, type ChildOptions } from '../../src/local/child.js';
import { startSwitch } from '../../src/local/switch.js';
import { eventually, isAlive, temporaryFolder } from '../support/servers.js';

let folder: string;
let children: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await Promise.all(children.map((child) => child.stop()));
  children = [];
  await rm(folder, { recursive: true, force: true });
});

/** A child that runs `script` with Node; ready when it prints a line that starts with `ready`. */
function child(script: string, options: Partial<ChildOptions<string>> = {}): Child<string> {
  const made = new Child<string>({
    name: 'test',
    launch: async () => ({ command: process.execPath, args: ['-e', script] }),
    readyLine: (line) => (line.startsWith('ready') ? line : undefined),
    readyLimitMs: 60_000,
    stopSignal: 'SIGTERM',
    stopLimitMs: 300,
    backOff: { firstMs: 10, maxMs: 50 },
    onLine: () => undefined,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  children.push(made);
  return made;
}

const STAYS = "console.log('ready ' + process.pid); setInterval(() => {}, 1000);";

describe('a child', () => {
  it('is ready when it says so, and gone when it was stopped', async () => {
    const one = child(STAYS);
    const ready = await one.start();
    const pid = Number(ready.split(' ')[1]);
    expect(one.pid).toBe(pid);
    expect(one.snapshot()).toMatchObject({ state: 'running', deaths: 0 });
    await one.stop();
    await one.stop();
    expect(isAlive(pid)).toBe(false);
    expect(one.snapshot()).toMatchObject({ state: 'stopped' });
  });

  it('that ends before it is ready fails the start with its last words', async () => {
    const one = child("console.error('port 5060 is taken'); process.exit(3);");
    await expect(one.start()).rejects.toThrow(/code 3[\s\S]*port 5060 is taken/);
    expect(one.pid).toBeUndefined();
  });

  it('that does not become ready in time is killed', async () => {
    const one = child("console.log('pid ' + process.pid); setInterval(() => {}, 1000);", { readyLimitMs: 500 });
    await expect(one.start()).rejects.toThrow(/not ready after 500 ms/);
    expect(one.pid).toBeUndefined();
  });

  it('whose program is not there fails the start', async () => {
    const one = child('', { launch: async () => ({ command: '/no/such/program', args: [] }) });
    await expect(one.start()).rejects.toThrow(/\/no\/such\/program/);
  });

  it('that dies is started again, and listeners hear its new ready line', async () => {
    const one = child(STAYS);
    const heard: string[] = [];
    one.onRestart((ready) => heard.push(ready));
    const first = await one.start();
    if (one.pid !== undefined) process.kill(one.pid, 'SIGKILL');
    await eventually('it is back', () => heard.length === 1);
    expect(heard[0]).not.toBe(first);
    expect(one.snapshot()).toMatchObject({ state: 'running', deaths: 1 });
  });

  it('that cannot start again is tried with growing waits until it can', async () => {
    const gate = join(folder, 'closed');
    const script = `if (require('fs').existsSync(${JSON.stringify(gate)})) process.exit(1); ${STAYS}`;
    const one = child(script);
    const heard: string[] = [];
    one.onRestart((ready) => heard.push(ready));
    await one.start();
    await writeFile(gate, '');
    if (one.pid !== undefined) process.kill(one.pid, 'SIGKILL');
    await eventually('several tries', () => one.snapshot().deaths >= 3);
    expect(heard).toEqual([]);
    await rm(gate);
    await eventually('it is back', () => heard.length === 1);
  });

  it('that ignores the polite signal is killed', async () => {
    const one = child(`process.on('SIGTERM', () => {}); ${STAYS}`);
    const pid = Number((await one.start()).split(' ')[1]);
    await one.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('is not started again after stop, also while it waits to be', async () => {
    const clock = new FakeClock();
    const one = child(STAYS, { clock });
    await one.start();
    if (one.pid !== undefined) process.kill(one.pid, 'SIGKILL');
    await eventually('it waits', () => one.snapshot().state === 'waiting');
    await one.stop();
    expect(clock.pending).toBe(0);
    expect(one.snapshot()).toMatchObject({ state: 'stopped' });
    expect(one.pid).toBeUndefined();
  });
});

describe('the switch as a child', () => {
  const SWITCH = `
    console.log(JSON.stringify({ level: 30, msg: 'starting' }));
    console.log(JSON.stringify({ ready: true, port: 4000 + Number(process.env.STEP) }));
    process.stdin.resume().on('end', () => process.exit(0));
  `;

  it('tells its addresses in its ready line and gets exactly the environment it is given', async () => {
    const program = join(folder, 'switch.cjs');
    await writeFile(program, SWITCH);
    const waitsMs: number[] = [];
    const clock: Clock = {
      ...systemClock,
      after(delayMs, action) {
        waitsMs.push(delayMs);
        return systemClock.after(delayMs, action);
      },
    };
    const started = await startSwitch({
      program,
      env: { STEP: '7' },
      parseReady: (value) =>
        typeof value === 'object' && value !== null && 'port' in value ? { port: Number(value.port) } : undefined,
      clock,
      log: silentLog,
    });
    children.push({ stop: () => started.close() });
    expect(started.ready).toEqual({ port: 4007 });
    const pid = started.pid() ?? 0;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    expect(environment).toBe('STEP=7\0');
    const restarted = new Promise((resolve) => started.onRestart(resolve));
    waitsMs.length = 0;
    process.kill(pid, 'SIGKILL');
    expect(await restarted).toEqual({ port: 4007 });
    expect(waitsMs[0]).toBeLessThan(1_000);
  });
});
