// Sounds that this browser holds: files that it can play and takes from the microphone, as the WAV that Hilo takes.
import { type Sound, WIDE_RATE } from '../../core/sound/sound.js';
import { writeWav } from '../../core/sound/wav-writing.js';

/** Of a file that Hilo would refuse anyway. */
export const FILE_BYTES_MAX = 36 * 1024 * 1024;

/** Rejects when the browser cannot read it. */
export async function soundIn(file: Blob): Promise<Sound> {
  // One that plays nothing: it only decodes, and brings what it decodes to its own rate.
  const decoder = new OfflineAudioContext(1, 1, WIDE_RATE);
  const buffer = await decoder.decodeAudioData(await file.arrayBuffer());
  const samples = new Float32Array(buffer.length);
  for (let channel = 0; channel < buffer.numberOfChannels; channel += 1) {
    const own = buffer.getChannelData(channel);
    for (let at = 0; at < samples.length; at += 1) {
      samples[at] = (samples[at] ?? 0) + (own[at] ?? 0) / buffer.numberOfChannels;
    }
  }
  return { rate: buffer.sampleRate, samples };
}

export function wavOf(sound: Sound): Blob {
  return new Blob([writeWav(sound)], { type: 'audio/wav' });
}

/** A WAV goes as it is, so that Hilo sees whether it was cut off; what else the browser can play is converted here. */
export async function asWav(file: Blob): Promise<Blob> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const word = String.fromCharCode(...head.subarray(0, 4), ...head.subarray(8, 12));
  return word === 'RIFFWAVE' ? new Blob([file], { type: 'audio/wav' }) : wavOf(await soundIn(file));
}
