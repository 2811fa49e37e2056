// Steps that reach beyond the call, in whole calls: another system, the record, a bot.
import { expect, test } from 'vitest';
import { FILLER_PAUSE_MS } from '../../../src/app/outside/filler.js';
import { UNREAD_MAX } from '../../../src/app/writing/inbox.js';
import { MAX_VALUE_CHARS } from '../../../src/core/ivr/limits.js';
import type { Caller } from '../../support/fakes/caller.js';
import { PROMPT_MS } from '../../support/fakes/leg.js';
import { EVA, openScene, type Scene } from '../scene.js';

const STEP_MS = 50;
const HOSTS = '\nhttp:\n  hosts: [crm.example.com, bot.example.com]\n';

const HEAD = `
version: 1
name: main
languages: [es, en]
variables: { name: '' }
`;

function sceneWith(steps: string, head = `${HEAD}start: first\n`): Promise<Scene> {
  return openScene({
    centre: (text) => text + HOSTS,
    flows: { 'main.yaml': `${head}steps:\n${steps}` },
  });
}

function steps(scene: Scene): string[] {
  return scene.facts('flow-step').map(({ step, outcome }) => `${step.replace('main/', '')} ${outcome}`);
}

const HTTP = `
  first:
    do: http
    url: 'https://crm.example.com/customers/{{ call.from }}'
    take: { name: /name }
    meanwhile: { es: Un momento, en: One moment }
    next: hello
    failed: sorry
  hello: { do: hangup, say: { es: 'Hola {{ name }}', en: 'Hello {{ name }}' } }
  sorry: { do: hangup, say: { es: Lo siento, en: Sorry } }
`;

test('a caller is greeted with what another system knows, and hears something while it thinks', async () => {
  const scene = await sceneWith(HTTP);
  let answer = (): void => undefined;
  scene.web.answers.push(
    new Promise((resolve) => {
      answer = () => resolve({ outcome: 'answered', status: 200, body: { name: 'Eva' } });
    }),
  );
  const caller = scene.call('1000');
  await scene.until('the filler is heard', () => caller.heard.includes('Un momento'));
  answer();
  await scene.until('the call is over', () => caller.isGone);
  expect(caller.heard).toEqual(['Un momento', 'Hola Eva']);
  expect(scene.web.requests).toMatchObject([
    { method: 'GET', url: 'https://crm.example.com/customers/%2B34600123123' },
  ]);
  expect(scene.facts('web-asked')).toMatchObject([
    { host: 'crm.example.com', method: 'GET', outcome: '2xx', tries: 1 },
  ]);
  expect(steps(scene)).toEqual(['first 2xx', 'hello served']);
  // Neither what was asked nor what was answered is in the record.
  expect(JSON.stringify(scene.facts('web-asked'))).not.toMatch(/Eva|346000/);
});

test('what is said meanwhile is said again while it takes longer, and stops with the answer', async () => {
  const scene = await sceneWith(HTTP);
  let answer = (): void => undefined;
  scene.web.answers.push(
    new Promise((resolve) => {
      answer = () => resolve({ outcome: 'answered', status: 200, body: { name: 'Eva' } });
    }),
  );
  const caller = scene.call('1000');
  await scene.until('it is heard', () => caller.heard.length === 1);
  await scene.advance(FILLER_PAUSE_MS - STEP_MS);
  expect(caller.heard).toEqual(['Un momento']);
  await scene.advance(2 * (FILLER_PAUSE_MS + PROMPT_MS));
  expect(caller.heard).toEqual(Array(3).fill('Un momento'));
  answer();
  await scene.until('the call is over', () => caller.isGone);
  expect(caller.heard).toEqual([...Array(3).fill('Un momento'), 'Hola Eva']);
});

test('no answer: the way for failures', async () => {
  const scene = await sceneWith(HTTP);
  const caller = scene.call('1000');
  await scene.until('the call is over', () => caller.isGone);
  expect(caller.heard).toEqual(['Lo siento']);
  expect(scene.facts('web-asked')).toMatchObject([{ outcome: 'unreachable' }]);
  expect(steps(scene)).toEqual(['first failed:unreachable', 'sorry served']);
});

