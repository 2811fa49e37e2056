// What a flow asks of a running centre: promises that are stored before they are said, surveys, secret digits, the emergency message.
import { describe, expect, test } from 'vitest';
import { HiloError } from '../../src/app/errors.js';
import { EVA, LUIS, openScene } from './scene.js';
import { CENTRE_TEXT } from './texts.js';

const flow = (head: string, steps: string): Record<string, string> => ({
  'main.yaml': `version: 1\nname: main\nlanguages: [es, en]\nperson: { none: a story of few steps }\nstart: first\n${head}\nsteps:\n${steps}  bye: { do: hangup, say: { es: Adiós, en: Bye } }\n`,
});

const CALLBACK = flow(
  '',
  `  first:
    do: callback
    queue: support
    say: { es: Ofrecemos, en: Offer }
    times: { 1: soon, 2: time, 9: 'no' }
    ask-time: { es: Hora, en: Time }
    confirm-number: { es: Correcto, en: Right }
    ask-number: { es: Número, en: Number }
    promised: { es: "Hecho {{ callback.date | date: 'day' }}", en: Done }
    next: bye
    otherwise: bye
`,
);

describe('a call-back that a flow offers', () => {
  test('is stored before it is said, and is kept', async () => {
    const scene = await openScene({ flows: CALLBACK });
    const caller = scene.call('1000');
    await scene.until('it is offered', () => caller.heard.includes('Ofrecemos'));
    caller.press('1');
    await scene.until('the number is read', () => caller.heard.includes('Correcto'));
    expect(scene.facts('callback-requested')).toEqual([]);
    caller.press('1');
    await scene.until('it is said', () => caller.heard.some((text) => text.startsWith('Hecho')));
    expect(scene.facts('callback-requested')).toMatchObject([{ number: EVA, queue: 'support', source: 'flow' }]);
    await scene.until('the call ends', () => caller.leg?.end !== undefined);
    expect(scene.ends()).toEqual(['callback-promised by hilo: flow-finished']);
    expect(scene.state()).toBe('callback-due');
    scene.agentComes('ana');
    await scene.until('it is kept', () => scene.facts('callback-attempted').length > 0);
    expect(scene.complaints).toEqual([]);
  });

  test('at a time that was typed is due then', async () => {
    const scene = await openScene({ flows: CALLBACK });
    const caller = scene.call('1000');
    for (const [heard, keys] of [
      ['Ofrecemos', '2'],
      ['Hora', '2359'],
      ['Correcto', '1'],
    ] as const) {
      await scene.until(heard, () => caller.heard.at(-1) === heard);
      for (const key of keys) caller.press(key);
    }
    await scene.until('it is promised', () => scene.facts('callback-requested').length > 0);
    const due = new Date(scene.facts('callback-requested')[0]?.dueAtMs ?? 0);
    expect(due.toLocaleTimeString('es', { timeZone: 'Europe/Madrid' })).toBe('23:59:00');
  });

  test('that cannot be stored is not said', async () => {
    const scene = await openScene({ flows: CALLBACK });
    const caller = scene.call('1000');
    await scene.until('it is offered', () => caller.heard.includes('Ofrecemos'));
    caller.press('1');
    await scene.until('the number is read', () => caller.heard.includes('Correcto'));
    scene.node.gates.record.state = 'refusing';
    caller.press('1');
    await scene.until('goodbye', () => caller.heard.includes('Adiós'));
    expect(caller.heard.join()).not.toContain('Hecho');
    expect(scene.facts('callback-requested')).toEqual([]);
  });

  test('who hangs up while it is said has it all the same', async () => {
    const scene = await openScene({ flows: CALLBACK });
    const caller = scene.call('1000');
    await scene.until('it is offered', () => caller.heard.includes('Ofrecemos'));
    caller.press('1');
    await scene.until('the number is read', () => caller.heard.includes('Correcto'));
    caller.press('1');
    await scene.until('it is said', () => caller.heard.some((text) => text.startsWith('Hecho')));
    caller.hangUp();
    await scene.advance(1_000);
    expect(scene.ends()).toEqual(['callback-promised by customer: hung-up']);
  });
});

