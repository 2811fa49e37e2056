// A whole contact centre on a clock that stands still: one or more nodes, the fakes around them, callers and agents.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { HiloError } from '../../src/app/errors.js';
import { Flows } from '../../src/app/flows.js';
import type { Messenger } from '../../src/app/message/messenger.js';
import type { SurvivingCall } from '../../src/app/survivors/surviving.js';
import { Walkers } from '../../src/app/walkers/walkers.js';
import { openCentre, type RunningCentre } from '../../src/centre.js';
import type { AgentPresence } from '../../src/core/acd/agent.js';
import type { Entry } from '../../src/core/acd/entry.js';
import type { InteractionEvent, RecordedEvent } from '../../src/core/interaction/event.js';
import { FakeClock } from '../../src/lib/clock.js';
import { type Ids, seededIds, seededRandom } from '../../src/lib/ids.js';
import type { Log } from '../../src/lib/log.js';
import { AGENT_METHODS, FakeAgentStore } from '../support/fakes/agents.js';
import { FakeAttachments } from '../support/fakes/attachments.js';
import { Caller } from '../support/fakes/caller.js';
import { FakeEmergencies } from '../support/fakes/emergency.js';
import { FakeFigureStore } from '../support/fakes/figures.js';
import { Faults, Gate, gated, Life } from '../support/fakes/gate.js';
import { FakeJobQueue, JOB_METHODS } from '../support/fakes/jobs.js';
import { FakeLetters } from '../support/fakes/letters.js';
import { FakeLive, type FakeLiveStore, LIVE_METHODS } from '../support/fakes/live.js';
import { FakeMessenger, MESSENGER_METHODS } from '../support/fakes/messenger.js';
import { FakeRecords, RECORD_METHODS } from '../support/fakes/records.js';
import { FakeNetwork, FakeTelephony } from '../support/fakes/telephony.js';
import { FakeFlowFiles, FakePrompts, PROMPT_METHODS } from '../support/fakes/texts.js';
import { FakeWalkers } from '../support/fakes/walkers.js';
import { FakeWeb } from '../support/fakes/web.js';
import { CENTRE_TEXT, MAIN_FLOW } from './texts.js';

/** A customer with a mobile: can be written to. */
export const EVA = '+34600123123';
export const LUIS = '+34600456456';

const STEP_MS = 50;
/** Turns of the event loop in which everything that does not wait for the clock or the disk has happened. */
const TURNS = 6;
const REAL_LIMIT_MS = 10_000;

export interface SceneOptions {
  /** Changes the text of the centre first. */
  readonly centre?: (text: string) => string;
  readonly flows?: Readonly<Record<string, string>>;
  /** One node `n1` unless named. */
  readonly nodes?: readonly string[];
  /** Agents whose desk phones are registered from the start, answering after a second; none unless named. */
  readonly agents?: readonly string[];
  /** Channels besides the sandbox, of each node. */
  readonly channels?: (scene: Scene, node: string) => readonly Messenger[];
}

export class Node {
  readonly life: Life;
  readonly faults = new Faults();
  readonly telephony: FakeTelephony;
  readonly feed: FakeLiveStore;
  readonly gates: { readonly record: Gate; readonly live: Gate; readonly jobs: Gate; readonly messenger: Gate };
  flows!: Flows;
  centre!: RunningCentre;
  walkers!: Walkers;

  constructor(
    readonly name: string,
    private readonly scene: Scene,
    readonly dataFolder: string,
  ) {
    this.life = new Life(scene.clock);
    this.telephony = new FakeTelephony({ ...this, network: scene.network, ids: scene.ids });
    this.feed = scene.live.connect();
    const gate = (port: string, error: () => Error): Gate => new Gate({ ...this, name: port, error });
    const unavailable = (): Error => new HiloError('store-unavailable', 'as the test wants it');
    this.gates = {
      record: gate('record', unavailable),
      live: gate('live', unavailable),
      jobs: gate('jobs', unavailable),
      messenger: gate('messenger', () => new HiloError('message-not-sent', 'as the test wants it')),
    };
  }

