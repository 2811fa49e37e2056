// Those who listen on behalf of SIPp's callers.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { CALLERS, type Heard, WARM_UP_MS } from '../media-run.js';

const NEAR = '127.0.0.1';
/** Where the callers' media is. */
export const FAR = '127.0.0.2';

/** Sockets of callers who say nothing and note, by the kernel's clock, when packets come. */
export class Ears {
  readonly #process;
  readonly #lines;

  constructor(
    private readonly callers: number,
    seconds: number,
  ) {
    const args = [NEAR, FAR, 'stream', String(seconds), '0', '0'];
    this.#process = spawn(CALLERS, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async open(): Promise<readonly number[]> {
    // Port 0: whoever sends is heard.
    this.#process.stdin.write(`${'0 '.repeat(this.callers)}\n`);
    const ports = (await this.#line()).trim().split(' ').map(Number);
    if (ports.length !== this.callers) throw new Error('not enough sockets for the callers: see ulimit -n');
    return ports;
  }

  async listen(): Promise<Heard> {
    this.#process.stdin.write('go\n');
    await pause(WARM_UP_MS);
    return JSON.parse(await this.#line()) as Heard;
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('those who listen have ended');
    return String(value);
  }
}
