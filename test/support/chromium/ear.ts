// One ear in a page: what a stream sounds like now, told by its strongest tone; and waiting until it is what is expected.
import { eventually } from '../servers.js';

/** What an ear hears now. */
export interface Heard {
  readonly hertz: number;
  /** Of the strongest frequency, in all that is heard. */
  readonly share: number;
  /** 0 to 1. */
  readonly level: number;
}

const LIMIT_MS = 20_000;
/** Two bins of the analyser. */
const TONE_WIDTH_HZ = 25;
const AUDIBLE = 0.005;

export function isTone({ level, share, hertz }: Heard, wanted: number): boolean {
  return level > AUDIBLE && share > 0.5 && Math.abs(hertz - wanted) < TONE_WIDTH_HZ;
}

/** Loud, and spread over many frequencies. */
export function isSpeech({ level, share }: Heard): boolean {
  return level > AUDIBLE && share < 0.5;
}

export function isSilence({ level }: Heard): boolean {
  return level < AUDIBLE / 5;
}

/** Until it sounds as expected; the error says what was heard instead. */
export async function listen(
  what: string,
  hear: () => Promise<Heard | undefined>,
  isIt: (heard: Heard) => boolean,
): Promise<void> {
  let heard: Heard | undefined;
  try {
    await eventually(
      `hearing ${what}`,
      async () => {
        heard = await hear();
        return heard !== undefined && isIt(heard);
      },
      LIMIT_MS,
    );
  } catch (error) {
    throw new Error(`${String(error)}; heard ${JSON.stringify(heard)}`, { cause: error });
  }
}

/** Runs in a page: `earFor(event)` of a `track` event is a function that returns {@link Heard}; `earAt`: of a sound's own player. */
export const EAR = `
globalThis.earFor = ({ streams, track }) => {
  const context = new AudioContext();
  return earOn(context.createMediaStreamSource(streams[0] ?? new MediaStream([track])));
};
globalThis.earAt = (player) => {
  const source = new AudioContext().createMediaElementSource(player);
  source.connect(source.context.destination);
  return earOn(source);
};
globalThis.earOn = (source) => {
  const analyser = source.context.createAnalyser();
  analyser.fftSize = 4096;
  analyser.smoothingTimeConstant = 0;
  source.connect(analyser);
  return () => {
    const wave = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(wave);
    const level = Math.sqrt(wave.reduce((sum, sample) => sum + sample * sample, 0) / wave.length);
    const decibels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(decibels);
    const power = decibels.map((value) => 10 ** (value / 10));
    const top = power.indexOf(Math.max(...power));
    const near = power.slice(Math.max(0, top - 3), top + 4).reduce((sum, value) => sum + value, 0);
    const all = power.reduce((sum, value) => sum + value, 0);
    return { hertz: (top * analyser.context.sampleRate) / analyser.fftSize, share: near / (all || 1), level };
  };
};
`;
