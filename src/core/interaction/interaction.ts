// One customer matter as its events tell it: the state of an interaction is folded from its log and nowhere else.
//
//        interaction-opened           call ends, message        customer answers        due, dialled
//   new ────────────────────▶ active ───────────────────▶ waiting-for-customer ─────▶ callback-due ─────▶ active
//                               │ ▲                            │ lapsed, declined          │ ended
//              nothing promised ▼ │ rings in again             ▼                           ▼
//                              idle ◀──────────────────────────────────────────────────────┘
//                               │ interaction-closed
//                               ▼
//                            closed            (a new call on a closed interaction opens it again)

import { type Callback, evolveCallback, isPending, isPromised } from './callback.js';
import { type Conversation, type ConversationFact, evolveConversation } from './conversation/conversation.js';
import type { Address, InteractionEvent, RecordedEvent, SurveyAnswer } from './event.js';
import { evolveLost, type Lost, TELLS_OF_LOSS } from './lost/lost.js';
import { evolveOwed, isOwedFact, type Owed } from './owed/owed.js';
import { evolveSegments, isLive, type Segment } from './segment.js';
import { evolveWaits, type Wait, waitedMsOf } from './wait.js';

/** `idle`: no live call and nothing promised: may be closed. */
export type InteractionState = 'new' | 'active' | 'waiting-for-customer' | 'callback-due' | 'idle' | 'closed';

export interface Interaction extends Owed {
  readonly id: string;
  /** Version of the last event; 0 before the first. */
  readonly version: number;
  /** What people call it, e.g. `H-7K3Q-X2`. */
  readonly reference: string;
  readonly state: InteractionState;
  readonly contact: string;
  readonly address: Address;
  /** The one the customer chose or was greeted in last. */
  readonly language?: string;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly segments: readonly Segment[];
  readonly waits: readonly Wait[];
  /** What the customer answered when asked about us, in order. */
  readonly surveys?: readonly (SurveyAnswer & { readonly name: string; readonly atMs: number })[];
  /** The present or last call-back. */
  readonly callback?: Callback;
  /** What agents said it was about, the last word of each per call. */
  readonly dispositions?: readonly { readonly entry: string; readonly agent: string; readonly code: string }[];
  /** Messages and tasks that an agent has taken and not finished, by their entries; absent: there never were any. */
  readonly works?: readonly string[];
  /** The written one between the customer and our agents; absent: there never was any. */
  readonly conversation?: Conversation;
  /** Present once a call of the customer was not served. */
  readonly lost?: Lost;
  /** Queue that sent the present or last call away. */
  readonly overflowed?: string;
  /** Nodes that hold a live call of it. */
  readonly liveNodes: readonly string[];
  readonly closed?: { readonly reason: string; readonly atMs: number };
}

export const initial: Interaction = {
  id: '',
  version: 0,
  reference: '',
  state: 'new',
  contact: '',
  address: { channel: 'voice', value: '' },
  openedAtMs: 0,
  updatedAtMs: 0,
  segments: [],
  waits: [],
  liveNodes: [],
};

/** The interaction after one more event. Events of a type unknown here (a newer node wrote them) count and change nothing. */
export function evolve(interaction: Interaction, recorded: RecordedEvent): Interaction {
  const { version, atMs, event } = recorded;
  const base = { ...interaction, id: recorded.interaction, version, updatedAtMs: atMs };
  const next = withConversation(withLost(apply(base, event, atMs), event, atMs), event, atMs);
  const liveNodes = [...new Set(next.segments.filter(isLive).map(({ node }) => node))];
  return { ...next, liveNodes, state: stateOf(next, liveNodes.length > 0) };
}

export function fold(events: Iterable<RecordedEvent>): Interaction {
  let interaction = initial;
  for (const event of events) interaction = evolve(interaction, event);
  return interaction;
}

/** The wait that is going on, if any: at most one per interaction. */
export function currentWait(interaction: Interaction): Wait | undefined {
  return interaction.waits.findLast(({ state }) => state !== 'over');
}

