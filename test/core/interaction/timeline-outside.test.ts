// How people read of other systems and bots in the story of a call.
import { expect, test } from 'vitest';
import type { InteractionEvent } from '../../../src/core/interaction/event.js';
import { sentenceOf } from '../../../src/core/interaction/timeline/timeline.js';

const ASKED: InteractionEvent = {
  type: 'web-asked',
  data: { segment: 's', host: 'crm.example.com', method: 'GET', outcome: '5xx', tries: 3, durationMs: 812 },
};
const turn = (heard: string, said: string, asked?: string): InteractionEvent => ({
  type: 'bot-turn',
  data: { segment: 's', turn: 1, heard, said, ...(asked === undefined ? {} : { asked }) },
});

test.each<[InteractionEvent, string, string]>([
  [ASKED, 'GET to crm.example.com: 5xx after 812 ms, 3 tries.', 'GET a crm.example.com: 5xx en 812 ms, 3 intentos.'],
  [turn('', 'Hola'), 'The bot: “Hola”.', 'El bot: «Hola».'],
  [
    turn('factura', 'El día 5', 'done'),
    'To the bot: “factura”. The bot: “El día 5”. The bot’s turn ended with done.',
    'Al bot: «factura». El bot: «El día 5». El turno del bot acabó con done.',
  ],
  [
    turn('', '', 'failed:time-out'),
    'The bot’s turn ended with failed:time-out.',
    'El turno del bot acabó con failed:time-out.',
  ],
  [turn('', ''), 'The bot had nothing to say.', 'El bot no tenía nada que decir.'],
])('%#', (event, english, spanish) => {
  expect(sentenceOf(event, 'en')).toBe(english);
  expect(sentenceOf(event, 'es')).toBe(spanish);
});
