import { describe, expect, test } from 'vitest';
import { CallRecording } from '../../../src/voice/call/call-recording.js';

function recording(replies: Readonly<Record<string, string>> = {}) {
  const orders: string[] = [];
  const endpoint = {
    uuid: 'u',
    execute: async (application: string, argument?: string) => {
      orders.push(`${application} ${argument}`);
      return undefined as never;
    },
    api: async (command: string, ...args: readonly string[]) => {
      orders.push([command, ...args].join(' '));
      return replies[args[1] ?? ''] ?? '+OK Success';
    },
  };
  const hidden = async () => void orders.push('…');
  return { call: new CallRecording(endpoint), orders, hidden };
}

describe('a recording', () => {
  test('is silent while digits are typed, and only then', async () => {
    const { call, orders, hidden } = recording();
    await call.start('/a.wav');
    await call.hide(hidden);
    expect(orders).toEqual(['record_session /a.wav', 'uuid_record u mask /a.wav', '…', 'uuid_record u unmask /a.wav']);
  });

  test('sounds again when the caller gave up', async () => {
    const { call, orders } = recording();
    await call.start('/a.wav');
    await expect(call.hide(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(orders.at(-1)).toBe('uuid_record u unmask /a.wav');
  });

  test('is silent until somebody says otherwise, also after digits were typed', async () => {
    const { call, orders, hidden } = recording();
    await call.start('/a.wav');
    await call.mask(true);
    await call.mask(true);
    await call.hide(hidden);
    await call.mask(false);
    expect(orders.slice(1)).toEqual(['uuid_record u mask /a.wav', '…', 'uuid_record u unmask /a.wav']);
  });

  test('that does not fall silent when it is asked: whoever asked is told', async () => {
    const { call } = recording({ mask: '-ERR' });
    await call.start('/a.wav');
    await expect(call.mask(true)).rejects.toMatchObject({ code: 'telephony-unavailable' });
  });

  test('that cannot be silent is stopped', async () => {
    const { call, orders, hidden } = recording({ mask: '-ERR' });
    await call.start('/a.wav');
    await call.hide(hidden);
    await call.hide(hidden);
    expect(orders.slice(1)).toEqual(['uuid_record u mask /a.wav', 'uuid_record u stop /a.wav', '…', '…']);
  });

  test('that cannot even be stopped: nothing secret is asked', async () => {
    const { call, orders, hidden } = recording({ mask: '-ERR', stop: '-ERR' });
    await call.start('/a.wav');
    await expect(call.hide(hidden)).rejects.toMatchObject({ code: 'telephony-unavailable' });
    expect(orders).not.toContain('…');
  });

  test('is stopped before another one begins: no recording goes on that could not be silent', async () => {
    const { call, orders, hidden } = recording();
    await call.start('/a.wav');
    await call.start('/b.wav');
    await call.hide(hidden);
    const begun = ['record_session /a.wav', 'uuid_record u stop /a.wav', 'record_session /b.wav'];
    expect(orders).toEqual([...begun, 'uuid_record u mask /b.wav', '…', 'uuid_record u unmask /b.wav']);
  });

  test('that cannot be stopped goes on, and can still be silent', async () => {
    const { call, orders, hidden } = recording({ stop: '-ERR' });
    await call.start('/a.wav');
    await expect(call.stop()).rejects.toMatchObject({ code: 'telephony-unavailable' });
    await expect(call.start('/b.wav')).rejects.toMatchObject({ code: 'telephony-unavailable' });
    await call.hide(hidden);
    expect(orders).not.toContain('record_session /b.wav');
    expect(orders.slice(-3)).toEqual(['uuid_record u mask /a.wav', '…', 'uuid_record u unmask /a.wav']);
  });

  test('is stopped once', async () => {
    const { call, orders } = recording();
    await call.stop();
    await call.start('/a.wav');
    await call.stop();
    await call.stop();
    expect(orders).toEqual(['record_session /a.wav', 'uuid_record u stop /a.wav']);
  });

  test('there is none: nothing is ordered', async () => {
    const { call, orders, hidden } = recording();
    await call.hide(hidden);
    expect(orders).toEqual(['…']);
  });
});
