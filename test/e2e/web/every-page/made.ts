// What has happened in the centre before its pages are looked at, so that there is something on each; and how it is put away again.
import type { WireWorkList } from '../../../../src/contract/owed/work-list.js';
import { TONES } from '../../../support/hilo/centre.js';
import { answering, hears, nextCall, type Scene } from '../../../support/hilo/scene.js';
import { PASSWORD } from '../../../support/hilo/server.js';
import { eventually } from '../../../support/servers.js';

/** Markup, a right-to-left override, a character without width, and no place to break a line. */
export const HOSTILE = `<b onclick="x">Eva</b> \u202Egnirts\u202C a\u200Bb ${'W'.repeat(60)} https://example.com/pedido`;
const NAME_MAX_CHARS = 80;
/** Serves both queues. */
const AGENT = 'bruno';
const SPOKEN_MS = 3_000;

export interface Made {
  /** Of a call that was recorded, by a customer with a hostile name. */
  readonly interaction: string;
  readonly number: string;
  readonly article: string;
  /** Who has them; both sign in with the password of the tests. */
  readonly agent: string;
  readonly supervisor: string;
}

interface Listed {
  readonly conversations: readonly { readonly id: string; readonly offer?: string }[];
}
const during = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A voicemail, a recorded call, a conversation that the agent has, an article, a supervisor. */
export async function make(scene: Scene): Promise<Made> {
  const supervisor = `sofia-${Date.now().toString(36)}`;
  await scene.api.post('/api/users', { name: supervisor, role: 'supervisor', password: PASSWORD });
  const article = await anArticle(scene);
  // As long as nobody is there who could be offered the call.
  await voicemail(scene);
  const call = await recordedCall(scene);
  await conversation(scene);
  return { ...call, article, supervisor, agent: AGENT };
}

/** What others would stumble over. */
export async function putAway(scene: Scene, { article, supervisor }: Made): Promise<void> {
  const { conversations } = await scene.api.get<Listed>(`/api/conversations?agent=${AGENT}`);
  for (const { id } of conversations) await scene.api.post(`/api/conversations/${id}/close`, {});
  const { voicemails } = await scene.api.get<WireWorkList>('/api/work-list?scope=all');
  for (const { interaction, recording } of voicemails) {
    await scene.api.post(`/api/work-list/${interaction}/voicemails/${recording}`, { state: 'done' });
  }
  await scene.api.delete(`/api/guide/articles/${article}?version=1`);
  await scene.api.patch(`/api/users/${supervisor}`, { disabled: true });
}

async function recordedCall(scene: Scene): Promise<Pick<Made, 'interaction' | 'number'>> {
  const phoneOfAgent = await scene.agent(`${AGENT}-desk`);
  answering(phoneOfAgent, TONES.agent);
  const { phone, number } = await scene.customer();
  const call = await phone.invite('1001');
  call.audio.say(TONES.caller);
  await hears(call, TONES.agent);
  await hears(await nextCall(phoneOfAgent), TONES.caller);
  const [matter] = await scene.matters.of(number);
  await during(SPOKEN_MS);
  call.bye();
  await scene.matters.until(number, (one) => one.has('call-ended') && one.has('recording-started'));
  await scene.api.patch('/api/contacts', { number, name: HOSTILE.slice(0, NAME_MAX_CHARS), tags: ['vip'] });
  return { interaction: matter?.id ?? '', number };
}

async function voicemail(scene: Scene): Promise<void> {
  const { phone, number } = await scene.customer();
  const call = await phone.invite('1005');
  await hears(call, TONES.music);
  await call.audio.press('2');
  await hears(call, TONES['voicemail-greeting']);
  call.audio.say(TONES.caller);
  await during(SPOKEN_MS);
  call.bye();
  await scene.matters.until(number, (matter) => matter.has('voicemail-left'));
}

async function conversation(scene: Scene): Promise<void> {
  await scene.api.write(scene.newNumber(), HOSTILE);
  const offers = async (): Promise<Listed['conversations']> =>
    (await scene.api.get<Listed>(`/api/conversations?agent=${AGENT}`)).conversations;
  await eventually('the agent is offered the conversation', async () => (await offers()).some(({ offer }) => offer));
  for (const { offer } of await offers()) if (offer) await scene.api.post(`/api/offers/${offer}/accept`, {});
}

async function anArticle(scene: Scene): Promise<string> {
  const es = {
    title: `Plazos ${HOSTILE}`.slice(0, 120),
    body: `# Uno\n\n${HOSTILE}\n\n| a | b |\n|---|---|\n| 1 | 2 |`,
  };
  const { id } = await scene.api.post<{ id: string }>('/api/guide/articles', { texts: { es }, tags: ['plazo'] });
  return id;
}
