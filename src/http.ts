// The HTTP side of this centre: which owner answers for what in the API, and how each part is doing.

import { join } from 'node:path';
import { followRenamed } from './api/account/renamed-agents.js';
import { ADMIN } from './api/account/seed-users.js';
import { openApi, type RunningApi } from './api/server.js';
import type { ApiServices, PartHealth } from './api/services.js';
import { Audit } from './app/audit.js';
import type { WebPhones } from './app/desk/web-phones.js';
import { Figures } from './app/figures/figures.js';
import type { Flows } from './app/flows.js';
import { Guide } from './app/guide/guide.js';
import { namingOf, RENAMES_MAX } from './app/guide/naming.js';
import { ChannelTrials } from './app/message/trial.js';
import type { PromptCatalogue } from './app/prompts/prompt-catalogue.js';
import { CentreNames } from './app/publishing/centre-names.js';
import { FlowNames } from './app/publishing/flow-names.js';
import type { Rollouts } from './app/publishing/rollouts.js';
import { Contacts } from './app/record/contacts.js';
import { Profiles } from './app/record/profiles.js';
import { RecordingFiles } from './app/recording/kept-recordings.js';
import { AlarmWatch } from './app/supervision/alarm-watch.js';
import type { Alarms } from './app/supervision/alarms.js';
import { Notices } from './app/supervision/notices.js';
import type { Teams } from './app/supervision/teams.js';
import type { Visits } from './app/visits/visits.js';
import { StepsToday } from './app/walkers/steps-today.js';
import type { Walkers } from './app/walkers/walkers.js';
import type { RunningCentre } from './centre.js';
import { channelAccounts } from './channel-accounts.js';
import type { Config } from './config.js';
import type { Naming } from './core/guide/naming.js';
import type { Centre } from './core/routing/centre.js';
import type { Infrastructure } from './infrastructure.js';
import type { BullJobs } from './jobs/bull-jobs.js';
import type { Clock } from './lib/clock.js';
import type { Ids } from './lib/ids.js';
import type { Log } from './lib/log.js';
import type { Messaging } from './messaging.js';
import { readGuideFiles } from './store/guide-files.js';
import type { PostgresStore } from './store/postgres/store.js';
import type { RedisLiveStore } from './store/redis/live-store.js';
import type { VoiceTelephony } from './voice/telephony.js';
import { startWebhooks } from './webhooks.js';

/** The build puts the web application beside the server. */
const PAGES_FOLDER = join(import.meta.dirname, 'web');

