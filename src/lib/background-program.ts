// A program run behind everything else: text in by a pipe, bytes out by a pipe, within limits of time and size.
import { spawn } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';
import type { Clock } from './clock.js';

/** Above our own niceness: calls talk on the same processors. */
const NICENESS = 10;

export interface ProgramLimits {
  readonly clock: Clock;
  readonly limitMs: number;
  readonly maxBytes: number;
}

/** What `program` writes. Rejects with the system's error when it cannot be run, and when it fails or goes beyond a limit. */
export function outputOf(
  program: string,
  args: readonly string[],
  input: string,
  { clock, limitMs, maxBytes }: ProgramLimits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    giveWay(child.pid);
    const chunks: Buffer[] = [];
    let length = 0;
    const fail = (error: Error): void => {
      timer.cancel();
      child.kill('SIGKILL');
      reject(error);
    };
    const timer = clock.after(limitMs, () => fail(new Error(`${program} took longer than ${limitMs} ms`)));
    child.on('error', fail);
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) fail(new Error(`${program} writes more than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    child.on('close', (code) => {
      timer.cancel();
      if (code === 0 && length > 0) resolve(Buffer.concat(chunks));
      else reject(new Error(`${program} ended with ${code ?? 'a signal'}`));
    });
    // A program that ends early closes the pipe; `close` tells the rest.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(input);
  });
}

function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, Math.min(getPriority() + NICENESS, constants.priority.PRIORITY_LOW));
  } catch (error) {
    // ESRCH: it has ended by now.
    if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
  }
}
