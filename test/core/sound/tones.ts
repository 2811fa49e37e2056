// Sounds with a known content, and what is in a sound.
import type { Sound } from '../../../src/core/sound/sound.js';

export function sine(hertz: number, rate: number, { level = 0.5, seconds = 1 } = {}): Sound {
  const samples = Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, at) => level * Math.sin((2 * Math.PI * hertz * at) / rate),
  );
  return { rate, samples };
}

export function joined(...sounds: readonly Sound[]): Sound {
  const samples = new Float32Array(sounds.reduce((length, { samples: { length: more } }) => length + more, 0));
  let at = 0;
  for (const sound of sounds) {
    samples.set(sound.samples, at);
    at += sound.samples.length;
  }
  return { rate: sounds[0]?.rate ?? 8_000, samples };
}

export function silence(rate: number, seconds: number): Sound {
  return { rate, samples: new Float32Array(Math.round(rate * seconds)) };
}

export function power(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}

/** How much of the power of a sound is this tone: 0 to 1. */
export function share(hertz: number, { rate, samples }: Sound): number {
  let [real, imaginary] = [0, 0];
  samples.forEach((sample, at) => {
    const angle = (2 * Math.PI * hertz * at) / rate;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  });
  return (2 * (real ** 2 + imaginary ** 2)) / (samples.length ** 2 * power(samples) ** 2 || 1);
}
