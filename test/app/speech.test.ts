// Which voice says what: a recording, else its text, in the language in which the text is.
import { expect, test } from 'vitest';
import { Speech } from '../../src/app/speech.js';
import type { Prompt } from '../../src/core/ivr/ask.js';
import { silentLog } from '../../src/lib/log.js';
import { sampleCentre } from '../support/sample-centre.js';

const prompts = {
  recorded: (name: string, language: string) => (language === 'ca' && name === 'here' ? `/ca/${name}.wav` : undefined),
  spoken: async (text: string, language: string, voice?: string) =>
    voice === undefined ? `${language}: ${text}` : `${language} (${voice}): ${text}`,
  text: (name: string, language: string) =>
    language === 'ca' && name === 'written' ? { text: 'Escrit', voice: 'ca+f2' } : undefined,
};
const speech = new Speech(prompts, sampleCentre, silentLog);

test.each<[Prompt, string[]]>([
  [{ kind: 'text', text: 'Hola', language: 'es' }, ['es: Hola']],
  [{ kind: 'recorded', name: 'here', language: 'ca', fallbackText: 'Hola', fallbackLanguage: 'es' }, ['/ca/here.wav']],
  [{ kind: 'recorded', name: 'away', language: 'ca', fallbackText: 'Hola', fallbackLanguage: 'es' }, ['es: Hola']],
  [{ kind: 'recorded', name: 'away', language: 'ca', fallbackText: 'Bon dia' }, ['ca: Bon dia']],
  [{ kind: 'recorded', name: 'away', language: 'ca' }, []],
  [{ kind: 'recorded', name: 'written', language: 'ca' }, ['ca (ca+f2): Escrit']],
  [{ kind: 'recorded', name: 'written', language: 'ca', fallbackText: 'Bon dia' }, ['ca: Bon dia']],
  [
    { kind: 'recorded', name: 'written', language: 'ca', fallbackText: 'Hola', fallbackLanguage: 'es' },
    ['ca (ca+f2): Escrit'],
  ],
])('%j', async (prompt, paths) => {
  expect(await speech.paths([prompt])).toEqual(paths);
});

test('numbers in a canned text are said in its language', () => {
  const centre = {
    ...sampleCentre(),
    texts: new Map([['wait', { es: "{{ n | count: 'hora', 'horas' }}", en: "{{ n | count: 'hour', 'hours' }}" }]]),
  };
  const own = new Speech(prompts, () => centre, silentLog);
  expect([own.text('wait', 'es', { n: 21 }), own.text('wait', 'en', { n: 21 })]).toEqual([
    'veintiuna horas',
    'twenty-one hours',
  ]);
});
