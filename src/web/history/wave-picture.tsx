// The wave of a recording: what was played is coloured, what was not recorded is hatched.

import type { MouseEvent } from 'react';
import { useId } from 'react';
import type { WireRecording, WireWave } from '../../contract/history/recording.js';
import { useTexts } from '../texts/language.js';
import { historyTexts } from './texts.js';

const WIDTH = 600;
const HEIGHT = 64;
/** A line is seen also where it is silent. */
const LEAST = 1;

export interface WavePictureProps {
  readonly wave: WireWave;
  readonly pauses: WireRecording['pauses'];
  readonly atMs: number;
  readonly onSeek: (seconds: number) => void;
}

export function WavePicture({ wave: { durationMs, peaks }, pauses, atMs, onSeek }: WavePictureProps) {
  const texts = useTexts(historyTexts);
  const hatch = useId();
  const place = (ms: number): number => (durationMs === 0 ? 0 : (WIDTH * Math.min(ms, durationMs)) / durationMs);
  const played = Math.round((peaks.length * place(atMs)) / WIDTH);
  const seek = ({ currentTarget, clientX }: MouseEvent<SVGSVGElement>): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    onSeek(((clientX - left) / width) * (durationMs / 1_000));
  };
  return (
    // The slider below does the same for the keyboard and for those who do not see it.
    <svg
      className="wave"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      data-peaks={peaks.length}
      onClick={seek}
    >
      <defs>
        <pattern id={hatch} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line y2="8" className="wave-hatch" />
        </pattern>
      </defs>
      {pauses.map(({ fromMs, toMs = durationMs }) => (
        <rect
          key={fromMs}
          className="wave-pause"
          x={place(fromMs)}
          width={Math.max(2, place(toMs) - place(fromMs))}
          height={HEIGHT}
          fill={`url(#${hatch})`}
        >
          <title>{texts.paused}</title>
        </rect>
      ))}
      <path className="wave-played" d={barsOf(peaks, 0, played)} />
      <path className="wave-ahead" d={barsOf(peaks, played, peaks.length)} />
    </svg>
  );
}

/** Vertical lines for those from `first` to before `end`. */
export function barsOf(peaks: readonly number[], first: number, end: number): string {
  const step = WIDTH / Math.max(1, peaks.length);
  const middle = HEIGHT / 2;
  return peaks
    .slice(first, end)
    .map((peak, index) => {
      const half = Math.max(LEAST, (peak / 100) * middle);
      return `M${((first + index + 0.5) * step).toFixed(1)} ${(middle - half).toFixed(1)}v${(2 * half).toFixed(1)}`;
    })
    .join('');
}