function stateOf(interaction: Interaction, live: boolean): InteractionState {
  if (live) return 'active';
  if (interaction.closed !== undefined) return 'closed';
  if (interaction.waits.some(isOpenWork) || (interaction.works ?? []).length > 0) return 'active';
  if (isPromised(interaction.callback)) return 'callback-due';
  if (isPending(interaction.callback)) return 'waiting-for-customer';
  return interaction.version === 0 ? 'new' : 'idle';
}

/**
 * Told in the timeline and counted in reports; the state is the same without them. The calls of a lost node each end with a
 * `call-ended` of their own, so that they stay findable until that is stored.
 */
const ONLY_TOLD = [
  'flow-step',
  'flow-limit-hit',
  'emergency-heard',
  'wait-estimated',
  'text-written',
  'web-asked',
  'bot-turn',
  'forward-refused',
  'recording-started',
  'recording-paused',
  'recording-resumed',
  'monitor-started',
  'monitor-changed',
  'monitor-ended',
  'hold-changed',
  'mute-changed',
  'consultation-started',
  'consultation-ended',
  'transferred',
  'transfer-failed',
  'party-joined',
  'party-left',
  'disposition-missing',
  'note-added',
  'talk-cut-off',
  'queue-changed',
  'wrapped-up',
  'message-declined',
  'node-lost',
  'recovered-elsewhere',
  'lost-settled',
  'call-placed',
  'call-not-placed',
  'messages-read',
] as const satisfies readonly InteractionEvent['type'][];

type OnlyTold = Extract<InteractionEvent, { type: (typeof ONLY_TOLD)[number] }>;

const ONLY_TOLD_TYPES: ReadonlySet<string> = new Set(ONLY_TOLD);

function isOnlyTold(event: InteractionEvent): event is OnlyTold {
  return ONLY_TOLD_TYPES.has(event.type);
}

function apply(interaction: Interaction, event: InteractionEvent, atMs: number): Interaction {
  if (isOnlyTold(event)) return interaction;
  if (isOwedFact(event)) return { ...withoutOwed(interaction), ...evolveOwed(interaction, event, atMs) };
  const { segments, waits, callback } = interaction;
  switch (event.type) {
    case 'interaction-opened':
      return { ...interaction, ...event.data, openedAtMs: atMs };
    case 'interaction-closed':
      return { ...interaction, closed: { reason: event.data.reason, atMs } };
    case 'call-arrived':
    case 'call-dialled':
      return { ...reopened(interaction), segments: evolveSegments(segments, event, atMs) };
    case 'flow-entered':
    case 'language-set':
      return { ...interaction, language: event.data.language, segments: evolveSegments(segments, event, atMs) };
    case 'call-answered':
    case 'forwarded':
    case 'leg-quality':
    case 'call-taken-over':
      return { ...interaction, segments: evolveSegments(segments, event, atMs) };
    case 'connected':
    case 'call-ended':
      return withWaits(
        { ...interaction, segments: evolveSegments(segments, event, atMs) },
        evolveWaits(waits, event, atMs),
      );
    case 'queued':
      return queuedAfter(interaction, event, atMs);
    case 'disposition-set':
      return disposed(interaction, event.data);
    case 'left-queue':
      return withCallback(
        withWaits(interaction, evolveWaits(waits, event, atMs)),
        evolveCallback(callback, event, atMs),
      );
    case 'overflowed':
      return { ...interaction, overflowed: event.data.queue };
    case 'offered':
    case 'offer-refused':
    case 'offer-withdrawn':
    case 'priority-changed':
      return { ...interaction, waits: evolveWaits(waits, event, atMs) };
    case 'message-queued':
    case 'message-status':
    case 'message-received':
    case 'attachment-stored':
    case 'attachment-refused':
      return { ...interaction, segments: evolveSegments(segments, event, atMs) };
    case 'conversation-begun':
      return { ...reopened(interaction), works: worksAfter(interaction.works, event) };
    case 'work-taken':
    case 'work-finished':
    case 'work-passed':
      return { ...interaction, works: worksAfter(interaction.works, event) };
    case 'callback-offered':
    case 'callback-requested':
    case 'callback-attempted':
    case 'callback-attempt-failed':
    case 'callback-ended':
      return withCallback(interaction, evolveCallback(callback, event, atMs));
    case 'survey-answered': {
      const { segment: _segment, ...answer } = event.data;
      return { ...interaction, surveys: [...(interaction.surveys ?? []), { ...answer, atMs }] };
    }
    default:
      // Written by a newer node: what is not understood is kept in the log and left alone here.
      return ignored(event, interaction);
  }
}

