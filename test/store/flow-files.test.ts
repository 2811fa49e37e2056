// The folder of the centre's texts: tests lie beside the flows and are no flows; no name leads out of it.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../src/lib/log.js';
import { openFlowFiles } from '../../src/store/flow-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flow-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('tests of flows are read by the name of their flow, and by nobody else', async () => {
  const files = openFlowFiles(folder, silentLog);
  writeFileSync(join(folder, 'main.yaml'), 'flow');
  await files.write('main.test.yaml', 'tests');
  expect((await files.read()).map(({ file }) => file)).toEqual(['main.yaml']);
  const revision = files.revisionOf('main.test.yaml', 'tests');
  expect(await files.readTests('main')).toEqual({ file: 'main.test.yaml', text: 'tests', revision });
  expect(await files.readTests('other')).toBeUndefined();
  expect(revision).toMatch(/^[0-9a-f]{12}$/);
});

test.each(['../main.yaml', 'a/b.yaml', 'a.b.yaml', '.test.yaml', 'a.test.test.yaml', 'main.txt'])(
  'nothing is written as %s',
  async (name) => {
    const files = openFlowFiles(folder, silentLog);
    await expect(files.write(name, 'text')).rejects.toThrow('is no name for a file of the centre');
    expect(await files.readTests(name.replace('.test.yaml', ''))).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('a file is taken away, once and again; no name leads out of the folder', async () => {
  const files = openFlowFiles(folder, silentLog);
  await files.write('main.yaml', 'flow');
  await files.write('main.test.yaml', 'tests');
  await files.remove('main.test.yaml');
  await files.remove('main.test.yaml');
  expect(readdirSync(folder)).toEqual(['main.yaml']);
  await expect(files.remove('../main.yaml')).rejects.toThrow('is no name for a file of the centre');
});
