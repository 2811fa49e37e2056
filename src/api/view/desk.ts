// An agent's desk as it is shown live: what is offered, what goes on, what is written up.
import type { Thread } from '../../app/record/thread.js';
import type { Talk } from '../../app/talk/talk.js';
import type { DeskAnswer, DeskCustomer, DeskOffer, DeskTalk, DeskWrapUp, LiveDesk } from '../../contract/live/desk.js';
import type { AgentPresence } from '../../core/acd/agent.js';
import { offeredText } from '../../core/acd/choice/offered.js';
import { type Entry, offersOf } from '../../core/acd/entry.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Matter } from '../live/matters.js';
import { iso } from './time.js';

/** Lines of real-time text on the desk; the record has them all. */
const LINES_SHOWN = 50;
const ANSWERS_SHOWN = 30;
const ANSWER_MAX = 200;

type Presence<S extends AgentPresence['state']> = Extract<AgentPresence, { state: S }>;

export interface DeskScene {
  readonly centre: Centre;
  readonly entry: (id: string) => Entry | undefined;
  readonly talk: (interaction: string) => Talk | undefined;
  readonly matter: (interaction: string) => Matter | undefined;
  readonly recording: (interaction: string) => DeskTalk['recording'];
  readonly canWrite: (interaction: string) => boolean;
}

export function deskView(presence: AgentPresence, scene: DeskScene): LiveDesk {
  const { agent } = presence;
  switch (presence.state) {
    case 'ringing': {
      const offer = offerView(presence, scene);
      return offer === undefined ? { agent } : { agent, offer };
    }
    case 'busy':
      return { agent, talk: talkView(presence, scene) };
    case 'wrap-up':
      return { agent, wrapUp: wrapUpView(presence, scene) };
    default:
      return { agent };
  }
}

function offerView({ agent, offer: id, entry: waiting }: Presence<'ringing'>, scene: DeskScene): DeskOffer | undefined {
  const { centre } = scene;
  const entry = scene.entry(waiting);
  const offer = entry && offersOf(entry).find((one) => one.id === id);
  if (entry === undefined || offer === undefined) return undefined;
  const { queue, kind, joinedAtMs, seniorityMs } = entry;
  return {
    ...{ id, entry: waiting, queue, kind: kind === 'callback' ? 'callback' : 'call' },
    ...matterView(entry.interaction, scene),
    queueTitle: { ...centre.queues.get(queue)?.title },
    waitingSince: iso(joinedAtMs),
    ...(seniorityMs < joinedAtMs ? { firstWaitingSince: iso(seniorityMs) } : {}),
    offeredAt: iso(offer.madeAtMs),
    expiresAt: iso(offer.expiresAtMs),
    why: {
      es: offeredText(offer.why, agent, 'es', centre.timeZone),
      en: offeredText(offer.why, agent, 'en', centre.timeZone),
    },
  };
}

function talkView(presence: Presence<'busy'>, scene: DeskScene): DeskTalk {
  const { interaction, sinceMs, agent } = presence;
  const talk = scene.talk(interaction);
  const side = talk?.sides.find(({ party }) => party.kind === 'agent' && party.name === agent);
  const queue = side?.queue ?? presence.callbackOf;
  const title = queue === undefined ? undefined : scene.centre.queues.get(queue)?.title;
  const shared = {
    ...matterView(interaction, scene),
    since: iso(sinceMs),
    ...(queue === undefined ? {} : { queue }),
    ...(title === undefined ? {} : { queueTitle: { ...title } }),
    recording: scene.recording(interaction),
    canWrite: scene.canWrite(interaction),
    written: writtenView(scene.matter(interaction)?.thread),
  };
  if (talk === undefined || side === undefined) {
    const state = presence.outside === 'own-call' ? 'own-call' : 'connecting';
    return { ...shared, state, leads: false, muted: false, parties: [] };
  }
  const { consulted } = talk;
  return {
    ...shared,
    state: talk.state,
    leads: side === talk.main,
    muted: talk.isMuted(side),
    parties: talk.sides.map(({ party }) => ({ ...party })),
    ...(consulted === undefined ? {} : { consulted: consulted.kind === 'agent' ? consulted.agent : consulted.number }),
  };
}

