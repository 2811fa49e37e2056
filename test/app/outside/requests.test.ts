// Tries, back-off and circuits on a clock of the test; the filler that the caller hears meanwhile.
import { describe, expect, test } from 'vitest';
import { FILLER_AFTER_MS, startFiller } from '../../../src/app/outside/filler.js';
import type { WebResult } from '../../../src/app/outside/ports.js';
import { BACK_OFF_MS, CIRCUIT, Requests, TRIES_LIMIT_MS } from '../../../src/app/outside/requests.js';
import type { WebRequest } from '../../../src/core/ivr/outside/web-request.js';
import type { Centre } from '../../../src/core/routing/centre.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeLeg } from '../../support/fakes/leg.js';
import { FakeWeb } from '../../support/fakes/web.js';

const REQUEST: WebRequest = { method: 'GET', url: 'https://crm.example.com/x', headers: [] };
const HOST = { host: 'crm.example.com', port: 443, insecure: false, private: false };
const OK: WebResult = { outcome: 'answered', status: 200, body: {} };
const DOWN: WebResult = { outcome: 'failed', reason: 'unreachable' };
const answer = (status: number): WebResult => ({ outcome: 'answered', status, body: undefined });

function scene(answers: readonly WebResult[]) {
  const clock = new FakeClock();
  const web = new FakeWeb();
  web.answers.push(...answers);
  const webHosts = new Map([['crm.example.com:443', HOST]]);
  const requests = new Requests({ web, clock, log: silentLog, centre: () => ({ webHosts }) as unknown as Centre });
  const hangUp = new AbortController();
  const ask = (retries = 0, request = REQUEST) =>
    requests.ask(request, { timeOutMs: 1_000, retries, signal: hangUp.signal });
  return { clock, web, requests, ask, hangUp };
}

/** Lets what was promised happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('tries', () => {
  test('one try when it is answered, whatever the status says for good', async () => {
    for (const status of [200, 404]) {
      const { ask, web } = scene([answer(status), OK]);
      expect(await ask(3)).toMatchObject({ tries: 1, result: { status } });
      expect(web.requests).toHaveLength(1);
    }
  });

  test.each<[string, WebResult]>([
    ['unreachable', DOWN],
    ['too late', { outcome: 'failed', reason: 'time-out' }],
    ['overloaded', answer(503)],
    ['asked too often', answer(429)],
  ])('%s is tried again, each time after twice as long', async (_, failure) => {
    const { clock, ask, web } = scene([failure, failure, OK]);
    const asked = ask(2);
    await settle();
    expect(web.requests).toHaveLength(1);
    clock.advance(BACK_OFF_MS - 1);
    await settle();
    expect(web.requests).toHaveLength(1);
    clock.advance(1);
    await settle();
    expect(web.requests).toHaveLength(2);
    clock.advance(2 * BACK_OFF_MS);
    expect(await asked).toEqual({ result: OK, tries: 3, durationMs: 3 * BACK_OFF_MS });
  });

  test('what we refuse ourselves is not tried again', async () => {
    const { ask, web } = scene([{ outcome: 'failed', reason: 'private-address' }, OK]);
    expect(await ask(5)).toMatchObject({ tries: 1 });
    expect(web.requests).toHaveLength(1);
  });

  test('no try begins after the limit', async () => {
    const { clock, ask, web } = scene([]);
    web.send = async (request) => {
      web.requests.push(request);
      clock.advance(TRIES_LIMIT_MS - BACK_OFF_MS);
      return DOWN;
    };
    expect(await ask(5)).toMatchObject({ tries: 1, result: DOWN });
  });

  test('who hangs up between two tries is not asked for any more', async () => {
    const { clock, ask, web, hangUp } = scene([DOWN, OK]);
    const asked = ask(1);
    await settle();
    hangUp.abort();
    expect(await asked).toMatchObject({ tries: 1 });
    expect(web.requests).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});

describe('where to', () => {
  test.each(['https://other.example.com/', 'https://crm.example.com:444/', 'http://crm.example.com:443/'])(
    'nobody asks %s',
    async (url) => {
      const { ask, web } = scene([OK]);
      expect(await ask(0, { ...REQUEST, url })).toMatchObject({
        tries: 0,
        result: { outcome: 'failed', reason: 'host-not-allowed' },
      });
      expect(web.requests).toHaveLength(0);
    },
  );
});

describe('the circuit of a host', () => {
  test('opens after failures in a row, rests, and is closed by one success', async () => {
    const failures = Array.from({ length: CIRCUIT.failuresMax }, () => answer(500));
    const { clock, ask, web } = scene([...failures, OK, OK]);
    for (const failure of failures) expect(await ask()).toMatchObject({ result: failure });
    expect(await ask()).toEqual({ result: { outcome: 'failed', reason: 'circuit-open' }, tries: 0, durationMs: 0 });
    expect(web.requests).toHaveLength(CIRCUIT.failuresMax);
    clock.advance(CIRCUIT.restMs);
    expect(await ask()).toMatchObject({ result: OK });
    expect(await ask()).toMatchObject({ result: OK });
  });

  test('callers who hang up say nothing about the host', async () => {
    const { ask, hangUp, requests } = scene([]);
    hangUp.abort();
    for (let call = 0; call < 2 * CIRCUIT.failuresMax; call += 1) await ask();
    expect(requests.snapshot()).toEqual({ 'crm.example.com:443': { state: 'closed', failures: 0 } });
  });
});

describe('what the caller hears meanwhile', () => {
  function filler(meanwhile: Parameters<typeof startFiller>[0]) {
    const clock = new FakeClock();
    const leg = new FakeLeg('leg', 'call', clock);
    return {
      clock,
      leg,
      filler: startFiller(meanwhile, { leg, clock, log: silentLog, paths: async () => ['/p/moment.wav'] }),
    };
  }

  test('nothing, when the answer is quick', async () => {
    const { clock, leg, filler: quick } = filler({ kind: 'prompts', prompts: [] });
    clock.advance(FILLER_AFTER_MS - 1);
    await quick.stop();
    clock.advance(FILLER_AFTER_MS);
    expect(leg.heard).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('a prompt, cut off when the answer is there', async () => {
    const { clock, leg, filler: slow } = filler({ kind: 'prompts', prompts: [] });
    clock.advance(FILLER_AFTER_MS);
    await settle();
    expect(leg.heard).toEqual(['moment.wav']);
    // Without being cut off it would go on, and `stop` with it: the clock stands still.
    await slow.stop();
  });

  test('music, silent when the answer is there', async () => {
    const { clock, leg, filler: slow } = filler({ kind: 'music', name: 'moh' });
    clock.advance(FILLER_AFTER_MS);
    await settle();
    expect(leg.music).toBe('moh');
    await slow.stop();
    expect(leg.music).toBeUndefined();
  });

  test('a caller who hangs up meanwhile is no fault', async () => {
    const { clock, leg, filler: slow } = filler({ kind: 'music', name: 'moh' });
    clock.advance(FILLER_AFTER_MS);
    await settle();
    leg.finish({ by: 'customer', reason: 'hung-up' });
    await expect(slow.stop()).resolves.toBeUndefined();
  });
});
