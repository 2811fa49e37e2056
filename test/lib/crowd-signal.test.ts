// The end of a connection that thousands wait for: each hears it once, and who left hears nothing.
import { expect, test } from 'vitest';
import { CrowdSignal } from '../../src/lib/crowd-signal.js';
import { abortable } from '../../src/lib/time-out.js';

test('everybody who waits hears it once, in order; whoever left does not', () => {
  const signal = new CrowdSignal();
  const heard: string[] = [];
  const leaving = (): void => void heard.push('leaving');
  signal.addEventListener('abort', () => {
    heard.push('first');
    signal.removeEventListener('abort', leaving);
  });
  signal.addEventListener('abort', leaving);
  signal.addEventListener('abort', () => heard.push('last'));
  expect([signal.aborted, signal.reason]).toEqual([false, undefined]);
  signal.abort('why');
  signal.abort('again');
  expect(heard).toEqual(['first', 'last']);
  expect([signal.aborted, signal.reason]).toEqual([true, 'why']);
  expect(signal.listeners).toBe(0);
});

test('a listener that fails costs the others nothing, and is told of', () => {
  const signal = new CrowdSignal();
  const heard: string[] = [];
  signal.addEventListener('abort', () => {
    throw new Error('faulty');
  });
  signal.addEventListener('abort', () => heard.push('last'));
  expect(() => signal.abort()).toThrow('faulty');
  expect(heard).toEqual(['last']);
  expect(signal.listeners).toBe(0);
});

test('a wait that is over leaves no listener behind', async () => {
  const signal = new CrowdSignal();
  expect(await abortable(signal, Promise.resolve('answer'))).toBe('answer');
  await expect(abortable(signal, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(signal.listeners).toBe(0);
  const cut = abortable(signal, new Promise(() => undefined));
  signal.abort(new Error('lost'));
  await expect(cut).rejects.toThrow('lost');
});
