// Owns playback: file lists, their events and result variables, and what ends a file early.
import { parseFileString } from '../../media/audio-source.js';
import type { PlaybackResult } from '../../media/media-leg.js';
import type { Application, Run } from '../application.js';
import type { Control } from '../control.js';
import { spokenFile } from './speaking.js';
import { waitFor } from './waiting.js';

/** Most files in one list. */
export const FILES_MAX = 128;
const SAMPLES_PER_MS = 8;
/** FreeSWITCH's pause between the files of a list (playback_sleep_val). */
const PAUSE_BETWEEN_FILES_MS = 250;

/** FreeSWITCH reads files ahead in pieces of so many samples, and its playback_ms counts what it has read (seen on 1.10.12). */
const READ_AHEAD_SAMPLES = 16_384;

export type PlayOutcome = 'played' | 'cut' | 'broken' | 'not-found';

const RESPONSES: Readonly<Record<PlayOutcome, string>> = {
  played: 'FILE PLAYED',
  // At playback_timeout_sec: what was to be played was heard, and still FreeSWITCH calls it so.
  cut: 'PLAYBACK ERROR',
  broken: 'FILE PLAYED',
  'not-found': 'FILE NOT FOUND',
};

/** `playback <file or list>` */
export const playback: Application = async (run) => {
  const { control, release } = stoppedByTerminator(run);
  try {
    return RESPONSES[await playFiles({ ...run, control }, run.argument)];
  } finally {
    release();
  }
};

/** `endless_playback <file>`: until the leg is transferred or gone. A break only begins it anew, and keys do nothing. */
export const endlessPlayback: Application = (run) => rounds(run, Number.POSITIVE_INFINITY, run.argument);

/** `loop_playback [+<times>] <file>`: so often, for ever when negative, once without a number. A break ends one round. */
export const loopPlayback: Application = (run) => {
  const match = /^(?:\+(-?\d{1,6})\s+)?([^+\s].*)$/s.exec(run.argument.trim());
  if (match === null) return '-ERR usage: [+<times>] <file>';
  const times = Number(match[1] ?? 1);
  return rounds(run, times < 0 ? Number.POSITIVE_INFINITY : times, match[2] ?? '');
};

async function rounds(run: Run, times: number, file: string): Promise<string> {
  let outcome: PlayOutcome = 'played';
  for (let round = 0; round < times && !run.control.stopped; round++) {
    outcome = await playFiles(run, file);
    if (outcome !== 'played' && outcome !== 'broken') break;
  }
  return RESPONSES[outcome];
}

/** `gentones <tones>[|<loops>]` */
export const generateTones: Application = (run) => {
  const [tones = '', loops] = run.argument.split('|');
  const repeated = loops === undefined ? '' : `;loops=${Number.parseInt(loops, 10) || 1}`;
  return playback({ ...run, argument: `tone_stream://${tones.trim()}${repeated}` });
};

/** Plays a file or a list; the outcome is that of the last file, as in FreeSWITCH. */
export async function playFiles(run: Run, text: string): Promise<PlayOutcome> {
  const asOne = FILE_STRING.test(text);
  const files = splitFiles(text, run.read('playback_delimiter'));
  const endMs = cumulativeEnd(run);
  let outcome: PlayOutcome = 'not-found';
  for (const [index, file] of files.entries()) {
    if (run.control.stopped) return 'broken';
    if (index > 0 && !asOne) await waitFor(run, milliseconds(run.read('playback_sleep_val')) ?? PAUSE_BETWEEN_FILES_MS);
    if (run.control.stopped) return 'broken';
    const limitMs = limitOf(run, endMs);
    if (limitMs !== undefined && limitMs <= 0) break;
    outcome = await playFile(run, file, limitMs);
    if (outcome === 'broken' && asOne) return outcome;
  }
  return outcome;
}

/** Files that follow each other without a pause, and that a break ends together. */
const FILE_STRING = /^file_string:\/\//i;

/** `file_string://a!b` is a list by itself, anything else only with the variable playback_delimiter. */
function splitFiles(text: string, delimiter: string | undefined): string[] {
  const list = FILE_STRING.exec(text);
  const separator = list ? '!' : delimiter;
  if (separator === undefined || separator === '') return [text];
  const files = text.slice(list?.[0].length ?? 0).split(separator);
  return files.filter((file) => file.trim() !== '').slice(0, FILES_MAX);
}

