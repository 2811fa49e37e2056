import { describe, expect, test } from 'vitest';
import { DIGITS_QUEUED_MAX, DigitSender, parseDigits } from '../../../src/switch/rtp/digit-sender.js';

/** What is sent frame by frame: event, duration, `m` for the first, `e` for an end packet; `-` for nothing. */
function frames(digits: string, durationMs: number): string[] {
  const sender = new DigitSender();
  expect(sender.add(parseDigits(digits, durationMs) ?? [])).toBe(true);
  const sent: string[] = [];
  while (sender.busy) {
    const packet = sender.next();
    sent.push(
      packet === undefined
        ? '-'
        : `${packet.event}:${packet.durationSamples}${packet.first ? 'm' : ''}${packet.end ? 'e' : ''}`,
    );
  }
  return sent;
}

describe('digits to send', () => {
  test('an update every 20 ms, the end three times, then a gap', () => {
    expect(frames('5', 80)).toEqual(['5:160m', '5:320', '5:480', '5:640e', '5:640e', '5:640e', '-', '-']);
  });

  test('one key after the other, a pause between', () => {
    const sent = frames('1w#', 60);
    expect(sent.filter((packet) => packet !== '-')).toEqual([
      '1:160m',
      '1:320',
      '1:480e',
      '1:480e',
      '1:480e',
      '11:160m',
      '11:320',
      '11:480e',
      '11:480e',
      '11:480e',
    ]);
    expect(sent.indexOf('11:160m') - sent.lastIndexOf('1:480e')).toBe(1 + 2 + 25);
  });

  test.each([
    ['shorter than 50 ms', 1, 480],
    ['longer than one segment', 60_000, 65_535],
  ])('a duration %s is brought into its limits', (_, durationMs, samples) => {
    const [step] = parseDigits('1', durationMs) ?? [];
    expect(Math.min(65_535, (step?.frames ?? 0) * 160)).toBe(samples);
  });

  test.each(['1x', ' ', '1,2', 'é'])('%j is refused', (digits) => {
    expect(parseDigits(digits)).toBeUndefined();
  });

  test('the queue is bounded', () => {
    expect(parseDigits('1'.repeat(DIGITS_QUEUED_MAX + 1))).toBeUndefined();
    const sender = new DigitSender();
    expect(sender.add(parseDigits('1'.repeat(DIGITS_QUEUED_MAX)) ?? [])).toBe(true);
    expect(sender.add(parseDigits('1') ?? [])).toBe(false);
  });
});
