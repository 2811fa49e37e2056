// Calls of a running centre whose records are replayed: each goes through decisions of another kind.
import { EVA, openScene, type Scene } from './scene.js';

const ASKING_FLOW = `
version: 1
name: asking
languages: [es, en]
start: hours
variables: { client: '', pin: { type: secret } }
steps:
  hours: { do: hours, hours: office, open: number, closed: bye }
  number: { do: gather, say: { es: Su número, en: Your number }, into: client, max: 6, next: pin, otherwise: bye }
  pin: { do: gather, secure: true, say: { es: Su clave, en: Your code }, into: pin, min: 4, max: 4, next: known, otherwise: bye }
  known:
    do: branch
    cases: [{ when: client.startsWith("12"), next: support }]
    otherwise: bye
  support: { do: queue, queue: support }
  bye: { do: hangup, say: { es: Adiós, en: Bye } }
`;

export const STORIES: readonly (readonly [name: string, play: () => Promise<Scene>])[] = [
  ['wrong key, another language, then an agent', served],
  ['one agent rejects, the next one answers', rejectedOnce],
  ['hung up in the queue, wrote back, called back', calledBack],
  ['hung up twice within the cool-down', coolDown],
  ['digits, opening hours and a condition', asked],
  ['a full queue promises a call-back', promised],
];

export async function served(): Promise<Scene> {
  const scene = await openScene({ agents: ['ana', 'bruno'] });
  const caller = scene.call('1000');
  await scene.advance(1_000);
  caller.press('9');
  await scene.advance(1_000);
  caller.press('2');
  await scene.advance(1_000);
  caller.press('1');
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  await scene.advance(5_000);
  for (const desk of ['ana-desk', 'bruno-desk'])
    scene.network.talking(desk)?.finish({ by: 'agent', reason: 'hung-up' });
  await scene.advance(10_000);
  return scene;
}

async function rejectedOnce(): Promise<Scene> {
  const scene = await openScene({ agents: ['ana', 'bruno'] });
  scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'rejected', afterMs: 500 });
  const caller = scene.call('1001');
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  caller.hangUp();
  await scene.advance(10_000);
  return scene;
}

export async function calledBack(): Promise<Scene> {
  const scene = await openScene();
  const caller = scene.call('1001');
  await scene.advance(30_000);
  caller.hangUp();
  await scene.advance(60_000, 500);
  await scene.messenger.receive(EVA, '1');
  await scene.advance(1_000);
  scene.network.habits.set(EVA, { does: 'refuses', reason: 'busy', afterMs: 2_000 });
  scene.agentComes('ana');
  await scene.until('the first attempt fails', () => scene.facts('callback-attempt-failed').length === 1);
  scene.network.habits.set(EVA, { does: 'answers', afterMs: 2_000 });
  await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined, 7_200_000);
  await scene.advance(20_000, 200);
  scene.network.talking(EVA)?.finish({ by: 'customer', reason: 'hung-up' });
  await scene.advance(10_000);
  return scene;
}

async function coolDown(): Promise<Scene> {
  const scene = await openScene();
  const caller = scene.call('1001');
  await scene.advance(30_000);
  caller.hangUp();
  await scene.advance(2_000);
  const again = scene.call('1001');
  await scene.advance(20_000);
  again.hangUp();
  await scene.advance(2_000);
  return scene;
}

async function asked(): Promise<Scene> {
  const scene = await openScene({
    agents: ['ana'],
    centre: (text) => text.replace('1001: { to: { queue: support } }', '1001: { to: { flow: asking } }'),
    flows: { 'asking.yaml': ASKING_FLOW },
  });
  const caller = scene.call('1001');
  await scene.advance(1_000);
  caller.press('1234#');
  await scene.advance(1_000);
  caller.press('9876');
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  caller.hangUp();
  await scene.advance(10_000);
  return scene;
}

async function promised(): Promise<Scene> {
  const scene = await openScene({ agents: ['ana'] });
  scene.call('1003');
  await scene.advance(20_000);
  return scene;
}
