// Owns the applications that record: record, record_session, stop_record_session.
import type { RecordOptions } from '../../media/media-leg.js';
import { type Application, NO_RESPONSE } from '../application.js';
import { splitArguments } from '../expansion.js';
import { fileForm, stateResult } from '../recordings.js';
import { stoppedByTerminator } from './playing.js';

/** FreeSWITCH's seconds of silence that end a recording when a threshold is given without them. */
const SILENCE_SECONDS = 3;

/** `record <path> [limit seconds] [silence threshold] [silence seconds]`: what the caller says, until one of them. */
export const record: Application = async (run) => {
  const { channel } = run;
  const [path = '', limit, threshold, hits] = splitArguments(run.argument);
  if (path === '') return '-ERR no file';
  const form = fileForm(run.read);
  if (!form.ok) return `-ERR ${form.error}`;
  const { control, release } = stoppedByTerminator(run);
  const recording = channel.leg.record(withoutParameters(path), {
    ...options(limit, threshold, hits),
    ...form.options,
  });
  const unlisten = control.onStop(() => recording.stop());
  try {
    const result = await recording.done;
    stateResult(channel.variables, result);
    channel.variables.set('silence_hits_exhausted', String(result.outcome === 'silence'));
    if (result.outcome !== 'failed') return NO_RESPONSE;
    channel.log.error({ path, reason: result.error }, 'recording failed');
    return '-ERR cannot record';
  } finally {
    unlisten();
    release();
  }
};

/** `record_session <path> [+][limit seconds]`: goes on beside whatever follows. */
export const recordSession: Application = (run) => {
  const [path = '', limit] = splitArguments(run.argument);
  const seconds = positive(limit?.replace(/^\+/, ''));
  const started = run.channel.recordings.start(withoutParameters(path), seconds && seconds * 1_000);
  return started ? NO_RESPONSE : '-ERR Cannot record session!';
};

/** `stop_record_session <path>|all`: ends when the file is complete. */
export const stopRecordSession: Application = async (run) => {
  const stopped = await run.channel.recordings.stop(run.argument.trim());
  return stopped ? NO_RESPONSE : '-ERR Cannot stop record session!';
};

function options(limit?: string, threshold?: string, hits?: string): RecordOptions {
  const seconds = positive(limit);
  const level = positive(threshold);
  return {
    channels: 'read',
    ...(seconds === undefined ? {} : { limitMs: seconds * 1_000 }),
    ...(level === undefined ? {} : { silence: { threshold: level, ms: (positive(hits) ?? SILENCE_SECONDS) * 1_000 } }),
  };
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

function withoutParameters(path: string): string {
  return path.replace(/^\{[^}]*\}/, '');
}
