// What has changed is built before the first Hilo starts: not within the time in which it has to be there.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const SET_UP = new URL('../../scripts/setup.mjs', import.meta.url).href;

export async function setup(): Promise<void> {
  const build = `import(${JSON.stringify(SET_UP)}).then(({ setUp }) => setUp({ programs: [] }))`;
  await promisify(execFile)(process.execPath, ['--eval', build]);
}
