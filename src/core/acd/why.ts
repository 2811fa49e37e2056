// Why an entry is still waiting, as data and as a sentence for a supervisor.

import { unreachable } from '../../lib/assert.js';
import type { Language } from '../interaction/language.js';
import type { AgentState } from './agent.js';
import { callbacksInFlight, callbacksMax } from './callback-share.js';
import { type CapacityFilter, channelOf, DEFAULT_CHANNELS } from './choice/capacity.js';
import { keptFor, ownFilterOf } from './choice/own.js';
import { type Filter, filterAt, type Stand } from './choice/pool.js';
import { skillsText, widensAtMs } from './choice/stage.js';
import { type Entry, offersOf } from './entry.js';
import { type Position, positionOf, positionText } from './position.js';
import type { QueueConfig } from './queue.js';
import type { Floor } from './select.js';

type Occupation = AgentState | 'backing-off' | CapacityFilter;
/** Occupied agents with the skill, by what occupies them. */
export type OccupiedCounts = Readonly<Partial<Record<Occupation, number>>>;

export type WhyWaiting = { readonly position?: Position } & (
  | { readonly cause: 'connecting'; readonly agent: string }
  /** `kind`: calls ring, messages and tasks are only offered. */
  | { readonly cause: 'ringing'; readonly agents: readonly string[]; readonly kind: Entry['kind'] }
  | { readonly cause: 'unknown-queue'; readonly queue: string }
  | { readonly cause: 'no-agent-with-skill'; readonly skill: string }
  | { readonly cause: 'nobody-signed-in'; readonly skill: string }
  /** Everybody who is free refused this one a moment ago; the first may be asked again at `againAtMs`. */
  | { readonly cause: 'refused'; readonly agents: readonly string[]; readonly againAtMs: number }
  | { readonly cause: 'all-occupied'; readonly skill: string; readonly occupied: OccupiedCounts }
  /** Kept for the agent who served the customer last, or owns it, until then. */
  | { readonly cause: 'kept-for'; readonly agent: string; readonly untilMs: number }
  /** Those who are free come in later: a wider ring, a team with a delay. */
  | { readonly cause: 'widens-later'; readonly agents: readonly string[]; readonly atMs: number }
  /** A call-back, and as many of its queue as may be are with agents already. */
  | { readonly cause: 'callbacks-under-way'; readonly queue: string; readonly most: number }
  /** Somebody is free: it is the next round's. */
  | { readonly cause: 'about-to-be-offered' }
);

export function whyWaiting(entry: Entry, floor: Floor): WhyWaiting {
  const position = positionOf(entry, floor.waiting, floor.nowMs);
  const cause = causeOf(entry, floor);
  return position === undefined ? cause : { ...cause, position };
}

/** Of a queue that widens: every ring, any of which is enough. */
function skillsOf({ skill, rings }: QueueConfig): string {
  return rings === undefined ? skill : rings.map(({ skills }) => skillsText(skills)).join(' / ');
}

/** Where an entry stands now: which filters it meets. */
export function standOf(entry: Entry, queue: QueueConfig, { nowMs, channels = DEFAULT_CHANNELS }: Floor): Stand {
  return { queue, waitedMs: nowMs - entry.joinedAtMs, channel: channelOf(entry.kind), rules: channels, nowMs };
}

function causeOf(entry: Entry, given: Floor): WhyWaiting {
  const floor = { ...given, waiting: [...given.waiting], agents: [...given.agents] };
  if (entry.state === 'accepted') return { cause: 'connecting', agent: entry.offer.agent };
  if (entry.state === 'offered') {
    return { cause: 'ringing', agents: offersOf(entry).map(({ agent }) => agent), kind: entry.kind };
  }
  const queue = floor.queues.get(entry.queue);
  if (queue === undefined) return { cause: 'unknown-queue', queue: entry.queue };
  const skill = skillsOf(queue);
  const { occupied, refusals, free, later } = sorted(entry, queue, floor);
  if (free.length > 0 && entry.kind === 'callback') {
    const most = callbacksMax(queue, floor);
    if (callbacksInFlight(queue.name, floor) >= most) return { cause: 'callbacks-under-way', queue: queue.name, most };
  }
  const kept = keptFor(entry, queue, agentIn(floor), floor.nowMs);
  if (kept !== undefined && entry.preferred !== undefined && !free.includes(kept)) {
    return { cause: 'kept-for', agent: kept, untilMs: entry.preferred.untilMs };
  }
  if (free.length > 0) return { cause: 'about-to-be-offered' };
  if (refusals.length > 0) {
    const againAtMs = Math.min(...refusals.map((agent) => entry.refusedBy[agent]?.untilMs ?? floor.nowMs));
    return { cause: 'refused', agents: refusals, againAtMs };
  }
  const atMs = widensAtMs(entry, queue, floor.nowMs);
  if (later.length > 0 && atMs !== undefined) return { cause: 'widens-later', agents: later, atMs };
  const { offline = 0, ...present } = occupied;
  if (Object.keys(present).length > 0) return { cause: 'all-occupied', skill, occupied: present };
  return offline > 0 ? { cause: 'nobody-signed-in', skill } : { cause: 'no-agent-with-skill', skill };
}

