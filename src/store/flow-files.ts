// The folder with the centre's texts: read whole, written file by file, watched for changes by hand.
import { createHash, randomUUID } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { FlowFiles } from '../app/texts.js';
import type { SourceFile } from '../core/document/issue.js';
import type { Log } from '../lib/log.js';

const MAX_FILES = 500;
const MAX_FILE_BYTES = 1_000_000;
/** Editors write in several steps; one look after the last of them is enough. */
const SETTLE_MS = 100;
/** File systems that report no changes (network shares) are looked at this often. */
const POLL_MS = 5_000;
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.yaml$/;
const TEST_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.test\.yaml$/;

export function openFlowFiles(folder: string, log: Log): FlowFiles {
  return {
    read: () => readAll(folder),
    write: (file, text) => writeWhole(folder, file, text),
    remove: (file) => removeOne(folder, file),
    revisionOf: (_file, text) => revisionOf(text),
    readTests: (flow) => readTests(folder, `${flow}.test.yaml`),
    watch: (listener) => watchFolder(folder, listener, log),
  };
}

/** Identity of a text: the first 12 hex digits of its SHA-256. */
export function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

async function readAll(folder: string): Promise<SourceFile[]> {
  // Tests of flows lie beside them and are no flows.
  const names = (await readdir(folder)).filter((name) => FILE_NAME.test(name)).sort();
  if (names.length > MAX_FILES) throw new Error(`${folder} has ${names.length} files, at most ${MAX_FILES} are read`);
  return Promise.all(names.map((file) => readOne(folder, file)));
}

async function readTests(folder: string, file: string): Promise<SourceFile | undefined> {
  if (!TEST_NAME.test(file) || !(await readdir(folder)).includes(file)) return undefined;
  return readOne(folder, file);
}

async function readOne(folder: string, file: string): Promise<SourceFile> {
  const path = join(folder, file);
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) throw new Error(`${path} has ${size} bytes, at most ${MAX_FILE_BYTES} are read`);
  const text = await readFile(path, 'utf8');
  return { file, text, revision: revisionOf(text) };
}

async function writeWhole(folder: string, file: string, text: string): Promise<void> {
  if (!FILE_NAME.test(file) && !TEST_NAME.test(file)) throw new Error(`${file} is no name for a file of the centre`);
  const draft = join(folder, `.${file}.${randomUUID()}`);
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, join(folder, file));
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw error;
  }
}

async function removeOne(folder: string, file: string): Promise<void> {
  if (!FILE_NAME.test(file) && !TEST_NAME.test(file)) throw new Error(`${file} is no name for a file of the centre`);
  await rm(join(folder, file), { force: true });
}

function watchFolder(folder: string, listener: () => void, log: Log): { close(): void } {
  let settling: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(settling);
    settling = setTimeout(listener, SETTLE_MS);
  };
  const watcher = startWatcher(folder, soon, log);
  const poll = setInterval(listener, POLL_MS);
  return {
    close() {
      clearTimeout(settling);
      clearInterval(poll);
      watcher?.close();
    },
  };
}

function startWatcher(folder: string, soon: () => void, log: Log): FSWatcher | undefined {
  try {
    const watcher = watch(folder, soon);
    watcher.on('error', (error) => log.warn({ err: error, folder }, 'folder cannot be watched, it is polled'));
    return watcher;
  } catch (error) {
    log.warn({ err: error, folder }, 'folder cannot be watched, it is polled');
    return undefined;
  }
}
