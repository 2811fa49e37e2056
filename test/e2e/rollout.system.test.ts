// A staged roll-out on a real Hilo: real callers go through the candidate, the record tells which, and the figures show them.
import { afterEach, expect, test } from 'vitest';
import { ALL_TONES, TONES } from '../support/hilo/centre.js';
import { hearsSpeech } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';
import { eventually } from '../support/servers.js';

interface View {
  readonly state: string;
  readonly candidate: string;
  readonly baseline: string;
  readonly by?: string;
  readonly stoppedBy?: { readonly worseIn: readonly string[] };
  readonly comparison: { readonly candidate: { calls: number; over: number }; readonly baseline: { calls: number } };
}

const scene = onStage();
afterEach(async () => {
  const { state } = await scene.api.get<View>('/api/flows/main/rollout');
  if (state === 'running') await scene.api.post('/api/flows/main/rollout/abort', {});
});

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

const flowOf = (step: string) => `version: 1
name: main
languages: [es, en]
start: only
steps:
  only: { ${step} }
`;
const SERVES = flowOf("do: hangup, say: { es: 'Todo va bien.', en: 'All is well.' }");
/** Nobody serves it. */
const KEEPS_WAITING = flowOf('do: queue, queue: nobody');
/** So many at a time: new calls beyond what the machine can set up would be refused. */
const CALLERS_AT_A_TIME = 2;
const CALLERS_MAX = 80;

/** A caller who is served, or waits with music and gives up. */
async function caller(): Promise<void> {
  const { phone } = await scene.customer();
  const call = await phone.invite('1000');
  const isServed = () => call.byeReceived.happened;
  await eventually('served, or waiting', () => isServed() || call.audio.tone(ALL_TONES) === TONES.music, 20_000);
  if (!isServed()) call.bye();
}

test('a candidate whose real callers fare worse is taken back by itself, on the figures of both sides', async () => {
  const before = await scene.api.flow('main');
  await scene.api.publish('main', SERVES);
  try {
    await scene.api.post('/api/flows/main/rollout', {
      ...{ text: KEEPS_WAITING, percent: 50, force: true, note: 'test' },
      watch: { minCalls: 10, measures: ['containment'] },
    });
    const view = () => scene.api.get<View>('/api/flows/main/rollout');
    const isOver = async () => (await view()).state !== 'running';
    for (let calls = 0; calls < CALLERS_MAX && !(await isOver()); calls += CALLERS_AT_A_TIME) {
      await Promise.all(Array.from({ length: CALLERS_AT_A_TIME }, caller));
    }
    await eventually('it is taken back', isOver, 30_000);
    const { state, by, stoppedBy, comparison } = await view();
    expect({ state, by, worseIn: stoppedBy?.worseIn }).toEqual({
      ...{ state: 'stopped', by: 'hilo', worseIn: ['containment'] },
    });
    expect(Math.min(comparison.candidate.calls, comparison.baseline.calls)).toBeGreaterThanOrEqual(10);
    expect(await scene.api.flow('main')).toBe(SERVES);
  } finally {
    await scene.api.publish('main', before);
  }
}, 180_000);