test('a caller who hangs up while another system is asked goes nowhere else', async () => {
  const scene = await sceneWith(
    HTTP.replace('do: hangup, say: { es: Lo siento, en: Sorry }', 'do: queue, queue: support'),
  );
  let answer = (): void => undefined;
  scene.web.answers.push(
    new Promise((resolve) => {
      answer = () => resolve({ outcome: 'failed', reason: 'unreachable' });
    }),
  );
  const caller = scene.call('1000');
  await scene.until('the filler is heard', () => caller.heard.length > 0);
  caller.hangUp();
  answer();
  await scene.until('the call is told', () => scene.ends().length > 0);
  expect(scene.ends()).toEqual(['abandoned by customer: hung-up-in-flow']);
  expect(scene.told()).not.toContain('queued');
});

const KNOWN = `
  first: { do: customer, speak: true, next: guess, otherwise: stranger }
  stranger: { do: hangup, say: { es: Desconocido, en: Stranger } }
  guess:
    do: guess
    rules:
      - { when: customer.callback_pending, say: { es: Devolución, en: Call-back }, yes: called }
      - when: customer.last_queue == "recorded" && "vip" in customer.tags && customer.days_since == 0
        say: { es: 'Ventas', en: 'Sales with {{ customer.last_agent }}, {{ customer.name }}' }
        yes: sales
    otherwise: menu
  called: { do: hangup, say: { es: Sí, en: Called } }
  sales: { do: hangup, say: { es: Comercial, en: 'To sales' } }
  menu: { do: hangup, say: { es: Menú, en: Menu } }
`;

test('a stranger is none, once; who called before is known by name, language and history', async () => {
  const scene = await sceneWith(KNOWN);
  scene.agentComes('carla');
  const first = scene.call('1000');
  await scene.until('the first call is over', () => first.isGone);
  expect(first.heard).toEqual(['Desconocido']);

  const talk = scene.call('1006');
  await scene.until('they talk', () => scene.facts('connected').length === 1);
  talk.hangUp();
  await scene.until('the talk is told', () => scene.ends().length === 2);
  const { contact } = await scene.records.contactByAddress({ channel: 'voice', value: EVA });
  await scene.records.saveContact({ ...contact, name: 'Eva', language: 'en', tags: ['vip'] });

  await scene.advance(1_000);
  const again = scene.call('1000');
  await scene.until('she is asked', () => again.heard.length > 0);
  again.press('1');
  await scene.until('the call is over', () => again.isGone);
  expect(again.heard).toEqual(['Sales with carla, Eva', 'To sales']);
  expect(steps(scene).slice(-3)).toEqual(['first known', 'guess yes:2', 'sales served']);
});

test.each(['2', ''])('any other key (%j), or none, goes on to the menu', async (key) => {
  const scene = await sceneWith(KNOWN.replaceAll('customer.callback_pending', 'customer.known'));
  const first = scene.call('1000');
  await scene.until('the first call is over', () => first.isGone);
  const again = scene.call('1000');
  await scene.until('she is asked', () => again.heard.length > 0);
  if (key !== '') again.press(key);
  await scene.until('the call is over', () => again.isGone);
  expect(again.heard).toEqual(['Devolución', 'Menú']);
});

test('whoever rings in for a call-back that was promised is asked about it, although ringing in has ended it', async () => {
  const scene = await sceneWith(KNOWN);
  const first = scene.call('1003');
  await scene.until('a call-back is promised', () => first.isGone);
  expect(scene.facts('callback-requested')).toHaveLength(1);
  const again = scene.call('1000');
  await scene.until('she is asked', () => again.heard.length > 0);
  expect(scene.facts('callback-ended')).toMatchObject([{ result: 'superseded' }]);
  again.press('1');
  await scene.until('the call is over', () => again.isGone);
  expect(again.heard).toEqual(['Devolución', 'Sí']);
});

test('who withholds the number is a stranger every time', async () => {
  const scene = await sceneWith(KNOWN);
  for (const turn of [1, 2]) {
    const caller = scene.call('1000', '');
    await scene.until(`call ${turn} is over`, () => caller.isGone);
    expect(caller.heard).toEqual(['Desconocido']);
  }
});

