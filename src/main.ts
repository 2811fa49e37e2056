// Entry of Hilo: starts what it stands on, builds the centre, opens the doors, and closes in reverse order.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { type Logger, pino } from 'pino';
import { followRenamed } from './api/account/renamed-agents.js';
import { seedUsers } from './api/account/seed-users.js';
import type { RunningApi } from './api/server.js';
import { WebPhones } from './app/desk/web-phones.js';
import { Flows } from './app/flows.js';
import { PromptCatalogue } from './app/prompts/prompt-catalogue.js';
import { Rollouts } from './app/publishing/rollouts.js';
import { openChanges } from './app/supervision/changes.js';
import { Visits } from './app/visits/visits.js';
import { Walkers } from './app/walkers/walkers.js';
import { openCentre, type RunningCentre } from './centre.js';
import { HttpClient } from './channels/web/http-client.js';
import { type Config, InvalidConfig, readConfig } from './config.js';
import type { Prompt } from './core/ivr/ask.js';
import type { AgentConfig, Centre, DeviceConfig } from './core/routing/centre.js';
import { withDemoAgents } from './core/routing/demo-agents.js';
import { openHttp } from './http.js';
import { type Infrastructure, startInfrastructure } from './infrastructure.js';
import { BullJobs } from './jobs/bull-jobs.js';
import { systemClock } from './lib/clock.js';
import { systemIds } from './lib/ids.js';
import { type Credentials, loadCredentials } from './local/credentials.js';
import { openMessaging } from './messaging.js';
import { openFlowFiles } from './store/flow-files.js';
import { openPostgres, type PostgresStore } from './store/postgres/store.js';
import { openLiveStore } from './store/redis/live-store.js';
import { KeptSounds } from './store/sound-files.js';
import { heardOf } from './voice/prompts/heard.js';
import { PromptCache } from './voice/prompts/prompt-cache.js';
import { espeak } from './voice/prompts/speech.js';
import type { DeviceDirectory } from './voice/registrar/device-directory.js';
import { VoiceTelephony } from './voice/telephony.js';

const clock = systemClock;
const ids = systemIds;
/** Queue whose skill the agents of HILO_DEMO_AGENTS have. */
const DEMO_QUEUE = 'support';
const DRAIN_LOOK_MS = 200;
const FAULTS: ('uncaughtException' | 'unhandledRejection')[] = ['uncaughtException', 'unhandledRejection'];
/** A malformed frame of the switch poisons its connection and is met again with every byte (compatibility G1.19). */
const FAULTS_PER_MINUTE_MAX = 60;

/** What was opened, to be closed in reverse order. */
class Opened {
  readonly #parts: { readonly name: string; close(): unknown }[] = [];

  add<T extends { close(): unknown }>(name: string, part: T): T {
    this.#parts.push({ name, close: () => part.close() });
    return part;
  }

  async close(log: Logger): Promise<void> {
    for (const { name, close } of this.#parts.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error, part: name }, 'not closed in order');
      }
    }
  }
}

async function run(config: Config, log: Logger): Promise<void> {
  const opened = new Opened();
  let centre: RunningCentre | undefined;
  const stopper = closeWithGrace({ delay: config.graceMs + 20_000, logger: log, skip: FAULTS }, async ({ signal }) => {
    log.info({ signal }, 'stopping');
    if (centre !== undefined) await drain(centre, config.graceMs, log);
    await opened.close(log);
  });
  outliveFaults(log, () => stopper.close());
  try {
    const infrastructure = opened.add('infrastructure', await startInfrastructure(config, clock, log));
    const running = await open(config, infrastructure, opened, log);
    centre = running.centre;
    // Of several servers each has its own; none may be known.
    const addresses = running.telephony.sipAddresses().map((address) => ` sip:${address}`);
    process.stdout.write(`hilo ready ${running.api.address}${addresses.join('')}\n`);
  } catch (error) {
    await opened.close(log);
    throw error;
  }
}

/** A fault that nobody caught ends what it happened in, not everybody's calls; a flood of them is one in everything. */
function outliveFaults(log: Logger, stop: () => void): void {
  let recent: number[] = [];
  for (const kind of FAULTS) {
    process.on(kind, (fault: unknown) => {
      const nowMs = clock.monotonicMs();
      recent = [...recent.filter((atMs) => nowMs - atMs < 60_000), nowMs];
      log.fatal({ err: fault, kind }, 'a fault that nobody caught');
      if (recent.length > FAULTS_PER_MINUTE_MAX) stop();
    });
  }
}

