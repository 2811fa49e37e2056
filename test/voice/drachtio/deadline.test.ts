import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { answered, mediaError, statusOf } from '../../../src/voice/drachtio/deadline.js';

const wait = { what: 'hang-up', limitMs: 5000 };

describe('a call into a library that takes a callback', () => {
  it('is answered', async () => {
    const clock = new FakeClock();
    expect(await answered(clock, wait, (callback) => callback(null, 'yes'))).toBe('yes');
    expect(clock.pending).toBe(0);
  });

  it('fails, with plain strings made to errors', async () => {
    const failing = answered(new FakeClock(), wait, (callback) => callback('Response not sent'));
    await expect(failing).rejects.toEqual(new Error('Response not sent'));
  });

  it('throws at once', async () => {
    const throwing = answered(new FakeClock(), wait, () => {
      throw new TypeError('socket is null');
    });
    await expect(throwing).rejects.toThrow('socket is null');
  });

  it('never calls back', async () => {
    const clock = new FakeClock();
    const silent = answered(clock, wait, () => undefined);
    clock.advance(5000);
    await expect(silent).rejects.toThrow('hang-up took longer than 5000 ms');
  });

  it('is cut short by the end of the leg, and leaves no timer behind', async () => {
    const clock = new FakeClock();
    const end = new AbortController();
    const cut = answered(clock, { ...wait, until: end.signal }, () => undefined);
    end.abort({ reason: 'media-lost' });
    await expect(cut).rejects.toEqual({ reason: 'media-lost' });
    expect(clock.pending).toBe(0);
  });

  it('calls back twice, and late', async () => {
    const calls: ((error: unknown, value?: number) => void)[] = [];
    const twice = answered<number>(new FakeClock(), wait, (callback) => calls.push(callback));
    calls[0]?.(null, 1);
    calls[0]?.(new Error('487'));
    expect(await twice).toBe(1);
  });
});

describe('errors of the media server', () => {
  it('are told in the words of the application', async () => {
    const clock = new FakeClock();
    const late = answered(clock, wait, () => undefined);
    clock.advance(5000);
    const error = await late.catch((reason: unknown) => reason);
    expect(mediaError('playing', error)).toMatchObject({ code: 'media-time-out', sip: 503 });
    expect(mediaError('playing', 'no such channel')).toMatchObject({ code: 'telephony-unavailable' });
  });

  it('carry a SIP status or none', () => {
    expect([{ status: 486 }, { status: '486' }, new Error('x'), null].map(statusOf)).toEqual([
      486,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