async function playFile(run: Run, file: string, limitMs: number | undefined): Promise<PlayOutcome> {
  const { channel, control } = run;
  const spoken = /^say:/i.test(file) ? await spokenFile(run, file) : undefined;
  if (control.stopped) return 'broken';
  const parsed = parseFileString(spoken ?? file, soundPrefix(run));
  if (!parsed.ok) {
    channel.log.warn({ file, reason: parsed.error }, 'cannot play');
    return 'not-found';
  }
  const playing = channel.leg.play(parsed.source, limitMs === undefined ? {} : { limitMs });
  const release = control.onStop(() => playing.stop());
  const before = channel.playing;
  channel.playing = playing;
  try {
    if (!(await playing.started)) {
      return (await playing.done).outcome === 'break' ? 'broken' : 'not-found';
    }
    const about = { 'Playback-File-Path': file.trim().replace(/@@\d+$/, '') };
    channel.emit('PLAYBACK_START', about);
    const result = await playing.done;
    stateResult(run, result);
    channel.emit('PLAYBACK_STOP', { ...about, 'Playback-Status': statusOf(result, control) });
    return OUTCOMES[result.outcome];
  } finally {
    if (channel.playing === playing) channel.playing = before;
    release();
  }
}

const OUTCOMES: Readonly<Record<PlaybackResult['outcome'], PlayOutcome>> = {
  done: 'played',
  limit: 'cut',
  break: 'broken',
  'not-found': 'not-found',
};

/** Only playback_last_offset_pos says how much was heard of what was broken off. */
function readMs({ samples, left }: PlaybackResult): number {
  const read = Math.ceil(samples / READ_AHEAD_SAMPLES) * READ_AHEAD_SAMPLES;
  return Math.floor(Math.min(read, samples + left) / SAMPLES_PER_MS);
}

/** A hang-up counts as `done` in FreeSWITCH, only what was broken off by somebody as `break`. */
function statusOf(result: PlaybackResult, control: Control): string {
  return result.outcome === 'break' && control.stopped !== 'hangup' ? 'break' : 'done';
}

function stateResult({ channel: { variables } }: Run, result: PlaybackResult): void {
  const ms = readMs(result);
  variables.set('playback_seconds', String(Math.floor(ms / 1_000)));
  variables.set('playback_ms', String(ms));
  variables.set('playback_samples', String(result.samples));
  variables.set('playback_last_offset_pos', String(result.lastOffset));
}

function soundPrefix(run: Run): { soundPrefix?: string } {
  const prefix = run.read('sound_prefix');
  return prefix === undefined ? {} : { soundPrefix: prefix };
}

function cumulativeEnd(run: Run): number | undefined {
  const seconds = Number(run.read('playback_timeout_sec_cumulative') ?? 0);
  return seconds > 0 ? run.channel.core.clock.monotonicMs() + seconds * 1_000 : undefined;
}

function limitOf(run: Run, endMs: number | undefined): number | undefined {
  const seconds = Number(run.read('playback_timeout_sec') ?? 0);
  const limits = seconds > 0 ? [seconds * 1_000] : [];
  if (endMs !== undefined) limits.push(endMs - run.channel.core.clock.monotonicMs());
  return limits.length > 0 ? Math.min(...limits) : undefined;
}

function milliseconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

/** A part of the run that ends at a key of playback_terminators; the key is told in playback_terminator_used. */
export function stoppedByTerminator(run: Run): { control: Control; release(): void } {
  const part = run.control.part();
  run.channel.variables.set('playback_terminator_used', undefined);
  const unlisten = run.channel.digits.listen((digit) => {
    if (!terminates(run.read('playback_terminators'), digit)) return;
    run.channel.variables.set('playback_terminator_used', digit);
    part.control.stop('break-all');
  });
  return {
    control: part.control,
    release() {
      unlisten();
      part.release();
    },
  };
}

/** FreeSWITCH stops at `*` when nothing is set. */
function terminates(terminators = '*', digit: string): boolean {
  if (terminators === 'none' || terminators === '') return false;
  return terminators === 'any' || terminators.includes(digit);
}
