// A staged roll-out on a real Hilo: real callers go through the candidate, the record tells which, and the figures show them.
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { hearsSpeech, Scene } from '../support/hilo/scene.js';
import { eventually } from '../support/servers.js';

interface View {
  readonly state: string;
  readonly candidate: string;
  readonly baseline: string;
  readonly comparison: { readonly candidate: { calls: number; over: number }; readonly baseline: { calls: number } };
}

let scene: Scene;
beforeEach(() => {
  scene = new Scene(inject('hilo'));
});
afterEach(() => scene.close());

/** A caller who hears the greeting and hangs up; the revision of the flow they went through. */
async function callerGets(): Promise<string> {
  const { phone, number } = await scene.customer();
  const call = await phone.invite('1000');
  await hearsSpeech(call);
  call.bye();
  const matter = await scene.matters.until(number, (one) => one.has('call-ended'));
  return matter.last('flow-entered').revision;
}

test('callers get the candidate, the figures count them, and after the end nobody gets it', async () => {
  const text = (await scene.api.flow('main')).replace('gracias por llamar a Hilo', 'bienvenido a Hilo');
  await scene.api.post('/api/flows/main/rollout', {
    text,
    percent: 100,
    watch: { measures: [] },
    force: true,
    note: 'test',
  });
  const view = () => scene.api.get<View>('/api/flows/main/rollout');
  const { candidate, baseline } = await view();
  expect(await callerGets()).toBe(candidate);
  await eventually('the caller is counted', async () => (await view()).comparison.candidate.over === 1);
  await scene.api.post('/api/flows/main/rollout/abort', { reason: 'enough' });
  expect((await view()).state).toBe('aborted');
  expect(await callerGets()).toBe(baseline);
});
