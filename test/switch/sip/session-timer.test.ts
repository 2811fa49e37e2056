import { describe, expect, it } from 'vitest';
import { Headers } from '../../../src/switch/sip/message/headers.js';
import type { SipRequest, SipResponse } from '../../../src/switch/sip/message/message.js';
import {
  giveUpAfterMs,
  isTooShort,
  refreshAfterMs,
  termsOfAnswer,
  termsOfResponse,
  writeAnswer,
  writeRequest,
} from '../../../src/switch/sip/session-timer.js';

const BODY = Buffer.alloc(0);
const request = (fields: Record<string, string>): SipRequest => ({
  kind: 'request',
  method: 'INVITE',
  uri: 'sip:a@b',
  headers: Headers.of(Object.entries(fields)),
  body: BODY,
});
const response = (expires?: string): SipResponse => ({
  kind: 'response',
  status: 200,
  reason: 'OK',
  headers: Headers.of(expires === undefined ? [] : [['Session-Expires', expires]]),
  body: BODY,
});

describe('session timers', () => {
  it.each([
    // what the caller says, what the application says, what is agreed
    [{}, {}, undefined],
    [{ 'Session-Expires': '1800', Supported: 'timer' }, {}, { intervalS: 1800, refresher: 'uac' }],
    [{ x: '1800;refresher=UAS', k: 'timer, 100rel' }, {}, { intervalS: 1800, refresher: 'uas' }],
    [{ 'Session-Expires': '1800;refresher=uac' }, {}, { intervalS: 1800, refresher: 'uas' }],
    [{ 'Session-Expires': '60' }, {}, { intervalS: 90, refresher: 'uas' }],
    [{ Supported: 'timer' }, { 'Session-Expires': '300;refresher=uas' }, { intervalS: 300, refresher: 'uas' }],
    [{ Supported: 'timer' }, { 'Session-Expires': '300' }, { intervalS: 300, refresher: 'uac' }],
    [
      { 'Session-Expires': '900', Supported: 'timer' },
      { 'Session-Expires': '300' },
      { intervalS: 300, refresher: 'uac' },
    ],
    // never longer than asked for (§9), nor shorter than allowed
    [
      { 'Session-Expires': '900', Supported: 'timer' },
      { 'Session-Expires': '3600' },
      { intervalS: 900, refresher: 'uac' },
    ],
    [
      { 'Session-Expires': '900', 'Min-SE': '600', Supported: 'timer' },
      { 'Session-Expires': '300' },
      { intervalS: 600, refresher: 'uac' },
    ],
    [
      { 'Session-Expires': '900', 'Min-SE': '99999', Supported: 'timer' },
      { 'Session-Expires': '300' },
      { intervalS: 900, refresher: 'uac' },
    ],
    [{ 'Session-Expires': 'soon', Supported: 'timer' }, {}, undefined],
    [{ 'Session-Expires': '99999999999', Supported: 'timer' }, {}, undefined],
  ])('%j answered %j: %j', (asked, given, agreed) => {
    expect(termsOfAnswer(request(asked), Headers.of(Object.entries(given)))).toEqual(agreed);
  });

  it.each([
    [undefined, undefined],
    ['1800', { intervalS: 1800, refresher: 'uac' }],
    ['1800;refresher=uas', { intervalS: 1800, refresher: 'uas' }],
    ['10;refresher=uas', { intervalS: 90, refresher: 'uas' }],
  ])('a 2xx with %s means %j', (expires, terms) => {
    expect(termsOfResponse(response(expires))).toEqual(terms);
  });

  it('too short an interval is refused to those who understand the refusal', () => {
    expect(isTooShort(request({ 'Session-Expires': '89', Supported: 'timer' }))).toBe(true);
    expect(isTooShort(request({ 'Session-Expires': '90', Supported: 'timer' }))).toBe(false);
    expect(isTooShort(request({ 'Session-Expires': '89' }))).toBe(false);
  });

  it('the caller is told that it has to refresh', () => {
    const headers = new Headers();
    writeAnswer(headers, { intervalS: 600, refresher: 'uac' });
    expect(headers.get('Session-Expires')).toBe('600;refresher=uac');
    expect(headers.get('Require')).toBe('timer');
    const other = new Headers();
    writeAnswer(other, { intervalS: 600, refresher: 'uas' });
    expect(other.has('Require')).toBe(false);
  });

  it('a request says that it goes on with the session, and that we know what that means', () => {
    const headers = Headers.of([['Supported', 'replaces']]);
    writeRequest(headers, { intervalS: 600, refresher: 'uas' });
    expect(headers.get('Session-Expires')).toBe('600;refresher=uas');
    expect(headers.list('Supported')).toEqual(['replaces', 'timer']);
  });

  it('is refreshed at half of it, and given up a third or 32 s before its end', () => {
    expect(refreshAfterMs({ intervalS: 1800, refresher: 'uac' })).toBe(900_000);
    expect(giveUpAfterMs({ intervalS: 1800, refresher: 'uac' })).toBe(1_768_000);
    expect(giveUpAfterMs({ intervalS: 90, refresher: 'uac' })).toBe(60_000);
  });

  it('that would last for years is not over at once: no timer waits longer than 24 days', () => {
    const terms = termsOfResponse(response(String(2 ** 31 - 1))) ?? { intervalS: 0, refresher: 'uac' };
    for (const ms of [refreshAfterMs(terms), giveUpAfterMs(terms)]) {
      expect(ms).toBeGreaterThan(24 * 86_400_000);
      expect(ms).toBeLessThan(2 ** 31);
    }
  });
});
