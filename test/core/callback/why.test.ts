// Why a promised call-back has not been made yet, in both languages.
import { expect, test } from 'vitest';
import { callbackWhy } from '../../../src/core/callback/why.js';
import type { PromisedCallback } from '../../../src/core/interaction/callback.js';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const MINUTE_MS = 60_000;
const place = {
  ...{ id: 'c', queue: 'support', number: '+34600000001', priority: 5, attempts: 0, source: 'message' as const },
  seniorityMs: NOW_MS - 30 * MINUTE_MS,
  dueAtMs: NOW_MS + 5 * MINUTE_MS,
};
const scene = (callback: PromisedCallback, lastFailure?: string) => ({
  ...{ callback, nowMs: NOW_MS, timeZone: 'Europe/Madrid' },
  ...(lastFailure === undefined ? {} : { lastFailure }),
});

test('not due yet', () => {
  const callback: PromisedCallback = { ...place, state: 'requested' };
  expect(callbackWhy(scene(callback), 'en')).toEqual(['It is promised for 13:05; nobody dials before.']);
  expect(callbackWhy(scene(callback), 'es')).toEqual(['Está prometida para las 13:05; antes no se marca.']);
});

test('promised for another day: with the day', () => {
  const callback: PromisedCallback = { ...place, state: 'requested', dueAtMs: NOW_MS + 24 * 60 * MINUTE_MS };
  expect(callbackWhy(scene(callback), 'en')[0]).toBe('It is promised for 13:00 (Tue 24 Nov); nobody dials before.');
});

test('tried in vain, and kept for an agent', () => {
  const owner = { agent: 'ana', untilMs: NOW_MS + 60 * MINUTE_MS };
  const callback: PromisedCallback = { ...place, state: 'requested', dueAtMs: NOW_MS - 1, attempts: 2, owner };
  expect(callbackWhy(scene(callback, 'busy'), 'en')).toEqual([
    'It is due since 12:59: it takes its place in the queue support within seconds.',
    'It was tried 2 times: busy.',
    'It is kept for ana until 14:00.',
  ]);
});

test('in its queue, and being made', () => {
  const waiting: PromisedCallback = { ...place, state: 'waiting', entry: 'e' };
  expect(callbackWhy(scene(waiting), 'es')).toEqual(['Espera en la cola support, en el puesto que tenía a las 12:30.']);
  const dialling: PromisedCallback = { ...place, state: 'dialling', agent: 'ana', attempts: 1 };
  expect(callbackWhy(scene(dialling), 'en')).toEqual(['ana is calling the customer now, attempt 1.']);
});
