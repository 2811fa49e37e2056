import { createSocket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PACKETS_PER_SECOND_MAX } from '../../../src/switch/media/leg/leg.js';
import { PCMU } from '../../../src/switch/rtp/g711.js';
import { LATCH_PACKETS } from '../../../src/switch/rtp/source-latch.js';
import { type Bench, openBench, purity, tonePackets } from './rtp-phone.js';

let bench: Bench;

beforeEach(async () => {
  bench = await openBench();
});

afterEach(() => bench?.close());

const tone = tonePackets(440, 200, PCMU);
const packet = (frame: number): Buffer => tone[frame] ?? Buffer.alloc(0);

describe('whom a leg hears and where it sends', () => {
  test('an intruder is not heard once the caller has spoken, and cannot press keys', async () => {
    const { leg, phone } = await bench.call();
    const listener = await bench.call();
    leg.bridge(listener.leg);
    const digits: string[] = [];
    leg.onDigit(({ digit }) => digits.push(digit));
    const intruder = await bench.phone();
    intruder.talkTo(leg);
    await bench.run(1, () => phone.sendAudio(packet(0)));
    const noise = tonePackets(900, 40, PCMU);
    const key = intruder.keyPackets(5);
    await bench.run(40, (frame) => {
      phone.sendAudio(packet(frame + 1));
      intruder.sendAudio(noise[frame] ?? Buffer.alloc(0));
      if (frame < key.length) intruder.sendRaw(key[frame] ?? Buffer.alloc(0));
    });
    expect(listener.phone.audio).toHaveLength(41);
    expect(purity(listener.phone.samples(), 440)).toBeGreaterThan(0.99);
    expect(digits).toEqual([]);
    expect(intruder.heard).toHaveLength(0);
    // The kernel drops what an intruder sends: not even counting it costs anything.
    expect((await leg.stats()).received.foreign).toBe(0);
  });

  test('behind NAT: after ten packets from elsewhere audio goes there and is heard from there', async () => {
    const { leg, phone } = await bench.call();
    const listener = await bench.call();
    leg.bridge(listener.leg);
    await leg.play({ kind: 'silence', ms: -1 }).started;
    const behindNat = await bench.phone();
    behindNat.talkTo(leg);
    await bench.run(30, (frame) => behindNat.sendAudio(packet(frame)));
    expect(phone.audio).toHaveLength(LATCH_PACKETS - 1);
    expect(behindNat.audio).toHaveLength(30 - (LATCH_PACKETS - 1));
    expect(listener.phone.audio).toHaveLength(30 - (LATCH_PACKETS - 1));
    expect((await leg.stats()).received).toMatchObject({ foreign: LATCH_PACKETS - 1, packets: 21 });
    // A re-INVITE that announces the same address does not lose it.
    leg.connect(phone.remote());
    await bench.run(5);
    expect(behindNat.audio).toHaveLength(30 - (LATCH_PACKETS - 1) + 5);
    // One that announces another does.
    const moved = await bench.phone();
    leg.connect(moved.remote());
    await bench.run(5);
    expect(moved.audio).toHaveLength(5);
  });

  test('without latching another source is never taken', async () => {
    const { leg, phone } = await bench.call(PCMU, { latch: false });
    await leg.play({ kind: 'silence', ms: -1 }).started;
    const other = await bench.phone();
    other.talkTo(leg);
    await bench.run(30, (frame) => other.sendAudio(packet(frame)));
    expect(phone.audio).toHaveLength(30);
    expect((await leg.stats()).received.packets).toBe(0);
  });
});

