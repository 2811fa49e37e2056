// Writes the hold music of a fresh installation as WAV, for a media server that does not compose it itself: npm run music -- <folder>.
import { composeMelody } from './media/audio/melody.js';
import { createWav } from './media/audio/wav-writer.js';

const FILE_NAME = 'hilo.wav';

/** Resolves with the path of the file, PCM16 mono at 8 kHz. */
export async function writeMusic(folder: string): Promise<string> {
  const samples = await composeMelody(() => Promise.resolve());
  const wav = await createWav(`${folder}/${FILE_NAME}`, 1);
  try {
    await wav.append(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  } finally {
    await wav.close();
  }
  return wav.path;
}

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('Usage: npm run music -- <folder>\n');
  process.exitCode = 2;
} else process.stdout.write(`${await writeMusic(folder)}\n`);
