// Real-time text as an application on the unmodified drachtio-fsmrf sees it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PhoneText } from '../../../src/sim/phone/text.js';
import { type Endpoint, MediaScene } from './media-scene.js';

let scene: MediaScene;
const texts: PhoneText[] = [];

beforeAll(async () => {
  scene = await MediaScene.open();
});
afterEach(() => {
  for (const text of texts.splice(0)) text.close();
});
afterAll(() => scene?.close());

interface Writer {
  readonly endpoint: Endpoint & { addCustomEventListener(name: string, listener: Listener): void };
  readonly text: PhoneText;
  /** What the application was told, in order. */
  readonly told: { readonly text: string; readonly relayed: string }[];
}
type Listener = (body: unknown, event: { getHeader(name: string): string }) => void;

async function writer(describe = (sdp: string): string => sdp): Promise<Writer> {
  const { phone, rtp } = await scene.phone();
  const text = await PhoneText.open();
  texts.push(text);
  const { endpoint } = await scene.ring(phone, rtp.sdp + describe(text.sdp), (answer) => {
    rtp.follow(answer);
    text.connect(answer);
  });
  const told: Writer['told'] = [];
  const listening = endpoint as Writer['endpoint'];
  listening.addCustomEventListener('hilo::text', (_, event) => {
    told.push({ text: event.getHeader('Hilo-Text'), relayed: event.getHeader('Hilo-Text-Relayed') });
  });
  await endpoint.api('status'); // the subscription has been heard
  return { endpoint: listening, text, told };
}

const all = (told: Writer['told']): string => told.map(({ text }) => text).join('');
const send = async ({ endpoint }: Pick<Writer, 'endpoint'>, text: string): Promise<string> =>
  (await endpoint.api('uuid_send_text', [endpoint.uuid, encodeURIComponent(text)])).getBody().trim();

describe('a caller who writes', () => {
  test('is read by the application, character by character, although packets are lost', async () => {
    const caller = await writer();
    caller.text.loses = (packet) => packet === 1 || packet === 2;
    caller.text.type('¡Hola!');
    await new Promise((resolve) => setTimeout(resolve, 400));
    caller.text.type(' No oigo 😀\u2028');
    await scene.until('all is read', () => all(caller.told).endsWith('\u2028'));
    expect(all(caller.told)).toBe('¡Hola! No oigo 😀\u2028');
    expect(caller.told.every(({ relayed }) => relayed === 'false')).toBe(true);
    await caller.endpoint.destroy();
  });

  test('behind a NAT is read from the first character on, and reads what was written before', async () => {
    const caller = await writer((sdp) => sdp.replace(/m=text \d+/, 'm=text 9'));
    expect(await send(caller, 'Hola')).toBe('+OK');
    caller.text.type('¿Hola?');
    await scene.until('all is read', () => all(caller.told) === '¿Hola?');
    await scene.until('by the caller too', () => caller.text.read === 'Hola');
    await caller.endpoint.destroy();
  });

  test('is answered by the application', async () => {
    const caller = await writer();
    expect(await send(caller, 'Buenos días, 100 % & más\u2028')).toBe('+OK');
    await scene.until('the answer is read', () => caller.text.read.endsWith('\u2028'));
    expect(caller.text.read).toBe('Buenos días, 100 % & más\u2028');
    await caller.endpoint.destroy();
  });

  test('writes to the other side of a bridge, and the application still reads it', async () => {
    const [caller, agent] = [await writer(), await writer()];
    await caller.endpoint.bridge(agent.endpoint);
    caller.text.type('¿Me lees?');
    agent.text.type('Sí');
    await scene.until('both have read', () => agent.text.read === '¿Me lees?' && caller.text.read === 'Sí');
    await scene.until('the application too', () => all(caller.told) === '¿Me lees?' && all(agent.told) === 'Sí');
    expect(caller.told[0]?.relayed).toBe('true');
    await caller.endpoint.destroy();
    await agent.endpoint.destroy();
  });
});

describe('a caller without text', () => {
  test('has no line of text in its answer, and cannot be written to', async () => {
    const { endpoint, answer } = await scene.caller();
    expect(answer.body.toString()).not.toContain('m=text');
    expect(await send({ endpoint } as Writer, 'hello')).toBe('-ERR no text');
    await endpoint.destroy();
  });

  test('commands that are no text are refused', async () => {
    const caller = await writer();
    const ask = async (argument: string): Promise<string> =>
      (await caller.endpoint.api('uuid_send_text', [caller.endpoint.uuid, argument])).getBody();
    expect(await ask('%ff%')).toMatch(/^-USAGE/);
    expect(await ask(encodeURIComponent('x'.repeat(4_001)))).toMatch(/^-ERR/);
    await caller.endpoint.destroy();
    expect((await scene.media.api(`uuid_send_text ${caller.endpoint.uuid} x`)).trim()).toMatch(/^-ERR/);
  });
});

test('the media server offers text when the INVITE asks for it', async () => {
  const asked = await scene.media.createEndpoint({ headers: { 'X-Hilo-Text': 'true' } });
  expect(asked.local.sdp).toMatch(/^m=text \d+ RTP\/AVP 100 98/m);
  await asked.destroy();
  const plain = await scene.media.createEndpoint();
  expect(plain.local.sdp).not.toContain('m=text');
  await plain.destroy();
});
