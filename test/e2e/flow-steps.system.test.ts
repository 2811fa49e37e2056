// Steps of flows and the emergency message in real calls: secret digits and a survey typed by RFC 4733, an outage that everybody hears.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TONES } from '../support/hilo/centre.js';
import { hears, hearsSpeech } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';

const FLOW = `version: 1
name: main
languages: [es, en]
start: card
person: { none: nobody is needed for this }
variables: { card: { type: secret } }
steps:
  card:
    do: gather
    say: [{ recorded: voicemail-greeting, es: Tarjeta, en: Card }]
    into: card
    max: 8
    secure: true
    next: rate
    otherwise: bye
  rate:
    do: survey
    as: satisfaction
    survey: csat
    say: [{ recorded: regret, es: Valore, en: Rate }]
    next: bye
  bye: { do: hangup }
`;

const scene = onStage();

test('digits typed in secret are in no fact, the answer to a survey is a fact of its own', async () => {
  const good = await readFile(join(scene.hilo.flowsFolder, 'main.yaml'), 'utf8');
  await scene.api.publish('main', FLOW);
  try {
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1000');
    await hears(call, TONES['voicemail-greeting']);
    for (const key of '47110815') await call.audio.press(key);
    await hears(call, TONES.regret);
    await call.audio.press('5');
    await call.byeReceived.seen;
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('survey-answered')).toMatchObject({ survey: 'csat', score: 5, name: 'satisfaction' });
    expect(matter.all('flow-step').map(({ outcome }) => outcome)).toContain('secret');
    expect(JSON.stringify(matter)).not.toContain('47110815');
  } finally {
    await scene.api.publish('main', good);
  }
});

test('an outage is heard before anything else, and told in the record', async () => {
  await scene.api.put('/api/emergency', {
    texts: { es: 'Tenemos una avería.' },
    numbers: ['1001'],
    afterwards: 'hang-up',
  });
  try {
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1001');
    await hearsSpeech(call);
    await call.byeReceived.seen;
    const matter = await scene.matters.until(number, (one) => one.has('call-ended'));
    expect(matter.last('emergency-heard')).toMatchObject({ afterwards: 'hang-up' });
    expect(matter.last('call-ended')).toMatchObject({ by: 'hilo', result: 'refused', reason: 'emergency' });
  } finally {
    await scene.api.delete('/api/emergency');
  }
});
