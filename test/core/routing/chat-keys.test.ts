// What an administrator writes about the chat on web pages: what it becomes, and what is refused where.
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { SAMPLE_TEXT } from '../../support/sample-centre.js';

const GREETING = { es: 'Hola', en: 'Hello' };

function compile(chat: object | undefined, rest: object = {}) {
  const text = stringify({ ...parse(SAMPLE_TEXT), chat, ...rest });
  return compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
}

test('what is left out: no other site, always open, nothing asked, calls offered', () => {
  const compiled = compile({ greeting: GREETING });
  expect(compiled.ok && compiled.value.chat).toEqual({ greeting: GREETING, origins: [], ask: [], callBack: true });
});

test('no chat: none', () => {
  const compiled = compile(undefined);
  expect(compiled.ok && 'chat' in compiled.value).toBe(false);
});

test('sites as browsers say them', () => {
  const origins = [
    'https://www.example.com',
    'https://*.example.com:8443',
    'http://127.0.0.1:8081',
    'http://localhost',
  ];
  expect(compile({ greeting: GREETING, origins })).toMatchObject({ ok: true, value: { chat: { origins } } });
});

describe('what is refused', () => {
  test.each([
    ['a greeting without a language of the centre', { greeting: { es: 'Hola' } }, "the text in 'en' is missing"],
    ['a greeting in another language', { greeting: { ...GREETING, fr: 'Salut' } }, "'fr' is not a language"],
    ['hours that are not there', { greeting: GREETING, hours: 'ofice' }, "no opening hours 'ofice'"],
    ['a question nobody knows', { greeting: GREETING, ask: ['age'] }, 'not known here'],
    ['a site with a path', { greeting: GREETING, origins: ['https://a.example/x'] }, 'a site is written as'],
    ['a site without https', { greeting: GREETING, origins: ['www.example.com'] }, 'a site is written as'],
    ['everybody', { greeting: GREETING, origins: ['*'] }, 'a site is written as'],
    [
      'a rule behind a site',
      { greeting: GREETING, origins: ['https://a.example; script-src *'] },
      'a site is written as',
    ],
    ['no greeting', {}, "'greeting' is missing"],
  ])('%s', (_case, chat, message) => {
    const compiled = compile(chat);
    expect(compiled.ok ? [] : compiled.issues.map((issue) => issue.message).join('\n')).toContain(message);
  });

  test('a chat that nobody answers, with the place and what to do', () => {
    const compiled = compile({ greeting: GREETING }, { conversations: undefined });
    const issue = compiled.ok ? undefined : compiled.issues[0];
    expect(issue).toMatchObject({ path: ['chat'], advice: 'add conversations: with a queue' });
    expect(issue?.line).toBeGreaterThan(1);
  });
});
