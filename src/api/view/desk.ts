// An agent's desk as it is shown live: what is offered, what goes on, what is written up.
import type { Thread } from '../../app/record/thread.js';
import type { TalkCard } from '../../app/talk/talk-cards.js';
import type { DeskCustomer, DeskOffer, DeskTalk, DeskWrapUp, LiveDesk } from '../../contract/live/desk.js';
import type { AgentPresence } from '../../core/acd/agent.js';
import { offeredText } from '../../core/acd/choice/offered.js';
import { type Entry, offersOf } from '../../core/acd/entry.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Matter } from '../live/matters.js';
import { type AnswerScene, answersOf } from './flow-answers.js';
import { iso } from './time.js';

/** Lines of real-time text on the desk; the record has them all. */
const LINES_SHOWN = 50;

type Presence<S extends AgentPresence['state']> = Extract<AgentPresence, { state: S }>;

export interface DeskScene {
  readonly centre: Centre;
  readonly flow: AnswerScene['flow'];
  readonly entry: (id: string) => Entry | undefined;
  /** Of the talk, on whichever node. */
  readonly card: (interaction: string) => TalkCard | undefined;
  /** This one, as presences call it. */
  readonly node: string;
  readonly matter: (interaction: string) => Matter | undefined;
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
  const card = scene.card(interaction);
  const own = card?.parties.find(({ kind, name }) => kind === 'agent' && name === agent);
  const queue = own?.queue ?? presence.callbackOf;
  const title = queue === undefined ? undefined : scene.centre.queues.get(queue)?.title;
  const shared = {
    ...matterView(interaction, scene),
    since: iso(sinceMs),
    ...(queue === undefined ? {} : { queue }),
    ...(title === undefined ? {} : { queueTitle: { ...title } }),
    recording: card?.recording ?? 'off',
    canWrite: card?.canWrite ?? false,
    written: writtenView(scene.matter(interaction)?.thread),
  };
  if (card === undefined || own === undefined) {
    return { ...shared, state: stateWithout(presence, scene), leads: false, muted: false, parties: [] };
  }
  const { state, parties, consulted } = card;
  return {
    ...{ ...shared, state, leads: own === parties[0], muted: own.muted },
    parties: parties.map(({ kind, name }) => ({ kind, name })),
    ...(consulted === undefined ? {} : { consulted }),
  };
}

/** No talk of theirs is known. */
function stateWithout({ outside, node }: Presence<'busy'>, scene: DeskScene): DeskTalk['state'] {
  if (outside === 'own-call') return 'own-call';
  return node === scene.node ? 'connecting' : 'elsewhere';
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
    answers: answersOf(matter.thread, scene),
    ...(handover === undefined ? {} : { handover }),
  };
}

export function customerView({ thread, name }: Pick<Matter, 'thread' | 'name'>): DeskCustomer {
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
