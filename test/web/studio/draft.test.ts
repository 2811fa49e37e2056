// Drafts as the browser keeps them.
import { expect, test } from 'vitest';
import { keepDraft, keptDraft } from '../../../src/web/studio/kept-draft.js';

function store(room = true) {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => void kept.delete(key),
    setItem(key: string, value: string) {
      if (!room) throw new Error('QuotaExceededError');
      kept.set(key, value);
    },
  };
}

test('each text has a draft of its own, with the revision it was begun from, until it is dropped', () => {
  const browser = store();
  const draft = { text: 'version: 1', base: 'abc' };
  expect(keepDraft(browser, 'main', draft)).toBe(true);
  expect(keptDraft(browser, 'main')).toEqual(draft);
  expect(keptDraft(browser, 'other')).toBeUndefined();
  keepDraft(browser, 'main', undefined);
  expect(keptDraft(browser, 'main')).toBeUndefined();
});

test.each(['not JSON', '[]', 'null', '{"text":1,"base":"a"}', '{"text":"a"}'])('%s is no draft', (written) => {
  const browser = store();
  browser.setItem('hilo-draft:main', written);
  expect(keptDraft(browser, 'main')).toBeUndefined();
});

test('a browser without room says so', () => {
  expect(keepDraft(store(false), 'main', { text: 'a', base: 'b' })).toBe(false);
});
