// What an agent reads of the flow that a caller went through: titles and choices in words, secrets masked, of this call only.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answersOf } from '../../../src/api/view/flow-answers.js';
import type { InteractionEvent } from '../../../src/core/interaction/event.js';
import { compileFlows } from '../../../src/core/ivr/compile.js';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { namesInCentre } from '../../../src/core/routing/keys/names-in-centre.js';

const source = (file: string) => ({ file, text: readFileSync(`ivr-flows/${file}`, 'utf8'), revision: 'r1' });
const centreFile = source('centre.yaml');
const centre = compileCentre(centreFile, { flows: new Set(['main']) });
const flows = compileFlows([source('main.yaml')], namesInCentre(centreFile));
if (!centre.ok || !flows.ok) throw new Error('the sample has mistakes');
const scene = { centre: centre.value, flow: (name: string) => flows.value.get(name) };
const segment = 's1';
const arrived: InteractionEvent = {
  type: 'call-arrived',
  data: { segment, callId: 'c1', from: '+34600123123', to: '1000', trunk: 't', node: 'n' },
} as InteractionEvent;
const step = (place: string, outcome: string, answer: Record<string, string>, name?: string): InteractionEvent => ({
  type: 'flow-step',
  data: {
    ...{ segment, step: place, outcome, answers: [{ atMs: 1, answer }] },
    ...(name === undefined ? {} : { name }),
  },
});
const told = (...events: InteractionEvent[]) =>
  answersOf({ events: events.map((event, at) => ({ interaction: 'i1', version: at + 1, atMs: at, event })) }, scene);
const digits = (typed: string) => ({ kind: 'digits', digits: typed });

test('a key is told as what it leads to: a queue by its title, another step by its own, else by its name', () => {
  expect(
    told(
      arrived,
      step('main/greeting', 'key:2', digits('2')),
      step('main/timetable', 'key:1', digits('1')),
      step('main/menu', 'key:2', digits('2')),
    ),
  ).toEqual([
    {
      ...{ step: 'main/greeting', title: 'Greeting', titles: { es: 'Bienvenida', en: 'Welcome' } },
      ...{ answer: '2', chose: { es: 'English', en: 'English' } },
    },
    {
      ...{ step: 'main/timetable', title: 'Timetable', titles: { es: 'Horario', en: 'Opening hours' } },
      ...{ answer: '1', chose: { es: 'Menú principal', en: 'Main menu' } },
    },
    {
      ...{ step: 'main/menu', title: 'Menu', titles: { es: 'Menú principal', en: 'Main menu' } },
      ...{ answer: '2', chose: centre.value.queues.get('sales')?.title },
    },
  ]);
});

test('a step is called as reports call it; steps that are gone by their own name', () => {
  expect(told(step('main/menu', 'digits', digits('1234'), 'Número de cliente'))[0]?.title).toBe('Número de cliente');
  expect(told(step('old/ask-pin', 'key:1', digits('1')))).toEqual([
    { step: 'old/ask-pin', title: 'Ask pin', answer: '1' },
  ]);
});

test('silence is no answer, long ones are cut, and calls before this one are another matter', () => {
  const words = { kind: 'written', text: 'a'.repeat(500) };
  const found = told(
    step('main/menu', 'key:1', digits('1')),
    arrived,
    step('main/menu', 'x', digits('')),
    step('main/bot', 'done', words),
  );
  expect(found).toHaveLength(1);
  expect(found[0]?.answer).toHaveLength(200);
});
