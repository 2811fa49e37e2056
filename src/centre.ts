// One running centre: the stories and their owners, built on the edges, in the order in which they need each other.
import { join } from 'node:path';
import { Destinations } from './app/call/destinations.js';
import { FlowWalk } from './app/call/flow-walk.js';
import { Forwarding } from './app/call/forwarding.js';
import { InboundCalls } from './app/call/inbound-call.js';
import { OutboundGuard } from './app/call/outbound-guard.js';
import { Recordings } from './app/call/recordings.js';
import { AgentRinging } from './app/call/ring-agent.js';
import { Conversing } from './app/call/talk.js';
import { TrunkHealth } from './app/call/trunk-health.js';
import { Voicemail } from './app/call/voicemail.js';
import { CallbackCalls } from './app/callback/callback-call.js';
import { Callbacks } from './app/callback/callbacks.js';
import { Promises } from './app/callback/promises.js';
import { ChatMatters } from './app/chat/chat-matters.js';
import type { AttachmentStore } from './app/conversation/attachment-store.js';
import { buildConversations, type Conversations } from './app/conversation/parts.js';
import { AgentDevices } from './app/desk/agent-devices.js';
import { AgentHistory } from './app/desk/agent-history.js';
import { AgentSkills } from './app/desk/agent-skills.js';
import { CallOffers } from './app/desk/call-offers.js';
import { ComingBack } from './app/desk/coming-back.js';
import { Desk } from './app/desk/desk.js';
import { Emergency, type EmergencyStore } from './app/emergency/emergency.js';
import { EmergencyTelling } from './app/emergency/emergency-telling.js';
import { Eventually } from './app/eventually.js';
import { FavouredCallers } from './app/favoured-callers.js';
import { FigureCounting } from './app/figures/counting.js';
import type { FigureStore } from './app/figures/figure-store.js';
import type { AgentStore } from './app/floor/agent-store.js';
import { Agents } from './app/floor/agents.js';
import { Dispatcher } from './app/floor/dispatcher.js';
import { LiveSkills } from './app/floor/live-skills.js';
import { LiveState } from './app/floor/live-state.js';
import { OwnCalls } from './app/floor/own-calls.js';
import { PresenceLog } from './app/floor/presence-log.js';
import { Queueing } from './app/floor/queueing.js';
import { Works } from './app/floor/works.js';
import { WrapUps } from './app/floor/wrap-ups.js';
import type { Flows } from './app/flows.js';
import { Housekeeping } from './app/housekeeping.js';
import { Conversation } from './app/message/conversation.js';
import type { Messenger } from './app/message/messenger.js';
import { RecoveredElsewhere } from './app/message/recovered-elsewhere.js';
import { Recovery } from './app/message/recovery.js';
import { NodeWatch } from './app/node-watch.js';
import { type Between, buildBetween } from './app/nodes/between.js';
import type { Letters } from './app/nodes/letters.js';
import { Bots } from './app/outside/bots.js';
import { Callers } from './app/outside/callers.js';
import { OutsideSteps } from './app/outside/outside-steps.js';
import type { WebClient } from './app/outside/ports.js';
import { Requests } from './app/outside/requests.js';
import type { Job, Jobs, LiveStore, RecordStore, Telephony } from './app/ports.js';
import { Reconciler } from './app/reconciler.js';
import { CallAccounts } from './app/record/call-accounts.js';
import { Contacts } from './app/record/contacts.js';
import { Interactions } from './app/record/interactions.js';
import { LastAgents } from './app/record/last-agent.js';
import { Spool } from './app/record/spool.js';
import { Speech } from './app/speech.js';
import { Monitoring } from './app/supervision/monitoring.js';
import { Places } from './app/supervision/places.js';
import type { Survivors } from './app/survivors/surviving.js';
import { TakenOverCalls } from './app/survivors/taken-over.js';
import { Colleagues } from './app/talk/colleagues.js';
import { Talks } from './app/talk/talks.js';
import { isHeardOf, type Prompts } from './app/texts.js';
import { Exits } from './app/waiting/exits.js';
import { QueueWait } from './app/waiting/queue-wait.js';
import { WaitHistory } from './app/waiting/wait-history.js';
import type { Walkers } from './app/walkers/walkers.js';
import { Writing } from './app/writing/writing.js';
import type { Stories } from './core/interaction/accounts.js';
import type { Centre } from './core/routing/centre.js';
import { presentEntry } from './core/routing/keys/former-names.js';
import type { Clock } from './lib/clock.js';
import type { Ids } from './lib/ids.js';
import type { Log } from './lib/log.js';
import { buildOwed, type Owed } from './owed.js';

