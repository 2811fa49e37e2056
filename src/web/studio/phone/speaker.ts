// The loudspeaker of the telephone: what a turn of the call says, one thing after the other, until it is told to stop.
import type { WireHeardWish } from '../../../contract/prompt/prompt.js';
import type { Prompt } from '../../../core/ivr/ask.js';
import { download } from '../../session/http.js';
import type { Turn } from './hand-call.js';
import { type Tone, toneOf } from './tones.js';

export type Sounding =
  | { readonly kind: 'prompt'; readonly prompt: Prompt }
  /** `isOn`: on and on. */
  | { readonly kind: 'tone'; readonly tone: Tone; readonly isOn: boolean };

/** What is said, then what is heard while something is awaited. */
export function soundsOf({ lines, question }: Turn): Sounding[] {
  const said = lines.flatMap((line): Sounding[] =>
    line.kind === 'heard' ? [{ kind: 'prompt', prompt: line.prompt }] : [],
  );
  const then = question.kind === 'outcome' ? AWAITING[question.of] : undefined;
  return then === undefined ? said : [...said, then];
}

const AWAITING: Readonly<Partial<Record<(Turn['question'] & { kind: 'outcome' })['of'], Sounding>>> = {
  queue: { kind: 'tone', tone: 'music', isOn: true },
  forward: { kind: 'tone', tone: 'ringing', isOn: true },
  voicemail: { kind: 'tone', tone: 'beep', isOn: false },
};

/** Sounds that are kept: a call through a flow says the same things again and again. */
const KEPT_MAX = 60;

export interface SpeakerPorts {
  /** Of a prompt; an empty one: nothing is heard. Rejects when it cannot be had. */
  readonly fetchSound: (prompt: Prompt) => Promise<Blob>;
  /** Resolves at its end, or soon after `signal`; never for what goes `isOn`. Rejects when it cannot be played. */
  readonly play: (sound: Blob, isOn: boolean, signal: AbortSignal) => Promise<void>;
}

export class Speaker {
  readonly #ports: SpeakerPorts;
  readonly #kept = new Map<string, Promise<Blob>>();
  #saying = new AbortController();

  constructor(ports: SpeakerPorts) {
    this.#ports = ports;
  }

  /** In place of what it says now. Rejects when something cannot be heard; what comes after it is said all the same. */
  async say(sounds: readonly Sounding[]): Promise<void> {
    this.stop();
    const { signal } = this.#saying;
    let failure: unknown;
    for (const [index, sound] of sounds.entries()) {
      try {
        const blob = await this.#soundOf(sound);
        if (signal.aborted) return;
        const next = sounds[index + 1];
        // Ready when this one ends; whether that failed is found out when it is its turn.
        if (next !== undefined) this.#soundOf(next).catch(() => undefined);
        if (blob.size > 0) await this.#ports.play(blob, sound.kind === 'tone' && sound.isOn, signal);
      } catch (error) {
        failure ??= error;
      }
      if (signal.aborted) return;
    }
    if (failure !== undefined) throw failure;
  }

  stop(): void {
    this.#saying.abort();
    this.#saying = new AbortController();
  }

  #soundOf(sound: Sounding): Promise<Blob> {
    const key = JSON.stringify(sound);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = sound.kind === 'tone' ? Promise.resolve(toneOf(sound.tone)) : this.#ports.fetchSound(sound.prompt);
    this.#kept.set(key, made);
    // Another try next time.
    made.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    return made;
  }
}

/** As callers would hear it. */
export function fetchSound(prompt: Prompt): Promise<Blob> {
  return download('/api/prompts/heard', { method: 'POST', body: wishOf(prompt) });
}

function wishOf(prompt: Prompt): WireHeardWish {
  if (prompt.kind === 'text') return { language: prompt.language, text: prompt.text };
  const { language, name: recording, fallbackText: text, fallbackLanguage: textLanguage } = prompt;
  return {
    ...{ language, recording },
    ...(text === undefined ? {} : { text }),
    ...(textLanguage === undefined ? {} : { textLanguage }),
  };
}

/** By a player of the page. */
export async function playBlob(sound: Blob, isOn: boolean, signal: AbortSignal): Promise<void> {
  const url = URL.createObjectURL(sound);
  const audio = new Audio(url);
  audio.loop = isOn;
  const over = new Promise<void>((resolve, reject) => {
    audio.addEventListener('ended', () => resolve(), { once: true });
    audio.addEventListener('error', () => reject(new Error(audio.error?.message ?? 'audio')), { once: true });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await Promise.race([audio.play(), over]);
    await over;
  } finally {
    audio.pause();
    URL.revokeObjectURL(url);
  }
}
