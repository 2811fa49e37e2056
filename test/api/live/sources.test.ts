// Queues and agents as the live picture has them: what the centre's files no longer have is told as gone.
import { afterEach, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { liveSources } from '../../../src/api/live/sources.js';
import type { Flows } from '../../../src/app/flows.js';
import { type ApiScene, openApiScene } from '../../support/api-scene.js';

let scene: ApiScene | undefined;
afterEach(() => scene?.close());

test('a queue that was taken out of the file is gone for whoever looks', async () => {
  scene = await openApiScene();
  const { options, files } = scene;
  const flows = options.flows as Flows;
  const before = await scene.text('centre.yaml');
  const more = parseDocument(before);
  more.setIn(['queues', 'repairs'], more.createNode({ title: { es: 'R', en: 'R' }, skill: 's', overflow: 'message' }));
  await files.write('centre.yaml', more.toString());
  await flows.recheck();
  const source = liveSources(options).find(({ kind }) => kind === 'queue');
  expect(source?.view('repairs')).toBeDefined();
  const dirty: string[] = [];
  const stop = source?.watch((id) => dirty.push(id));
  await files.write('centre.yaml', before);
  await flows.recheck();
  expect(dirty).toContain('repairs');
  expect(source?.view('repairs')).toBeUndefined();
  stop?.();
});
