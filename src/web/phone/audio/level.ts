// How loud a stream is, for people who want to see that their microphone hears them.

/** Of a frame of samples (-1 to 1): 0 (silence, −60 dB and less) to 1 (full). */
export function loudness(samples: ArrayLike<number>): number {
  let power = 0;
  for (let at = 0; at < samples.length; at += 1) power += (samples[at] ?? 0) ** 2;
  const decibels = 10 * Math.log10(power / Math.max(1, samples.length));
  return Math.min(1, Math.max(0, 1 + decibels / 60));
}

const LOOK_MS = 50;
const FRAME = 1_024;

/** Tells `listener` twenty times a second; returns how to stop. */
export function watchLevel(stream: MediaStream, listener: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = FRAME;
  context.createMediaStreamSource(stream).connect(analyser);
  const frame = new Float32Array(FRAME);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(frame);
    listener(loudness(frame));
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
