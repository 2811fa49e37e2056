// SIPp's callers who wait in a queue for as long as they are let.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SIP_HOST } from '../../server.js';
import { callerNumbers, runSipp } from '../../sipp.js';
import { holderScenario } from '../../sipp-scenarios.js';

const CALLED = '1002';
const RATE_PER_S = 20;
const LOOK_EVERY_MS = 500;
/** For the last of them, after all have called. */
const ANSWER_LIMIT_MS = 30_000;
const HOLD_MS = 3_600_000;

export interface HoldingRequest {
  readonly folder: string;
  readonly server: number;
  readonly mediaHost: string;
  /** One caller for each. */
  readonly ports: readonly number[];
  /** Calls a second; absent: {@link RATE_PER_S}. */
  readonly ratePerS?: number;
  /** They hang up after so long; absent: they wait until they are stopped. */
  readonly holdMs?: number;
  tell(waiting: number): void;
}

export interface HeldCallers {
  /** Answered: fewer than called, when some were turned away. */
  readonly waiting: number;
  /** All have hung up. */
  readonly ended: Promise<unknown>;
  /** They vanish. */
  stop(): void;
}

/** Resolves when all of them wait, or when it is clear that some do not. */
export async function holdCallers(request: HoldingRequest): Promise<HeldCallers> {
  const { folder, server, mediaHost, ports, holdMs = HOLD_MS, ratePerS = RATE_PER_S, tell } = request;
  const rows = callerNumbers(ports.length).map((number, at) => `${number};${ports[at]}`);
  await writeFile(join(folder, 'holders.csv'), `SEQUENTIAL\n${rows.join('\n')}\n`);
  const story = { called: CALLED, mediaHost, answerLimitMs: ANSWER_LIMIT_MS, holdMs };
  await writeFile(join(folder, 'holder.xml'), holderScenario(story));
  const count = String(ports.length);
  const { ended, stop } = runSipp(folder, 'holders', server, [
    ...['-i', SIP_HOST, '-sf', 'holder.xml', '-inf', 'holders.csv', '-m', count, '-l', count, '-r', String(ratePerS)],
    ...['-trace_err', '-error_file', 'holders.errors', '-trace_logs', '-log_file', 'holders.log'],
  ]);
  const over = ended.then(() => true);
  const attempts = ((1_000 * ports.length) / ratePerS + ANSWER_LIMIT_MS) / LOOK_EVERY_MS;
  let waiting = 0;
  for (let attempt = 0, isOver = false; attempt < attempts && !isOver; attempt += 1) {
    isOver = await Promise.race([over, pause(LOOK_EVERY_MS, false)]);
    waiting = await answered(join(folder, 'holders.log'));
    tell(waiting);
    if (waiting === ports.length) break;
  }
  return { waiting, ended, stop };
}

async function answered(log: string): Promise<number> {
  if (!existsSync(log)) return 0;
  return (await readFile(log, 'utf8')).split('answered').length - 1;
}
