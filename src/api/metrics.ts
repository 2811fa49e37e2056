// Figures for Prometheus: counted from the facts as they are told, and read from the owners when asked for.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Thread } from '../app/record/thread.js';
import { isInLine } from '../core/acd/position.js';
import type { InteractionEvent, LegQuality } from '../core/interaction/event.js';
import type { Interaction } from '../core/interaction/interaction.js';
import { estimateErrorMs } from '../core/interaction/report/wait-samples.js';
import { openFlowMetrics } from './flow-metrics.js';
import type { ApiServices } from './services.js';

export interface Request {
  readonly method: string;
  /** Pattern of the route: few values, and no numbers of customers among them. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  countRequest(request: Request): void;
}

type Services = Pick<
  ApiServices,
  'interactions' | 'callAccounts' | 'reconciler' | 'live' | 'agents' | 'flows' | 'health' | 'load' | 'servers'
>;

/** Seconds; a request of ours takes milliseconds unless a password or a slow database is in it. */
const REQUEST_BUCKETS_S = [0.005, 0.025, 0.1, 0.5, 2, 10];
/** ITU-T G.109: below 2.6 nearly all users are dissatisfied, 3.1 many, 3.6 some, from 4.0 on they are satisfied. */
const OPINION_BUCKETS = [2.6, 3.1, 3.6, 4, 4.3, 4.5];
/** Seconds waited longer than said; below 0: less long. */
const ESTIMATE_ERROR_BUCKETS_S = [-600, -300, -120, -60, -30, 0, 30, 60, 120, 300, 600];
const LOSS_BUCKETS_PERCENT = [0, 0.5, 1, 2, 5, 10, 30];
const JITTER_BUCKETS_MS = [5, 10, 20, 50, 100, 200];
const ROUND_TRIP_BUCKETS_MS = [20, 50, 100, 200, 400, 1_000];

export function openMetrics(services: Services): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Process, memory, garbage collection and event-loop delay.
  collectDefaultMetrics({ register: registry });
  countFacts(services, registers);
  readOwners(services, registers);
  const requests = new Histogram({
    name: 'hilo_http_request_seconds',
    help: 'HTTP requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS_S,
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    countRequest({ method, route, status, ms }) {
      requests.observe({ method, route, status }, ms / 1000);
    },
  };
}

/** Counters of this node since its start. */
function countFacts({ interactions }: Services, registers: Registry[]): void {
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `hilo_${name}_total`, help, labelNames, registers });
  const arrived = counter('calls_arrived', 'Inbound calls that arrived', []);
  const ended = counter('calls_ended', 'Calls that ended, by direction and result', ['direction', 'result']);
  const offers = counter('offers', 'Offers to agents, and what became of them', ['outcome']);
  const messages = counter('messages', 'Messages by channel, direction and status', ['channel', 'direction', 'status']);
  const callbacks = counter('callbacks', 'Call-backs by what happened to them', ['event']);
  const observeQuality = qualityHistograms(registers);
  const countRecovery = recoveryFigures(registers);
  const inFlows = openFlowMetrics(registers);
  interactions.onEvent((thread, event) => {
    countRecovery(thread, event);
    switch (event.type) {
      case 'leg-quality':
        return observeQuality(event.data);
      case 'flow-step':
        return inFlows.step(event.data);
      case 'survey-answered':
        return inFlows.survey(event.data);
      case 'web-asked':
        return inFlows.asked(event.data);
      case 'call-arrived':
        return arrived.inc();
      case 'call-ended':
        return ended.inc({ direction: directionOf(thread, event.data.segment), result: event.data.result });
      case 'offered':
        return offers.inc({ outcome: 'made' });
      case 'offer-refused':
        return offers.inc({ outcome: event.data.reason });
      case 'offer-withdrawn':
        return offers.inc({ outcome: 'withdrawn' });
      case 'connected':
        return offers.inc({ outcome: 'connected' });
      case 'message-queued':
        return messages.inc({ channel: event.data.channel, direction: 'out', status: 'queued' });
      case 'message-received':
        return messages.inc({ channel: event.data.channel, direction: 'in', status: 'received' });
      case 'message-status':
        return messages.inc({ ...channelOf(thread, event.data.message), direction: 'out', status: event.data.status });
      default:
        return countCallback(callbacks, event);
    }
  });
}

/** How honest the estimated waits were, and how many customers were lost and got back. */
function recoveryFigures(
  registers: Registry[],
): (thread: Pick<Thread, 'state' | 'events'>, event: InteractionEvent) => void {
  const labelNames = ['queue'];
  const help = 'Waited longer than estimated on joining, in seconds; below 0: less long';
  const name = 'hilo_wait_estimate_error_seconds';
  const error = new Histogram({ name, help, labelNames, buckets: ESTIMATE_ERROR_BUCKETS_S, registers });
  const lost = new Counter({ name: 'hilo_customers_lost_total', help: 'Customers not served', labelNames, registers });
  const recovered = new Counter({
    name: 'hilo_customers_recovered_total',
    help: 'Lost customers who talked or wrote with somebody since, by whether we called or they did, or in writing',
    labelNames: ['queue', 'by'],
    registers,
  });
  return ({ state, events }, event) => {
    const errorMs = estimateErrorMs(events, event);
    if (errorMs !== undefined && event.type === 'connected') {
      const { entry } = event.data;
      const queue = state.waits.find((wait) => wait.entry === entry)?.queue ?? '';
      error.observe({ queue }, errorMs / 1_000);
    }
    const { lost: known } = state;
    if (event.type === 'recovered-elsewhere' && known !== undefined)
      recovered.inc({ queue: known.queue, by: event.data.by });
    if (event.type === 'work-finished' && isRecoveredNow(state))
      recovered.inc({ queue: known?.queue ?? '', by: 'message' });
    if (event.type !== 'call-ended') return;
    const { segment } = event.data;
    if (known?.state === 'open' && known.segment === segment) lost.inc({ queue: known.queue });
    if (known?.state === 'recovered' && known.recoveredIn === segment)
      recovered.inc({ queue: known.queue, by: known.by });
  };
}