test('the record does not answer: the caller is a stranger, and the step says why', async () => {
  const scene = await sceneWith(KNOWN);
  const first = scene.call('1000');
  await scene.until('the first call is over', () => first.isGone);
  scene.records.historyOf = () => Promise.reject(new Error('as the test wants it'));
  const again = scene.call('1000');
  await scene.until('the call is over', () => again.isGone);
  expect(again.heard).toEqual(['Desconocido']);
  expect(steps(scene)).toContain('first failed:store-unavailable');
});

const RULES = `
  first:
    do: bot
    rules:
      greeting: { es: Escriba factura o persona, en: Write invoice or person }
      answers:
        - { words: { es: [factur*], en: [invoice] }, say: { es: 'Vence el día 5', en: Due on the 5th } }
        - { words: { es: [persona, un agente], en: [person] }, keys: [0], say: { es: Le paso, en: Wait }, action: { step: person } }
        - { words: { es: [gracias], en: [thanks] }, done: true }
      otherwise: { es: No le entiendo, en: Sorry }
    actions: { step: { person: person } }
    turns: 5
    next: bye
    failed: sorry
  person: { do: hangup, say: { es: Persona, en: Person } }
  bye: { do: hangup, say: { es: Adiós, en: Bye } }
  sorry: { do: hangup, say: { es: Lo siento, en: Sorry } }
`;

function writingCaller(scene: Scene): Caller {
  scene.node.telephony.hasText = true;
  return scene.call('1000');
}

test('the bot of rules talks in writing, and hands over', async () => {
  const scene = await sceneWith(RULES);
  const caller = writingCaller(scene);
  await scene.until('it greets', () => caller.heard.length === 1);
  caller.write('¿Cuándo vence mi FACTURACIÓN?');
  await scene.until('it answers', () => caller.heard.length === 2);
  caller.write('quiero hablar con un ágente, por favor');
  await scene.until('the call is over', () => caller.isGone);
  const said = ['Escriba factura o persona', 'Vence el día 5', 'Le paso', 'Persona'];
  expect(caller.heard).toEqual(said);
  expect(caller.leg?.written.map((text) => text.trim())).toEqual(said);
  expect(scene.facts('bot-turn').map(({ turn, heard, said: told, asked }) => [turn, heard, told, asked ?? ''])).toEqual(
    [
      [1, '', 'Escriba factura o persona', ''],
      [2, '¿Cuándo vence mi FACTURACIÓN?', 'Vence el día 5', ''],
      [3, 'quiero hablar con un ágente, por favor', 'Le paso', 'step:person'],
    ],
  );
  expect(steps(scene)).toEqual(['first step:person', 'person served']);
});

test('keys do as well, also on a phone without text; silence is an answer; too many turns are too many', async () => {
  const scene = await sceneWith(RULES);
  const keys = scene.call('1000');
  await scene.until('it greets', () => keys.heard.length === 1);
  keys.press('0');
  await scene.until('the call is over', () => keys.isGone);
  expect(keys.heard.at(-1)).toBe('Persona');
  const silent = scene.call('1000', '+34600000002');
  await scene.until('it gives up', () => silent.isGone, 120_000);
  expect(silent.heard).toEqual(['Escriba factura o persona', ...Array(4).fill('No le entiendo'), 'Lo siento']);
  expect(steps(scene)).toContain('first failed:too-many-turns');
});

test('lines written while the bot answers are not lost; what it said meanwhile is read, not heard', async () => {
  const scene = await sceneWith(RULES);
  const caller = writingCaller(scene);
  await scene.until('it greets', () => caller.heard.length === 1);
  caller.write('factura');
  caller.write('gracias');
  for (let line = 0; line < UNREAD_MAX; line += 1) caller.write('nadie lo lee');
  await scene.until('the call is over', () => caller.isGone);
  expect(caller.heard).toEqual(['Escriba factura o persona', 'Adiós']);
  expect(caller.leg?.written).toHaveLength(3);
});

const ELSEWHERE = (url: string): string => `
  first:
    do: bot
    url: '${url}'
    facts: { phone: { cel: call.from } }
    actions: { queue: { support: person }, hangup: bye, set: [name] }
    next: bye
    failed: sorry
  person: { do: hangup, say: { es: 'Persona para {{ name }}', en: Person } }
  bye: { do: hangup, say: { es: Adiós, en: Bye } }
  sorry: { do: hangup, say: { es: Lo siento, en: Sorry } }
`;

