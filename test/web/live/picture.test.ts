// The live picture in the browser, message by message.
import { expect, test } from 'vitest';
import type { LiveMessage } from '../../../src/contract/live/live.js';
import { applyMessage, EMPTY, type Picture } from '../../../src/web/live/picture.js';

const SNAPSHOT: LiveMessage = {
  type: 'snapshot',
  epoch: 'e1',
  number: 7,
  documents: [
    { kind: 'agent', id: 'ana', value: { state: 'available' } },
    { kind: 'queue', id: 'support', value: { waiting: 0 } },
  ],
};

function after(...messages: readonly LiveMessage[]): Picture {
  return messages.reduce<Picture>((picture, message) => {
    const applied = applyMessage(picture, message);
    if (!applied.ok) throw new Error(`a gap before ${JSON.stringify(message)}`);
    return applied.picture;
  }, EMPTY);
}

test('a snapshot takes the place of all that was known', () => {
  const before = after({ ...SNAPSHOT, epoch: 'e0', documents: [{ kind: 'agent', id: 'zoe', value: {} }] });
  const applied = applyMessage(before, SNAPSHOT);
  expect(applied).toMatchObject({ ok: true, picture: { epoch: 'e1', number: 7 } });
  expect(after(SNAPSHOT).documents['agent']?.has('zoe')).toBe(false);
});

test('changes come, go and are counted; what has not changed stays the same object', () => {
  const before = after(SNAPSHOT);
  const changes = [
    { kind: 'agent', id: 'bruno', value: { state: 'busy' } },
    { kind: 'agent', id: 'ana', value: null },
  ];
  const next = after(SNAPSHOT, { type: 'changes', after: 7, number: 9, changes });
  expect([...(next.documents['agent'] ?? [])]).toEqual([['bruno', { state: 'busy' }]]);
  expect(next.number).toBe(9);
  expect(before.documents['agent']?.has('ana')).toBe(true);
  const same = applyMessage(before, { type: 'changes', after: 7, number: 8, changes });
  expect(same.ok && same.picture.documents['queue']).toBe(before.documents['queue']);
});

test.each<{ title: string; message: LiveMessage }>([
  { title: 'a message was lost', message: { type: 'changes', after: 8, number: 9, changes: [] } },
  { title: 'a message came twice', message: { type: 'changes', after: 6, number: 7, changes: [] } },
  { title: 'resumed elsewhere', message: { type: 'resumed', epoch: 'e1', number: 6 } },
  { title: 'resumed in another epoch', message: { type: 'resumed', epoch: 'e2', number: 7 } },
])('$title: a gap', ({ message }) => {
  expect(applyMessage(after(SNAPSHOT), message)).toEqual({ ok: false, cause: 'gap' });
});

test('resumed and beats change nothing', () => {
  const before = after(SNAPSHOT);
  expect(after(SNAPSHOT, { type: 'resumed', epoch: 'e1', number: 7 }, { type: 'beat' })).toEqual(before);
});
