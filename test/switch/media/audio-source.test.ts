import { describe, expect, test } from 'vitest';
import { type AudioSource, FILE_STRING_LENGTH_MAX, parseFileString } from '../../../src/switch/media/audio-source.js';

const file = (path: string, startSample?: number): AudioSource =>
  startSample === undefined ? { kind: 'file', path } : { kind: 'file', path, startSample };
const list = (...items: AudioSource[]): AudioSource => ({ kind: 'list', items });

describe('file strings', () => {
  test.each<[string, AudioSource]>([
    ['/abs/x.wav', file('/abs/x.wav')],
    ['ivr/x.wav', file('/sounds/ivr/x.wav')],
    ['  ivr/x.wav ', file('/sounds/ivr/x.wav')],
    ['with blank.wav', file('/sounds/with blank.wav')],
    ['a@b.wav', file('/sounds/a@b.wav')],
    ['x.wav@@8000', file('/sounds/x.wav', 8_000)],
    ['{loops=2,x=y}x.wav', file('/sounds/x.wav')],
    ['file:///abs/x.wav', file('/abs/x.wav')],
    [
      'file_string://a.wav!silence_stream://500!/b.wav',
      list(file('/sounds/a.wav'), { kind: 'silence', ms: 500 }, file('/b.wav')),
    ],
    ['silence_stream://250', { kind: 'silence', ms: 250 }],
    ['silence_stream://-1', { kind: 'silence', ms: -1 }],
    ['silence_stream://250,1400', { kind: 'silence', ms: 250, noise: 1_400 }],
    ['local_stream://moh', { kind: 'music', name: 'moh' }],
  ])('%s', (text, source) => {
    expect(parseFileString(text, { soundPrefix: '/sounds' })).toEqual({ ok: true, source });
  });

  test('tones written in a file', () => {
    const ring = { kind: 'tone-file', path: '/t/ring.ttml' };
    expect(parseFileString('tone_stream://path=/t/ring.ttml')).toEqual({ ok: true, source: ring });
    expect(parseFileString('tone_stream://path=ring.ttml;loops=-1', { soundPrefix: '/t' })).toEqual({
      ok: true,
      source: { ...ring, loops: -1 },
    });
    expect(parseFileString('tone_stream://path=/t/../ring.ttml').ok).toBe(false);
  });

  test('a delimiter makes a list, each item read on its own', () => {
    expect(parseFileString('a.wav&/b.wav@@80&local_stream://moh', { delimiter: '&' })).toEqual({
      ok: true,
      source: list(file('a.wav'), file('/b.wav', 80), { kind: 'music', name: 'moh' }),
    });
    expect(parseFileString('a.wav', { delimiter: '!' })).toEqual({ ok: true, source: file('a.wav') });
  });

  test('a tone stream', () => {
    const parsed = parseFileString('tone_stream://%(2000,4000,440,480);loops=-1');
    expect(parsed).toEqual({
      ok: true,
      source: {
        kind: 'tone',
        programme: { segments: [{ onMs: 2_000, offMs: 4_000, frequencies: [440, 480], level: -7 }], loops: -1 },
      },
    });
  });

  test.each([
    ['', 'empty'],
    ['../etc/passwd', 'folder'],
    ['/sounds/../etc/passwd', 'folder'],
    ['a/..', 'folder'],
    ['..\\a.wav', 'folder'],
    ['file:///../x.wav', 'folder'],
    ['local_stream://../x', 'name of music'],
    ['local_stream://', 'name of music'],
    ['a.wav\0.txt', 'empty'],
    ['say:hello', 'not supported'],
    ['shout://radio.example', 'unsupported'],
    ['http_cache://x/y.wav', 'unsupported'],
    ['silence_stream://soon', 'milliseconds'],
    ['silence_stream://-2', 'milliseconds'],
    ['tone_stream://', 'no tone'],
    ['file_string://!!', 'empty list'],
    [`file_string://${'a!'.repeat(129)}`, 'more than 128'],
    ['x'.repeat(FILE_STRING_LENGTH_MAX + 1), 'too long'],
  ])('refuses %s', (text, error) => {
    expect(parseFileString(text)).toEqual({ ok: false, error: expect.stringContaining(error) });
  });
});