describe('a survey', () => {
  test('after the talk is a fact of its own, when the agent has hung up', async () => {
    const flows = flow(
      '',
      `  first: { do: queue, queue: support, next: ask }
  ask: { do: survey, as: satisfaction, survey: csat, say: { es: Valore, en: Rate }, next: bye }
`,
    );
    const scene = await openScene({ agents: ['ana'], flows });
    const caller = scene.call('1000');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    scene.network.talking('ana-desk')?.finish({ by: 'agent', reason: 'hung-up' });
    await scene.until('it is asked', () => caller.heard.includes('Valore'));
    caller.press('4');
    await scene.until('the call ends', () => caller.leg?.end !== undefined);
    const { segment } = scene.facts('call-arrived')[0] ?? {};
    expect(scene.facts('survey-answered')).toEqual([{ segment, survey: 'csat', score: 4, name: 'satisfaction' }]);
    const asked = scene.facts('flow-step').find(({ name }) => name === 'satisfaction');
    expect(asked).toMatchObject({ segment, step: 'main/ask', outcome: 'answered' });
    expect(scene.ends()).toEqual(['served by agent: flow-finished']);
  });
});

test('the recording of a conversation ends with it, not with the call', async () => {
  const steps =
    '  first: { do: queue, queue: recorded, next: ask }\n  ask: { do: say, say: { es: Valore, en: Rate }, next: bye }\n';
  const scene = await openScene({ agents: ['carla'], flows: flow('', steps) });
  const caller = scene.call('1000');
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  expect(caller.leg?.recording).toBe(scene.facts('recording-started')[0]?.path);
  scene.network.talking('carla-desk')?.finish({ by: 'agent', reason: 'hung-up' });
  await scene.until('the flow goes on', () => caller.heard.includes('Valore'));
  expect(caller.leg?.recording).toBeUndefined();
});

describe('secret digits', () => {
  test('are asked for in secret; the record does not have them', async () => {
    const flows = flow(
      'variables: { card: { type: secret } }',
      '  first: { do: gather, say: { es: Tarjeta, en: Card }, into: card, max: 4, secure: true, next: bye, otherwise: bye }\n',
    );
    const scene = await openScene({ flows });
    const caller = scene.call('1000');
    await scene.until('it is asked', () => caller.heard.includes('Tarjeta'));
    for (const key of '4711') caller.press(key);
    await scene.until('goodbye', () => caller.heard.includes('Adiós'));
    expect(caller.leg?.collections.at(-1)?.secure).toBe(true);
    await scene.until('the call ends', () => caller.leg?.end !== undefined);
    expect(JSON.stringify(scene.events())).not.toContain('4711');
    expect(scene.facts('flow-step')[0]?.outcome).toBe('secret');
  });
});

describe('inputs of a number', () => {
  const flows = flow(
    'inputs: { brand: { type: text } }',
    "  first: { do: say, say: { es: 'Soy {{ brand }}', en: 'I am {{ brand }}' }, next: bye }\n",
  );

  test('are given to the flow that answers it', async () => {
    const centre = (text: string) =>
      text.replace('1000: { to: { flow: main } }', '1000: { to: { flow: main, give: { brand: Hilo } } }');
    const scene = await openScene({ flows, centre });
    const caller = scene.call('1000');
    await scene.until('it is said', () => caller.heard.includes('Soy Hilo'));
  });

  test('that are missing keep the centre from starting', async () => {
    const opening = openScene({ flows, centre: () => CENTRE_TEXT });
    await expect(opening).rejects.toThrow(/centre.yaml:9:23: 'main' has to be given 'brand'/);
  });
});