async function open(
  config: Config,
  infrastructure: Infrastructure,
  opened: Opened,
  log: Logger,
): Promise<{ centre: RunningCentre; api: RunningApi; telephony: VoiceTelephony }> {
  const { databaseUrl, redisUrl, drachtio, freeswitch } = infrastructure;
  const shared = { clock, ids, log };
  const folders = await makeFolders(config.dataFolder);
  const store = opened.add('record', await openPostgres({ ...shared, url: databaseUrl, isStarting: true }));
  const liveStore = opened.add('live store', await openLiveStore({ ...shared, url: redisUrl }));
  const jobs = opened.add('jobs', new BullJobs({ ...shared, url: redisUrl }));
  const { prompts, speech, heard } = await openPrompts(folders, store, opened, log);
  const { flows, rollouts, changes } = await openTexts(config, store, prompts, opened, log);
  const visits = new Visits({ centre: () => flows.centre(), clock, ids });
  const credentials = new KeptCredentials(config, flows, store, visits, log);
  await credentials.load();
  const node = `${config.node}-${ids.token(4)}`;
  const telephony = new VoiceTelephony({
    ...shared,
    drachtio,
    freeswitch,
    node,
    takesOver: config.takesOver,
    profile: config.freeswitchProfile,
    eventSocket: config.eventSocket,
    realm: config.sip.realm,
    nonceKey: credentials.nonceKey,
    trunks: () => flows.centre().trunks,
    devices: credentials,
    registrations: liveStore.registrations,
    favoured: (call) => centre.favoured.has(call),
  });
  const walkers = opened.add('walkers', new Walkers({ ...shared, node, store: liveStore.walkers }));
  walkers.start();
  const messaging = await openMessaging(config, shared, { ...store, letters: liveStore.letters, node });
  const centre: RunningCentre = opened.add(
    'centre',
    await openCentre({
      ...shared,
      telephony,
      web: opened.add('requests', new HttpClient({ ...shared, secrets: config.secrets })),
      ...{ record: store.records, emergencyStore: store.emergency },
      agentStore: store.agents,
      figureStore: store.figures,
      attachmentStore: store.attachments,
      jobs,
      messengers: messaging.messengers,
      prompts,
      flows,
      ...{ liveStore, letters: liveStore.letters, over: changes.over },
      walkers,
      node,
      dataFolder: config.dataFolder,
      emergencyNumbers: config.emergencyNumbers,
      survivors: telephony.survivors,
    }),
  );
  // Closed before the centre: what still talks is hung up, texts still arriving are stored, and the centre hears of it.
  opened.add('messaging', messaging);
  opened.add('telephony', telephony);
  const http = {
    ...{ ...shared, centre, store, liveStore, jobs, flows, rollouts, telephony, visits, messaging, infrastructure },
    ...{ ...changes, ...credentials.forHttp, walkers, prompts, speech, heard },
  };
  const api = opened.add('api', await openHttp(config, http));
  await Promise.all([telephony.start(), credentials.seed()]);
  store.hurry();
  return { centre, api, telephony };
}

type Folders = Awaited<ReturnType<typeof makeFolders>>;

/** What people recorded wins over what lies in the folder, that over speech. */
async function openPrompts({ recorded, kept, spoken }: Folders, store: PostgresStore, opened: Opened, log: Logger) {
  const made = new PromptCache({ recordedFolder: recorded, spokenFolder: spoken, synthesise: espeak(clock), ids, log });
  const pause = (): Promise<void> => new Promise((go) => setImmediate(go));
  const ports = { store: store.prompts, files: new KeptSounds(kept), made, clock, log, pause };
  const prompts = opened.add('prompts', new PromptCatalogue(ports));
  await prompts.start();
  const speech = made.preview.bind(made);
  return { prompts, speech, heard: (prompt: Prompt) => heardOf(prompt, prompts, speech) };
}

/** The texts in force, and the candidate that some callers get. */
async function openTexts(config: Config, store: PostgresStore, prompts: PromptCatalogue, opened: Opened, log: Logger) {
  const shared = { clock, ids, log };
  const extend = (centre: Centre): Centre => withDemoAgents(centre, config.demo.extraAgents, DEMO_QUEUE);
  const files = openFlowFiles(config.flowsFolder, log);
  const secrets = new Set(config.secrets.keys());
  const isHeard = prompts.isHeard.bind(prompts);
  const ports = { ...shared, files, store: store.records, extend, secrets, isHeard };
  const flows = opened.add('flows', new Flows(ports));
  await flows.start();
  prompts.onChange(() => void flows.recheck());
  const rollouts = opened.add('rollouts', new Rollouts({ ...shared, flows, history: store.flowHistory }));
  await rollouts.start();
  const changes = opened.add('changes', await openChanges({ ...shared, store, flows }));
  return { flows, rollouts, changes };
}

