import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { beginCollection, type DigitRules } from '../../../src/voice/call/digit-collection.js';
import { runCollection } from '../../../src/voice/call/digit-collector.js';
import { KeyStream, MAX_TYPED_AHEAD } from '../../../src/voice/call/key-stream.js';

const MENU: DigitRules = { min: 1, max: 1, terminators: '', firstDigitMs: 5000, interDigitMs: 2000, bargeIn: true };
const PIN: DigitRules = { ...MENU, min: 3, max: 6, terminators: '#' };
const OPTIONAL: DigitRules = { ...PIN, min: 0 };

function start(rules: DigitRules, ahead = '') {
  const clock = new FakeClock();
  const keys = new KeyStream();
  const end = new AbortController();
  let promptOver: () => void = () => undefined;
  const prompt = new Promise<void>((resolve) => {
    promptOver = resolve;
  });
  let stops = 0;
  const begun = beginCollection(rules, ahead);
  const collected = runCollection(begun, { clock, rules, keys, ended: end.signal, prompt, stopPrompt: () => stops++ });
  return {
    clock,
    keys,
    end,
    collected,
    stops: () => stops,
    type: (text: string) => {
      for (const key of text) keys.press(key);
    },
    finishPrompt: async () => {
      promptOver();
      await prompt;
    },
  };
}

describe('collecting keys', () => {
  it('a menu takes one key and stops the prompt', async () => {
    const call = start(MENU);
    call.type('1');
    expect(await call.collected).toEqual({ outcome: 'digits', digits: '1', terminator: '' });
    expect(call.stops()).toBe(1);
    expect(call.clock.pending).toBe(0);
  });

  it('waits for the first key only after the prompt', async () => {
    const call = start(MENU);
    call.clock.advance(60_000);
    await call.finishPrompt();
    expect(call.clock.pending).toBe(1);
    call.clock.advance(5000);
    expect(await call.collected).toEqual({ outcome: 'time-out', digits: '' });
  });

  it('ends at the terminator, which is no digit', async () => {
    const call = start(PIN);
    call.type('1234#');
    expect(await call.collected).toEqual({ outcome: 'digits', digits: '1234', terminator: '#' });
  });

  it('ends at the longest input', async () => {
    const call = start(PIN);
    call.type('123456');
    expect(await call.collected).toEqual({ outcome: 'digits', digits: '123456', terminator: '' });
  });

  it('ends when the next key does not come, with enough or with too little', async () => {
    const enough = start(PIN);
    enough.type('123');
    enough.clock.advance(2000);
    expect(await enough.collected).toEqual({ outcome: 'digits', digits: '123', terminator: '' });
    const little = start(PIN);
    little.type('12');
    little.clock.advance(1999);
    little.type('#');
    expect(await little.collected).toEqual({ outcome: 'too-short', digits: '12' });
  });

  it('takes an empty input where none is needed, when it is confirmed', async () => {
    const call = start(OPTIONAL);
    call.type('#');
    expect(await call.collected).toEqual({ outcome: 'digits', digits: '', terminator: '#' });
  });

  it('without barge-in drops what is typed during and before the prompt', async () => {
    const call = start({ ...MENU, bargeIn: false }, '9');
    call.type('1');
    expect(call.stops()).toBe(0);
    await call.finishPrompt();
    call.type('2');
    expect(await call.collected).toMatchObject({ digits: '2' });
  });

  it('goes on with what was typed ahead, without the terminator of the input before', () => {
    expect(beginCollection(MENU, '3')).toMatchObject({ state: 'done', result: { digits: '3' } });
    expect(beginCollection(PIN, '#12')).toEqual({ state: 'typing', digits: '12' });
    expect(beginCollection(PIN, '##')).toEqual({ state: 'prompting' });
    expect(beginCollection(PIN, '1234#')).toMatchObject({ state: 'done', result: { digits: '1234' } });
  });

  it('rejects with the end of the leg, and lets go of the keys', async () => {
    const call = start(PIN);
    call.end.abort({ by: 'customer', reason: 'hung-up' });
    await expect(call.collected).rejects.toEqual({ by: 'customer', reason: 'hung-up' });
    call.type('1');
    expect(call.keys.takeAhead()).toBe('1');
    expect(call.clock.pending).toBe(0);
  });
});

describe('keys of a leg', () => {
  it('go to the newest capture that takes them, else to listeners, else are kept', () => {
    const keys = new KeyStream();
    const heard: string[] = [];
    const release = keys.capture((key) => key === '1');
    const stop = keys.listen((key) => heard.push(key));
    keys.press('1');
    keys.press('2');
    stop();
    release();
    keys.press('1');
    expect(heard).toEqual(['2']);
    expect(keys.takeAhead()).toBe('1');
    expect(keys.takeAhead()).toBe('');
  });

  it('kept ones are bounded', () => {
    const keys = new KeyStream();
    for (let n = 0; n <= MAX_TYPED_AHEAD; n++) keys.press('5');
    expect(keys.takeAhead()).toHaveLength(MAX_TYPED_AHEAD);
  });

  it('one of several is found with all before it gone', () => {
    const keys = new KeyStream();
    for (const key of '12#3') keys.press(key);
    expect(keys.takeFirstOf('*')).toBeUndefined();
    expect(keys.takeFirstOf('#')).toBe('#');
    expect(keys.takeAhead()).toBe('3');
  });
});
