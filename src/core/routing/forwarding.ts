// Call forwarding ("desvío"): where a call for an agent or a number really goes, and when that is refused.
import type { Destination } from '../acd/queue.js';
import type { AgentConfig, Centre, ForwardRule, ForwardWhen } from './centre.js';
import { entryOf } from './numbers.js';
import { checkNumber, type NumberRefusal } from './outbound.js';

/** Forwardings one after the other; more is a loop that somebody built out of many pieces. */
export const MAX_FORWARDS = 5;

export type ForwardPlace =
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'number'; readonly number: string };

/** `arrived`: before anything rings; the others: what ringing came to. */
export type ForwardMoment = 'arrived' | Exclude<ForwardWhen, 'always'>;

export interface Forwarded {
  readonly from: string;
  readonly to: string;
  readonly rule: ForwardWhen;
}

export type ForwardDecision =
  /** No rule applies to `place`: ring it, or, after ringing, tell the caller. */
  | { readonly kind: 'stay'; readonly place: ForwardPlace; readonly forwards: readonly Forwarded[] }
  | { readonly kind: 'to'; readonly destination: Destination; readonly forwards: readonly Forwarded[] }
  | {
      readonly kind: 'refused';
      readonly reason: 'loop' | 'too-many-forwards' | 'unknown-agent' | NumberRefusal;
      readonly forwards: readonly Forwarded[];
    };

export interface ForwardQuestion {
  readonly centre: Centre;
  readonly place: ForwardPlace;
  readonly moment: ForwardMoment;
  /** Places of this call so far, as {@link placeName} writes them; [] for a new one. */
  readonly trail: readonly string[];
  readonly reachOf: (agent: string) => 'ready' | 'busy' | 'unregistered';
}

/** Follows the rules from `place` until somebody can be rung, or the call leaves the agents, or it has to be refused. */
export function resolveForward(question: ForwardQuestion): ForwardDecision {
  const { centre, reachOf } = question;
  const trail = [...question.trail];
  const forwards: Forwarded[] = [];
  let { place, moment } = question;
  for (;;) {
    const here = placeName(place);
    if (trail.includes(here) && forwards.length > 0) return { kind: 'refused', reason: 'loop', forwards };
    if (!trail.includes(here)) trail.push(here);
    const agent = place.kind === 'agent' ? centre.agents.get(place.agent) : undefined;
    if (place.kind === 'agent' && agent === undefined) return { kind: 'refused', reason: 'unknown-agent', forwards };
    const rule = ruleFor(rulesOf(centre, place, agent), moment, whenNow(centre, place, reachOf));
    if (rule === undefined) return { kind: 'stay', place, forwards };
    const to = destinationName(rule.to);
    if (forwards.length >= MAX_FORWARDS || trail.length > MAX_FORWARDS) {
      return { kind: 'refused', reason: 'too-many-forwards', forwards };
    }
    if (trail.includes(to)) return { kind: 'refused', reason: 'loop', forwards };
    forwards.push({ from: here, to, rule: rule.when });
    if (rule.to.kind === 'number') {
      const check = checkNumber(rule.to.number, centre.outbound, centre.country);
      if (!check.ok) return { kind: 'refused', reason: check.reason, forwards };
      return { kind: 'to', destination: { kind: 'number', number: check.number }, forwards };
    }
    if (rule.to.kind !== 'agent') return { kind: 'to', destination: rule.to, forwards };
    // The next agent may forward as well; nothing has rung there yet.
    place = { kind: 'agent', agent: rule.to.agent };
    moment = 'arrived';
  }
}

export function placeName(place: ForwardPlace): string {
  return place.kind === 'agent' ? `agent ${place.agent}` : `number ${place.number}`;
}

/** The same words for a destination, e.g. `queue support`, `agent ana`, `voicemail`. */
export function destinationName(destination: Destination): string {
  switch (destination.kind) {
    case 'queue':
      return `queue ${destination.queue}`;
    case 'agent':
    case 'number':
      return destination.kind === 'agent' ? `agent ${destination.agent}` : `number ${destination.number}`;
    default:
      return destination.kind;
  }
}

function rulesOf(centre: Centre, place: ForwardPlace, agent: AgentConfig | undefined): readonly ForwardRule[] {
  if (place.kind === 'agent') return agent?.forwards ?? [];
  return entryOf(centre, place.number)?.forwards ?? [];
}

/** A number is as reachable as the agent whose it is; one that leads elsewhere is always ready. */
function whenNow(
  centre: Centre,
  place: ForwardPlace,
  reachOf: ForwardQuestion['reachOf'],
): 'ready' | 'busy' | 'unregistered' {
  if (place.kind === 'agent') return reachOf(place.agent);
  const entry = entryOf(centre, place.number)?.entry;
  return entry?.kind === 'agent' ? reachOf(entry.agent) : 'ready';
}

function ruleFor(
  rules: readonly ForwardRule[],
  moment: ForwardMoment,
  reach: 'ready' | 'busy' | 'unregistered',
): ForwardRule | undefined {
  const named = (when: ForwardWhen) => rules.find((rule) => rule.when === when);
  if (moment !== 'arrived') return named(moment);
  return named('always') ?? (reach === 'ready' ? undefined : named(reach));
}
