// The program behind `npm run music`: writes the hold music as WAV, for a media server that does not compose it itself.
import { composeMelody } from './media/audio/melody.js';
import { createWav } from './media/audio/wav-writer.js';

const USAGE =
  'Usage: npm run music -- <folder>     writes hilo.wav there, 8 kHz, for local_stream://moh of FreeSWITCH\n';

const folder = process.argv[2];
if (folder === undefined || folder.startsWith('-')) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const samples = await composeMelody(() => Promise.resolve());
  const wav = await createWav(`${folder}/hilo.wav`, { channels: 1 });
  await wav.append(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  await wav.close();
  process.stdout.write(`${wav.path}\n`);
}
