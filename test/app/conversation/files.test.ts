// Files of conversations: taken in with limits, fetched by a job, sent along, and thrown away when nobody sends them.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AttachmentFiles, COPY_KEPT_MS, DRAFT_KEPT_MS, DRAFTS_MAX } from '../../../src/app/conversation/files.js';
import { HiloError } from '../../../src/app/errors.js';
import { FILE_BYTES_MAX, FILE_KINDS } from '../../../src/core/interaction/conversation/file-type.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeAttachments } from '../../support/fakes/attachments.js';
import { EVA } from '../scene.js';
import { conversation, desk, openWriting, taken } from './writing-scene.js';

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]);

describe('on the disk', () => {
  let folder: string;
  let clock: FakeClock;
  let files: AttachmentFiles;
  let shared: FakeAttachments;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'hilo-files-')), 'attachments');
    clock = new FakeClock();
    shared = new FakeAttachments();
    files = new AttachmentFiles({ folder, shared, clock, ids: seededIds(seededRandom(1)), log: silentLog });
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  const draft = (bytes: Uint8Array, types: readonly string[] = ['image/jpeg']) =>
    files.keepDraft({ conversation: 'c1', by: 'ana', name: 'photo.exe', types }, Readable.from([bytes]));

  test('a file is what is in it', async () => {
    const kept = await files.keep({ name: 'photo.exe' }, Readable.from([JPEG]));
    expect(kept).toMatchObject({ name: 'photo.exe.jpg', type: 'image/jpeg', bytes: JPEG.length });
    expect(await readFile((await files.find(kept.id))?.path ?? '')).toEqual(JPEG);
  });

  test.each([
    ['of a kind that nobody takes', [Buffer.from('MZ\x90\0')], 'unsupported-media-type'],
    ['that is empty', [], 'unsupported-media-type'],
    ['without end', endless(), 'too-large'],
    [
      'a picture larger than pictures may be',
      [JPEG, Buffer.alloc(FILE_KINDS['image/jpeg']?.bytesMax ?? 0)],
      'too-large',
    ],
  ])('%s: nothing is left of it', async (_what, chunks, code) => {
    await expect(files.keep({ name: 'x' }, Readable.from(chunks))).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual([]);
  });

  test('an upload is taken once, by its own conversation only', async () => {
    const { id } = await draft(JPEG);
    expect(await files.takeDraft('another', id)).toBeUndefined();
    expect(await files.takeDraft('c1', '../c1')).toBeUndefined();
    expect(await files.takeDraft('c1', id)).toMatchObject({ id, by: 'ana' });
    expect(await files.takeDraft('c1', id)).toBeUndefined();
  });

  test('what is not sent within a day is thrown away, what was sent is kept', async () => {
    const unsent = await draft(JPEG);
    const sent = await draft(JPEG);
    await files.takeDraft('c1', sent.id);
    clock.advance(DRAFT_KEPT_MS - 1);
    await files.forgetOld();
    expect(await files.find(unsent.id)).toBeDefined();
    clock.advance(1);
    await files.forgetOld();
    expect(await files.find(unsent.id)).toBeUndefined();
    expect(await files.find(sent.id)).toBeDefined();
  });

  test('a copy that nobody asked for in a week is thrown away, and fetched when somebody does; the only one there is stays', async () => {
    const { id } = await files.keep({ name: 'photo.jpg' }, Readable.from([JPEG]));
    const only = await files.keep({ name: 'photo.jpg' }, Readable.from([JPEG]));
    await shared.remove(only.id);
    for (const one of [id, only.id]) await files.find(one);
    clock.advance(COPY_KEPT_MS - 1);
    await files.forgetOld();
    expect((await readdir(folder)).toSorted()).toEqual([id, only.id].toSorted());
    await files.find(id);
    clock.advance(COPY_KEPT_MS - 1);
    await files.forgetOld();
    expect((await readdir(folder)).toSorted()).toEqual([id, only.id].toSorted());
    clock.advance(1);
    await files.forgetOld();
    expect(await readdir(folder)).toEqual([only.id]);
    expect(await readFile((await files.find(id))?.path ?? '')).toEqual(JPEG);
  });

  test('of one conversation only so many lie there', async () => {
    for (let count = 0; count < DRAFTS_MAX; count += 1) await draft(JPEG);
    await expect(draft(JPEG)).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('another node has it too, also what is uploaded there to be sent', async () => {
    const other = join(folder, '..', 'other');
    const second = new AttachmentFiles({
      ...{ folder: other, shared, clock, log: silentLog },
      ids: seededIds(seededRandom(2)),
    });
    const kept = await files.keep({ name: 'photo.jpg' }, Readable.from([JPEG]));
    await rm(folder, { recursive: true });
    expect(await Promise.all([second.find(kept.id), second.find(kept.id)])).toMatchObject([
      { bytes: JPEG.length },
      { bytes: JPEG.length },
    ]);
    expect(await readFile((await second.find(kept.id))?.path ?? '')).toEqual(JPEG);
    expect(await readdir(other)).toEqual([kept.id]);
    const { id } = await draft(JPEG);
    expect(await second.takeDraft('c1', id)).toMatchObject({ id });
    expect(await second.find(id)).toMatchObject({ bytes: JPEG.length });
  });

  test('that cannot be kept for all is not kept at all', async () => {
    shared.put = () => Promise.reject(new HiloError('store-unavailable', 'away'));
    const refused = { code: 'store-unavailable' };
    await expect(files.keep({ name: 'x' }, Readable.from([JPEG]))).rejects.toMatchObject(refused);
    await expect(draft(JPEG)).rejects.toMatchObject(refused);
    expect(await readdir(folder)).toEqual([]);
  });

  test('what is not there is not there; a disk that fails is a fault', async () => {
    expect(await files.find('nothing')).toBeUndefined();
    // ENOTDIR, as good as any: not what a disk says of a file that it does not have.
    await writeFile(folder, '');
    await expect(files.find('nothing')).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  test('an agent sends what the channel takes', async () => {
    await expect(draft(JPEG, ['application/pdf'])).rejects.toMatchObject({ code: 'unsupported-media-type' });
  });
});

function* endless(): Generator<Buffer> {
  for (let bytes = 0; bytes <= FILE_BYTES_MAX; bytes += 1024 * 1024) yield Buffer.alloc(1024 * 1024, 'a');
}

describe('in a conversation', () => {
  test('a customer’s picture is fetched, and its name is harmless', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    await scene.messenger.receiveFile(EVA, '../photo.exe', JPEG);
    const stored = () => scene.facts('attachment-stored');
    await scene.whileOnDisk('the picture is here', () => stored().length === 1);
    expect(stored()).toMatchObject([{ name: 'photo.exe.jpg', type: 'image/jpeg', bytes: JPEG.length }]);
    expect(scene.facts('queued')).toMatchObject([{ kind: 'message', title: '../photo.exe' }]);
    const { attachment } = stored()[0] ?? { attachment: '' };
    expect(await scene.node.centre.conversations.files.find(attachment)).toMatchObject({ bytes: JPEG.length });
  });

  test.each([
    ['of a kind that nobody takes', Buffer.from('MZ\x90\0'), 'type-not-allowed'],
    ['that the provider does not have any more', new HiloError('not-found', 'gone'), 'not-available'],
    ['that the provider never gives', new HiloError('message-not-sent', 'away'), 'not-available'],
  ])('a file %s is refused, with the reason', async (_what, bytes, reason) => {
    const scene = await openWriting();
    await scene.messenger.receiveFile(EVA, 'x', bytes);
    await scene.whileOnDisk('it is refused', () => scene.facts('attachment-refused').length === 1);
    expect(scene.facts('attachment-refused')).toMatchObject([{ reason }]);
    expect(conversation(scene)?.state).toBe('waiting');
  });

  test('an agent’s goes with the message, once', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const interaction = await taken(scene);
    const { id } = await desk(scene).upload(interaction, 'foto.jpg', Readable.from([JPEG]), 'ana');
    await desk(scene).send(interaction, { attachment: id, text: 'Mire' }, 'ana');
    await scene.whileOnDisk('it is sent', () => scene.messenger.sent.length === 1);
    expect(scene.messenger.sent).toMatchObject([{ text: 'Mire', file: { id, name: 'foto.jpg', type: 'image/jpeg' } }]);
    const again = desk(scene).send(interaction, { attachment: id }, 'ana');
    await expect(again).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('whose message could not be stored can be sent again', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const interaction = await taken(scene);
    const { id } = await desk(scene).upload(interaction, 'foto.jpg', Readable.from([JPEG]), 'ana');
    const append = scene.records.append.bind(scene.records);
    scene.records.append = () => Promise.reject(new HiloError('store-unavailable', 'away'));
    await expect(desk(scene).send(interaction, { attachment: id }, 'ana')).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    scene.records.append = append;
    expect(await scene.node.centre.conversations.files.takeDraft(interaction, id)).toBeDefined();
  });
});
