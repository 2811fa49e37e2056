// Runs a program to its end and returns what it printed.
import { spawn } from 'node:child_process';
import type { Clock } from '../lib/clock.js';
import { ChildFailed, type Launch } from './child.js';

const OUTPUT_CHARACTERS_MAX = 100_000;

export interface RunOptions {
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
  readonly limitMs: number;
  readonly clock: Clock;
}

/** Settles with output and errors as one text. Rejects with {@link ChildFailed} on any code but 0 or after the limit. */
export function runToEnd(launch: Launch, options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(launch.command, launch.args, {
      ...(launch.cwd === undefined ? {} : { cwd: launch.cwd }),
      ...(launch.env === undefined ? {} : { env: launch.env }),
      ...launch.user,
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      if (output.length < OUTPUT_CHARACTERS_MAX) output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.stdin.on('error', () => undefined); // EPIPE: it ended without reading, its code says why.
    child.stdin.end(options.input ?? '');
    const timer = options.clock.after(options.limitMs, () => child.kill('SIGKILL'));
    child.once('error', (error) => {
      timer.cancel();
      reject(new ChildFailed(`${launch.command}: ${error.message}`, { cause: error }));
    });
    child.once('close', (code, signal) => {
      timer.cancel();
      if (code === 0) resolve(output);
      else reject(new ChildFailed(`${launch.command} ended with ${signal ?? `code ${code}`}\n${output}`));
    });
  });
}
