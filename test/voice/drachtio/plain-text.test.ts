import { describe, expect, it } from 'vitest';
import { hasProfile, parseHeaders } from '../../../src/voice/drachtio/media-connection.js';
import {
  commandText,
  displayName,
  headerValue,
  hiloHeaders,
  mediaPath,
  userPart,
} from '../../../src/voice/drachtio/plain-text.js';
import { infoKey } from '../../../src/voice/drachtio/sip-dialog.js';

describe('texts from outside', () => {
  it('never bring a line break into a header', () => {
    expect(headerValue('a\r\nX-Evil: 1\u0000\u2028b 50%')).toBe('a X-Evil: 1 b 50');
    expect(displayName('Ana "<sip:x>"\r\nVia: y')).toBe('Ana sip:x Via: y');
    expect(userPart('ana@evil\r\n>;tag=1')).toBe('anaeviltag1');
    expect(userPart('\r\n')).toBe('anonymous');
    expect(headerValue('x'.repeat(1000))).toHaveLength(256);
  });

  it('become X-Hilo headers only', () => {
    expect(hiloHeaders({ Reference: 'HL-1', 'X-Hilo-Queue': 'support\r\nTo: x', 'Bad Name:': 'y' })).toEqual({
      'X-Hilo-Reference': 'HL-1',
      'X-Hilo-Queue': 'support To: x',
    });
  });

  it.each([
    'a.wav',
    '/data/../etc/passwd',
    '/data/a b.wav',
    '/data/a!b.wav',
    '/data/\u0024{x}.wav',
    '/data/%[x=y]a.wav',
    '/data/{x=y}a.wav',
    '/data/a.wav@@8000',
    '/data/a.wav\napi reloadxml',
    `/${'a'.repeat(2000)}`,
  ])('are no path for the media server: %j', (path) => {
    expect(() => mediaPath(path)).toThrow('invalid-input');
  });

  it('plain paths pass, commands of two lines do not', () => {
    expect(mediaPath('/var/lib/hilo-1/prompts/es/menu_1.wav')).toBe('/var/lib/hilo-1/prompts/es/menu_1.wav');
    expect(() => commandText('a\nb')).toThrow('invalid-input');
  });
});

describe('keys in SIP INFO', () => {
  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
    ['application/dtmf-relay', 'Duration=160\r\nsignal = a', 'A'],
    ['application/dtmf', '#', '#'],
    ['application/dtmf-relay; x=y', 'Signal=10', '*'],
    ['application/dtmf', '11', '#'],
    ['application/dtmf-relay', 'Signal=12', undefined],
    ['application/dtmf', '5\r\napi', undefined],
    ['text/plain', '5', undefined],
  ])('%s %j is %s', (type, body, key) => {
    expect(infoKey(type, body)).toBe(key);
  });
});

describe('event socket', () => {
  it('survives a stray percent sign', () => {
    expect(parseHeaders('Reply-Text: +OK 50% off\nA: b%3A c: d\nContent-Length: 12')).toEqual({
      'Reply-Text': '+OK 50% off',
      A: 'b: c: d',
      'Content-Length': 12,
    });
  });

  it('finds the SIP profile with an IPv4 address, by its whole name', () => {
    const status = [
      '   Name\t   Type\tData\tState',
      '   internal\tprofile\tsip:mod_sofia@10.0.0.1:5060\tRUNNING (0)',
      '   drachtio_mrf\tprofile\tsip:mod_sofia@127.0.0.1:5080\tRUNNING (0)',
      '   v6\tprofile\tsip:mod_sofia@[::1]:5080\tRUNNING (0)',
    ].join('\n');
    const found = ['drachtio_mrf', 'internal', 'drachtio', 'v6', 'mrf'].map((name) => hasProfile(status, name));
    expect(found).toEqual([true, true, false, false, false]);
  });
});