  async open(): Promise<void> {
    const { life, faults, scene, gates } = this;
    const shared = { clock: life, ids: scene.ids, log: scene.log };
    const record = gated(scene.records, gates.record, RECORD_METHODS);
    this.flows = new Flows({ ...shared, files: scene.files, store: record, extend: (centre) => centre });
    await this.flows.start();
    const prompts = new Gate({ name: 'prompts', life, faults, error: () => new Error('no synthesiser') });
    this.walkers = new Walkers({ ...shared, node: this.name, store: new FakeWalkers() });
    this.centre = await openCentre({
      ...shared,
      telephony: this.telephony,
      web: this.scene.web,
      record,
      emergencyStore: this.scene.emergencies,
      liveStore: gated(this.feed, gates.live, LIVE_METHODS),
      letters: scene.letters,
      agentStore: gated(scene.agentStore, gates.record, AGENT_METHODS),
      figureStore: scene.figureStore,
      attachmentStore: scene.attachmentStore,
      jobs: gated(scene.jobs.connect(life), gates.jobs, JOB_METHODS),
      messengers: [gated(scene.messenger, gates.messenger, MESSENGER_METHODS), ...scene.channelsOf(this.name)],
      prompts: gated(new FakePrompts(), prompts, PROMPT_METHODS),
      flows: this.flows,
      walkers: this.walkers,
      node: this.name,
      dataFolder: this.dataFolder,
      emergencyNumbers: ['112'],
      survivors: { of: async (node) => this.scene.survivors.get(node) ?? [] },
    });
  }

  /** As kill -9: nothing is said to anybody, the switch ends its calls. */
  kill(): void {
    this.life.kill();
    this.feed.cut();
    this.telephony.die();
  }

  /** The live store is out of reach of this node, and so is its feed. */
  loseLiveStore(): void {
    this.gates.live.state = 'refusing';
    this.gates.jobs.state = 'refusing';
    this.feed.cut();
  }

  findLiveStore(): void {
    this.gates.live.state = 'open';
    this.gates.jobs.state = 'open';
    this.feed.restore();
  }
}

/** Nodes are opened by {@link openScene} and closed after the test. */
export class Scene {
  readonly clock = new FakeClock();
  readonly letters = new FakeLetters(this.clock);
  readonly ids: Ids = seededIds(seededRandom(7));
  readonly network = new FakeNetwork();
  readonly live = new FakeLive(this.clock);
  readonly records = new FakeRecords(this.ids);
  readonly emergencies = new FakeEmergencies();
  readonly web = new FakeWeb();
  readonly agentStore = new FakeAgentStore();
  readonly figureStore = new FakeFigureStore();
  readonly attachmentStore = new FakeAttachments();
  readonly jobs = new FakeJobQueue(this.clock);
  readonly messenger = new FakeMessenger(this.clock);
  readonly files: FakeFlowFiles;
  /** Lines of level warn and error. */
  readonly complaints: string[] = [];
  readonly log: Log = complaintsInto(this.complaints);
  /** What the switch still has of dead nodes. */
  readonly survivors = new Map<string, readonly SurvivingCall[]>();
  readonly callers: Caller[] = [];
  readonly nodes: Node[] = [];
  readonly channelsOf: (node: string) => readonly Messenger[];
  readonly #startMs = this.clock.nowMs();

  constructor(options: SceneOptions) {
    this.channelsOf = (node) => options.channels?.(this, node) ?? [];
    const centre = options.centre?.(CENTRE_TEXT) ?? CENTRE_TEXT;
    this.files = new FakeFlowFiles({ 'centre.yaml': centre, 'main.yaml': MAIN_FLOW, ...options.flows });
  }

  get node(): Node {
    const [first] = this.nodes;
    if (first === undefined) throw new Error('the scene has no node');
    return first;
  }

  get elapsedMs(): number {
    return this.clock.nowMs() - this.#startMs;
  }

  /** A process on a data folder, which may be that of an earlier one. */
  async openNode(name: string, dataFolder: string, telephony: FakeTelephony['state'] = 'up'): Promise<Node> {
    const node = new Node(name, this, dataFolder);
    node.telephony.state = telephony;
    this.nodes.push(node);
    await node.open();
    return node;
  }

  // ── People ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A desk phone that is registered and answers after a second. */
  agentComes(agent: string): void {
    this.network.habits.set(`${agent}-desk`, { does: 'answers', afterMs: 1_000 });
    this.network.register(`${agent}-desk`);
  }

  call(to: string, from = EVA, node = this.node): Caller {
    const caller = new Caller(from, to, `call-${this.callers.length + 1}`, node.telephony).dial();
    this.callers.push(caller);
    return caller;
  }

  /** From the agent's own desk phone. */
  agentCalls(agent: string, to: string, node = this.node): Caller {
    const origin = { kind: 'device', agent, device: `${agent}-desk` } as const;
    const caller = new Caller(agent, to, `call-${this.callers.length + 1}`, node.telephony, origin).dial();
    this.callers.push(caller);
    return caller;
  }