function isRecoveredNow({ lost, updatedAtMs }: Interaction): boolean {
  return lost?.state === 'recovered' && lost.by === 'message' && lost.recoveredAtMs === updatedAtMs;
}

/** How the lines of this node sounded; one observation per leg that is over. */
function qualityHistograms(registers: Registry[]): (quality: LegQuality) => void {
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `hilo_leg_${name}`, help, labelNames: ['party'], buckets, registers });
  const opinion = histogram('opinion', 'Mean opinion of the sound of a line, 1 to 4.4', OPINION_BUCKETS);
  const loss = histogram('loss_percent', 'Sound lost on the way to us, in percent', LOSS_BUCKETS_PERCENT);
  const jitter = histogram('jitter_ms', 'Greatest jitter of the sound that came to us, in ms', JITTER_BUCKETS_MS);
  const roundTrip = histogram('round_trip_ms', 'To the party and back, by RTCP, in ms', ROUND_TRIP_BUCKETS_MS);
  return ({ party, opinion: score, lossPercent, jitterMs, reported }) => {
    opinion.observe({ party }, score);
    loss.observe({ party }, lossPercent);
    jitter.observe({ party }, jitterMs);
    if (reported !== undefined) roundTrip.observe({ party }, reported.roundTripMs);
  };
}

function countCallback(callbacks: Counter, event: InteractionEvent): void {
  switch (event.type) {
    case 'callback-offered':
    case 'callback-requested':
    case 'callback-attempted':
    case 'callback-attempt-failed':
      callbacks.inc({ event: event.type.replace('callback-', '') });
      break;
    case 'callback-ended':
      callbacks.inc({ event: event.data.result });
      break;
    default:
      break; // The other facts are not counted.
  }
}

function directionOf(thread: Pick<Thread, 'state'>, segment: string): string {
  return thread.state.segments.find(({ id }) => id === segment)?.direction ?? 'in';
}

function channelOf(thread: Pick<Thread, 'state'>, message: string): { readonly channel: string } {
  const found = thread.state.segments.find((segment) => segment.kind === 'message' && segment.message === message);
  return { channel: found?.channel ?? 'unknown' };
}

/** Gauges are read at the moment somebody asks. */
function readOwners(services: Services, registers: Registry[]): void {
  const { callAccounts, reconciler, live, agents, flows, interactions, health, load, servers } = services;
  gauge('calls', 'Calls of this node by the place they have reached', 'place', () =>
    Object.entries(callAccounts.counts()),
  );
  gauge(
    'calls_unaccounted',
    'What one of record, switch, live state and media servers knows of calls, and another does not, and calls with two ends; 0 unless something is broken',
    '',
    () => [['', reconciler.unaccounted + callAccounts.endedTwice]],
  );
  gauge('calls_reconciled', 'What was found unaccounted since the start, by what it was', 'what', () =>
    Object.entries(reconciler.found),
  );
  gauge('queue_waiting', 'Callers and call-backs in line, by queue', 'queue', () => {
    const counts = new Map([...flows.centre().queues.keys()].map((queue) => [queue, 0]));
    for (const entry of live.entries()) {
      if (isInLine(entry)) counts.set(entry.queue, (counts.get(entry.queue) ?? 0) + 1);
    }
    return counts;
  });
  gauge('agents', 'Agents by state', 'state', () => {
    const counts = new Map(['offline', 'available', 'ringing', 'busy', 'wrap-up', 'break'].map((state) => [state, 0]));
    for (const { presence } of agents.all()) counts.set(presence.state, (counts.get(presence.state) ?? 0) + 1);
    return counts;
  });
  gauge('record_spooled_facts', 'Facts that wait in the spool for the database', '', () => [
    ['', interactions.snapshot().spooled],
  ]);
  gauge('record_threads', 'Interactions kept in memory', '', () => [['', interactions.snapshot().threads]]);
  gauge('load_pressure', 'Each measure of load over the most that can be borne', 'measure', () =>
    Object.entries(load().pressures),
  );
  gauge('load_limited', 'Whether new calls are refused for the load', '', () => [
    ['', load().state === 'open' ? 0 : 1],
  ]);
  gauge('load_admitted_rate', 'New calls a second that are let in; absent without a bound', '', () => {
    const { ratePerS } = load();
    return ratePerS === undefined ? [] : [['', ratePerS]];
  });
  gauge('load_refused_calls', 'New calls refused for the load since the start', '', () => [['', load().refused]]);
  gauge('server_in', 'Whether each SIP and media server takes new calls', 'server', () =>
    servers().map(({ kind, server, state, standing, draining }) => [
      `${kind} ${server}`,
      state === 'up' && standing === 'in' && !draining ? 1 : 0,
    ]),
  );
  gauge('part_up', 'Whether each part works', 'part', () => health().map(({ name, up }) => [name, up ? 1 : 0]));

  function gauge(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void {
    new Gauge({
      name: `hilo_${name}`,
      help,
      labelNames: label === '' ? [] : [label],
      registers,
      collect() {
        this.reset();
        for (const [value, number] of read()) this.set(label === '' ? {} : { [label]: value }, number);
      },
    });
  }
}
