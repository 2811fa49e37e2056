// Why an entry is still waiting, as data and as a sentence for a supervisor.

import { unreachable } from '../../lib/assert.js';
import type { Language } from '../interaction/language.js';
import type { AgentState } from './agent.js';
import { callbacksInFlight, callbacksMax } from './callback-share.js';
import type { Entry } from './entry.js';
import { type Position, positionOf, positionText } from './position.js';
import { type Floor, filterOf, ownFilterOf } from './select.js';

/** Occupied agents with the skill, by what occupies them. */
export type OccupiedCounts = Readonly<Partial<Record<AgentState | 'backing-off', number>>>;

export type WhyWaiting = { readonly position?: Position } & (
  | { readonly cause: 'connecting'; readonly agent: string }
  | { readonly cause: 'ringing'; readonly agent: string }
  | { readonly cause: 'unknown-queue'; readonly queue: string }
  | { readonly cause: 'no-agent-with-skill'; readonly skill: string }
  | { readonly cause: 'nobody-signed-in'; readonly skill: string }
  /** Everybody who is free refused this one a moment ago; the first may be asked again at `againAtMs`. */
  | { readonly cause: 'refused'; readonly agents: readonly string[]; readonly againAtMs: number }
  | { readonly cause: 'all-occupied'; readonly skill: string; readonly occupied: OccupiedCounts }
  /** A call-back, and as many of its queue as may be are with agents already. */
  | { readonly cause: 'callbacks-under-way'; readonly queue: string; readonly most: number }
  /** Somebody is free: it is the next round's. */
  | { readonly cause: 'about-to-be-offered' }
);

export function whyWaiting(entry: Entry, floor: Floor): WhyWaiting {
  const position = positionOf(entry, floor.waiting);
  const cause = causeOf(entry, floor);
  return position === undefined ? cause : { ...cause, position };
}

function causeOf(entry: Entry, given: Floor): WhyWaiting {
  const floor = { ...given, waiting: [...given.waiting], agents: [...given.agents] };
  if (entry.state === 'accepted') return { cause: 'connecting', agent: entry.offer.agent };
  if (entry.state === 'offered') return { cause: 'ringing', agent: entry.offer.agent };
  const queue = floor.queues.get(entry.queue);
  if (queue === undefined) return { cause: 'unknown-queue', queue: entry.queue };
  const { skill } = queue;
  const occupied: Partial<Record<AgentState | 'backing-off', number>> = {};
  const refusals: string[] = [];
  let free = 0;
  for (const presence of floor.agents) {
    const config = floor.agentConfigs.get(presence.agent);
    const filter = config === undefined ? 'missing-skill' : filterOf(presence, config, skill, floor.nowMs);
    if (filter === 'missing-skill') continue;
    const own = ownFilterOf(entry, presence.agent, floor.nowMs);
    if (filter !== undefined) occupied[filter] = (occupied[filter] ?? 0) + 1;
    else if (own === 'refused-this') refusals.push(presence.agent);
    // Who calls is talking, whatever else is known of them yet.
    else if (own === 'own-call') occupied.busy = (occupied.busy ?? 0) + 1;
    else free += 1;
  }
  if (free > 0 && entry.kind === 'callback') {
    const most = callbacksMax(queue, floor);
    if (callbacksInFlight(queue.name, floor) >= most) return { cause: 'callbacks-under-way', queue: queue.name, most };
  }
  if (free > 0) return { cause: 'about-to-be-offered' };
  if (refusals.length > 0) {
    const againAtMs = Math.min(...refusals.map((agent) => entry.refusedBy[agent]?.untilMs ?? floor.nowMs));
    return { cause: 'refused', agents: refusals, againAtMs };
  }
  const { offline = 0, ...present } = occupied;
  if (Object.keys(present).length > 0) return { cause: 'all-occupied', skill, occupied: present };
  return offline > 0 ? { cause: 'nobody-signed-in', skill } : { cause: 'no-agent-with-skill', skill };
}

/** One or two sentences: the place in line, then what it waits for. */
export function whyText(why: WhyWaiting, language: Language): string {
  const place = why.position === undefined ? '' : `${positionText(why.position, language)} `;
  return place + (language === 'es' ? causeInSpanish(why) : causeInEnglish(why));
}

function causeInEnglish(why: WhyWaiting): string {
  switch (why.cause) {
    case 'connecting':
      return `${why.agent} has taken it and is being connected.`;
    case 'ringing':
      return `It is ringing at ${why.agent}.`;
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
      return `Está sonando en el puesto de ${why.agent}.`;
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
    case 'callbacks-under-way':
      return `Ya hay ${why.most} devoluciones de llamada de la cola ${why.queue} en curso, el máximo a la vez.`;
    case 'about-to-be-offered':
      return 'Hay un agente libre; se le va a ofrecer ahora.';
    default:
      return unreachable(why);
  }
}

const OCCUPIED: Record<Language, Readonly<Record<AgentState | 'backing-off', string>>> = {
  en: {
    offline: 'offline',
    available: 'available',
    break: 'on a break',
    ringing: 'ringing',
    busy: 'talking',
    'wrap-up': 'in wrap-up',
    'backing-off': 'passed over after a refusal',
  },
  es: {
    offline: 'desconectados',
    available: 'disponibles',
    break: 'en pausa',
    ringing: 'sonando',
    busy: 'hablando',
    'wrap-up': 'en tareas posteriores',
    'backing-off': 'en espera tras no contestar',
  },
};

function countsText(counts: OccupiedCounts, words: Readonly<Record<AgentState | 'backing-off', string>>): string {
  const states = ['busy', 'ringing', 'wrap-up', 'break', 'backing-off'] as const;
  return states.flatMap((state) => (counts[state] === undefined ? [] : `${counts[state]} ${words[state]}`)).join(', ');
}