describe('an attacker', () => {
  test('that floods from the first packet on is not heard, and the caller is as soon as it speaks', async () => {
    const { leg, phone } = await bench.call();
    const listener = await bench.call();
    leg.bridge(listener.leg);
    const attacker = await bench.phone();
    attacker.talkTo(leg);
    const noise = tonePackets(900, 500, PCMU);
    const flood = (frame: number): void => {
      for (let copy = 0; copy < 5; copy++) attacker.sendAudio(noise[frame * 5 + copy] ?? Buffer.alloc(160));
    };
    await bench.run(40, flood);
    expect(listener.phone.audio).toHaveLength(0);
    await bench.run(40, (frame) => {
      phone.sendAudio(packet(frame));
      flood(frame + 40);
    });
    expect(listener.phone.audio).toHaveLength(40);
    expect(purity(listener.phone.samples(), 440)).toBeGreaterThan(0.99);
    expect((await leg.stats()).received.foreign).toBeGreaterThanOrEqual(200);
  });

  test('that was taken for the caller behind a NAT is thrown out by the first packet of the announced one', async () => {
    const { leg, phone } = await bench.call();
    await leg.play({ kind: 'silence', ms: -1 }).started;
    const attacker = await bench.phone();
    attacker.talkTo(leg);
    await bench.run(20, (frame) => attacker.sendAudio(packet(frame)));
    expect(attacker.audio.length).toBeGreaterThan(0);
    await bench.run(1, () => phone.sendAudio(packet(0)));
    const [before, own] = [attacker.audio.length, phone.audio.length];
    await bench.run(20, (frame) => attacker.sendAudio(packet(frame + 20)));
    expect(attacker.audio.length).toBeLessThanOrEqual(before + 1);
    expect(phone.audio.length).toBeGreaterThanOrEqual(own + 19);
  });

  test('that sends reports from another place, or of another stream, changes nothing', async () => {
    const { leg, phone } = await bench.call();
    await bench.run(1, () => phone.sendAudio(packet(0)));
    const stranger = createSocket('udp4');
    await new Promise<void>((resolve) => stranger.bind(0, '127.0.0.2', resolve));
    const report = Buffer.from('80c9000100001000', 'hex');
    stranger.send(report, leg.port + 1, leg.address); // the SSRC of the phone, another address
    const spoofed = createSocket('udp4');
    await new Promise<void>((resolve) => spoofed.bind(0, '127.0.0.1', resolve));
    spoofed.send(Buffer.from('80c9000100009999', 'hex'), leg.port + 1, leg.address);
    await bench.run(2);
    expect((await leg.stats()).received).toMatchObject({ rtcpPackets: 0, foreign: 2 });
    spoofed.send(report, leg.port + 1, leg.address);
    await bench.run(2);
    expect((await leg.stats()).received.rtcpPackets).toBe(1);
    stranger.close();
    spoofed.close();
  });
});

describe('bad packets', () => {
  test('random bytes, wrong payload types and RTCP on the port are counted and dropped', async () => {
    const { leg, phone } = await bench.call();
    const listener = await bench.call();
    leg.bridge(listener.leg);
    await bench.run(1, () => {
      phone.sendRaw(Buffer.from('not RTP at all, just some text'));
      phone.sendRaw(Buffer.of(0x80));
      phone.sendRaw(Buffer.alloc(4_000, 0x80));
      phone.sendAudio(Buffer.alloc(160), 18);
      phone.sendAudio(Buffer.alloc(160), 13);
      phone.sendAudio(Buffer.alloc(3), 101);
      phone.sendAudio(packet(0));
    });
    expect((await leg.stats()).received).toMatchObject({ malformed: 4, unknownPayload: 2, packets: 4 });
    expect(listener.phone.audio).toHaveLength(1);
  });

  test('a flood from the right source is cut to what a call can need', async () => {
    const { leg, phone } = await bench.call();
    const listener = await bench.call();
    leg.bridge(listener.leg);
    await bench.run(50, (frame) => {
      for (let copy = 0; copy < 10; copy++) phone.sendAudio(packet(frame));
    });
    const { received } = await leg.stats();
    expect(received.packets + received.flood).toBe(500);
    expect(received.flood).toBeGreaterThan(0);
    expect(listener.phone.audio.length).toBeLessThanOrEqual(2 * PACKETS_PER_SECOND_MAX);
    expect(listener.phone.audio.length).toBe(received.packets);
  });

  test('a remote port that is closed does no harm, and is heard when it opens', async () => {
    const { leg, phone } = await bench.call(PCMU, { latch: false });
    const gone = createSocket('udp4').bind(0, '127.0.0.1');
    await new Promise((resolve) => gone.once('listening', resolve));
    const { port } = gone.address();
    gone.close();
    leg.connect(phone.remote({ port, latch: false }));
    await leg.play({ kind: 'silence', ms: -1 }).started;
    await bench.run(20);
    expect((await leg.stats()).sent.errors).toBeGreaterThan(0);
    leg.connect(phone.remote({ latch: false }));
    await bench.run(10);
    expect(phone.audio.length).toBeGreaterThanOrEqual(9);
  });
});

