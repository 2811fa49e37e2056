// Chooses again who gets whom, on a floor rebuilt from the explanation that stands with each offer.
import type { AgentPresence, ServingAgent } from '../acd/agent.js';
import { compareContestants, contestant, weightOf } from '../acd/choice/strategy.js';
import type { Entry } from '../acd/entry.js';
import { joinQueue } from '../acd/entry-transition.js';
import type { QueueConfig, Strategy } from '../acd/queue.js';
import { selectOffers } from '../acd/select.js';
import { tallyOf } from '../acd/tally/tally.js';
import type { InteractionEvent, RecordedEvent } from '../interaction/event.js';
import type { Explanation } from '../interaction/explanation.js';
import type { Findings } from './findings.js';

const PART = 'router';
const PLACE = 'src/core/acd/select.ts';
/** The skill of the rebuilt floor: who is named in an explanation has it, or was removed for not having it. */
const SKILL = 'skill';
const AFTER_ALL_MS = 60_000;

type Offered = Extract<InteractionEvent, { type: 'offered' }>;

/** Drawn by chance: drawn again where the record tells from what, else only compared again. */
const BY_CHANCE: ReadonlySet<string> = new Set(['random', 'weighted']);
const REBUILT: ReadonlySet<string> = new Set<Strategy>([
  'longest-idle',
  'round-robin',
  'fewest-calls',
  'least-talk-time',
  'top-down',
  'ring-all',
  'random',
  'weighted',
]);

export function replayOffers(events: readonly RecordedEvent[], findings: Findings): void {
  const kinds = new Map<string, Entry['kind']>();
  for (const { version, atMs, event } of events) {
    if (event.type === 'queued') kinds.set(event.data.entry, event.data.kind);
    if (event.type !== 'offered') continue;
    const { why, agent } = event.data;
    if (!why.candidates.slice(0, why.together ?? 1).some((one) => one.agent === agent)) {
      findings.leave(PART, version, 'the explanation that stands with it is not that of this offer');
      continue;
    }
    const order = [...why.candidates]
      .map(({ agent: name, values }) => contestant(name, values))
      .sort(compareContestants);
    const recorded = { agent, candidates: why.candidates.map((one) => one.agent) };
    const together = order.slice(0, why.together ?? 1).map((one) => one.agent);
    const chosen = together.includes(agent) ? agent : together[0];
    const now = { agent: chosen, candidates: order.map((one) => one.agent) };
    const place = 'src/core/acd/choice/strategy.ts';
    if (!findings.compare(PART, version, { recorded, now, place })) continue;
    // How many messages somebody has is compared, but not what they are.
    if (
      (BY_CHANCE.has(why.strategy) && why.seed === undefined) ||
      why.candidates.some(({ values }) => 'open' in values)
    )
      continue;
    const kind = kinds.get(event.data.entry) ?? 'call';
    if (!REBUILT.has(why.strategy)) findings.leave(PART, version, `nobody knows the strategy ${why.strategy} here`);
    else chooseAgain(event, { version, atMs, kind }, findings);
  }
}

function chooseAgain(
  { data }: Offered,
  { version, atMs, kind }: { readonly version: number; readonly atMs: number; readonly kind: Entry['kind'] },
  findings: Findings,
): void {
  const { why } = data;
  const entry = entryOf(data, kind, atMs);
  const known = new Set(why.candidates.map(({ agent }) => agent));
  const removed = why.removed.flatMap(({ agent, filter }) => {
    const presence = known.has(agent) ? undefined : removedAgent(agent, filter, atMs);
    return presence === undefined ? [] : [{ ...presence, filter }];
  });
  const candidates = why.candidates.map(({ agent, values }) => candidateOf(agent, values, { atMs, seed: why.seed }));
  const floor = [...candidates, ...removed];
  const [decision] = selectOffers({
    waiting: [entry],
    agents: floor.map(({ presence }) => presence),
    queues: new Map([[data.queue, queueOf(data, why)]]),
    agentConfigs: new Map(floor.map(({ presence, config }) => [presence.agent, config])),
    nowMs: atMs,
    ...(why.seed === undefined ? {} : { seed: why.seed }),
  });
  const offeredTo = [decision?.agent, ...(decision?.beside ?? []).map(({ agent }) => agent)];
  const views = (one: Explanation): object => ({
    candidates: one.candidates,
    order: one.order,
    // Those who cannot be rebuilt from one explanation (taken by others in the round) are left out on both sides.
    removed: Object.fromEntries(
      one.removed.flatMap(({ agent, filter }) =>
        removed.some((other) => other.presence.agent === agent) ? [[agent, filter]] : [],
      ),
    ),
  });
  const recorded = { agent: data.agent, ...views(why) };
  const now = decision && {
    agent: offeredTo.includes(data.agent) ? data.agent : decision.agent,
    ...views(decision.why),
  };
  findings.compare(PART, version, { recorded, now: now ?? 'nobody is chosen', place: PLACE });
}

