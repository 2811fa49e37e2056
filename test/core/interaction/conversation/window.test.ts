// The 24 hours in which anything may be written to a customer, counted from what the customer wrote last.
import { describe, expect, test } from 'vitest';
import {
  replyWindow,
  WINDOW_MARGIN_MS,
  writtenChannel,
} from '../../../../src/core/interaction/conversation/written-channel.js';
import { FakeClock } from '../../../../src/lib/clock.js';

const HOUR_MS = 3_600_000;

describe('the window of WhatsApp', () => {
  test('opens with each message of the customer and closes a day later, a margin earlier', () => {
    const clock = new FakeClock();
    const wroteAtMs = clock.nowMs();
    const untilMs = wroteAtMs + 24 * HOUR_MS - WINDOW_MARGIN_MS;
    expect(replyWindow('whatsapp', wroteAtMs, clock.nowMs())).toEqual({ state: 'open', untilMs });
    clock.advance(24 * HOUR_MS - WINDOW_MARGIN_MS - 1);
    expect(replyWindow('whatsapp', wroteAtMs, clock.nowMs())).toEqual({ state: 'open', untilMs });
    clock.advance(1);
    expect(replyWindow('whatsapp', wroteAtMs, clock.nowMs())).toEqual({ state: 'closed', sinceMs: untilMs });
    expect(replyWindow('whatsapp', clock.nowMs(), clock.nowMs())).toMatchObject({ state: 'open' });
  });

  test('was never open to somebody who has not written', () => {
    expect(replyWindow('whatsapp', undefined, 0)).toEqual({ state: 'closed' });
  });
});

test('the sandbox has the same window, text messages have none, a call is no place to write', () => {
  expect(replyWindow('sandbox', undefined, 0)).toEqual({ state: 'closed' });
  expect(replyWindow('sms', undefined, 0)).toBeUndefined();
  expect(writtenChannel('sms')).toMatchObject({ files: false, templates: false });
  expect(writtenChannel('voice')).toBeUndefined();
});