describe('a remote party that falls silent', () => {
  test('is reported once after its time, and again after it was back', async () => {
    const { leg, phone } = await bench.call(PCMU, { timeOutMs: 1_000 });
    let timeOuts = 0;
    leg.onTimeOut(() => timeOuts++);
    await bench.run(45);
    expect(timeOuts).toBe(0);
    await bench.run(100);
    expect(timeOuts).toBe(1);
    await bench.run(5, (frame) => phone.sendAudio(packet(frame)));
    await bench.run(100);
    expect(timeOuts).toBe(2);
  });

  test('is not reported without a limit', async () => {
    const { leg } = await bench.call();
    leg.onTimeOut(() => expect.unreachable());
    await bench.run(200);
  });

  test('on hold has the limit of its hold, and is alive as long as it sends anything', async () => {
    const { leg, phone } = await bench.call();
    let timeOuts = 0;
    leg.onTimeOut(() => timeOuts++);
    leg.connect(phone.remote({ receive: false, timeOutMs: 1_000 }));
    await bench.run(100, (frame) => phone.sendAudio(packet(frame)));
    expect(timeOuts).toBe(0);
    await bench.run(60);
    expect(timeOuts).toBe(1);
  });
});

describe('statistics', () => {
  test('jitter, loss and RTCP reports of the remote party', async () => {
    const { leg, phone } = await bench.call();
    const rtcp = createSocket('udp4');
    const reports: Buffer[] = [];
    rtcp.on('message', (datagram) => reports.push(datagram));
    await new Promise<void>((resolve) => rtcp.bind(0, '127.0.0.1', resolve));
    // The phone's RTCP port is the one after its RTP port, which a test cannot choose: announce it so.
    leg.connect(phone.remote({ port: rtcp.address().port - 1, latch: true }));
    await leg.play({ kind: 'silence', ms: -1 }).started;
    await bench.run(320);
    expect(reports.length).toBeGreaterThanOrEqual(1);
    const [report] = reports;
    expect(report?.readUInt8(1)).toBe(200);
    const ssrc = report?.readUInt32BE(4) ?? 0;
    // The middle 32 bits of the NTP time in it, as every peer repeats them.
    const sentAt = report?.readUInt32BE(10) ?? 0;
    const answer = Buffer.alloc(32);
    answer.set([0x81, 201, 0, 7]);
    answer.writeUInt32BE(phone.ssrc, 4);
    answer.writeUInt32BE(ssrc, 8);
    answer.writeUIntBE(9, 13, 3);
    answer.writeUInt32BE(80, 20);
    answer.writeUInt32BE(sentAt, 24);
    rtcp.send(answer, leg.port + 1, leg.address);
    await bench.run(1);
    const { sent, received } = await leg.stats();
    expect(sent).toMatchObject({ remoteLost: 9, remoteJitterMs: 10, remoteReports: 1 });
    expect(sent.roundTripMs).toBeGreaterThan(0);
    expect(received.rtcpPackets).toBe(1);
    // The last report says that it is the last.
    const closed = leg.close();
    await bench.run(1);
    await closed;
    await expect.poll(() => reports.at(-1)?.subarray(-8, -4).toString('hex')).toBe('81cb0001');
    rtcp.close();
  });

  test('what arrived, what was lost, how evenly', async () => {
    const { leg, phone } = await bench.call();
    await bench.run(50, (frame) => {
      if (frame === 20) phone.sequence++;
      phone.sendAudio(packet(frame));
    });
    expect((await leg.stats()).received).toMatchObject({ packets: 50, bytes: 8_000, lost: 1, jitterMs: 0 });
  });
});
