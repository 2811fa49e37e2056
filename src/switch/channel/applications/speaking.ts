// Owns the applications that speak: speak and say, by a synthesiser.
import { type SayRequest, sentenceOf } from '../../speech/say.js';
import { type Application, NO_RESPONSE, type Run } from '../application.js';
import { splitArguments } from '../expansion.js';

/** `speak [engine|voice|]<text>`; the variables tts_engine and tts_voice stand for the first two. One engine is there. */
export const speak: Application = (run) => {
  const [first = '', second, third] = run.argument.split('|');
  const text = third ?? second ?? first;
  const voice = third === undefined ? (second === undefined ? run.read('tts_voice') : first) : second;
  return sayAloud(run, text, voice ?? '', run.read('default_language') ?? 'en');
};

/** `say <language>[:voice] <type> <method> [<gender>] <text>` */
export const say: Application = (run) => {
  const [module = '', type = '', method = '', ...rest] = splitArguments(run.argument);
  const hasGender = rest.length > 1 && /^(masculine|feminine|neuter)$/i.test(rest[0] ?? '');
  const [language = 'en', voice = ''] = module.split(':');
  const text = rest.slice(hasGender ? 1 : 0).join(' ');
  const request: SayRequest = { language, type, method, gender: hasGender ? (rest[0] ?? '') : '', text };
  const sentence = sentenceOf(request, run.read('timezone') ?? 'UTC');
  if (sentence === undefined) return '-ERR cannot say that';
  return sayAloud(run, sentence, voice, language);
};

/** A `phrase` is a macro of FreeSWITCH's XML configuration, and there is none here. */
export const phrase: Application = ({ channel, argument }) => {
  channel.log.warn({ phrase: argument }, 'phrase macros are not supported');
  return '-ERR phrase macros are not supported: use say, speak or playback';
};

/** The file that says `say:<text>` or `say:<engine>:<voice>:<text>`; undefined when it cannot be made. */
export function spokenFile(run: Run, fileString: string): Promise<string | undefined> {
  const said = fileString.replace(/^say:/i, '');
  const [, voice = run.read('tts_voice') ?? '', text = said] = /^[^:]*:([^:]*):(.+)$/s.exec(said) ?? [];
  const { speaker } = run.services;
  return speaker?.speak(text, voice, run.read('default_language') ?? 'en') ?? Promise.resolve(undefined);
}

async function sayAloud(run: Run, text: string, voice: string, language: string): Promise<string> {
  const { channel, control, services } = run;
  const path = await services.speaker?.speak(text, voice, language);
  if (path === undefined) return '-ERR no speech';
  if (control.stopped) return NO_RESPONSE;
  const playing = channel.leg.play({ kind: 'file', path });
  const release = control.onStop(() => playing.stop());
  const { ms, samples } = await playing.done;
  release();
  channel.variables.set('playback_seconds', String(Math.floor(ms / 1_000)));
  channel.variables.set('playback_ms', String(ms));
  channel.variables.set('playback_samples', String(samples));
  return NO_RESPONSE;
}
