// Prompts over HTTP: who may change what, what is told of each language, how a sound is taken, and how a change is taken back.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UPLOAD_BYTES_MAX } from '../../src/app/prompts/conversion.js';
import type { WirePrompt, WirePromptList } from '../../src/contract/prompt/prompt.js';
import { readWav } from '../../src/core/sound/wav-reading.js';
import { writeWav } from '../../src/core/sound/wav-writing.js';
import { share, sine } from '../core/sound/tones.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

const FLOW = `version: 1
name: shop
languages: [es, en]
start: hello
person: { none: 'a test of prompts, nobody calls it' }
steps:
  hello: { do: play, play: welcome, next: bye }
  bye: { do: hangup }
`;
const TONE = Buffer.from(writeWav(sine(1_200, 44_100, { level: 0.05, seconds: 0.5 })));
const URL = '/api/prompts/welcome';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
  await scene.options.flows.publish('shop', FLOW, { author: 'test', proof: 'untested' });
});
afterEach(() => scene?.close());

const text = (body: object, language = 'es', as = 'admin') => scene.ask('PUT', `${URL}/${language}/text`, { as, body });
const sound = (body: Buffer, { language = 'es', as = 'admin', type = 'audio/wav', query = '' } = {}) =>
  scene.ask('PUT', `${URL}/${language}/sound${query}`, { as, body, headers: { 'content-type': type } });
const shown = async (): Promise<WirePrompt> => (await scene.ask('GET', URL, { as: 'sofia' })).json();
const heard = async () => Object.fromEntries((await shown()).versions.map((one) => [one.language, one.heard]));

describe('what is heard', () => {
  test('is missing until there is a text or a sound in each language; the compiler says the same', async () => {
    expect(await heard()).toEqual({ es: 'missing', en: 'missing' });
    expect(warnings()).toEqual(["the prompt 'welcome' has neither a sound nor a text in 'es' and 'en'"]);
    expect((await text({ text: 'Bienvenido', voice: 'es+f2' })).statusCode).toBe(200);
    expect(await heard()).toEqual({ es: 'text', en: 'missing' });
    await settled();
    expect(warnings()).toEqual(["the prompt 'welcome' has neither a sound nor a text in 'en'"]);
    const sent = await sound(TONE, { language: 'en' });
    expect(sent.json()).toMatchObject({ sound: { durationMs: 500, loudnessDb: -19 }, warnings: [], clippedMs: 0 });
    expect(await heard()).toEqual({ es: 'text', en: 'sound' });
    await settled();
    expect(warnings()).toEqual([]);
    expect(await shown()).toMatchObject({
      versions: [
        { text: { text: 'Bienvenido', voice: 'es+f2' }, by: 'admin', voices: expect.arrayContaining(['es+f2']) },
        { sound: { peaks: expect.any(Array) } },
      ],
      uses: [{ flow: 'shop', step: 'hello', line: 7, languages: ['es', 'en'], texts: {}, fillsIn: false }],
    });
  });

  test('the emergency message is a use while it is on, and keeps its prompt from being deleted', async () => {
    const emergency = (recorded: string) =>
      scene.ask('PUT', '/api/emergency', { as: 'sofia', body: { recorded, afterwards: 'go-on' } });
    const storm = async (): Promise<WirePrompt> =>
      (await scene.ask('GET', '/api/prompts/storm', { as: 'sofia' })).json();
    const silent = await emergency('storm');
    expect([silent.statusCode, silent.json().detail]).toEqual([400, expect.stringContaining("'storm' has neither")]);
    const body = { text: 'Hay tormenta' };
    await scene.ask('PUT', '/api/prompts/storm/es/text', { as: 'admin', body });
    expect((await storm()).uses).toEqual([]);
    expect((await emergency('storm')).statusCode).toBe(200);
    expect(await storm()).toMatchObject({
      versions: [{ heard: 'text' }, { heard: 'missing' }],
      uses: [{ emergency: true, languages: ['es', 'en'] }],
    });
    const remove = () => scene.ask('DELETE', '/api/prompts/storm', { as: 'admin' });
    expect((await remove()).json().detail).toContain('the emergency message would say nothing');
    await scene.ask('DELETE', '/api/emergency', { as: 'sofia' });
    expect((await remove()).statusCode).toBe(204);
  });

  test('all prompts are listed, also texts of the centre that a recording stands in for', async () => {
    await text({ text: 'Bienvenido' });
    const { languages, prompts }: WirePromptList = (await scene.ask('GET', '/api/prompts', { as: 'sofia' })).json();
    expect(languages).toEqual(['es', 'en']);
    const of = (name: string) => prompts.find((one) => one.name === name)?.versions.map((one) => one.heard);
    expect(of('welcome')).toEqual(['text', 'missing']);
    expect(of('regret')).toEqual(['said-there', 'said-there']);
    expect(of('missed-call')).toBeUndefined();
  });

  test('is what was sent: the same tone, as a file that no page runs', async () => {
    await sound(TONE);
    const got = await scene.ask('GET', `${URL}/es/sound`, { as: 'sofia' });
    expect(got.headers).toMatchObject({
      'content-type': 'audio/wav',
      'x-content-type-options': 'nosniff',
      'content-disposition': 'attachment; filename="welcome-es.wav"',
    });
    const { rate, samples } = readWav(got.rawPayload);
    expect(rate).toBe(16_000);
    expect(share(1_200, { rate, samples })).toBeGreaterThan(0.99);
    expect((await scene.ask('GET', `${URL}/en/sound`, { as: 'sofia' })).statusCode).toBe(404);
  });

  test('a text can be listened to before it is kept', async () => {
    const speech = (body: object, as = 'admin') => scene.ask('POST', '/api/prompts/speech', { as, body });
    const said = await speech({ text: 'Hola', language: 'es', voice: 'es' });
    expect([said.statusCode, said.headers['content-type'], said.body]).toEqual([200, 'audio/wav', 'Hola']);
    expect((await speech({ text: 'Hola', language: 'es', voice: '../../x' })).statusCode).toBe(400);
    expect((await speech({ text: 'Hola', language: 'xx' })).json()).toMatchObject({ code: 'wrong-state' });
    expect((await speech({ text: 'Hola', language: 'es' }, 'sofia')).statusCode).toBe(403);
    expect(scene.promptStore.kept).toEqual([]);
  });
});

