// What a connection wants to hear: names, subclasses, filters.
import { describe, expect, test } from 'vitest';
import { ENTRIES_MAX, Subscription } from '../../../src/switch/control/event-socket/subscription.js';

function subscribed(...commands: string[]): Subscription {
  const subscription = new Subscription();
  for (const command of commands) subscription.add(command.split(' '));
  return subscription;
}

describe('names', () => {
  test('add up, in any case, with or without the prefix', () => {
    const subscription = subscribed('heartbeat', 'SWITCH_EVENT_PLAYBACK_START DTMF');
    for (const name of ['HEARTBEAT', 'PLAYBACK_START', 'DTMF'])
      expect(subscription.subscribes(name, undefined)).toBe(true);
    expect(subscription.subscribes('PLAYBACK_STOP', undefined)).toBe(false);
    subscription.remove(['DTMF']);
    expect(subscription.subscribes('DTMF', undefined)).toBe(false);
  });

  test('behind CUSTOM are subclasses and nothing else', () => {
    const subscription = subscribed('CHANNEL_ANSWER CUSTOM conference::maintenance BACKGROUND_JOB');
    expect(subscription.subscribes('CUSTOM', 'conference::maintenance')).toBe(true);
    expect(subscription.subscribes('CUSTOM', 'other')).toBe(false);
    expect(subscription.subscribes('BACKGROUND_JOB', undefined)).toBe(false);
    expect(subscribed('CUSTOM').subscribes('CUSTOM', 'anything')).toBe(true);
  });

  test('ALL is everything until noevents', () => {
    const subscription = subscribed('ALL');
    expect(subscription.subscribes('ANYTHING', undefined)).toBe(true);
    subscription.clear();
    expect(subscription.empty).toBe(true);
  });

  test('none is an error, too many are dropped', () => {
    expect(new Subscription().add([])).toBe(false);
    const many = Array.from({ length: ENTRIES_MAX + 1 }, (_, at) => `NAME_${at}`);
    const subscription = subscribed(many.join(' '));
    expect(subscription.subscribes(`NAME_${ENTRIES_MAX - 1}`, undefined)).toBe(true);
    expect(subscription.subscribes(`NAME_${ENTRIES_MAX}`, undefined)).toBe(false);
  });
});

describe('filters', () => {
  const a = { 'Unique-ID': 'a-1', 'Event-Name': 'DTMF' };
  const b = { 'Unique-ID': 'b-2', 'Conference-Unique-ID': 'c-9' };

  test('without any everything passes', () => {
    expect(subscribed('ALL').passes(b)).toBe(true);
    expect(subscribed('ALL').channels).toBe('everywhere');
  });

  test('several are alternatives, values in any case', () => {
    const subscription = subscribed('ALL');
    subscription.addFilter('Unique-ID', 'A-1');
    expect([a, b].map((headers) => subscription.passes(headers))).toEqual([true, false]);
    expect(subscription.channels).toEqual(['a-1']);
    subscription.addFilter('Conference-Unique-ID', 'c-9');
    expect([a, b].map((headers) => subscription.passes(headers))).toEqual([true, true]);
    expect(subscription.channels).toBe('everywhere');
    subscription.removeFilter('unique-id', undefined);
    expect([a, b].map((headers) => subscription.passes(headers))).toEqual([false, true]);
  });

  test('may be an expression or shut something out', () => {
    const expression = subscribed('ALL');
    expression.addFilter('Unique-ID', '/^B-/');
    expect([a, b].map((headers) => expression.passes(headers))).toEqual([false, true]);
    const negative = subscribed('ALL');
    negative.addFilter('Event-Name', '-DTMF');
    expect([a, b].map((headers) => negative.passes(headers))).toEqual([false, true]);
    expect(negative.addFilter('Event-Name', '/(/')).toBe(false);
  });

  test('have an end', () => {
    const subscription = subscribed('ALL');
    for (let at = 0; at < ENTRIES_MAX; at++) expect(subscription.addFilter('x', String(at))).toBe(true);
    expect(subscription.addFilter('x', 'one more')).toBe(false);
  });
});
