// Speech by espeak-ng as a child process: text in by a pipe, WAV out by a pipe, never longer than the limit.
import { spawn } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';
import type { Clock } from '../../lib/clock.js';

/** Turns text into a WAV of whatever rate. */
export type Synthesise = (text: string, voice: string) => Promise<Buffer>;

/** The program is not installed, or is not what it should be. */
export class SpeechMissing extends Error {
  override readonly name = 'SpeechMissing';
}

const LIMIT_MS = 10_000;
/** About 95 s at 22 050 Hz. */
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
/** Words per minute: a little slower than espeak-ng's 175, for telephone ears. */
const SPEED = '155';
/** Above our own niceness: prompts are made while calls talk on the same processors. */
const NICENESS = 10;

export function espeak(clock: Clock, program = 'espeak-ng'): Synthesise {
  return (text, voice) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, ['-v', voice, '-s', SPEED, '-b', '1', '--stdin', '--stdout'], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      giveWay(child.pid);
      const chunks: Buffer[] = [];
      let length = 0;
      const fail = (error: Error): void => {
        timer.cancel();
        child.kill('SIGKILL');
        reject(error);
      };
      const timer = clock.after(LIMIT_MS, () => fail(new Error(`${program} took longer than ${LIMIT_MS} ms`)));
      child.on('error', (error: NodeJS.ErrnoException) => {
        const missing = error.code === 'ENOENT' || error.code === 'EACCES';
        fail(missing ? new SpeechMissing(`${program} cannot be run: apt-get install espeak-ng`) : error);
      });
      child.stdout.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_OUTPUT_BYTES) fail(new Error('the text makes too long a prompt'));
        else chunks.push(chunk);
      });
      child.on('close', (code) => {
        timer.cancel();
        if (code === 0 && length > 0) resolve(Buffer.concat(chunks));
        else reject(new Error(`${program} ended with ${code ?? 'a signal'}`));
      });
      // A program that ends early closes the pipe; `close` tells the rest.
      child.stdin.on('error', () => child.stdin.destroy());
      child.stdin.end(text);
    });
}

/** A child that has ended by now, or was never started, needs none. */
function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, Math.min(getPriority() + NICENESS, constants.priority.PRIORITY_LOW));
  } catch {
    return;
  }
}
