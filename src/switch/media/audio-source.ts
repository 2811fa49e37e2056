// What can be played, as a value, and the reading of FreeSWITCH file strings into it.
import { parseTones, type ToneProgramme } from './audio/tone.js';

/** Something to play. Samples are at 8 kHz; lists play without gaps and skip items that cannot be opened. */
export type AudioSource =
  | { readonly kind: 'file'; readonly path: string; readonly startSample?: number }
  /** `ms: -1` is endless. `noise` n makes comfort noise of 1/n of full scale, as the second parameter of silence_stream. */
  | { readonly kind: 'silence'; readonly ms: number; readonly noise?: number }
  | { readonly kind: 'tone'; readonly programme: ToneProgramme }
  /** A file with tones written in TGML; `loops` wins over the file's own. */
  | { readonly kind: 'tone-file'; readonly path: string; readonly loops?: number }
  /** Shared music: everyone hears the same moment of it. */
  | { readonly kind: 'music'; readonly name: string }
  /** `loops: -1` repeats for ever; default 1. */
  | { readonly kind: 'list'; readonly items: readonly AudioSource[]; readonly loops?: number };

export type ParsedFileString =
  | { readonly ok: true; readonly source: AudioSource }
  | { readonly ok: false; readonly error: string };

export interface FileStringOptions {
  /** The variable playback_delimiter: separates a list of files. */
  readonly delimiter?: string;
  /** Folder of relative names (the variable sound_prefix). */
  readonly soundPrefix?: string;
}

export const FILE_STRING_LENGTH_MAX = 8_192;
export const LIST_ITEMS_MAX = 128;

/**
 * Reads `a.wav`, `a.wav@@8000`, `{x=y}a.wav`, `a!b` (with a delimiter), `file_string://a!b`, `silence_stream://ms[,noise]`,
 * `tone_stream://…;loops=n`, `tone_stream://path=file;loops=n` and `local_stream://name`. Names with `..` in them are refused.
 */
export function parseFileString(text: string, options: FileStringOptions = {}): ParsedFileString {
  if (text.length > FILE_STRING_LENGTH_MAX) return fail('file string is too long');
  const trimmed = text.trim();
  const delimiter = options.delimiter;
  if (delimiter !== undefined && delimiter !== '' && trimmed.includes(delimiter)) {
    return parseList(trimmed.split(delimiter), options);
  }
  return parseItem(trimmed, options);
}

function parseList(parts: readonly string[], options: FileStringOptions): ParsedFileString {
  const names = parts.map((part) => part.trim()).filter((part) => part !== '');
  if (names.length === 0) return fail('empty list of files');
  if (names.length > LIST_ITEMS_MAX) return fail(`more than ${LIST_ITEMS_MAX} files in a list`);
  const items: AudioSource[] = [];
  for (const name of names) {
    const parsed = parseItem(name, options);
    if (!parsed.ok) return parsed;
    items.push(parsed.source);
  }
  return { ok: true, source: { kind: 'list', items } };
}

function parseItem(text: string, options: FileStringOptions): ParsedFileString {
  const name = withoutParameters(text);
  const scheme = /^([a-z_]+):\/\//i.exec(name);
  if (scheme === null) return parsePath(name, options);
  const rest = name.slice(scheme[0].length);
  switch (scheme[1]?.toLowerCase()) {
    case 'file_string':
      return parseList(rest.split('!'), options);
    case 'silence_stream':
      return parseSilence(rest);
    case 'tone_stream':
      return parseToneStream(rest, options);
    case 'local_stream':
      return MUSIC_NAME.test(rest) ? { ok: true, source: { kind: 'music', name: rest } } : fail('bad name of music');
    case 'file':
      return parsePath(rest, options);
    default:
      return fail(`unsupported stream: ${scheme[1]}`);
  }
}

const MUSIC_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

/** `{loops=2}a.wav`: per-file parameters are read over; none of them changes what G.711 playback does. */
function withoutParameters(text: string): string {
  if (!text.startsWith('{')) return text;
  const end = text.indexOf('}');
  return end < 0 ? text : text.slice(end + 1);
}

function parsePath(text: string, options: FileStringOptions): ParsedFileString {
  const [, name = '', start] = /^(.*?)(?:@@(\d{1,12}))?$/s.exec(text) ?? [];
  if (name === '' || name.includes('\0')) return fail('empty file name');
  if (/^(say|phrase):/.test(name)) return fail('phrase macros and speech are not supported here');
  if (name.split(/[/\\]/).includes('..')) return fail('file name leads out of its folder');
  const prefix = options.soundPrefix;
  const path = name.startsWith('/') || prefix === undefined || prefix === '' ? name : `${prefix}/${name}`;
  return {
    ok: true,
    source: start === undefined ? { kind: 'file', path } : { kind: 'file', path, startSample: Number(start) },
  };
}

function parseSilence(text: string): ParsedFileString {
  const match = /^(-1|\d{1,9})(?:,(\d{1,9}))?$/.exec(text);
  if (match === null) return fail('silence_stream wants milliseconds or -1');
  const noise = Number(match[2] ?? 0);
  return { ok: true, source: { kind: 'silence', ms: Number(match[1]), ...(noise > 0 ? { noise } : {}) } };
}

function parseToneStream(text: string, options: FileStringOptions): ParsedFileString {
  const [, file, loops] = /^path=([^;]+)(?:;loops=(-?\d{1,6}))?$/.exec(text) ?? [];
  if (file !== undefined) {
    const parsed = parsePath(file, options);
    if (!parsed.ok || parsed.source.kind !== 'file') return parsed;
    const { path } = parsed.source;
    return { ok: true, source: { kind: 'tone-file', path, ...(loops === undefined ? {} : { loops: Number(loops) }) } };
  }
  const parsed = parseTones(text);
  return parsed.ok ? { ok: true, source: { kind: 'tone', programme: parsed.programme } } : parsed;
}

function fail(error: string): ParsedFileString {
  return { ok: false, error };
}
