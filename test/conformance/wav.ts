// WAV files of any rate, channels and coding, with one tone: to find out what a media server can play.
import { encode, PCMA, PCMU } from '../../src/switch/rtp/g711.js';

export interface WavTone {
  readonly rate: number;
  readonly channels: 1 | 2;
  readonly hz: number;
  readonly ms: number;
  readonly coding: 'pcm' | 'alaw' | 'ulaw';
}

/** WAVE_FORMAT_PCM, _ALAW, _MULAW. */
const FORMAT = { pcm: 1, alaw: 6, ulaw: 7 };

export function wav({ rate, channels, hz, ms, coding }: WavTone): Buffer {
  const samples = new Int16Array(((rate * ms) / 1_000) * channels);
  for (let at = 0; at < samples.length; at++) {
    samples[at] = Math.round(10_000 * Math.sin((2 * Math.PI * hz * Math.floor(at / channels)) / rate));
  }
  const data =
    coding === 'pcm' ? Buffer.from(samples.buffer) : Buffer.from(encode(samples, coding === 'alaw' ? PCMA : PCMU));
  const width = coding === 'pcm' ? 2 : 1;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(FORMAT[coding], 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * width, 28);
  header.writeUInt16LE(channels * width, 32);
  header.writeUInt16LE(8 * width, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