interface Placed {
  readonly presence: AgentPresence;
  readonly config: ServingAgent;
}

function candidateOf(
  agent: string,
  values: Readonly<Record<string, number>>,
  { atMs, seed }: { readonly atMs: number; readonly seed: number | undefined },
): Placed {
  const { idleMs = 0, skillLevel = 1, calls = 0, talkMs = 0, lastOfferedMs = 0, race } = values;
  // Weights are whole numbers: what is none was drawn in another way, and comes out as another race.
  const weight = race === undefined || seed === undefined ? 1 : Math.round(weightOf(race, seed, agent));
  const idleSinceMs = atMs - idleMs;
  const base = availableAgent(agent, idleSinceMs);
  const tally = { ...tallyOf(base), calls, talkMs, lastOfferedMs };
  return { presence: { ...base, tally }, config: { ...serving({ [SKILL]: skillLevel }), weight } };
}

/** Undefined: what removed the agent cannot be seen from this offer alone. */
function removedAgent(agent: string, filter: string, atMs: number): Placed | undefined {
  const skilled = serving({ [SKILL]: 1 });
  const base = availableAgent(agent, atMs);
  const { state: _state, ...common } = base;
  const afterwards = { state: 'available' } as const;
  const later = atMs + AFTER_ALL_MS;
  switch (filter) {
    case 'missing-skill':
      return { presence: base, config: serving({}) };
    case 'offline':
      return { presence: { ...common, state: 'offline' }, config: skilled };
    case 'break':
      return { presence: { ...common, state: 'break', reason: 'recorded' }, config: skilled };
    case 'ringing':
      return {
        presence: { ...common, state: 'ringing', offer: 'another', entry: 'another', expiresAtMs: later, afterwards },
        config: skilled,
      };
    case 'busy':
      return {
        presence: { ...common, state: 'busy', interaction: 'another', entry: 'another', node: '', afterwards },
        config: skilled,
      };
    case 'wrap-up':
      return { presence: { ...common, state: 'wrap-up', untilMs: later, afterwards }, config: skilled };
    case 'backing-off':
      return { presence: { ...base, backOffUntilMs: later }, config: skilled };
    case 'own-call':
    case 'refused-this':
      return { presence: base, config: skilled };
    default:
      return undefined;
  }
}

function availableAgent(agent: string, idleSinceMs: number): AgentPresence & { state: 'available' } {
  return { agent, state: 'available', sinceMs: idleSinceMs, idleSinceMs, backOffUntilMs: 0, refusals: 0 };
}

function serving(skills: Readonly<Record<string, number>>): ServingAgent {
  return { skills, devices: [], ring: 'together' };
}

function entryOf({ entry, queue, why }: Offered['data'], kind: Entry['kind'], atMs: number): Entry {
  const { priority, seniorityMs, joinedAtMs } = why.order;
  const place = { entry, interaction: '', kind, queue, priority, seniorityMs, joinedAtMs, node: '' };
  const own = why.removed.find(({ filter }) => filter === 'own-call')?.agent;
  const joined = joinQueue(own === undefined ? place : { ...place, fromAgent: own });
  const refusals = why.removed.filter(({ filter }) => filter === 'refused-this');
  const remembered = { reason: 'rejected', untilMs: atMs + AFTER_ALL_MS } as const;
  return { ...joined, refusedBy: Object.fromEntries(refusals.map(({ agent }) => [agent, remembered])) };
}

function queueOf({ queue }: Offered['data'], { strategy, candidates, together }: Explanation): QueueConfig {
  const known = [...REBUILT].find((one): one is Strategy => one === strategy);
  const places = new Map(candidates.map(({ agent, values }) => [values['place'] ?? 0, agent]));
  // Places between them belong to agents who are not named here.
  const order = Array.from(
    { length: Math.max(0, ...places.keys()) + 1 },
    (_, place) => places.get(place) ?? `?${place}`,
  );
  return {
    ...{ name: queue, title: {}, skill: SKILL, strategy: known ?? 'longest-idle', priority: 5, music: '' },
    ...{ ringMs: 1_000, maxWaitMs: AFTER_ALL_MS, maxLength: 1, announceEveryMs: 0, wrapUpMs: 0 },
    ...{ overflow: { kind: 'hangup' }, serviceLevelMs: 0, record: false, callbackShare: 1 },
    ...(strategy === 'top-down' ? { order } : {}),
    ...(together === undefined ? {} : { ringAtMost: together }),
  };
}
