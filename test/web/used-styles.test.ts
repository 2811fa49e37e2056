// The library's styles without those of components that the application does not have.
import { expect, test } from 'vitest';
import { onlyUsed } from '../../src/web/used-styles.js';

const USED = new Set(['m_aaaaaaaa']);

test('rules of components that are not there go, whatever they stand in', () => {
  const css = [
    ':root{--gap:4px}',
    '.m_aaaaaaaa{color:red}',
    '.m_bbbbbbbb{color:blue}',
    '@media (hover:hover){.m_bbbbbbbb:hover{color:blue}}',
    '@media (hover:hover){.m_aaaaaaaa:hover{color:red}.m_bbbbbbbb:hover{color:blue}}',
    '@keyframes m_cccccccc{from{opacity:0}to{opacity:1}}',
    '.m_bbbbbbbb .m_aaaaaaaa{margin:0}',
  ].join('');
  expect(onlyUsed(css, USED)).toBe(
    ':root{--gap:4px}.m_aaaaaaaa{color:red}@media (hover:hover){.m_aaaaaaaa:hover{color:red}}.m_bbbbbbbb .m_aaaaaaaa{margin:0}',
  );
});

test('rules that speak of no component stay, and so do animations of those that are there', () => {
  const css = 'body{margin:0}@keyframes m_aaaaaaaa{from{opacity:0}to{opacity:1}}@font-face{src:url(x)}';
  expect(onlyUsed(css, USED)).toBe(css);
});
