// A centre in which customers write and agents answer.
import type { ConversationDesk } from '../../../src/app/conversation/desk.js';
import { type Work, worksOf } from '../../../src/core/acd/work/work.js';
import type { Conversation } from '../../../src/core/interaction/conversation/conversation.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { EVA, openScene, type Scene, type SceneOptions } from '../scene.js';

const CONVERSATIONS = `
conversations:
  queue: support
  canned-texts:
    hello: { title: { es: Saludo, en: Hello }, text: { es: 'Soy {{ agent }} de {{ queue }}', en: 'I am {{ agent }}' } }
    sales: { title: { es: Venta, en: Sale }, text: { es: Compre, en: Buy }, queues: [recorded] }
  templates:
    again:
      title: { es: Otra vez, en: Again }
      sent-as: hilo_again
      parameters: [reference, day]
      text: { es: 'Asunto {{ reference }}, hasta el {{ day }}', en: 'Matter {{ reference }}, see you on {{ day }}' }
`;

export function withConversations(text: string): string {
  return text.replace('\nagents:', `${CONVERSATIONS}\nagents:`);
}

export function openWriting(options: SceneOptions = {}): Promise<Scene> {
  const { centre } = options;
  return openScene({ ...options, centre: (text) => withConversations(centre?.(text) ?? text) });
}

export function worksAt(scene: Scene, agent: string): readonly Work[] {
  return worksOf(scene.agent(agent) ?? {});
}

/** Eva has written, and the agent has the conversation; its interaction. */
export async function taken(scene: Scene, agent = 'ana', text = 'Hola, necesito ayuda'): Promise<string> {
  await scene.messenger.receive(EVA, text);
  return accepted(scene, agent);
}

/** The agent takes what is offered. */
export async function accepted(scene: Scene, agent = 'ana'): Promise<string> {
  const offered = () => worksAt(scene, agent).find((work) => work.state === 'offered');
  await scene.until(`${agent} is offered it`, () => offered() !== undefined);
  const work = offered();
  await scene.node.centre.works.accept(work?.state === 'offered' ? work.offer : '', { name: agent, forOthers: false });
  await scene.advance(200);
  return work?.interaction ?? '';
}

export function desk(scene: Scene, node = scene.node): ConversationDesk {
  return node.centre.conversations.conversationDesk;
}

/** As the record tells it. */
export function conversation(scene: Scene, index = 0): Conversation | undefined {
  return fold(scene.events(index)).conversation;
}