describe('what a flow says', () => {
  const heardOf = (body: object, as = 'admin') => scene.ask('POST', '/api/prompts/heard', { as, body });

  test('sounds as on a call: the sound of the prompt, else the text, else that of the prompt', async () => {
    const said = async (body: object) => (await heardOf({ language: 'es', ...body })).body;
    expect(await said({ text: 'Hola' })).toBe('Hola');
    expect(await said({ recording: 'welcome', text: 'Hello', textLanguage: 'en' })).toBe('Hello');
    await text({ text: 'Bienvenido' });
    expect(await said({ recording: 'welcome' })).toBe('Bienvenido');
    expect(await said({ recording: 'welcome', text: 'Hello', textLanguage: 'en' })).toBe('Bienvenido');
    expect(await said({ recording: 'welcome', text: 'Hola' })).toBe('Hola');
    await sound(TONE);
    const got = await heardOf({ language: 'es', recording: 'welcome', text: 'Hola' });
    expect(share(1_200, readWav(got.rawPayload))).toBeGreaterThan(0.99);
    expect(got.headers).toMatchObject({ 'content-type': 'audio/wav', 'x-content-type-options': 'nosniff' });
    expect((await heardOf({ language: 'en', recording: 'welcome' })).statusCode).toBe(204);
  });

  test('is for who may open the studio, bounded, and hostile text is only text', async () => {
    expect((await heardOf({ language: 'es', text: 'Hola' }, 'sofia')).statusCode).toBe(403);
    for (const body of [
      { language: 'es' },
      { language: 'es', text: 'a'.repeat(2_001) },
      { language: '../es', text: 'Hola' },
      { language: 'es', recording: '../../etc/passwd' },
      { language: 'es', text: 'Hola', path: '/etc/passwd' },
    ]) {
      expect((await heardOf(body)).statusCode).toBe(400);
    }
    const hostile = '<script>alert(1)</script> $(reboot) --help';
    expect((await heardOf({ language: 'es', text: hostile })).body).toBe(hostile);
    expect((await heardOf({ language: 'xx', text: 'Hola' })).json()).toMatchObject({ code: 'wrong-state' });
    // More than two windows take: one may end meanwhile.
    const tries = await Promise.all(Array.from({ length: 61 }, () => heardOf({ language: 'es', text: 'Hola' })));
    expect(tries.map(({ statusCode }) => statusCode)).toContain(429);
    expect(scene.promptStore.kept).toEqual([]);
  });
});

