import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { HMAC_MESSAGE_BYTES_MAX, HmacSha1 } from '../../../src/switch/secure/hmac-sha1.js';
import { KeyStream } from '../../../src/switch/secure/key-stream.js';
import { ReplayWindow, WINDOW_PACKETS } from '../../../src/switch/secure/replay-window.js';
import { deriveKeys, MASTER_BYTES } from '../../../src/switch/secure/session-keys.js';
import { SENDERS_MAX, SRTP_BYTES_MAX, SrtpReceiver, SrtpSender } from '../../../src/switch/secure/srtp.js';

const SUITE = 'AES_CM_128_HMAC_SHA1_80';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

/** Master key and salt of RFC 3711 B.3. */
const MASTER = hex('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6');

function rtp(sequence: number, { ssrc = 0xcafebabe, payload = Buffer.alloc(160, 0x55) } = {}): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}

/** A packet of its own memory, because the sender's is used again. */
function sealed(sender: SrtpSender, packet: Buffer): Buffer {
  return Buffer.from(sender.protectRtp(packet));
}

describe('the vectors of RFC 3711', () => {
  test('B.2: key stream of AES counter mode', () => {
    const stream = new KeyStream(hex('2B7E151628AED2A6ABF7158809CF4F3C'), hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD'));
    const bytes = Buffer.alloc(48);
    stream.apply(bytes, 0, 48, 0, 0);
    expect(bytes.toString('hex').toUpperCase()).toBe(
      'E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0',
    );
  });

  test('B.3: keys of a session', () => {
    const keys = deriveKeys(MASTER, 'rtp');
    expect(keys.cipherKey).toEqual(hex('C61E7A93744F39EE10734AFE3FF7A087'));
    expect(keys.salt).toEqual(hex('30CBBC08863D8C85D49DB34A9AE1'));
    expect(keys.authKey).toEqual(hex('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4'));
    expect(() => deriveKeys(MASTER.subarray(1), 'rtp')).toThrow(`${MASTER_BYTES} bytes`);
  });
});

test('a packet and a report as other implementations protect them', () => {
  const sender = new SrtpSender(SUITE, MASTER);
  const clear = hex(`800f1234decafbadcafebabe${'ab'.repeat(16)}`);
  const guarded = hex('800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb');
  expect(sealed(sender, clear)).toEqual(guarded);
  const report = hex(`81c8000bcafebabe${'ab'.repeat(16)}`);
  const guardedReport = hex('81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798');
  expect(Buffer.from(sender.protectRtcp(report))).toEqual(guardedReport);
  const receiver = new SrtpReceiver(SUITE, MASTER);
  expect(receiver.unprotectRtp(guarded)).toEqual(clear);
  expect(receiver.unprotectRtcp(guardedReport)).toEqual(report);
});

test('HMAC-SHA1 is that of the operating system, for messages of all lengths around the block', () => {
  const code = Buffer.alloc(20);
  for (const size of [0, 1, 51, 52, 55, 56, 59, 60, 63, 64, 119, 120, 172, 1_000]) {
    const [key, message] = [randomBytes(20), randomBytes(size)];
    new HmacSha1(key).sign(message, 0, size, undefined, code, 0, 20);
    expect(code).toEqual(createHmac('sha1', key).update(message).digest());
    new HmacSha1(key).sign(message, 0, size, 0x0102_0304, code, 0, 20);
    expect(code).toEqual(createHmac('sha1', key).update(message).update(hex('01020304')).digest());
  }
  const long = Buffer.alloc(HMAC_MESSAGE_BYTES_MAX);
  expect(() => new HmacSha1(randomBytes(20)).sign(long, 0, long.length, 0, code, 0, 20)).toThrow('too long');
  expect(() => new HmacSha1(randomBytes(65))).toThrow('one block');
});

test('the key stream is AES-128-CTR, at any index of 48 bits', () => {
  const [key, salt, payload] = [randomBytes(16), randomBytes(14), randomBytes(333)];
  const ssrc = 0xdead_beef;
  const index = 0xfedc_ba98_7654;
  const iv = (BigInt(`0x${salt.toString('hex')}`) << 16n) ^ (BigInt(ssrc) << 64n) ^ (BigInt(index) << 16n);
  const expected = createCipheriv('aes-128-ctr', key, hex(iv.toString(16).padStart(32, '0'))).update(payload);
  const bytes = Buffer.from(payload);
  new KeyStream(key, salt).apply(bytes, 0, bytes.length, ssrc, index);
  expect(bytes).toEqual(expected);
});

describe('a receiver', () => {
  test.each(['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const)('hears its sender (%s)', (suite) => {
    const [sender, receiver] = [new SrtpSender(suite, MASTER), new SrtpReceiver(suite, MASTER)];
    const guarded = sealed(sender, rtp(7));
    expect(guarded).toHaveLength(172 + (suite.endsWith('80') ? 10 : 4));
    expect(receiver.unprotectRtp(guarded)).toEqual(rtp(7));
  });

  test('refuses what was changed, cut, or protected with another key', () => {
    const sender = new SrtpSender(SUITE, MASTER);
    const receiver = new SrtpReceiver(SUITE, MASTER);
    const guarded = sealed(sender, rtp(1));
    for (const at of [1, 3, 5, 9, 12, 100, guarded.length - 1]) {
      const changed = Buffer.from(guarded);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(receiver.unprotectRtp(changed), `byte ${at}`).toBeUndefined();
    }
    for (const length of [0, 1, 11, 12, 21, 22, guarded.length - 1]) {
      expect(receiver.unprotectRtp(Buffer.from(guarded.subarray(0, length))), `length ${length}`).toBeUndefined();
    }
    for (const length of [0, 7, 8, 21, 22]) {
      expect(receiver.unprotectRtcp(Buffer.alloc(length, 0x80)), `report of ${length}`).toBeUndefined();
    }
    expect(receiver.unprotectRtp(Buffer.alloc(SRTP_BYTES_MAX + 1, 0x80))).toBeUndefined();
    const stranger = new SrtpReceiver(SUITE, randomBytes(MASTER_BYTES));
    expect(stranger.unprotectRtp(Buffer.from(guarded))).toBeUndefined();
    expect(receiver.unprotectRtp(guarded)).toEqual(rtp(1));
  });

  test('refuses a header that claims more than the packet has', () => {
    const receiver = new SrtpReceiver(SUITE, MASTER);
    for (const first of [0x8f, 0x90, 0x9f]) {
      const packet = Buffer.alloc(24, 0xff);
      packet[0] = first;
      expect(receiver.unprotectRtp(packet)).toBeUndefined();
    }
  });

  test('hears each packet once, in any order within the window', () => {
    const sender = new SrtpSender(SUITE, MASTER);
    const receiver = new SrtpReceiver(SUITE, MASTER);
    const guarded = Array.from({ length: 100 }, (_, sequence) => sealed(sender, rtp(sequence)));
    const give = (sequence: number): Buffer | undefined => receiver.unprotectRtp(Buffer.from(guarded[sequence] ?? ''));
    for (const sequence of [0, 2, 1, 99, 99 - WINDOW_PACKETS + 1, 50]) expect(give(sequence)).toEqual(rtp(sequence));
    for (const sequence of [0, 1, 2, 50, 99]) expect(give(sequence), `again ${sequence}`).toBeUndefined();
    expect(give(99 - WINDOW_PACKETS), 'too old').toBeUndefined();
  });

  test('follows the sequence numbers around, late packets from before the turn included', () => {
    const sender = new SrtpSender(SUITE, MASTER);
    const receiver = new SrtpReceiver(SUITE, MASTER);
    const give = (packet: Buffer): Buffer | undefined => receiver.unprotectRtp(packet);
    expect(give(sealed(sender, rtp(0xfffe)))).toEqual(rtp(0xfffe));
    const late = sealed(sender, rtp(0xffff));
    expect(give(sealed(sender, rtp(0)))).toEqual(rtp(0));
    expect(give(late)).toEqual(rtp(0xffff));
    for (let sequence = 1; sequence < 0x1_0002; sequence += 1_000) {
      expect(give(sealed(sender, rtp(sequence))), `sequence ${sequence}`).toEqual(rtp(sequence));
    }
  });

  test('tells the senders of one call apart, and forgets the oldest of too many', () => {
    const receiver = new SrtpReceiver(SUITE, MASTER);
    const from = (ssrc: number): Buffer => sealed(new SrtpSender(SUITE, MASTER), rtp(9, { ssrc }));
    for (let ssrc = 1; ssrc <= SENDERS_MAX; ssrc++) expect(receiver.unprotectRtp(from(ssrc))).toBeDefined();
    expect(receiver.unprotectRtp(from(1))).toBeUndefined();
    expect(receiver.unprotectRtp(from(SENDERS_MAX + 1))).toBeDefined();
    expect(receiver.unprotectRtp(from(1))).toBeDefined();
  });

  test('hears reports once, encrypted or not', () => {
    const sender = new SrtpSender(SUITE, MASTER);
    const receiver = new SrtpReceiver(SUITE, MASTER);
    const report = hex('80c90001cafebabe');
    const guarded = Buffer.from(sender.protectRtcp(report));
    expect(receiver.unprotectRtcp(Buffer.from(guarded))).toEqual(report);
    expect(receiver.unprotectRtcp(Buffer.from(guarded))).toBeUndefined();
    const changed = Buffer.from(sender.protectRtcp(report));
    changed[changed.length - 12] = (changed[changed.length - 12] ?? 0) ^ 1;
    expect(receiver.unprotectRtcp(changed)).toBeUndefined();
  });
});

test('a replay window is right for every distance', () => {
  for (const step of [1, 2, 31, 32, 33, 63, 64, 65, 1_000]) {
    const window = new ReplayWindow();
    window.add(100);
    window.add(99);
    window.add(100 + step);
    expect(window.isNew(100 + step)).toBe(false);
    expect(window.isNew(100), `step ${step}`).toBe(false);
    expect(window.isNew(99), `step ${step}`).toBe(false);
    expect(window.isNew(98), `step ${step}`).toBe(step + 2 < WINDOW_PACKETS);
  }
});
