// One take at the microphone: its level while it runs, then its sound without the silence around it.
import { useEffect, useRef, useState } from 'react';
import type { Sound } from '../../core/sound/sound.js';
import { trimmed } from '../../core/sound/trimming.js';
import { readChoices } from '../phone/audio/choices.js';
import { watchLevel } from '../phone/audio/level.js';
import { closeStream, openMicrophone } from '../phone/audio/microphone.js';
import { soundIn } from './browser-sound.js';

/** As long as a prompt may be. */
export const TAKE_MS_MAX = 180_000;
const BITS_PER_SECOND = 128_000;
/** What helps in a call harms a recording: nobody speaks at the other end, and Hilo sees to the loudness. */
const UNTREATED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

export type Take =
  | { readonly state: 'ready' }
  | { readonly state: 'asking' }
  | { readonly state: 'running'; readonly level: number; readonly peak: number; readonly sinceMs: number }
  | { readonly state: 'reading' }
  /** `whole`: with the silence around it. */
  | { readonly state: 'taken'; readonly whole: Sound; readonly sound: Sound }
  | { readonly state: 'failed'; readonly reason: 'denied' | 'none' };

export interface Recorder {
  readonly take: Take;
  readonly start: () => void;
  readonly stop: () => void;
  readonly drop: () => void;
}

/** The microphone is open only while a take runs. */
export function useRecorder(): Recorder {
  const [take, setTake] = useState<Take>({ state: 'ready' });
  const running = useRef<{ stop(): void; abandon(): void }>(undefined);
  useEffect(() => () => running.current?.abandon(), []);
  const begin = async (): Promise<void> => {
    setTake({ state: 'asking' });
    running.current = await record({
      onLevel: (level, peak, sinceMs) => setTake({ state: 'running', level, peak, sinceMs }),
      onEnd: async (blob) => {
        setTake({ state: 'reading' });
        const whole = await soundIn(blob);
        setTake({ state: 'taken', whole, sound: trimmed(whole) });
      },
      onFailure: () => setTake({ state: 'failed', reason: 'none' }),
    });
  };
  const start = (): void => {
    begin().catch((error: unknown) => {
      const isDenied = error instanceof DOMException && error.name === 'NotAllowedError';
      setTake({ state: 'failed', reason: isDenied ? 'denied' : 'none' });
    });
  };
  return {
    take,
    start,
    stop: () => running.current?.stop(),
    drop: () => {
      running.current?.abandon();
      setTake({ state: 'ready' });
    },
  };
}

interface Listeners {
  readonly onLevel: (level: number, peak: number, sinceMs: number) => void;
  readonly onEnd: (blob: Blob) => Promise<void>;
  readonly onFailure: () => void;
}

async function record({ onLevel, onEnd, onFailure }: Listeners): Promise<{ stop(): void; abandon(): void }> {
  const stream = await openMicrophone(readChoices().microphone, UNTREATED);
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND });
  const pieces: Blob[] = [];
  const startedMs = performance.now();
  let isWanted = true;
  let peak = 0;
  const unwatch = watchLevel(stream, (level) => {
    peak = Math.max(peak, level);
    onLevel(level, peak, performance.now() - startedMs);
  });
  const timer = setTimeout(() => recorder.stop(), TAKE_MS_MAX);
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
  recorder.addEventListener('stop', () => {
    clearTimeout(timer);
    unwatch();
    closeStream(stream);
    if (isWanted) onEnd(new Blob(pieces, { type: recorder.mimeType })).catch(onFailure);
  });
  recorder.start();
  return {
    stop: () => {
      if (recorder.state !== 'inactive') recorder.stop();
    },
    abandon: () => {
      isWanted = false;
      if (recorder.state !== 'inactive') recorder.stop();
    },
  };
}