/** Passwords of the devices and people in the centre; those of new ones are made when the centre changes. */
class KeptCredentials implements DeviceDirectory {
  #turn: Promise<unknown> = Promise.resolve();
  #kept: Credentials = { devices: {}, users: {}, nonceKey: '' };
  readonly webPhones = new WebPhones({ centre: () => this.flows.centre(), key: () => this.nonceKey, clock });
  readonly forHttp = { webPhones: this.webPhones, sealKey: () => this.nonceKey };

  constructor(
    private readonly config: Config,
    private readonly flows: Flows,
    private readonly store: Pick<PostgresStore, 'users' | 'accounts'>,
    private readonly visits: Visits,
    private readonly log: Logger,
  ) {
    flows.onChange(() => {
      // One after the other: what followed an older text must not come after what follows the present one.
      this.#turn = this.#turn
        .then(() => this.load())
        .then(() => this.seed())
        .catch((error: unknown) => log.error({ err: error }, 'passwords of the changed centre cannot be kept'));
    });
  }

  get nonceKey(): string {
    return this.#kept.nonceKey;
  }

  async load(): Promise<Credentials> {
    const agents = [...this.flows.centre().agents.values()];
    const { password } = this.config.demo;
    this.#kept = await loadCredentials(join(this.config.dataFolder, 'credentials.json'), {
      devices: agents.flatMap(({ devices }) =>
        devices.filter(({ kind, browser }) => kind === 'sip' && browser !== true).map(({ name }) => name),
      ),
      users: ['admin', ...agents.map(({ name }) => name)],
      formerly: new Map(agents.map(({ name, formerly = [] }) => [name, formerly])),
      ...(password === undefined ? {} : { password }),
    });
    return this.#kept;
  }

  /** Makes the users who may sign in; who has another name keeps the account. */
  async seed(): Promise<void> {
    const agents = [...this.flows.centre().agents.values()];
    const { users, accounts } = this.store;
    const follow = (): Promise<void> => followRenamed({ accounts, key: () => this.nonceKey }, agents);
    await seedUsers({ store: users, follow, clock, log: this.log }, this.#kept, agents);
  }

  secretsOf(device: string): readonly string[] {
    const own = Object.hasOwn(this.#kept.devices, device) ? this.#kept.devices[device] : undefined;
    return [own ?? [], this.visits.secretsOf(device), this.webPhones.secretsOf(device)].flat();
  }

  trunkOf(device: string): string | undefined {
    return this.visits.trunkOf(device);
  }

  isVisitor(number: string): boolean {
    return this.visits.isVisitor(number);
  }

  agentOf(device: string): string | undefined {
    return this.#find(device)?.agent.name;
  }

  securityOf(device: string): 'sdes' | undefined {
    return this.#find(device)?.config.security;
  }

  #find(device: string): { readonly agent: AgentConfig; readonly config: DeviceConfig } | undefined {
    for (const agent of this.flows.centre().agents.values()) {
      const config = agent.devices.find(({ name }) => name === device);
      if (config !== undefined) return { agent, config };
    }
    return undefined;
  }
}

async function makeFolders(dataFolder: string): Promise<{ recorded: string; kept: string; spoken: string }> {
  const folders = {
    recorded: join(dataFolder, 'prompts'),
    // No language has four letters.
    kept: join(dataFolder, 'prompts', 'kept'),
    spoken: join(dataFolder, 'spoken'),
  };
  for (const folder of [...Object.values(folders), join(dataFolder, 'recordings')]) {
    await mkdir(folder, { recursive: true });
  }
  return folders;
}

/** New callers are sent elsewhere; those who talk may finish within the grace time. */
async function drain(centre: RunningCentre, graceMs: number, log: Logger): Promise<void> {
  centre.inbound.drain();
  const untilMs = clock.monotonicMs() + graceMs;
  if (centre.busy() > 0) log.info({ calls: centre.busy(), graceMs }, 'waiting for calls to end');
  while (centre.busy() > 0 && clock.monotonicMs() < untilMs) {
    await new Promise<void>((resolve) => {
      clock.after(DRAIN_LOOK_MS, resolve);
    });
  }
}

const HELP = 'Hilo, telephony-first contact centre. Start it with `npm start`; settings are described in README.md.\n';

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(HELP);
    return;
  }
  try {
    const config = readConfig(process.env);
    const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: false }));
    await run(config, log);
  } catch (error) {
    const message =
      error instanceof InvalidConfig ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`hilo cannot start: ${message}\n`);
    process.exit(1);
  }
}

await main();