export interface HttpParts {
  readonly centre: RunningCentre;
  readonly store: PostgresStore;
  readonly liveStore: RedisLiveStore;
  readonly jobs: BullJobs;
  readonly flows: Flows;
  readonly rollouts: Rollouts;
  readonly telephony: VoiceTelephony;
  readonly visits: Visits;
  readonly alarms: Alarms;
  readonly teams: Teams;
  readonly walkers: Walkers;
  readonly webPhones: WebPhones;
  readonly sealKey: () => string;
  readonly prompts: PromptCatalogue;
  readonly speech: ApiServices['speech'];
  readonly heard: ApiServices['heard'];
  readonly messaging: Messaging;
  readonly infrastructure: Infrastructure;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Resolves when requests are answered. */
export async function openHttp(config: Config, parts: HttpParts): Promise<RunningApi> {
  const { centre, store, jobs, flows, rollouts, telephony, messaging, infrastructure, clock, ids, log } = parts;
  const { interactions, agents, works, live, emergency, monitoring, writing, talks, desk, agentSkills, agentHistory } =
    centre;
  const { recordings, callOffers } = centre;
  const audit = new Audit({ store: store.audit, clock });
  const outgoing = startWebhooks({ store: store.webhooks, audit, centre: () => flows.centre(), clock, ids, log });
  const notices = new Notices({ store: store.notices, clock, ids, log });
  const { figures, alarmWatch } = startFigures(parts);
  const guide = makeGuide(parts);
  const api = await openApi({
    ...config.http,
    pages: { folder: PAGES_FOLDER },
    ...{ clock, ids, flows, rollouts, interactions, agents, works, live, emergency, monitoring, writing },
    ...{ node: centre.node, errands: centre.errands, sharedTalks: centre.sharedTalks },
    ...{ talks, desk, agentSkills, agentHistory, recordings, callOffers, centre: () => centre.centre() },
    log: log.child({ part: 'api' }),
    records: store.records,
    contacts: new Contacts(store.records),
    users: store.users,
    accounts: store.accounts,
    audit,
    profiles: new Profiles({ store: store.profiles, records: store.records, clock }),
    recordingFiles: new RecordingFiles(join(config.dataFolder, 'recordings')),
    ...{ notices, places: centre.places, alarms: parts.alarms, teams: parts.teams },
    ...flowServices(parts),
    ...{ figures, guide },
    ...{ callbackDesk: centre.callbackDesk, placedCalls: centre.placedCalls },
    conversations: centre.conversations,
    ...{ workList: centre.workList, workActs: centre.workActs },
    ...{ waits: centre.waits, subscriptions: outgoing.subscriptions },
    callAccounts: centre.accounts,
    reconciler: centre.reconciler,
    failedJobs: (limit) => jobs.deadLetters(limit),
    sandbox: messaging.sandbox,
    chat: { door: messaging.chat, matters: centre.chatMatters },
    webSockets: () => telephony.webSockets(),
    ...(config.webSipUrl === undefined ? {} : { webSipUrl: config.webSipUrl }),
    ...{ sealKey: parts.sealKey, webPhones: parts.webPhones, prompts: parts.prompts },
    ...{ speech: parts.speech, heard: parts.heard },
    ...{ agentDevices: centre.agentDevices, comingBack: centre.comingBack },
    ...{ webhooks: messaging.webhooks, channelAccounts: channelAccounts(config) },
    channelTrials: new ChannelTrials({ ...messaging, audit, centre: () => flows.centre(), clock, ids }),
    servers: () => {
      const { signalling, media } = telephony.servers();
      return [
        ...signalling.map((server) => ({ ...server, kind: 'signalling' as const })),
        ...media.map(({ setUps: _setUps, ...server }) => ({ ...server, kind: 'media' as const })),
      ];
    },
    drainServer: (server, draining) => telephony.drain(server, draining),
    load: () => telephony.load(),
    health: () => healthOf(parts),
    snapshots: () => ({
      centre: centre.snapshot(),
      telephony: telephony.snapshot(),
      infrastructure: infrastructure.snapshot(),
    }),
  });
  await notices.start();
  await guide.begin(await readGuideFiles(join(config.flowsFolder, 'guide'), log));
  return {
    address: api.address,
    async close() {
      notices.close();
      alarmWatch.close();
      await Promise.all([api.close(), outgoing.close()]);
    },
  };
}

function makeGuide({ store, flows, clock, ids, log }: HttpParts): Guide {
  const naming = async (): Promise<Naming> => namingOf(flows.centre(), await store.flowHistory.renames(RENAMES_MAX));
  return new Guide({ store: store.guide, records: store.records, naming, clock, ids, log });
}

/** The figures, and what watches by them. */
function startFigures({ store, centre, alarms, clock, log }: HttpParts) {
  const shared = { centre: () => centre.centre(), clock };
  const figures = new Figures({ ...shared, store: store.figures });
  const { live, agents } = centre;
  const alarmWatch = new AlarmWatch({ ...shared, alarms, live, agents, figures, log });
  alarmWatch.start();
  return { figures, alarmWatch };
}

/** What is kept and counted of the flows, and who is in them. */
function flowServices({ flows, store, centre, visits, walkers, sealKey, clock }: HttpParts) {
  const { users, accounts } = store;
  const people = {
    isTaken: async (name: string) => name === ADMIN || (await users.user(name))?.madeBy !== undefined,
    follow: ({ agents }: Centre) => followRenamed({ accounts, key: sealKey }, agents.values()),
  };
  return {
    ...{ visits, walkers },
    flowHistory: store.flowHistory,
    flowNames: new FlowNames({ flows, history: store.flowHistory, clock }),
    centreNames: new CentreNames({ flows, history: store.flowHistory, agents: centre.agents, people, clock }),
    stepsToday: new StepsToday({ store: store.flowSteps, centre: () => centre.centre(), clock }),
  };
}

function healthOf({ centre, store, liveStore, flows, telephony }: HttpParts): readonly PartHealth[] {
  const { signalling, media } = telephony.health();
  const load = telephony.load();
  const { spooled } = centre.interactions.snapshot();
  const mistakes = flows.issues().length;
  return [
    { name: 'intake', up: !centre.inbound.draining, needed: true },
    { name: 'signalling', up: signalling, needed: true },
    { name: 'media', up: media, needed: true },
    { name: 'record', up: store.healthy(), needed: true },
    { name: 'live-store', up: liveStore.healthy(), needed: true },
    { name: 'load', up: load.state === 'open', needed: false, detail: loadDetail(load) },
    ...serverHealth(telephony),
    { name: 'spool', up: spooled === 0, needed: false, detail: `${spooled} facts wait for the record` },
    { name: 'texts', up: mistakes === 0, needed: false, detail: `${mistakes} mistakes in the files` },
  ];
}

function loadDetail({ ratePerS, refused }: ReturnType<VoiceTelephony['load']>): string {
  const bound = ratePerS === undefined ? 'every new call is taken' : `${Math.round(ratePerS)} new calls a second`;
  return `${bound}, ${refused} refused since the start`;
}

/** One of several may be away: calls go to the others. */
function serverHealth(telephony: VoiceTelephony): PartHealth[] {
  const { signalling, media } = telephony.servers();
  return [...signalling, ...media].map(({ server, state, standing, draining }) => ({
    name: `server ${server}`,
    up: state === 'up' && standing === 'in' && !draining,
    needed: false,
    detail: draining ? 'draining' : state === 'up' ? standing : state,
  }));
}