describe('changes', () => {
  test('are for administrators, and kept with who made them', async () => {
    for (const as of ['ana', 'sofia']) {
      expect((await text({ text: 'Hola' }, 'es', as)).statusCode).toBe(403);
      expect((await sound(TONE, { as })).statusCode).toBe(403);
      expect((await scene.ask('DELETE', URL, { as })).statusCode).toBe(403);
    }
    expect((await scene.ask('GET', URL, { as: 'ana' })).statusCode).toBe(403);
    await text({ text: 'Hola' });
    await sound(TONE);
    await scene.ask('DELETE', `${URL}/es/sound`, { as: 'admin' });
    expect(scene.audited.lines.flatMap(({ by, act, on }) => (act.startsWith('prompt') ? [[by, act, on]] : []))).toEqual(
      [
        ['admin', 'prompt-text-set', 'welcome/es'],
        ['admin', 'prompt-sound-set', 'welcome/es'],
        ['admin', 'prompt-sound-removed', 'welcome/es'],
      ],
    );
  });

  test('can be taken back, also to a sound that was there before', async () => {
    const first = (await sound(TONE)).json();
    await sound(Buffer.from(writeWav(sine(700, 16_000))));
    await scene.ask('DELETE', `${URL}/es/sound`, { as: 'admin' });
    const back = await scene.ask('POST', `${URL}/es/rollback`, { as: 'admin', body: { revision: first.revision } });
    expect(back.json()).toMatchObject({ act: 'rolled-back', sound: { hash: first.sound.hash } });
    const { revisions } = (await scene.ask('GET', `${URL}/es/revisions`, { as: 'sofia' })).json();
    expect(revisions.map(({ act }: { act: string }) => act)).toEqual([
      'rolled-back',
      'sound-removed',
      'sound-set',
      'sound-set',
    ]);
    const older = await scene.ask('GET', `${URL}/es/sound?revision=${first.revision + 1}`, { as: 'sofia' });
    expect(share(700, readWav(older.rawPayload))).toBeGreaterThan(0.99);
    const none = await scene.ask('POST', `${URL}/es/rollback`, { as: 'admin', body: { revision: 99 } });
    expect(none.statusCode).toBe(404);
  });

  test('do not go over somebody else’s', async () => {
    const { revision } = (await text({ text: 'Hola' })).json();
    await text({ text: 'Buenas' });
    const late = await sound(TONE, { query: `?over=${revision}` });
    expect([late.statusCode, late.json().code]).toEqual([409, 'version-conflict']);
  });

  test('a prompt goes only when nobody is left with silence', async () => {
    await text({ text: 'Hola' });
    const refused = await scene.ask('DELETE', URL, { as: 'admin' });
    expect(refused.json()).toMatchObject({
      code: 'wrong-state',
      detail: expect.stringMatching(/step hello of shop \(line 7\)/),
    });
    await scene.ask('PUT', '/api/prompts/spare/es/text', { as: 'admin', body: { text: 'Hola' } });
    expect((await scene.ask('DELETE', '/api/prompts/spare', { as: 'admin' })).statusCode).toBe(204);
    expect((await scene.ask('DELETE', '/api/prompts/spare', { as: 'admin' })).statusCode).toBe(404);
  });
});

describe('what is refused', () => {
  test.each<[string, Buffer, string, number, RegExp]>([
    ['an MP3 that calls itself a WAV', Buffer.from('ID3\x04\0\0\0\0\0\0\0\0'), 'audio/wav', 400, /an MP3, not a WAV/],
    ['a page', Buffer.from('<script>alert(1)</script>'), 'audio/wav', 400, /no sound file that is known/],
    ['nothing', Buffer.alloc(0), 'audio/wav', 400, /./],
    ['a form', Buffer.from('a=b'), 'application/x-www-form-urlencoded', 415, /./],
    ['a file that is cut off', TONE.subarray(0, 1_000), 'audio/wav', 400, /cut off: .* at byte 44/],
    ['too many bytes', Buffer.alloc(UPLOAD_BYTES_MAX + 1), 'audio/wav', 413, /./],
  ])('%s', async (_what, body, type, status, detail) => {
    const answer = await sound(body, { type });
    expect(answer.statusCode).toBe(status);
    expect(answer.json().detail).toMatch(detail);
    expect(scene.promptStore.kept).toEqual([]);
  });

  test.each([
    ['/api/prompts/Wel%2Fcome/es/text', { text: 'x' }],
    ['/api/prompts/..%2F..%2Fx/es/text', { text: 'x' }],
    [`${URL}/xx/text`, { text: 'x' }],
    [`${URL}/e.s/text`, { text: 'x' }],
    [`${URL}/es/text`, { text: '' }],
    [`${URL}/es/text`, { text: 'x'.repeat(2_001) }],
    [`${URL}/es/text`, { text: 'Hola {{ name }}' }],
    [`${URL}/es/text`, { text: 'x', voice: 'en' }],
    [`${URL}/es/text`, { text: 'x', more: 1 }],
  ])('PUT %s %j', async (url, body) => {
    expect((await scene.ask('PUT', url, { as: 'admin', body })).statusCode).toBe(400);
  });

  test('what cannot be kept is not said to be', async () => {
    scene.promptStore.available = false;
    expect((await text({ text: 'Hola' })).statusCode).toBe(503);
    expect((await sound(TONE)).statusCode).toBe(503);
  });
});

function warnings(): readonly string[] {
  return scene.options.flows.issues().flatMap(({ message }) => (message.includes('welcome') ? [message] : []));
}

/** The texts are looked at again beside the answer. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((go) => setImmediate(go));
}
