// A media leg made ahead of the ringing: taken once, given up when nobody needs it, not made where it would be in vain.
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import {
  type Beside,
  PREPARED_LIMIT_MS,
  PREPARED_MAX,
  PreparedLegs,
  type PreparedLegsParts,
  REST_MS,
} from '../../../src/voice/dial/prepared-legs.js';
import type { OpeningEndpoint } from '../../../src/voice/drachtio/media.js';
import type { MediaEndpoint } from '../../../src/voice/drachtio/media-endpoint.js';
import type { SipConnection } from '../../../src/voice/drachtio/sip-connection.js';

describe('a leg made before it is known who will be rung', () => {
  test('is taken once', () => {
    const { prepared, opened, caller } = scene();
    const beside = caller();
    prepared.prepare(beside);
    prepared.prepare(beside);
    expect(opened).toHaveLength(1);
    expect(prepared.take(beside)).toBe(opened[0]);
    expect(prepared.take(beside)).toBeUndefined();
  });

  test('is given up when nobody is rung; then none is made for a while', async () => {
    const { prepared, opened, caller, clock, abandoned } = scene();
    const beside = caller();
    prepared.prepare(beside);
    clock.advance(PREPARED_LIMIT_MS);
    expect(abandoned).toEqual([0]);
    expect(prepared.take(beside)).toBeUndefined();
    prepared.prepare(beside);
    expect(opened).toHaveLength(1);
    clock.advance(REST_MS);
    prepared.prepare(beside);
    expect(opened).toHaveLength(2);
  });

  test('that was taken is the taker’s to give up', async () => {
    const { prepared, caller, clock, abandoned } = scene();
    const beside = caller();
    prepared.prepare(beside);
    prepared.take(beside);
    clock.advance(2 * PREPARED_LIMIT_MS);
    prepared.close();
    expect(abandoned).toEqual([]);
  });

  test('is given up when the caller hangs up, which says nothing about the next one', () => {
    const { prepared, opened, caller, abandoned } = scene();
    const end = new AbortController();
    prepared.prepare(caller(end.signal));
    end.abort();
    expect(abandoned).toEqual([0]);
    prepared.prepare(caller(end.signal));
    expect(opened).toHaveLength(1);
    prepared.prepare(caller());
    expect(opened).toHaveLength(2);
  });

  test('is not made when the media server is busy, nor beyond the limit', () => {
    const { prepared, opened, caller, media } = scene();
    media.accepting = false;
    prepared.prepare(caller());
    expect(opened).toHaveLength(0);
    media.accepting = true;
    for (let made = 0; made <= PREPARED_MAX; made += 1) prepared.prepare(caller());
    expect(opened).toHaveLength(PREPARED_MAX);
  });

  test('that could not be made is not handed out', async () => {
    const { prepared, caller, media } = scene();
    media.failing = true;
    const beside = caller();
    prepared.prepare(beside);
    await Promise.resolve();
    await Promise.resolve();
    expect(prepared.take(beside)).toBeUndefined();
  });

  test('is given up at the end', () => {
    const { prepared, caller, abandoned } = scene();
    prepared.prepare(caller());
    prepared.prepare(caller());
    prepared.close();
    expect(abandoned).toEqual([0, 1]);
  });
});

function scene() {
  const clock = new FakeClock();
  const opened: OpeningEndpoint[] = [];
  const abandoned: number[] = [];
  const media = {
    accepting: true,
    failing: false,
    open: (): OpeningEndpoint => {
      const id = opened.length;
      const never = media.failing ? Promise.reject(new Error('no media')) : new Promise<never>(() => undefined);
      never.catch(() => undefined);
      const opening = { sdp: never, endpoint: never, abandon: () => void abandoned.push(id) };
      opened.push(opening);
      return opening;
    },
  };
  // What is neither called nor looked into here.
  const signalling: PreparedLegsParts['signalling'] = () => ({}) as SipConnection;
  const caller = (ended = new AbortController().signal): Beside => ({ endpoint: {} as MediaEndpoint, ended });
  return { prepared: new PreparedLegs({ media, signalling, clock }), opened, abandoned, media, caller, clock };
}
