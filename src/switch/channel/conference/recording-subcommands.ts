// Owns the subcommands that record a conference: `recording start|stop|check|pause|resume` and their short forms.
import type { Subcommand } from './subcommand.js';

const start: Subcommand = (conference, [path]) => {
  if (path === undefined) return undefined;
  return conference.media.record(path) ? `+OK Record file ${path}\n` : `-ERR ${path} is being recorded already\n`;
};

/** fsmrf reads the line of the file, FreeSWITCH itself the count after it. */
const stop: Subcommand = async (conference, [path]) => {
  if (path === undefined) return undefined;
  const stopped = await conference.media.stopRecording(path);
  if (stopped.length === 0 && path !== 'all') return `-ERR non-existant recording '${path}'\n`;
  const files = stopped.map((one) => `Stopped recording file ${one}\n`).join('');
  return `${files}+OK Stopped recording ${stopped.length} file${stopped.length === 1 ? '' : 's'}\n`;
};

const check: Subcommand = (conference) => {
  const { recorded } = conference.media;
  if (recorded.length === 0) return '+OK Conference is not being recorded.\n';
  return recorded.map((path) => `+OK Record file ${path}\n`).join('');
};

/** fsmrf 4 wants the reply to end with the name of the file. */
const pauseOrResume =
  (on: boolean): Subcommand =>
  (conference, [path]) => {
    if (path === undefined) return undefined;
    if (!conference.media.pauseRecording(path, on)) return `-ERR non-existant recording '${path}'\n`;
    return `+OK ${on ? 'Pause' : 'Resume'} recording file ${path}\n`;
  };

const pause = pauseOrResume(true);
const resume = pauseOrResume(false);

const main: Subcommand = (conference, [action = '', ...words], board) => {
  switch (action.toLowerCase()) {
    case 'start':
      return start(conference, words, board);
    case 'stop':
      return stop(conference, words.length > 0 ? words : ['all'], board);
    case 'check':
      return check(conference, words, board);
    case 'pause':
      return pause(conference, words, board);
    case 'resume':
      return resume(conference, words, board);
    default:
      // The old form: `recording <file>`.
      return words.length === 0 && action !== '' ? start(conference, [action], board) : undefined;
  }
};

export const recording = { main, start, stop, check, pause, resume };