function disposed(
  interaction: Interaction,
  { entry, agent, code }: Extract<InteractionEvent, { type: 'disposition-set' }>['data'],
): Interaction {
  const others = (interaction.dispositions ?? []).filter((one) => one.entry !== entry || one.agent !== agent);
  return { ...interaction, dispositions: [...others, { entry, agent, code }] };
}

function withoutOwed(interaction: Interaction): Interaction {
  const { voicemails: _voicemails, keeper: _keeper, ...rest } = interaction;
  return rest;
}

/** What a customer writes on a closed matter opens it again, as a call does. */
function queuedAfter(
  interaction: Interaction,
  event: Extract<InteractionEvent, { type: 'queued' }>,
  atMs: number,
): Interaction {
  const { segments, waits, callback } = interaction;
  const open = event.data.kind === 'message' ? reopened(interaction) : interaction;
  const queued = { ...open, segments: evolveSegments(segments, event, atMs) };
  return withCallback(withWaits(queued, evolveWaits(waits, event, atMs)), evolveCallback(callback, event, atMs));
}

function worksAfter(
  works: readonly string[] = [],
  {
    type,
    data,
  }: Extract<InteractionEvent, { type: 'work-taken' | 'work-finished' | 'work-passed' | 'conversation-begun' }>,
): readonly string[] {
  const isTaken = type === 'work-taken' || type === 'conversation-begun';
  return isTaken ? [...works, data.entry] : works.filter((entry) => entry !== data.entry);
}

/** A message or task that waits: somebody still has to do it. */
function isOpenWork(wait: Wait): boolean {
  return wait.state !== 'over' && (wait.kind === 'message' || wait.kind === 'task');
}

function withLost(interaction: Interaction, event: InteractionEvent, atMs: number): Interaction {
  if (!TELLS_OF_LOSS.has(event.type)) return interaction;
  const { waits, overflowed } = interaction;
  const calls = interaction.segments.filter((segment) => segment.kind === 'call');
  const messages = interaction.segments.filter((segment) => segment.kind === 'message');
  const promised = isPromised(interaction.callback);
  const lost = evolveLost({ lost: interaction.lost, calls, messages, waits, promised, overflowed }, event, atMs);
  return lost === interaction.lost || lost === undefined ? interaction : { ...interaction, lost };
}

const OF_CONVERSATIONS: ReadonlySet<string> = new Set<ConversationFact['type']>([
  'queued',
  'left-queue',
  'work-taken',
  'work-passed',
  'work-finished',
  'messages-read',
  'message-received',
  'message-queued',
  'conversation-begun',
]);

function isOfConversation(event: InteractionEvent): event is ConversationFact {
  return OF_CONVERSATIONS.has(event.type);
}

function withConversation(interaction: Interaction, event: InteractionEvent, atMs: number): Interaction {
  if (!isOfConversation(event)) return interaction;
  const messages = interaction.segments.filter((segment) => segment.kind === 'message');
  const conversation = evolveConversation(interaction.conversation, event, atMs, messages);
  if (conversation === undefined || conversation === interaction.conversation) return interaction;
  return { ...interaction, conversation };
}

/** A new call on a closed matter opens it again: one thread. What sent an earlier call away is over. */
function reopened(interaction: Interaction): Interaction {
  const { closed: _closed, overflowed: _overflowed, ...open } = interaction;
  return open;
}

function withWaits(interaction: Interaction, waits: readonly Wait[]): Interaction {
  const segments = interaction.segments.map((segment) =>
    segment.kind === 'call' ? { ...segment, waitedMs: waitedMsOf(waits, segment.id) } : segment,
  );
  return { ...interaction, segments, waits };
}

function withCallback(interaction: Interaction, callback: Callback | undefined): Interaction {
  return callback === undefined ? interaction : { ...interaction, callback };
}

/** The type keeps the switch above complete; at run time the value is of a type that this version does not know. */
function ignored(_event: never, interaction: Interaction): Interaction {
  return interaction;
}
