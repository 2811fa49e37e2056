// What another text of the centre changes for callers and agents: two compiled centres compared.
import type { Destination } from '../../acd/queue.js';
import type { Centre, FlowEntry } from '../centre.js';

/** What there are several of, by name. */
export type NamedPart = 'number' | 'queue' | 'agent' | 'trunk' | 'hours' | 'break' | 'text' | 'host';
/** What there is one of. */
export type SinglePart =
  | 'centre'
  | 'channels'
  | 'conversations'
  | 'chat'
  | 'outbound'
  | 'recovery'
  | 'crm'
  | 'budgets'
  | 'limits'
  | 'backOff'
  | 'tryOut';
export type EffectPart = NamedPart | SinglePart;

/** `name` is '' for what there is one of. */
export type Effect =
  | { readonly kind: 'added' | 'removed'; readonly part: EffectPart; readonly name: string }
  /** `key` as the compiled centre calls it; values as {@link valueText} writes them, '' where there is none. */
  | {
      readonly kind: 'changed';
      readonly part: EffectPart;
      readonly name: string;
      readonly key: string;
      readonly from: string;
      readonly to: string;
    }
  /** An agent who is there before and after gets other customers. */
  | { readonly kind: 'serves' | 'serves-no-more'; readonly agent: string; readonly queue: string };

const NAMED: readonly (readonly [NamedPart, (centre: Centre) => ReadonlyMap<string, object>])[] = [
  ['number', ({ numbers }) => new Map(numbers.map((one) => [one.number, one]))],
  ['queue', ({ queues }) => queues],
  ['agent', ({ agents }) => agents],
  ['trunk', ({ trunks }) => new Map(trunks.map((one) => [one.name, one]))],
  ['hours', ({ hours }) => hours],
  ['break', ({ breaks }) => breaks],
  ['text', ({ texts }) => texts],
  ['host', ({ webHosts }) => webHosts],
];
const SINGLE: readonly (readonly [SinglePart, (centre: Centre) => object | undefined])[] = [
  ['centre', ({ name, timeZone, country, languages }) => ({ name, timeZone, country, languages })],
  ['channels', ({ channels }) => channels],
  ['conversations', ({ conversations }) => conversations],
  ['chat', ({ chat }) => chat],
  ['outbound', ({ outbound }) => outbound],
  ['recovery', ({ recovery }) => recovery],
  ['crm', ({ crm }) => crm],
  ['budgets', ({ budgets }) => budgets],
  ['limits', ({ limits }) => limits],
  [
    'backOff',
    ({ backOff: { pauseAfter, restMs } }) => ({
      pauseAfter,
      ...Object.fromEntries(Object.entries(restMs).map(([reason, rests]) => [`${reason}Ms`, rests])),
    }),
  ],
  ['tryOut', ({ tryOut }) => tryOut],
];

/** In the order of the centre; nothing for what is only written otherwise. */
export function effectsBetween(before: Centre, after: Centre): readonly Effect[] {
  const named = NAMED.flatMap(([part, of]) => ofPart(part, of(before), of(after)));
  const single = SINGLE.flatMap(([part, of]) => ofPart(part, alone(of(before)), alone(of(after))));
  return [...named, ...served(before, after), ...single];
}

function alone(value: object | undefined): ReadonlyMap<string, object> {
  return new Map(value === undefined ? [] : [['', value]]);
}

function ofPart(
  part: EffectPart,
  before: ReadonlyMap<string, object>,
  after: ReadonlyMap<string, object>,
): readonly Effect[] {
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const now = [...after].flatMap(([name, value]): Effect[] => {
    const old = before.get(name);
    return old === undefined ? [{ kind: 'added', part, name }] : changes(part, name, old, value);
  });
  return [...now, ...removed.map((name) => ({ kind: 'removed', part, name }) as const)];
}

function changes(part: EffectPart, name: string, before: object, after: object): Effect[] {
  const [old, now] = [
    new Map<string, unknown>(Object.entries(before)),
    new Map<string, unknown>(Object.entries(after)),
  ];
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys
    .filter((key) => written(old.get(key)) !== written(now.get(key)))
    .map((key) => {
      return { kind: 'changed', part, name, key, from: valueText(key, old.get(key)), to: valueText(key, now.get(key)) };
    });
}

/** Who gets calls of a queue and did not, and the other way round, among those who stay. */
function served(before: Centre, after: Centre): Effect[] {
  return [...after.queues.keys()]
    .filter((queue) => before.queues.has(queue))
    .flatMap((queue) =>
      [...after.agents.keys()].flatMap((agent): Effect[] => {
        if (!before.agents.has(agent)) return [];
        const [then, now] = [serves(before, queue, agent), serves(after, queue, agent)];
        return then === now ? [] : [{ kind: now ? 'serves' : 'serves-no-more', agent, queue }];
      }),
    );
}

/** Whether calls of the queue may ever be offered to the agent. */
export function serves(centre: Centre, queueName: string, agentName: string): boolean {
  const queue = centre.queues.get(queueName);
  const skills = centre.agents.get(agentName)?.skills ?? {};
  const rings = queue?.rings ?? [{ skills: { [queue?.skill ?? '']: 1 } }];
  return rings.some((ring) => Object.entries(ring.skills).every(([skill, level]) => (skills[skill] ?? 0) >= level));
}

/** Short, for people: `20 s`, `queue support`, `support 5, sales 3`. */
export function valueText(key: string, value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'number' && key.endsWith('Ms')) return `${value / 1_000} s`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Map) return [...value].map(([name, one]) => `${name} ${valueText('', one)}`).join(', ');
  if (Array.isArray(value)) return value.map((one) => valueText(key.endsWith('Ms') ? key : '', one)).join(', ');
  if ('kind' in value && ['entry', 'overflow', 'to'].includes(key)) return placeText(value as Destination | FlowEntry);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${valueText(name, one)}`)
    .join(', ');
}

function placeText(place: Destination | FlowEntry): string {
  switch (place.kind) {
    case 'queue':
      return `queue ${place.queue}`;
    case 'agent':
      return `agent ${place.agent}`;
    case 'number':
      return `number ${place.number}`;
    case 'flow':
      return `flow ${place.flow}`;
    default:
      return place.kind;
  }
}

/** The same for equal data, maps among them. */
function written(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, one: unknown) => (one instanceof Map ? [...one] : one));
}
