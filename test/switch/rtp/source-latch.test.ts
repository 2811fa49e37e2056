import { describe, expect, test } from 'vitest';
import {
  LATCH_PACKETS,
  LATCH_SPAN_FRAMES,
  SILENCE_FRAMES,
  SourceLatch,
  SSRC_SILENCE_FRAMES,
  WINDOW_FRAMES,
} from '../../../src/switch/rtp/source-latch.js';

const announced = { address: '10.0.0.1', port: 4_000 };
const nat = { address: '203.0.113.9', port: 999 };
const attacker = { address: '198.51.100.66', port: 6_666 };
type Source = typeof nat;

/** Who sends at which pace: one packet a frame from frame `from` on, unless said otherwise. */
interface Sender {
  readonly source: Source;
  readonly from?: number;
  readonly perFrame?: number;
  readonly ssrc?: number;
}

class Line {
  readonly latch: SourceLatch;
  readonly heard = new Map<string, number>();
  frame = 0;
  #sequence = new Map<Sender, number>();

  constructor(learn = true) {
    this.latch = new SourceLatch(announced, learn, 0);
  }

  run(frames: number, ...senders: readonly Sender[]): this {
    for (const end = this.frame + frames; this.frame < end; this.frame++) {
      for (const sender of senders) this.#send(sender);
    }
    return this;
  }