  /** What the phones were rung for and what came of it, oldest first. */
  dialled(): string[] {
    return this.network.rung.map(({ phone, outcome }) => `${phone}: ${outcome}`);
  }

  // ── Time ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Time goes by in small steps, each with all that follows from it. */
  async advance(ms: number, stepMs = STEP_MS): Promise<void> {
    await this.settle();
    for (let left = ms; left > 0; left -= stepMs) {
      this.clock.advance(Math.min(stepMs, left));
      await this.settle();
    }
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
  }

  /** Goes on until `condition` holds, for at most `limitMs` of the fake clock. */
  async until(what: string, condition: () => boolean, limitMs = 60_000): Promise<void> {
    const endMs = this.clock.nowMs() + limitMs;
    await this.settle();
    while (!condition()) {
      if (this.clock.nowMs() >= endMs) throw new Error(`${what}: not within ${limitMs} ms`);
      await this.advance(STEP_MS);
    }
  }

  /** Time goes by until what was spooled is in the record; the disk takes its own time. */
  async recorded(node = this.node): Promise<void> {
    await this.whileOnDisk('the spool is in the record', () => node.centre.interactions.snapshot().state === 'direct');
  }

  /** Lets the clock and the disk go on until `condition` holds. */
  async whileOnDisk(what: string, condition: () => boolean): Promise<void> {
    const startMs = performance.now();
    while (!condition()) {
      if (performance.now() - startMs > REAL_LIMIT_MS) throw new Error(`${what}: not within ${REAL_LIMIT_MS} ms`);
      await this.advance(STEP_MS);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  // ── What is to be seen ────────────────────────────────────────────────────────────────────────────────────────────

  agent(name: string): AgentPresence | undefined {
    const found = this.live.documents().find(({ kind, id }) => kind === 'agent' && id === name);
    return found?.kind === 'agent' ? found.value : undefined;
  }

  agentStates(): Record<string, string> {
    return Object.fromEntries(
      this.live
        .documents()
        .flatMap((document) => (document.kind === 'agent' ? [[document.id, document.value.state]] : [])),
    );
  }

  entries(): Entry[] {
    return this.live.documents().flatMap((document) => (document.kind === 'entry' ? [document.value] : []));
  }

  /** Events of the `index`-th interaction, counted from the oldest. */
  events(index = 0): readonly RecordedEvent[] {
    return this.records.interactions[index]?.events ?? [];
  }

  /** Its types in order, without the steps of the flow. */
  told(index = 0): string[] {
    return this.events(index)
      .map(({ event }) => event.type)
      .filter((type) => !['flow-step', 'flow-entered', 'language-set'].includes(type));
  }

  /** What was told of that kind, in all interactions or in one. */
  facts<Type extends InteractionEvent['type']>(type: Type, index?: number): Data<Type>[] {
    const rows = this.records.interactions.filter((_row, at) => index === undefined || at === index);
    const all = rows.flatMap(({ events }) => events.map(({ event }) => event));
    return all.filter((event) => event.type === type).map(({ data }) => data as Data<Type>);
  }

  state(index = 0): string | undefined {
    return this.records.interactions[index]?.summary.state;
  }

  /** How the calls ended: result and reason, in the order of the record. */
  ends(): string[] {
    return this.facts('call-ended').map(({ by, result, reason }) => `${result} by ${by}: ${reason}`);
  }
}

type Data<Type extends InteractionEvent['type']> = Extract<InteractionEvent, { type: Type }>['data'];

/** Within a test, and gone after it. */
export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const scene = new Scene(options);
  const folder = await mkdtemp(join(tmpdir(), 'hilo-app-'));
  onTestFinished(async () => {
    for (const { life } of scene.nodes) life.kill();
    await rm(folder, { recursive: true, force: true });
  });
  for (const name of options.nodes ?? ['n1']) await scene.openNode(name, join(folder, name));
  for (const agent of options.agents ?? []) scene.agentComes(agent);
  await scene.advance(200);
  return scene;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function complaintsInto(lines: string[]): Log {
  const note = (level: string) => (fields: object, message?: string) => {
    const err: unknown = Reflect.get(fields, 'err');
    const cause = err instanceof Error ? `: ${err.message}` : '';
    lines.push(`${level}: ${message ?? ''}${cause}`);
    if (process.env['VERBOSE']) console.log(level, message, fields);
  };
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: note('warn'),
    error: note('error'),
    child: () => log,
  };
  return log;
}
