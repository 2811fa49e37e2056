// Whatever a caller brings, a request goes to the host and the place that the flow wrote.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileUrl, MAX_URL_CHARS } from '../../../src/core/document/url-template.js';

const HTTP = ['https:', 'http:'];

function good(source: string) {
  const compiled = compileUrl(source, HTTP, ['who', 'call.from']);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.url;
}

/** What a value can be on the wire: half of a surrogate pair cannot. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

test('a value stays one segment of the path and one value of the query', () => {
  const url = good('https://crm.example.com:8443/a/{{ who }}/b?c={{ who }}&d=1');
  const dangerous = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '/',
    '\\',
    '?',
    '#',
    '@',
    ':',
    '&',
    '\r\n',
    '{{',
    '%',
    '\ud800',
  );
  const values = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(dangerous, { maxLength: 6 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(values, (who) => {
      const rendered = url.render({ who });
      if (rendered === undefined) {
        expect(['.', '..']).toContain(who);
        return;
      }
      const { origin, pathname, searchParams, hash, username } = new URL(rendered);
      expect({ origin, hash, username }).toEqual({ origin: 'https://crm.example.com:8443', hash: '', username: '' });
      const [, a, place = '', b, ...more] = pathname.split('/');
      expect([a, decodeURIComponent(place), b, more]).toEqual(['a', wellFormed(who), 'b', []]);
      expect([...searchParams]).toEqual([
        ['c', wellFormed(who)],
        ['d', '1'],
      ]);
    }),
    { numRuns: 500 },
  );
});

test('two values side by side make no way up either', () => {
  expect(
    good('https://h.example.com/{{ who }}{{ call.from }}/x').render({ who: '.', call: { from: '.' } }),
  ).toBeUndefined();
});

test('an address may be so long, and no longer', () => {
  const url = good('https://h.example.com/{{ who }}');
  const room = MAX_URL_CHARS - 'https://h.example.com/'.length;
  expect(url.render({ who: 'x'.repeat(room) })).toHaveLength(MAX_URL_CHARS);
  expect(url.render({ who: 'x'.repeat(room + 1) })).toBeUndefined();
  expect(compileUrl(`https://h.example.com/${'x'.repeat(MAX_URL_CHARS)}`, HTTP, []).ok).toBe(false);
});

test.each([
  ['https://h.example.com/', 443],
  ['http://h.example.com', 80],
  ['https://h.example.com:8443?q=1', 8443],
  ['https://[::1]:1/', 1],
])('%s: port %i', (source, port) => {
  expect(good(source)).toMatchObject({ port });
});

test.each([
  'ftp://h.example.com/',
  'h.example.com/',
  'https:///x',
  'https://h.example.com:99999/',
  'https://h.example.com\\@evil.example.com/',
  'https://h.example.com#x',
  'https://h.example.com/#x',
  'https://h.example.com/{% if who %}x{% endif %}',
  'https://h.example.com/{{ who | append: "x" }}',
  'https://h.example.com/{{ who',
  'https://h.example.com/{{ who.constructor }}',
])('%s is none', (source) => {
  expect(compileUrl(source, HTTP, ['who']).ok).toBe(false);
});
