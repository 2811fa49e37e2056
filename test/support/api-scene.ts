// An API on a small centre in memory: the real texts, agents and queues, with fakes where the databases and phones are.

import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { followRenamed } from '../../src/api/account/renamed-agents.js';
import { type SeedAgent, seedUsers } from '../../src/api/account/seed-users.js';
import { type ApiLimits, LIMITS } from '../../src/api/limits.js';
import { type ApiOptions, buildApi } from '../../src/api/server.js';
import { Audit } from '../../src/app/audit.js';
import { Recordings } from '../../src/app/call/recordings.js';
import { AgentDevices } from '../../src/app/desk/agent-devices.js';
import { AgentHistory } from '../../src/app/desk/agent-history.js';
import { AgentSkills } from '../../src/app/desk/agent-skills.js';
import { CallOffers } from '../../src/app/desk/call-offers.js';
import { Desk } from '../../src/app/desk/desk.js';
import { WebPhones } from '../../src/app/desk/web-phones.js';
import { Emergency } from '../../src/app/emergency/emergency.js';
import { HiloError } from '../../src/app/errors.js';
import { Eventually } from '../../src/app/eventually.js';
import { Figures } from '../../src/app/figures/figures.js';
import { Agents } from '../../src/app/floor/agents.js';
import { Dispatcher } from '../../src/app/floor/dispatcher.js';
import { LiveState } from '../../src/app/floor/live-state.js';
import { PresenceLog } from '../../src/app/floor/presence-log.js';
import { Queueing } from '../../src/app/floor/queueing.js';
import { Works } from '../../src/app/floor/works.js';
import { Flows } from '../../src/app/flows.js';
import { Guide } from '../../src/app/guide/guide.js';
import { namingOf } from '../../src/app/guide/naming.js';
import { Errands } from '../../src/app/nodes/errands.js';
import { SharedTalks } from '../../src/app/nodes/shared-talks.js';
import type { Telephony } from '../../src/app/ports.js';
import { CentreNames } from '../../src/app/publishing/centre-names.js';
import { FlowNames } from '../../src/app/publishing/flow-names.js';
import { Rollouts } from '../../src/app/publishing/rollouts.js';
import { CallAccounts } from '../../src/app/record/call-accounts.js';
import { Contacts } from '../../src/app/record/contacts.js';
import { type Interactions, Interactions as RealInteractions } from '../../src/app/record/interactions.js';
import { Profiles } from '../../src/app/record/profiles.js';
import { Spool } from '../../src/app/record/spool.js';
import { RecordingFiles } from '../../src/app/recording/kept-recordings.js';
import { Alarms } from '../../src/app/supervision/alarms.js';
import { Monitoring } from '../../src/app/supervision/monitoring.js';
import { Notices } from '../../src/app/supervision/notices.js';
import { Places } from '../../src/app/supervision/places.js';
import { Teams } from '../../src/app/supervision/teams.js';
import type { Colleagues } from '../../src/app/talk/colleagues.js';
import { Talks } from '../../src/app/talk/talks.js';
import { Visits } from '../../src/app/visits/visits.js';
import { StepsToday } from '../../src/app/walkers/steps-today.js';
import { Walkers } from '../../src/app/walkers/walkers.js';
import { Webhooks } from '../../src/app/webhooks/webhooks.js';
import { Writing } from '../../src/app/writing/writing.js';
import type { Centre } from '../../src/core/routing/centre.js';
import { agentNamed, presentEntry } from '../../src/core/routing/keys/former-names.js';
import { FakeClock } from '../../src/lib/clock.js';
import { type Ids, seededIds, seededRandom } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import { FakeAccounts } from './fakes/accounts.js';
import { FakeAgentStore } from './fakes/agents.js';
import { FakeAudit } from './fakes/audit.js';
import { FakeAlarmStore, FakeTeamStore } from './fakes/changes.js';
import { FakeWebhook, KeptLog, MemorySandbox } from './fakes/doors.js';
import { FakeEmergencies } from './fakes/emergency.js';
import { FakeFigureStore } from './fakes/figures.js';
import { FakeFlowHistory } from './fakes/flow-history.js';
import { FakeGuide } from './fakes/guide.js';
import { FakeLetters } from './fakes/letters.js';
import { FakeLive, FakeLiveStore } from './fakes/live.js';
import { MemoryRecords } from './fakes/memory-records.js';
import { NO_CALLBACKS, NO_PLACED_CALLS, NO_WORK } from './fakes/nobody-owed.js';
import { NO_CONVERSATIONS } from './fakes/nobody-writes.js';
import { FakeNotices } from './fakes/notices.js';
import { FakeProfiles } from './fakes/profiles.js';
import { type FakePromptStore, fakePrompts } from './fakes/prompts.js';
import { FakeRecords } from './fakes/records.js';
import { FakeFlowFiles } from './fakes/texts.js';
import { FakeSteps, FakeWalkers } from './fakes/walkers.js';
import { FakeWebhooks } from './fakes/webhooks.js';

