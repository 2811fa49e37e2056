import { expect, test } from 'vitest';
import { FRAME_BODY_BYTES_MAX, FrameReader, FrameWriter, PIPE_BYTES_MAX } from '../../../src/switch/webrtc/frames.js';

function pipe(): { written: Buffer[]; writer: FrameWriter; end: { writableLength: number } } {
  const written: Buffer[] = [];
  const end = { writableLength: 0, write: (bytes: Buffer) => written.push(bytes) };
  return { written, writer: new FrameWriter(end), end };
}

function reader(): { read: FrameReader; heard: unknown[] } {
  const heard: unknown[] = [];
  const read = new FrameReader({
    onMessage: (message) => heard.push(message),
    onPacket: (peer, packet) => heard.push([peer, packet.toString()]),
  });
  return { read, heard };
}

test('what is written in one turn is one write, and is read again whatever the pieces', async () => {
  const { written, writer } = pipe();
  writer.message({ type: 'open', peer: 7 });
  const packet = Buffer.from('audio');
  writer.packet(70_000, packet);
  packet.fill(0);
  writer.packet(2, Buffer.alloc(0));
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toHaveLength(1);
  const bytes = Buffer.concat(written);
  for (const size of [1, 2, 7, 8, bytes.length]) {
    const { read, heard } = reader();
    for (let at = 0; at < bytes.length; at += size) read.read(bytes.subarray(at, at + size));
    expect(heard).toEqual([{ type: 'open', peer: 7 }, [70_000, 'audio'], [2, '']]);
  }
});

test('packets are dropped while the other end does not read, messages are not; what is too long is not sent', async () => {
  const { written, writer, end } = pipe();
  end.writableLength = PIPE_BYTES_MAX;
  writer.packet(1, Buffer.from('dropped'));
  writer.packet(1, Buffer.alloc(FRAME_BODY_BYTES_MAX + 1));
  writer.message({ kept: true });
  await new Promise((resolve) => setImmediate(resolve));
  const { read, heard } = reader();
  for (const bytes of written) read.read(bytes);
  expect(heard).toEqual([{ kept: true }]);
});