describe('the language of a call', () => {
  const flows = flow('', '  first: { do: say, say: { es: Hola, en: Hello }, next: bye }\n');

  async function knownAs(language: string): Promise<string[]> {
    const scene = await openScene({ flows });
    const { contact } = await scene.records.contactByAddress({ channel: 'voice', value: EVA });
    await scene.records.saveContact({ ...contact, language });
    const caller = scene.call('1000');
    await scene.until('the call ends', () => caller.leg?.end !== undefined);
    expect(scene.facts('flow-entered')).toMatchObject([{ language: caller.heard[0] === 'Hola' ? 'es' : 'en' }]);
    return caller.heard.slice(0, 1);
  }

  test.each([
    ['en', 'Hello'],
    ['en-GB', 'Hello'],
    ['de', 'Hola'],
  ])('of a customer who is known to speak %s', async (language, heard) => {
    expect(await knownAs(language)).toEqual([heard]);
  });

  test('of a stranger is the first of the flow, whichever the centre has first', async () => {
    const [[name = '', text = ''] = []] = Object.entries(flows);
    const scene = await openScene({ flows: { [name]: text.replace('[es, en]', '[en, es]') } });
    const caller = scene.call('1000');
    await scene.until('it is said', () => caller.heard.length > 0);
    expect(caller.heard[0]).toBe('Hello');
  });

  test('is the one that was spoken last in the same matter, when nobody told of another', async () => {
    const asked = flow(
      '',
      `  first: { do: menu, say: { es: Hola, en: Hello }, keys: { 2: english }, tries: 1, otherwise: bye }
  english: { do: set, language: en, next: wait }
  wait: { do: queue, queue: support }
`,
    );
    const scene = await openScene({ flows: asked });
    const first = scene.call('1000');
    await scene.until('it is asked', () => first.heard.includes('Hola'));
    first.press('2');
    await scene.until('Eva waits', () => scene.facts('queued').length === 1);
    await scene.advance(10_000);
    first.hangUp();
    await scene.until('the call is told', () => scene.ends().length === 1);
    const again = scene.call('1000');
    await scene.until('it is asked', () => again.heard.length > 0);
    expect(again.heard[0]).toBe('Hello');
  });
});

describe('a call-back that a flow offers by message', () => {
  test('comes in its own words and from its own queue, at the place of the first wait', async () => {
    const flows = flow(
      '',
      `  first: { do: queue, queue: tired, otherwise: offer }
  offer:
    do: message
    purpose: callback-offer
    queue: recorded
    text: { es: '¿Le llama Ventas? {{ call.reference }}', en: Sales? }
    next: bye
    otherwise: bye
`,
    );
    const scene = await openScene({ flows });
    const caller = scene.call('1000');
    await scene.until('goodbye', () => caller.heard.includes('Adiós'));
    await scene.until('it is written', () => scene.messenger.sent.length > 0);
    expect(scene.messenger.sent[0]?.text).toMatch(/^¿Le llama Ventas\? \S+$/);
    expect(scene.facts('callback-offered')).toMatchObject([{ queue: 'recorded', given: { queue: 'recorded' } }]);
    await scene.until('the call ends', () => caller.leg?.end !== undefined);
    expect(scene.ends()).toEqual(['message-sent by hilo: flow-finished']);
    await scene.messenger.receive(EVA, '1');
    await scene.until('it is promised', () => scene.facts('callback-requested').length > 0);
    const [waited] = scene.events().filter(({ event }) => event.type === 'queued');
    expect(scene.facts('callback-requested')).toMatchObject([{ queue: 'recorded', seniorityMs: waited?.atMs }]);
  });
});