const STORIES_LIMIT_MS = 5_000;
const STORIES_LOOK_MS = 20;

export interface CentrePorts {
  readonly telephony: Telephony;
  readonly web: WebClient;
  readonly record: RecordStore;
  readonly emergencyStore: EmergencyStore;
  readonly liveStore: LiveStore;
  readonly letters: Letters;
  readonly agentStore: AgentStore;
  readonly figureStore: FigureStore;
  readonly attachmentStore: AttachmentStore;
  readonly jobs: Jobs;
  readonly messengers: readonly Messenger[];
  readonly prompts: Prompts;
  readonly flows: Flows;
  /** What supervisors changed, over the files; absent: nothing. */
  readonly over?: (centre: Centre) => Centre;
  readonly walkers: Walkers;
  /** Of this run of the process: an earlier run with the same name was another node. */
  readonly node: string;
  readonly dataFolder: string;
  readonly emergencyNumbers?: readonly string[];
  /** Calls on the switch that outlived their node; absent: there are none. */
  readonly survivors?: Survivors;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export interface RunningCentre extends Between, Owed {
  readonly interactions: Interactions;
  readonly works: Works;
  readonly agents: Agents;
  readonly live: LiveState;
  readonly monitoring: Monitoring;
  readonly places: Places;
  readonly talks: Talks;
  readonly node: string;
  readonly recordings: Recordings;
  readonly desk: Desk;
  readonly callOffers: CallOffers;
  readonly agentSkills: AgentSkills;
  readonly agentDevices: AgentDevices;
  readonly comingBack: ComingBack;
  readonly agentHistory: AgentHistory;
  /** The files, with what supervisors changed meanwhile. */
  centre(): Centre;
  readonly writing: Writing;
  readonly emergency: Emergency;
  readonly waits: WaitHistory;
  readonly inbound: InboundCalls;
  readonly conversation: Conversation;
  readonly conversations: Conversations;
  readonly chatMatters: ChatMatters;
  readonly dispatcher: Dispatcher;
  readonly favoured: FavouredCallers;
  readonly accounts: CallAccounts;
  readonly reconciler: Reconciler;
  /** Calls of this node that are not over. */
  busy(): number;
  snapshot(): object;
  close(): Promise<void>;
}

/** Resolves when calls may come. */
export async function openCentre(ports: CentrePorts): Promise<RunningCentre> {
  const floor = buildFloor(ports);
  const message = buildMessages(ports, floor);
  const inbound = buildInbound(ports, floor, message);
  const upkeep = buildUpkeep(ports, floor, message, inbound);
  const { interactions, dispatcher, eventually, queueing } = floor;
  const { callbacks, calls } = message;

  const { emergencyNumbers = [] } = ports;
  const favoured = new FavouredCallers({ ...floor.shared, ...floor, log: ports.log, emergencyNumbers });
  const between = buildBetween({ ...ports, ...floor, ...upkeep });
  const chatMatters = new ChatMatters({ ...floor.shared, ...floor, ...message.owed, letters: ports.letters });
  await openDoors(ports, { floor, message, inbound, upkeep, favoured });
  return {
    ...{ ...floor, ...between, node: ports.node, inbound, favoured },
    ...{ ...message.owed, conversation: message.conversation },
    ...{ conversations: message, chatMatters },
    ...{ waits: floor.history, accounts: upkeep.accounts, reconciler: upkeep.reconciler },
    busy: () => inbound.live + calls.live + upkeep.takenOver.live,
    snapshot: () => ({
      node: ports.node,
      leading: dispatcher.leading,
      calls: inbound.live,
      callbacks: calls.live,
      takenOver: upkeep.takenOver.live,
      waiting: queueing.snapshot(),
      record: interactions.snapshot(),
      unfinished: eventually.unfinished,
      circuits: floor.requests.snapshot(),
    }),
    async close() {
      floor.emergency.close();
      floor.history.close();
      upkeep.housekeeping.close();
      await upkeep.counting.close();
      upkeep.reconciler.close();
      callbacks.close();
      await storiesOver(() => inbound.live + calls.live, ports.clock);
      chatMatters.close();
      between.errands.close();
      between.sharedTalks.close();
      eventually.close();
      await upkeep.nodeWatch.close();
      await dispatcher.close();
      await floor.presenceLog.close();
      await interactions.close();
    },
  };
}

interface Parts {
  readonly floor: Floor;
  readonly message: MessageSide;
  readonly inbound: InboundCalls;
  readonly upkeep: ReturnType<typeof buildUpkeep>;
  readonly favoured: FavouredCallers;
}

/** Everything that runs by itself is started, in order; calls come last. */
async function openDoors(ports: CentrePorts, { floor, message, inbound, upkeep, favoured }: Parts): Promise<void> {
  ports.jobs.onJob((job, attempt) => doJob(job, message, attempt >= ports.jobs.attempts));
  await floor.interactions.start();
  await floor.emergency.start();
  await floor.history.start();
  await favoured.start();
  await floor.live.refresh();
  await floor.dispatcher.start();
  await upkeep.nodeWatch.start();
  await message.callbacks.start();
  upkeep.housekeeping.start();
  upkeep.counting.start();
  upkeep.reconciler.start();
  ports.flows.onChange(() => floor.agents.reconcile());
  ports.telephony.onCall((call) => inbound.handle(call));
}

/** Telephony has hung up by now: the stories only have to tell how they ended. */
async function storiesOver(left: () => number, clock: Clock): Promise<void> {
  const untilMs = clock.monotonicMs() + STORIES_LIMIT_MS;
  while (left() > 0 && clock.monotonicMs() < untilMs) {
    await new Promise<void>((resolve) => {
      clock.after(STORIES_LOOK_MS, resolve);
    });
  }
}

type Floor = ReturnType<typeof buildFloor>;
type MessageSide = ReturnType<typeof buildMessages>;

/** The record, the live state, and who works on it. */
function buildFloor(ports: CentrePorts) {
  const { telephony, liveStore, flows, node, clock, ids, log, record: store } = ports;
  const shared = { clock, ids, log, node, telephony };
  const recordingsFolder = join(ports.dataFolder, 'recordings');
  const recordings = new Recordings({ ...shared, recordingsFolder });
  const eventually = new Eventually(clock, log);
  const spool = new Spool(join(ports.dataFolder, 'spool', 'facts.jsonl'), log);
  const live = new LiveState(liveStore, eventually, (entry) => presentEntry(flows.centre(), entry));
  const skills = new LiveSkills(live, () => flows.centre());
  const centre = (): Centre => ports.over?.(skills.centre()) ?? skills.centre();
  const writing = new Writing(shared);
  const agents = new Agents({ ...shared, live, centre, eventually });
  const ownCalls = new OwnCalls({ ...shared, live, agents, eventually });
  const monitoring = new Monitoring({ ...shared, centre, ownCalls });
  const interactions = new Interactions({ ...shared, store, spool });
  const contacts = new Contacts(store);
  const wrapUps = new WrapUps({ agents, centre });
  const guard = new OutboundGuard(liveStore, centre, log);
  const speech = new Speech(ports.prompts, centre, log);
  const ringing = new AgentRinging({ ...shared, live, centre, speech });
  const colleagues = new Colleagues({ ...shared, centre, agents, wrapUps, ringing, guard });
  const talks = new Talks({
    ...{ ...shared, centre, colleagues },
    claimLine: (interaction, by) => monitoring.claim(interaction, by),
  });
  const presenceLog = new PresenceLog({ ...shared, live, agentStore: ports.agentStore });
  const desk = { ...shared, live, agents, interactions, centre, eventually, presenceLog, agentStore: ports.agentStore };
  const dispatcher = new Dispatcher({ ...shared, store: liveStore, live, centre });
  const lastAgents = new LastAgents({ ...shared, store });
  const queueing = new Queueing({ ...shared, live, eventually, centre, lastAgents });
  return {
    shared,
    centre,
    recordingsFolder,
    eventually,
    live,
    monitoring,
    writing,
    requests: new Requests({ ...shared, web: ports.web, centre }),
    store,
    interactions,
    history: new WaitHistory({ ...shared, interactions, store, live, liveStore, centre }),
    contacts,
    emergency: new Emergency({ ...shared, store: ports.emergencyStore, centre, isHeard: isHeardOf(ports.prompts) }),
    speech,
    guard,
    wrapUps,
    talks,
    presenceLog,
    recordings,
    desk: new Desk(desk),
    callOffers: new CallOffers(desk),
    agentSkills: new AgentSkills(desk),
    agentDevices: new AgentDevices({ ...desk, files: () => flows.centre() }),
    comingBack: new ComingBack({ ...shared, talks, ringing, centre }),
    agentHistory: new AgentHistory(desk),
    trunkHealth: new TrunkHealth(clock, log),
    agents,
    ownCalls,
    queueing,
    places: new Places({ ...shared, live, queueing, interactions, centre }),
    dispatcher,
    works: new Works({ ...shared, live, centre, store, interactions, contacts, dispatcher, eventually }),
    ringing,
    conversing: new Conversing({ ...shared, recordings, monitoring, writing, talks }),
  };
}

/** What is written to customers, what they answer, and the call-backs that follow. */
function buildMessages(ports: CentrePorts, floor: Floor) {
  const { jobs, messengers, liveStore, letters } = ports;
  const base = { ...floor.shared, ...floor };
  const calls = new CallbackCalls(base);
  const callbacks = new Callbacks({ ...base, liveStore, jobs, calls });
  const promises = new Promises({ ...base, callbacks });
  const owed = buildOwed({ ...base, letters, liveStore, callbacks, calls, promises });
  const byChannel = new Map(messengers.map((messenger) => [messenger.channel, messenger]));
  const { dataFolder, attachmentStore } = ports;
  const written = buildConversations({
    ...base,
    jobs,
    liveStore,
    placedCalls: owed.placedCalls,
    messengers: byChannel,
    dataFolder,
    attachmentStore,
  });
  const { messages } = written;
  const recovery = new Recovery({ ...base, live: liveStore, messages, callbacks, promises });
  new RecoveredElsewhere(base);
  calls.onLost((call) => recovery.afterCall(call, { result: 'failed' }));
  const conversation = new Conversation({ ...base, ...written, callbacks, calls }, messengers);
  return { calls, callbacks, owed, promises, recovery, conversation, ...written };
}

function buildInbound(ports: CentrePorts, floor: Floor, message: MessageSide): InboundCalls {
  const base = { ...floor.shared, ...floor, ...message };
  const exits = new Exits(base);
  const queueWait = new QueueWait({ ...base, exits });
  const forwarding = new Forwarding(base);
  const voicemail = new Voicemail(base);
  const destinations = new Destinations({ ...base, queueWait, forwarding, voicemail });
  message.calls.onSentOn((call) => destinations.sendOn(call));
  const bots = new Bots({ ...base, web: ports.web });
  const callers = new Callers(base);
  const outside = new OutsideSteps({ ...base, bots, callers });
  const walk = new FlowWalk({ ...base, walkers: ports.walkers, destinations, outside });
  const emergency = new EmergencyTelling({ ...base, destinations });
  return new InboundCalls({ ...base, flows: ports.flows, walk, destinations, emergency });
}

/** What goes on without any call: dead nodes, matters that nobody closed, calls that only one side knows. */
function buildUpkeep(ports: CentrePorts, floor: Floor, message: MessageSide, inbound: InboundCalls) {
  const { recovery, calls, callbacks } = message;
  const base = { ...floor.shared, ...floor, leading: () => floor.dispatcher.leading };
  const takenOver = new TakenOverCalls({ ...base, recovery });
  const canAsk = (): boolean => {
    const { signalling, media } = ports.telephony.health();
    return signalling && media;
  };
  const accounts = new CallAccounts(floor.interactions);
  const stories: Stories = {
    tendsCall: (callId) => inbound.tends(callId),
    callsBack: (interaction) => calls.isRunning(interaction),
    tookOver: (segment) => takenOver.has(segment),
    waits: (entry) => floor.queueing.holds(entry),
    occupies: (agent) =>
      floor.ownCalls.has(agent) || message.owed.placedCalls.occupies(agent) || takenOver.occupies(agent),
  };
  const survivors = ports.survivors === undefined ? {} : { survivors: ports.survivors };
  return {
    takenOver,
    accounts,
    reconciler: new Reconciler({ ...base, accounts, stories, recovery, liveStore: ports.liveStore }),
    nodeWatch: new NodeWatch({
      ...base,
      ...survivors,
      takenOver,
      canAsk,
      store: ports.liveStore,
      record: ports.record,
      recovery,
      callbacks,
    }),
    housekeeping: new Housekeeping({ ...base, ...message, agentStore: ports.agentStore }),
    counting: new FigureCounting({ ...base, store: ports.figureStore }),
  };
}

function doJob(job: Job, { callbacks, messages, fetching }: MessageSide, last: boolean): Promise<void> {
  switch (job.kind) {
    case 'callback-due':
      return callbacks.due(job.interaction, job.callback);
    case 'offer-lapses':
      return callbacks.lapse(job.interaction, job.callback);
    case 'send-message':
      return messages.send(job.interaction, job.message, last);
    case 'fetch-attachment':
      return fetching.fetch(job.interaction, job.attachment, last);
  }
}