/** The agents who serve the queue, by what keeps them from this entry. */
function sorted(entry: Entry, queue: QueueConfig, floor: Floor) {
  const stand = standOf(entry, queue, floor);
  const occupied: Partial<Record<Occupation, number>> = {};
  const refusals: string[] = [];
  const free: string[] = [];
  const later: string[] = [];
  for (const presence of floor.agents) {
    const { agent } = presence;
    const config = floor.agentConfigs.get(agent);
    const filter: Filter | undefined = config === undefined ? 'missing-skill' : filterAt(presence, config, stand);
    if (filter === 'missing-skill') continue;
    const own = ownFilterOf(entry, agent, floor.nowMs);
    if (filter === 'outside-ring' || filter === 'team-later') later.push(agent);
    else if (filter !== undefined) occupied[filter] = (occupied[filter] ?? 0) + 1;
    else if (own === 'refused-this') refusals.push(agent);
    // Who calls is talking, whatever else is known of them yet.
    else if (own === 'own-call') occupied.busy = (occupied.busy ?? 0) + 1;
    else free.push(agent);
  }
  return { occupied, refusals, free, later };
}

function agentIn({ agents, agentConfigs }: Floor) {
  const presences = new Map([...agents].map((presence) => [presence.agent, presence]));
  return (name: string) => {
    const presence = presences.get(name);
    const config = agentConfigs.get(name);
    return presence === undefined || config === undefined ? undefined : { presence, config };
  };
}

/** One or two sentences: the place in line, then what it waits for. */
export function whyText(why: WhyWaiting, language: Language): string {
  const place = why.position === undefined ? '' : `${positionText(why.position, language)} `;
  return place + (language === 'es' ? causeInSpanish(why) : causeInEnglish(why));
}

function isRinging(kind: Entry['kind']): boolean {
  return channelOf(kind) === 'call';
}

function causeInEnglish(why: WhyWaiting): string {
  switch (why.cause) {
    case 'connecting':
      return `${why.agent} has taken it and is being connected.`;
    case 'ringing':
      return isRinging(why.kind)
        ? `It is ringing at ${why.agents.join(', ')}.`
        : `It is offered to ${why.agents.join(', ')}.`;
    case 'unknown-queue':
      return `The queue ${why.queue} no longer exists in the centre.`;
    case 'no-agent-with-skill':
      return `No agent has the skill ${why.skill}.`;
    case 'nobody-signed-in':
      return `Nobody with the skill ${why.skill} is signed in.`;
    case 'refused':
      return `Free, but did not take it a moment ago: ${why.agents.join(', ')}.`;
    case 'all-occupied':
      return `Nobody with the skill ${why.skill} is free: ${countsText(why.occupied, OCCUPIED.en)}.`;
    case 'kept-for':
      return `It is kept for ${why.agent}.`;
    case 'widens-later':
      return `Free, but only to be asked later: ${why.agents.join(', ')}.`;
    case 'callbacks-under-way':
      return `${why.most} call-backs of the queue ${why.queue} are under way, as many as may be at a time.`;
    case 'about-to-be-offered':
      return 'An agent is free; it is about to be offered.';
    default:
      return unreachable(why);
  }
}

function causeInSpanish(why: WhyWaiting): string {
  switch (why.cause) {
    case 'connecting':
      return `${why.agent} la ha aceptado y se está conectando.`;
    case 'ringing':
      return isRinging(why.kind)
        ? `Está sonando en el puesto de ${why.agents.join(', ')}.`
        : `Se le ha ofrecido a ${why.agents.join(', ')}.`;
    case 'unknown-queue':
      return `La cola ${why.queue} ya no existe en el centro.`;
    case 'no-agent-with-skill':
      return `Ningún agente tiene la habilidad ${why.skill}.`;
    case 'nobody-signed-in':
      return `No hay nadie conectado con la habilidad ${why.skill}.`;
    case 'refused':
      return `Libres, pero no la han cogido hace un momento: ${why.agents.join(', ')}.`;
    case 'all-occupied':
      return `No hay nadie libre con la habilidad ${why.skill}: ${countsText(why.occupied, OCCUPIED.es)}.`;
    case 'kept-for':
      return `Se reserva para ${why.agent}.`;
    case 'widens-later':
      return `Libres, pero se les ofrecerá más tarde: ${why.agents.join(', ')}.`;
    case 'callbacks-under-way':
      return `Ya hay ${why.most} devoluciones de llamada de la cola ${why.queue} en curso, el máximo a la vez.`;
    case 'about-to-be-offered':
      return 'Hay un agente libre; se le va a ofrecer ahora.';
    default:
      return unreachable(why);
  }
}

const OCCUPIED: Record<Language, Readonly<Record<Occupation, string>>> = {
  en: {
    offline: 'offline',
    available: 'available',
    break: 'on a break',
    ringing: 'ringing',
    busy: 'talking',
    'wrap-up': 'in wrap-up',
    'backing-off': 'at rest after an offer that was not taken',
    full: 'with as many as they may have',
    'on-message': 'answering messages',
    'on-task': 'on a task',
  },
  es: {
    offline: 'desconectados',
    available: 'disponibles',
    break: 'en pausa',
    ringing: 'sonando',
    busy: 'hablando',
    'wrap-up': 'en tareas posteriores',
    'backing-off': 'de descanso tras no coger una oferta',
    full: 'con tantos como pueden llevar',
    'on-message': 'atendiendo mensajes',
    'on-task': 'con una tarea',
  },
};

function countsText(counts: OccupiedCounts, words: Readonly<Record<Occupation, string>>): string {
  const states = ['busy', 'ringing', 'wrap-up', 'break', 'backing-off', 'full', 'on-message', 'on-task'] as const;
  return states.flatMap((state) => (counts[state] === undefined ? [] : `${counts[state]} ${words[state]}`)).join(', ');
}
