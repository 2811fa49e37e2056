// Speech by espeak-ng as a child process: text in by a pipe, WAV out by a pipe, never longer than the limit.
import { outputOf } from '../../lib/background-program.js';
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
export function espeak(clock: Clock, program = 'espeak-ng'): Synthesise {
  const limits = { clock, limitMs: LIMIT_MS, maxBytes: MAX_OUTPUT_BYTES };
  return async (text, voice) => {
    try {
      return await outputOf(program, ['-v', voice, '-s', SPEED, '-b', '1', '--stdin', '--stdout'], text, limits);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'EACCES') throw error;
      throw new SpeechMissing(`${program} cannot be run: apt-get install espeak-ng`, { cause: error });
    }
  };
}
