// The customer step and the guess without a record: asked once per call, then known everywhere.
import { expect, test } from 'vitest';
import type { CustomerFacts } from '../../../../src/core/ivr/outside/customer.js';
import { STRANGER } from '../../../../src/core/ivr/outside/customer.js';
import type { Session } from '../../../../src/core/ivr/session.js';
import { advance, startSession } from '../../../../src/core/ivr/walk.js';
import { AROUND, catalogueOf } from '../../../support/flow-caller.js';

const flow = (name: string, steps: string): { file: string; text: string; revision: string } => ({
  file: `${name}.yaml`,
  text: `version: 1\nname: ${name}\nlanguages: [es, en]\nstart: look\nperson: { none: this is a test }\nsteps:\n${steps}`,
  revision: 'r',
});

const CATALOGUE = catalogueOf(
  [
    flow(
      'main',
      `
  look: { do: customer, next: inner, otherwise: inner }
  inner: { do: flow, flow: inner, next: again }
  again: { do: customer, speak: true, next: asked, otherwise: bye }
  asked:
    do: guess
    rules:
      - { when: customer.days_since > 30, say: { es: Hace tiempo, en: Long ago }, yes: bye }
      - { when: '"vip" in customer.tags', say: { es: '{{ customer.name }} {{ customer.tags }}', en: '{{ customer.name }} {{ customer.tags }}' }, yes: bye }
    otherwise: bye
  bye: { do: hangup }`,
    ),
    flow(
      'inner',
      `
  look: { do: customer, next: back, otherwise: back }
  back: { do: say, say: { es: '[{{ customer.name }}]', en: '[{{ customer.name }}]' }, next: gone }
  gone: { do: return }`,
    ),
  ],
  AROUND,
);

function walk(customer: CustomerFacts | undefined, between = (session: Session): Session => session) {
  const call = { from: '1', name: '', to: '1000', reference: 'H-1' };
  const start = { flow: 'main', call, languages: [], nowMs: 0, timeZone: 'UTC' };
  let progress = startSession(CATALOGUE, start);
  const said: string[] = [];
  let lookUps = 0;
  while (progress.session.state === 'asking' && progress.ask.kind !== 'collect') {
    const { ask } = progress;
    if ('prompts' in ask) said.push(...ask.prompts.map((prompt) => ('text' in prompt ? prompt.text : '')));
    if (ask.kind === 'customer') lookUps += 1;
    const session = between(progress.session);
    const found =
      customer === undefined
        ? ({ kind: 'customer', outcome: 'failed', reason: 'away' } as const)
        : ({ kind: 'customer', outcome: 'found', customer } as const);
    progress = advance(CATALOGUE, session, ask.kind === 'customer' ? found : { kind: 'played' }, 0);
  }
  return { progress, said, lookUps };
}

const EVA: CustomerFacts = {
  ...STRANGER,
  known: true,
  name: 'Eva',
  language: 'en',
  tags: ['vip', 'late'],
  days_since: 2,
};

test('looked up once, known in sub-flows and after, spoken to in their language', () => {
  const { progress, said, lookUps } = walk(EVA);
  expect(lookUps).toBe(1);
  expect(said).toEqual(['[Eva]']);
  const { ask } = progress;
  expect(ask.kind === 'collect' ? ask.prompts : []).toEqual([{ kind: 'text', text: 'Eva vip, late', language: 'en' }]);
});

test('a stranger is looked up once as well, also when the session was JSON in between', () => {
  const asJson = (session: Session): Session => JSON.parse(JSON.stringify(session));
  for (const between of [undefined, asJson]) {
    expect(walk(STRANGER, between)).toMatchObject({ lookUps: 1, said: ['[]'] });
  }
});

test('the record did not answer: the next step asks again', () => {
  expect(walk(undefined).lookUps).toBe(3);
});