const says = (body: object) => ({ outcome: 'answered', status: 200, body }) as const;

test('a bot elsewhere gets each turn with its session, sets what it may, and sends the caller on', async () => {
  const scene = await sceneWith(ELSEWHERE('https://bot.example.com/turn'));
  scene.web.answers.push(
    says({ say: '¿Número?', listen: { digits: 3 }, extra: 'is passed over' }),
    says({ action: { set: { name: 'Eva' }, queue: 'support' } }),
  );
  const caller = scene.call('1000');
  await scene.until('it asks', () => caller.heard.includes('¿Número?'));
  caller.press('123');
  await scene.until('the call is over', () => caller.isGone);
  expect(caller.heard).toEqual(['¿Número?', 'Persona para Eva']);
  const [first, second] = scene.web.requests.map(({ body }) => JSON.parse(String(body)));
  const facts = { phone: EVA };
  const common = { contract: 1, session: first.session, channel: 'voice', language: 'es', facts };
  expect(first).toEqual({ ...common, turn: 1, event: 'start' });
  expect(second).toEqual({ ...common, turn: 2, event: 'digits', digits: '123' });
  // Several keys may be a number of somebody's.
  expect(scene.facts('bot-turn')[1]).toMatchObject({ heard: '•••', asked: 'queue:support set:name' });
});

test('over a WebSocket the same talk is one connection, closed when the flow goes on', async () => {
  const scene = await sceneWith(ELSEWHERE('wss://bot.example.com/talk'));
  scene.web.answers.push(says({ say: 'Hola' }), says({ action: { hangup: true }, say: 'Hasta luego' }));
  const caller = scene.call('1000');
  await scene.until('it greets', () => caller.heard.includes('Hola'));
  caller.press('1');
  await scene.until('the call is over', () => caller.isGone);
  expect(caller.heard).toEqual(['Hola', 'Hasta luego', 'Adiós']);
  expect(scene.web.messages).toHaveLength(2);
  expect(scene.web.closedTalks).toBe(1);
});

test('a caller who hangs up while the bot thinks is not kept by it', async () => {
  const scene = await sceneWith(ELSEWHERE('wss://bot.example.com/talk'));
  scene.web.answers.push(new Promise(() => undefined));
  const caller = scene.call('1000');
  await scene.until('the bot is asked', () => scene.web.messages.length === 1);
  caller.hangUp();
  await scene.until('the call is told', () => scene.ends().length > 0);
  expect(scene.ends()).toEqual(['abandoned by customer: hung-up-in-flow']);
  expect(scene.web.closedTalks).toBe(1);
  expect(scene.node.centre.busy()).toBe(0);
});

test.each<[string, object]>([
  ['failed:bad-reply', says({ say: 7 })],
  ['failed:bad-reply', says({ say: 'x'.repeat(1_601) })],
  ['failed:not-allowed', says({ action: { queue: 'sales' } })],
  ['failed:not-allowed', says({ action: { step: 'person' } })],
  ['failed:not-allowed', says({ action: { queue: 'support', hangup: true } })],
  ['failed:not-allowed', says({ action: { set: { vip: true } } })],
  ['failed:not-allowed', says({ action: { set: { name: 7 } } })],
  ['failed:not-allowed', says({ action: { set: { name: 'x'.repeat(MAX_VALUE_CHARS + 1) } } })],
  ['failed:5xx', { outcome: 'answered', status: 500, body: undefined }],
  ['failed:time-out', { outcome: 'failed', reason: 'time-out' }],
])('%s: a bot cannot do what the flow does not allow', async (outcome, answer) => {
  const scene = await sceneWith(ELSEWHERE('https://bot.example.com/turn'));
  scene.web.answers.push(answer as ReturnType<typeof says>);
  const caller = scene.call('1000');
  await scene.until('the call is over', () => caller.isGone);
  expect(caller.heard).toEqual(['Lo siento']);
  expect(steps(scene)[0]).toBe(`first ${outcome}`);
});