export const PASSWORD = 'a password for tests';
export const PEOPLE: readonly SeedAgent[] = [
  { name: 'ana', role: 'agent' },
  { name: 'bruno', role: 'agent' },
  { name: 'sofia', role: 'supervisor' },
];

export type FactListener = Parameters<Interactions['onEvent']>[0];

export interface ApiScene {
  readonly options: ApiOptions;
  readonly app: FastifyInstance;
  readonly clock: FakeClock;
  readonly users: FakeAccounts;
  readonly records: MemoryRecords;
  /** A file of the centre as it stands in the folder; '' when there is none. */
  text(file: string): Promise<string>;
  readonly files: FakeFlowFiles;
  readonly history: FakeFlowHistory;
  readonly emergencies: FakeEmergencies;
  readonly figureStore: FakeFigureStore;
  readonly guideStore: FakeGuide;
  readonly audited: FakeAudit;
  readonly merged: FakeProfiles;
  /** Recordings lie here, if anybody puts some there. */
  readonly recordingsFolder: string;
  readonly notices: FakeNotices;
  readonly promptStore: FakePromptStore;
  readonly live: LiveState;
  /** Stands still until it is started. */
  readonly dispatcher: Dispatcher;
  /** The record of messages and tasks. */
  readonly facts: FakeRecords;
  readonly agents: Agents;
  readonly sandbox: MemorySandbox;
  readonly webhook: FakeWebhook;
  readonly log: KeptLog;
  /** Devices that are registered. */
  readonly registered: Set<string>;
  readonly parts: { name: string; up: boolean; needed: boolean }[];
  readonly tell: FactListener;
  /** Signs in, once per person. */
  token(name: string): Promise<string>;
  /** Asks as that person, or as a stranger. */
  ask(method: Method, url: string, options?: AskOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

export interface AskOptions {
  readonly as?: string;
  readonly body?: object | string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from?: string;
}

export interface SceneOptions {
  readonly limits?: Partial<ApiLimits>;
  readonly host?: string;
  readonly change?: (options: ApiOptions) => ApiOptions;
}

export async function openApiScene({ limits = {}, host = '127.0.0.1', change }: SceneOptions = {}): Promise<ApiScene> {
  const parts = await makeParts();
  const { clock, users, records, live, agents, flows, sandbox, webhook, log, listeners } = parts;
  const tell: FactListener = (thread, event) => {
    for (const listener of listeners) listener(thread, event);
  };
  const interactions = {
    onEvent(listener: FactListener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    resume: (id: string) => parts.interactions.resume(id),
    snapshot: () => ({ threads: 3, state: 'direct', spooled: 7 }),
  };
  const servers = [
    { server: '127.0.0.1:9022', kind: 'signalling' as const, state: 'up', standing: 'in' as const, draining: false },
  ];
  const health = [
    { name: 'record', up: true, needed: true },
    { name: 'texts', up: true, needed: false },
  ];
  const ids = seededIds(seededRandom(1));
  const plain: ApiOptions = {
    ...{ host, port: 0, limits, records, users, agents, live, flows, interactions, clock, log, sandbox },
    stepsToday: new StepsToday({ store: parts.stepStore, centre: () => flows.centre(), clock }),
    flowNames: new FlowNames({ flows, history: parts.history, clock }),
    centreNames: new CentreNames({
      ...{ flows, history: parts.history, agents, clock },
      people: {
        isTaken: async (name) => (await users.user(name))?.madeBy !== undefined,
        follow: (centre) => followRenamed({ accounts: users, key: () => 'a key' }, centre.agents.values()),
      },
    }),
    ...{ flowHistory: parts.history, rollouts: parts.rollouts, works: parts.works },
    ids,
    emergency: new Emergency({
      ...{ store: parts.emergencies, centre: () => flows.centre(), clock, ids, log },
      isHeard: parts.prompts.isHeard.bind(parts.prompts),
    }),
    ...agentDesk(parts, ids),
    writing: new Writing({ clock, log }),
    monitoring: new Monitoring({
      ...{ telephony: parts.telephony, centre: () => flows.centre(), clock, ids, log },
      ownCalls: { began: () => () => undefined },
    }),
    contacts: new Contacts(parts.facts),
    accounts: users,
    audit: new Audit({ store: parts.audited, clock }),
    profiles: new Profiles({ store: parts.merged, records, clock }),
    recordingFiles: new RecordingFiles(parts.recordingsFolder),
    notices: new Notices({ store: parts.notices, clock, ids, log }),
    ...{ prompts: parts.prompts, speech: parts.speech, heard: parts.heard },
    figures: new Figures({ store: parts.figureStore, centre: () => flows.centre(), clock }),
    guide: new Guide({
      ...{ store: parts.guideStore, records, clock, ids, log },
      naming: async () => namingOf(flows.centre(), await parts.history.renames(100)),
    }),
    callbackDesk: NO_CALLBACKS,
    conversations: NO_CONVERSATIONS,
    placedCalls: NO_PLACED_CALLS,
    ...NO_WORK,
    waits: { newcomer: () => undefined },
    callAccounts: new CallAccounts(interactions),
    reconciler: { unaccounted: 0, found: { call: 0, leg: 0, entry: 0, agent: 0, channel: 0 } },
    servers: () => servers.map((server) => ({ ...server })),
    drainServer: (name, draining) => {
      const server = servers.find((one) => one.server === name);
      if (server !== undefined) server.draining = draining;
      return server !== undefined;
    },
    load: () => ({ state: 'limited', ratePerS: 12, refused: 3, pressures: { 'application-busy': 1.2 } }),
    failedJobs: async (limit) => [failedJob].slice(0, limit),
    webhooks: [webhook],
    channelAccounts: [],
    channelTrials: { send: () => Promise.reject(new HiloError('not-found', 'no channel is set up')) },
    subscriptions: new Webhooks({ store: new FakeWebhooks(), centre: () => flows.centre(), clock, ids }),
    webSockets: () => ['wss://127.0.0.1:7443', 'ws://127.0.0.1:5066'],
    sealKey: () => 'a key',
    webPhones: new WebPhones({ centre: () => flows.centre(), key: () => 'a key', clock }),
    visits: new Visits({ centre: () => flows.centre(), clock, ids }),
    walkers: new Walkers({ store: new FakeWalkers(), node: 'n1', clock, log }),
    ...between(parts, ids),
    alarms: new Alarms({ store: new FakeAlarmStore(), files: () => flows.centre(), clock, log }),
    teams: new Teams({ store: new FakeTeamStore(), files: () => flows.centre(), clock, log }),
    health: () => health,
    snapshots: () => ({ centre: { calls: 0 } }),
  };
  const options = change?.(plain) ?? plain;
  const app = await buildApi(options, { ...LIMITS, ...limits });
  const tokens = new Map<string, string>();
  const token = async (name: string): Promise<string> => {
    const known = tokens.get(name);
    if (known !== undefined) return known;
    const payload = { user: name, password: PASSWORD };
    const response = await app.inject({ method: 'POST', url: '/api/sign-in', payload, remoteAddress: '127.9.9.9' });
    const fresh: string = response.json().token;
    tokens.set(name, fresh);
    return fresh;
  };
  return {
    ...parts,
    ...{ options, app, parts: health, tell, token },
    async ask(method, url, { as, body, headers = {}, from }: AskOptions = {}) {
      const authorization = as === undefined ? {} : { authorization: `Bearer ${await token(as)}` };
      return app.inject({
        method,
        url,
        headers: { ...authorization, ...headers },
        ...(body === undefined ? {} : { payload: body }),
        ...(from === undefined ? {} : { remoteAddress: from }),
      });
    },
    text: async (file) => (await parts.files.read()).find((source) => source.file === file)?.text ?? '',
    close: () => app.close(),
  };
}

/** The node is alone. */
function between({ clock, log }: Awaited<ReturnType<typeof makeParts>>, ids: Ids) {
  const shared = { letters: new FakeLetters(clock), node: 'n1', clock, ids, log };
  const cards = { of: () => undefined, leads: () => undefined, all: () => [], onChange: () => () => undefined };
  return {
    node: 'n1',
    errands: new Errands(shared),
    sharedTalks: new SharedTalks({ ...shared, cards, unaccounted: () => ({ count: 0, items: [] }) }),
  };
}

const NO_LAST_AGENTS = { of: async () => undefined };

/** What the API needs to act on talks (there are none) and on agents. */
function agentDesk({ agents, flows, live, clock, log, interactions }: Awaited<ReturnType<typeof makeParts>>, ids: Ids) {
  const centre = () => flows.centre();
  const agentStore = new FakeAgentStore();
  const eventually = new Eventually(clock, silentLog);
  const presenceLog = new PresenceLog({ live, agentStore, clock, log });
  const colleagues: Pick<Colleagues, 'check' | 'reach'> = {
    check: () => undefined,
    reach: async () => ({ kind: 'not-there', reason: 'no-answer' }),
  };
  const resume = async (id: string) => {
    throw new HiloError('not-found', `there is no interaction ${id}`);
  };
  return {
    centre,
    talks: new Talks({ centre, colleagues, claimLine: () => undefined, ids, log }),
    recordings: new Recordings({ ids, log, recordingsFolder: '/nonexistent' }),
    callOffers: new CallOffers({ live, interactions, centre, eventually, clock }),
    desk: new Desk({ agents, centre, interactions: { resume } }),
    places: new Places({
      ...{ live, centre, clock, interactions },
      queueing: new Queueing({ ...{ live, centre, clock, ids, eventually }, node: 'n1', lastAgents: NO_LAST_AGENTS }),
    }),
    agentSkills: new AgentSkills({ agents, live, agentStore, centre, eventually, clock }),
    agentDevices: new AgentDevices({ agents, live, agentStore, files: centre, eventually }),
    comingBack: { again: async () => undefined },
    agentHistory: new AgentHistory({ agentStore, presenceLog, centre, clock }),
  };
}

const failedJob = {
  id: 'send m1',
  job: { kind: 'send-message' as const, interaction: 'i1', message: 'm1' },
  reason: 'the provider is away',
  attempts: 6,
  failedAtMs: 0,
};

/** Hashing is slow: the people of all scenes are made once. */
const seeded = (async () => {
  const users = new FakeAccounts();
  const names = ['admin', ...PEOPLE.map(({ name }) => name)];
  const passwords = Object.fromEntries(names.map((name) => [name, PASSWORD]));
  await seedUsers(
    { store: users, clock: new FakeClock(), log: silentLog },
    { users: passwords, nonceKey: 'key' },
    PEOPLE,
  );
  return users.users;
})();

async function makeParts() {
  const clock = new FakeClock();
  const log = new KeptLog();
  const users = new FakeAccounts();
  for (const [name, user] of await seeded) users.users.set(name, user);
  const names = ['centre.yaml', 'main.yaml'];
  const texts = names.map((name) => [name, readFileSync(`ivr-flows/${name}`, 'utf8')]);
  const files = new FakeFlowFiles(Object.fromEntries(texts));
  const history = new FakeFlowHistory();
  const { prompts, promptStore, speech, heard, isHeard } = fakePrompts(clock);
  const flows = new Flows({ files, store: history, extend: withPeople, isHeard, clock, log: silentLog });
  await flows.start();
  prompts.onChange(() => void flows.recheck());
  const rollouts = new Rollouts({ flows, history, clock, ids: seededIds(seededRandom(2)), log: silentLog });
  const eventually = new Eventually(clock, silentLog);
  const liveStore = new FakeLiveStore(new FakeLive(clock), clock);
  const live = new LiveState(liveStore, eventually, (entry) => presentEntry(flows.centre(), entry));
  const registered = new Set<string>();
  const telephony = {
    onRegistration: () => undefined,
    isRegistered: (device: string) => registered.has(device),
  } as Partial<Telephony> as Telephony;
  const centre = () => flows.centre();
  const agents = new Agents({ live, telephony, centre, eventually, node: 'n1', clock, log: silentLog });
  const ids = seededIds(seededRandom(3));
  const ports = { live, centre, clock, ids, log: silentLog, node: 'n1', eventually };
  const dispatcher = new Dispatcher({ ...ports, store: liveStore });
  const facts = new FakeRecords(ids);
  const interactions = new RealInteractions({
    ...ports,
    store: facts,
    spool: new Spool('/nonexistent/facts.jsonl', silentLog),
  });
  const works = new Works({ ...ports, store: facts, contacts: new Contacts(facts), interactions, dispatcher });
  return {
    ...{ dispatcher, facts, works, interactions },
    ...{ clock, log, users, files, flows, history, rollouts, live, registered, telephony, agents },
    records: new MemoryRecords(),
    emergencies: new FakeEmergencies(),
    stepStore: new FakeSteps(),
    figureStore: new FakeFigureStore(),
    guideStore: new FakeGuide(),
    audited: new FakeAudit(),
    merged: new FakeProfiles((id) => facts.contact(id)),
    recordingsFolder: join(tmpdir(), `hilo-recordings-${process.pid}`),
    notices: new FakeNotices(),
    ...{ prompts, promptStore, speech, heard },
    sandbox: new MemorySandbox(),
    webhook: new FakeWebhook(),
    listeners: new Set<FactListener>(),
  };
}

/** The sample centre has agents only; whoever signs in here has to belong to it. */
function withPeople(centre: Centre): Centre {
  const agents = new Map(centre.agents);
  const [model] = centre.agents.values();
  if (model === undefined) return centre;
  for (const { name, role } of PEOPLE) {
    if (agentNamed(centre, name) === undefined)
      agents.set(name, { ...model, name, title: name, role, skills: {}, devices: [] });
  }
  return { ...centre, agents };
}
