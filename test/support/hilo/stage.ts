// The stage of a file of stories around the Hilo of its project: after each everybody hangs up and signs off.
import { afterEach, inject } from 'vitest';
import { Scene } from './scene.js';

/** Called while tests are collected. A hook that the file registers afterwards runs before everybody goes. */
export function onStage(): Scene {
  const scene = new Scene(inject('hilo'));
  afterEach(async ({ task }) => {
    await scene.close();
    // The next one, or the same once more, begins with an empty floor.
    if (task.result?.state === 'fail') await scene.endWritten();
  });
  return scene;
}