describe('the emergency message', () => {
  const wish = { texts: { es: 'Avería', en: 'Outage' }, afterwards: { kind: 'go-on' } } as const;

  test('is heard in all its languages before anything else, then the call goes on', async () => {
    const scene = await openScene();
    const { id } = await scene.node.centre.emergency.set(wish, 'ana');
    const caller = scene.call('1000');
    await scene.until('the menu', () => caller.heard.includes('Pulse uno'));
    expect(caller.heard).toEqual(['Avería', 'Outage', 'Pulse uno']);
    const { segment } = scene.facts('call-arrived')[0] ?? {};
    expect(scene.facts('emergency-heard')).toEqual([{ segment, emergency: id, afterwards: 'go-on' }]);
  });

  test('may be for some numbers only, and end the call: nobody is called back for that', async () => {
    const scene = await openScene();
    await scene.node.centre.emergency.set({ ...wish, numbers: ['1000'], afterwards: { kind: 'hang-up' } }, 'ana');
    const [caller, other] = [scene.call('1000'), scene.call('1001', LUIS)];
    await scene.until('it ends', () => caller.leg?.end !== undefined);
    await scene.advance(1_000);
    expect(scene.ends()).toEqual(['refused by hilo: emergency']);
    expect(other.heard).not.toContain('Avería');
    expect(scene.facts('callback-offered')).toEqual([]);
    const hasty = scene.call('1000', '+34600000009');
    await scene.until('it is said', () => hasty.heard.includes('Avería'));
    hasty.hangUp();
    await scene.advance(2_000);
    expect(scene.ends()).toContain('refused by customer: hung-up');
    expect(scene.facts('callback-offered')).toEqual([]);
  });

  test('may send everybody to a queue', async () => {
    const scene = await openScene({ agents: ['ana'] });
    await scene.node.centre.emergency.set({ ...wish, afterwards: { kind: 'queue', queue: 'support' } }, 'ana');
    const caller = scene.call('1000');
    await scene.until('Ana talks', () => caller.leg?.partner !== undefined);
    expect(caller.heard.slice(0, 2)).toEqual(['Avería', 'Outage']);
    expect(scene.facts('queued')).toMatchObject([{ queue: 'support' }]);
  });

  test('outlives a restart, reaches other nodes, and is off for all when it is switched off', async () => {
    const scene = await openScene({ nodes: ['n1', 'n2'] });
    const [one, two] = scene.nodes;
    await one?.centre.emergency.set(wish, 'ana');
    await scene.advance(6_000);
    expect(two?.centre.emergency.present()?.texts).toEqual(wish.texts);
    expect(await two?.centre.emergency.clear('bruno')).toBe(true);
    await scene.advance(6_000);
    expect(one?.centre.emergency.present()).toBeUndefined();
    expect(await one?.centre.emergency.clear('bruno')).toBe(false);
    expect(scene.emergencies.decisions.map(({ by, message }) => [by, message !== undefined])).toEqual([
      ['ana', true],
      ['bruno', false],
    ]);
    expect(scene.complaints).toEqual(['warn: emergency message switched on', 'warn: emergency message switched off']);
  });

  test('that cannot be kept is not switched on; one that was known stays while the store is away', async () => {
    const scene = await openScene();
    const { emergency } = scene.node.centre;
    scene.emergencies.available = false;
    await expect(emergency.set(wish, 'ana')).rejects.toBeInstanceOf(HiloError);
    expect(emergency.present()).toBeUndefined();
    scene.emergencies.available = true;
    await emergency.set(wish, 'ana');
    scene.emergencies.available = false;
    await scene.advance(11_000);
    expect(emergency.present()?.by).toBe('ana');
  });

  test.each([
    [{ ...wish, texts: { fr: 'Panne' } }, "the centre does not speak 'fr'"],
    [{ ...wish, texts: {} }, 'there is nothing to say'],
    [{ ...wish, numbers: ['77'] }, "the centre has no number '77'"],
    [{ ...wish, afterwards: { kind: 'queue', queue: 'suport' } } as const, "there is no queue 'suport'"],
  ])('%j is refused', async (wrong, reason) => {
    const scene = await openScene();
    await expect(scene.node.centre.emergency.set(wrong, 'ana')).rejects.toThrow(reason);
    expect(scene.emergencies.decisions).toEqual([]);
  });
});