function wrapUpView({ agent, call, sinceMs, untilMs }: Presence<'wrap-up'>, scene: DeskScene): DeskWrapUp {
  const queue = call?.queue === undefined ? undefined : scene.centre.queues.get(call.queue);
  const { codes = {}, required = false } = queue?.dispositions ?? {};
  const matter = call && scene.matter(call.interaction);
  const given = matter?.thread.state.dispositions?.find((one) => one.entry === call?.entry && one.agent === agent);
  return {
    ...(call === undefined ? {} : { interaction: call.interaction }),
    ...(matter === undefined ? {} : { customer: customerView(matter) }),
    ...(queue === undefined ? {} : { queue: queue.name }),
    since: iso(sinceMs),
    until: iso(untilMs),
    codes: Object.entries(codes).map(([code, title]) => ({ code, title: { ...title } })),
    required,
    canProlong: queue?.wrapUp?.mode === 'prolongable',
    ...(given === undefined ? {} : { chosen: given.code }),
  };
}

function matterView(
  interaction: string,
  scene: DeskScene,
): Pick<DeskOffer, 'interaction' | 'answers'> & Partial<DeskOffer> {
  const matter = scene.matter(interaction);
  if (matter === undefined) return { interaction, answers: [] };
  const handover = handoverOf(matter.thread);
  return {
    interaction,
    customer: customerView(matter),
    answers: answersOf(matter.thread),
    ...(handover === undefined ? {} : { handover }),
  };
}

function customerView({ thread, name }: Matter): DeskCustomer {
  const { address, contact, reference, language } = thread.state;
  const called = name ?? networkName(thread);
  return {
    ...{ address, contact, reference },
    ...(called === undefined || called === '' ? {} : { name: called }),
    ...(language === undefined ? {} : { language }),
  };
}

/** What the caller's network calls them; a number is no name. */
function networkName({ events }: Thread): string | undefined {
  const entered = events.findLast(
    ({ event }) => event.type === 'flow-entered' && event.data.start !== undefined,
  )?.event;
  const name = entered?.type === 'flow-entered' ? entered.data.start?.name : undefined;
  return name !== undefined && /\p{L}/u.test(name) ? name : undefined;
}

/** What was typed or written in the flow of the present call: as far as the record may keep it. */
function answersOf({ events }: Thread): DeskAnswer[] {
  const arrived = events.findLastIndex(({ event }) => event.type === 'call-arrived');
  const answers: DeskAnswer[] = [];
  for (const { event } of events.slice(Math.max(0, arrived))) {
    if (event.type !== 'flow-step') continue;
    const { step, name = step, answers: given = [] } = event.data;
    for (const { answer } of given) {
      const said = answer['kind'] === 'digits' ? answer['digits'] : answer['kind'] === 'written' ? answer['text'] : '';
      if (typeof said === 'string' && said !== '') answers.push({ step: name, answer: said.slice(0, ANSWER_MAX) });
    }
  }
  return answers.slice(-ANSWERS_SHOWN);
}

/** The last one of the present call, unless somebody has talked with the customer since. */
function handoverOf({ events }: Thread): { by: string; note?: string } | undefined {
  const last = events.findLast(({ event }) => event.type === 'transferred' || event.type === 'call-arrived')?.event;
  if (last?.type !== 'transferred' || last.data.way === 'taken-over') return undefined;
  const { by, note } = last.data;
  return note === undefined ? { by } : { by, note };
}

function writtenView(thread: Thread | undefined): DeskTalk['written'] {
  const lines = (thread?.events ?? []).flatMap(({ event, atMs }) => {
    if (event.type !== 'text-written') return [];
    const { by, name, text } = event.data;
    return [{ at: iso(atMs), by, text, ...(name === undefined ? {} : { name }) }];
  });
  return lines.slice(-LINES_SHOWN);
}
