// The entry of a WebRTC host: a process of its own, because the library it stands on may not live in threads and may not take the switch with it.
import { systemClock } from '../../lib/clock.js';
import { FrameReader, FrameWriter } from './frames.js';
import type { WebCommand, WebSettings } from './messages.js';
import { openWebHost } from './web-host.js';

const writer = new FrameWriter(process.stdout);
const settings = JSON.parse(process.argv[2] ?? '{}') as WebSettings;
// Whoever started us is gone, however it went.
process.stdin.on('end', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
// Signals of a terminal go to the whole group; the switch says goodbye to its calls first and then closes our pipe.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
try {
  const host = await openWebHost(settings, systemClock, {
    onReport: (report) => writer.message(report),
    onPacket: (peer, packet) => writer.packet(peer, packet),
  });
  const reader = new FrameReader({
    onMessage: (command) => host.handle(command as WebCommand),
    onPacket: (peer, packet) => host.send(peer, packet),
  });
  process.stdin.on('data', (bytes: Buffer) => reader.read(bytes));
} catch (error) {
  writer.message({ type: 'unavailable', reason: String(error) });
  process.stdin.resume();
}
