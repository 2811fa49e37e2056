import { expect, test } from 'vitest';
import { Typing } from '../../../src/voice/call/typed-text.js';

function leg(takesKeys = true) {
  let type: (text: string) => void = () => undefined;
  const keys: string[] = [];
  const heard: string[] = [];
  const endpoint = {
    hasText: true,
    onTyped: (listener: typeof type) => {
      type = listener;
    },
    write: async () => true,
  };
  const typing = new Typing({
    endpoint,
    takesKeys: () => takesKeys,
    onKey: (key) => void keys.push(key),
    write: async () => true,
  });
  typing.text?.onTyped((typed) => void heard.push(typed));
  return {
    type: (...texts: string[]) => {
      for (const typed of texts) type(typed);
    },
    keys,
    heard,
    typing,
  };
}

test.each<[string, string[], string[], string[]]>([
  ['a digit alone is a key', ['1'], ['1'], []],
  ['after a line too', ['Hola\u2028', '2', '#'], ['2', '#'], ['Hola\u2028']],
  ['within a sentence it is text', ['Calle ', '7', '\r\n', '7'], ['7'], ['Calle ', '7', '\r\n']],
  ['several at once are text', ['12'], [], ['12']],
])('%s', (_, typed, keys, heard) => {
  const one = leg();
  one.type(...typed);
  expect([one.keys, one.heard]).toEqual([keys, heard]);
});

test('in a conversation every character is for the partner', () => {
  const one = leg(false);
  one.type('1', '2');
  expect([one.keys, one.heard]).toEqual([[], ['1', '2']]);
});

test('a leg without text has none', () => {
  const endpoint = { hasText: false, onTyped: () => expect.unreachable(), write: async () => true };
  const options = { endpoint, takesKeys: () => true, onKey: () => undefined, write: async () => true };
  expect(new Typing(options).text).toBeUndefined();
});

test('what is typed in secret is keys and nothing else, also in one go', async () => {
  const one = leg();
  one.type('Mi tarjeta: ');
  await one.typing.inSecret(async () => one.type('41 11', '1', 'x'));
  one.type('ya');
  expect([one.keys.join(''), one.heard]).toEqual(['41111', ['Mi tarjeta: ', 'ya']]);
});

test('a secret that was not typed after all leaves nothing behind', async () => {
  const one = leg();
  const gone = one.typing.inSecret(() => Promise.reject(new Error('hung up')));
  await expect(gone).rejects.toThrow('hung up');
  one.type('hola');
  expect(one.heard).toEqual(['hola']);
});