  #send(sender: Sender): void {
    const { source, from = 0, perFrame = 1, ssrc = 1 } = sender;
    if (this.frame < from) return;
    for (let packet = 0; packet < perFrame; packet++) {
      const sequence = ((this.#sequence.get(sender) ?? 65_500) + 1) & 0xffff;
      this.#sequence.set(sender, sequence);
      if (!this.latch.accepts(source.address, source.port, { sequence, ssrc }, this.frame)) continue;
      this.heard.set(source.address, (this.heard.get(source.address) ?? 0) + 1);
    }
  }
}

describe('who may send', () => {
  test('the announced source at once, and nobody else afterwards', () => {
    const line = new Line().run(1, { source: announced }).run(50, { source: nat });
    expect([...line.heard]).toEqual([['10.0.0.1', 1]]);
    expect(line.latch.target).toEqual(announced);
    expect(line.latch.isExclusive(line.frame)).toBe(true);
  });

  test('behind a NAT: another source with its tenth packet in sequence', () => {
    const sender = { source: nat };
    const line = new Line().run(LATCH_PACKETS - 1, sender);
    expect(line.latch.target).toEqual(announced);
    expect(line.heard.size).toBe(0);
    line.run(1, sender);
    expect(line.latch.target).toEqual(nat);
  });

  test('lost packets, a wrap and packets of an intruder between do not matter', () => {
    const latch = new SourceLatch(announced, true, 0);
    for (let packet = 0; packet < LATCH_PACKETS; packet++) {
      latch.accepts('198.51.100.1', 5, { sequence: packet * 100, ssrc: 7 }, packet);
      const isLast = packet === LATCH_PACKETS - 1;
      const sequence = (0xfff9 + packet * 2) & 0xffff;
      expect(latch.accepts(nat.address, nat.port, { sequence, ssrc: 1 }, packet)).toBe(isLast);
    }
  });

  test('without learning only the announced source is heard, however silent it is', () => {
    const line = new Line(false).run(SILENCE_FRAMES + 50, { source: nat });
    expect(line.heard.size).toBe(0);
    expect(line.latch.isExclusive(line.frame)).toBe(true);
  });

  test('many sources at once do not fill memory', () => {
    const latch = new SourceLatch(announced, true, 0);
    for (let port = 1; port < 5_000; port++) latch.accepts(nat.address, port, { sequence: port, ssrc: 1 }, 0);
    expect(latch.accepts('10.0.0.1', 4_000, { sequence: 1, ssrc: 1 }, 0)).toBe(true);
  });
});

describe('an attacker', () => {
  test('that floods from the first packet on, ten times as fast as speech, earns nothing', () => {
    const line = new Line().run(WINDOW_FRAMES, { source: attacker, perFrame: 10 });
    expect(line.heard.size).toBe(0);
    expect(line.latch.target).toEqual(announced);
  });

  test('with a burst made in advance earns nothing', () => {
    const latch = new SourceLatch(announced, true, 0);
    for (let sequence = 0; sequence < 20; sequence++) {
      const frame = Math.min(sequence, LATCH_SPAN_FRAMES - 1);
      expect(latch.accepts(attacker.address, attacker.port, { sequence, ssrc: 1 }, frame)).toBe(false);
    }
  });

  test('that sends as a phone does before the real party is thrown out by its first packet, and stays out', () => {
    const line = new Line().run(100, { source: attacker });
    expect(line.latch.target).toEqual(attacker);
    // Its packets must go on reaching us: the kernel may not filter for the attacker.
    expect(line.latch.isExclusive(line.frame)).toBe(false);
    const before = line.heard.get(attacker.address);
    line.run(1, { source: announced }).run(100, { source: attacker });
    expect(line.latch.target).toEqual(announced);
    expect(line.heard.get(attacker.address)).toBe(before);
  });

  test('from the very address of the party but another port does not displace it', () => {
    const line = new Line().run(20, { source: announced }).run(100, { source: { ...announced, port: 4_002 } });
    expect(line.latch.target).toEqual(announced);
  });

  test('of another address gives way to another port of the announced address while the window is open', () => {
    const rewritten = { ...announced, port: 31_000 };
    const line = new Line()
      .run(50, { source: attacker })
      .run(LATCH_PACKETS, { source: rewritten }, { source: attacker });
    expect(line.latch.target).toEqual(rewritten);
  });

  test('with random sequence numbers never earns trust', () => {
    const latch = new SourceLatch(announced, true, 0);
    for (let turn = 0; turn < 1_000; turn++) {
      const mark = { sequence: (turn * 7_919) & 0xffff, ssrc: 1 };
      expect(latch.accepts(attacker.address, attacker.port, mark, Math.floor(turn / 5))).toBe(false);
    }
  });
});

describe('the window', () => {
  test('closes five seconds after the exchange of descriptions', () => {
    const line = new Line().run(WINDOW_FRAMES).run(LATCH_PACKETS * 2, { source: nat });
    expect(line.latch.target).toEqual(announced);
  });

  test('opens again with the next exchange', () => {
    const line = new Line().run(WINDOW_FRAMES);
    line.latch.reopen(line.frame);
    line.run(LATCH_PACKETS, { source: nat });
    expect(line.latch.target).toEqual(nat);
  });

  test('does not open for the party that goes on talking, whoever asks', () => {
    const line = new Line().run(1_000, { source: announced }, { source: nat });
    line.latch.reopen(line.frame);
    line.run(100, { source: announced }, { source: nat });
    expect(line.heard.has(nat.address)).toBe(false);
  });

  test('opens after ten seconds of silence: a party that moved is found again', () => {
    const line = new Line().run(50, { source: nat }).run(SILENCE_FRAMES - 1, { source: attacker });
    expect(line.latch.target).toEqual(nat);
    const moved = { ...nat, port: 1_001 };
    line.run(LATCH_PACKETS + 1, { source: moved });
    expect(line.latch.target).toEqual(moved);
  });

  test('a locked party that falls silent is no longer the only one to reach us', () => {
    const line = new Line().run(1, { source: announced });
    expect(line.latch.isExclusive(SILENCE_FRAMES - 1)).toBe(true);
    expect(line.latch.isExclusive(SILENCE_FRAMES)).toBe(false);
  });
});

describe('the SSRC of what is heard', () => {
  test('a spoofed stream beside the true one is not heard, however fast it is', () => {
    const latch = new SourceLatch(announced, true, 0);
    for (let frame = 0; frame < 500; frame++) {
      for (let copy = 0; copy < 5 && frame > 0; copy++) expect(latch.continues(0xbad, frame)).toBe(false);
      expect(latch.continues(1, frame)).toBe(true);
    }
    expect(latch.ssrc).toBe(1);
  });

  test('a new one is heard when the old one has been silent for 60 ms', () => {
    const latch = new SourceLatch(announced, true, 0);
    latch.continues(1, 10);
    for (let frame = 11; frame < 10 + SSRC_SILENCE_FRAMES; frame++) expect(latch.continues(2, frame)).toBe(false);
    expect(latch.continues(2, 10 + SSRC_SILENCE_FRAMES)).toBe(true);
  });

  test('the old one that comes back soon takes its place again; later it is a stranger', () => {
    const latch = new SourceLatch(announced, true, 0);
    latch.continues(1, 0);
    expect(latch.continues(0xbad, 5)).toBe(true);
    expect(latch.continues(1, 6)).toBe(true);
    expect(latch.continues(0xbad, 7)).toBe(false);
    expect(latch.continues(2, 20)).toBe(true);
    for (let frame = 21; frame < 100; frame++) latch.continues(2, frame);
    expect(latch.continues(1, 100)).toBe(false);
  });
});
