// What queueing theory says of one queue: Erlang B, C and A for calls at a steady rate and agents who are all alike.
//
// Sources: A. K. Erlang (1917) for B and C; C. Palm (1957) for A; the integrals of A as given by F. Baccelli and G. Hebuterne,
// "On queues with impatient customers" (1981), and A. Mandelbaum and S. Zeltyn, "The Palm/Erlang-A queue, with
// applications to call centers" (2005).
import { assert } from '../../lib/assert.js';

export interface StaffingQuestion {
  readonly callsPerHour: number;
  /** Mean time a call occupies an agent: ringing, talk and wrap-up, in ms. */
  readonly handleMs: number;
  readonly agents: number;
  readonly serviceLevelMs: number;
  /** Who hangs up before this is a short abandonment and counts nowhere; 0: there are none. */
  readonly shortAbandonMs: number;
}

export interface ImpatientQuestion extends StaffingQuestion {
  /** Mean of an exponential patience, in ms. */
  readonly patienceMs: number;
}

/** The same definitions as in core/interaction/kpi.ts; shares are 0 … 1. */
export interface StaffingFigures {
  /** Share of callers who do not get an agent at once. */
  readonly waits: number;
  /** answered within `serviceLevelMs` / (answered + abandoned). */
  readonly serviceLevel: number;
  /** abandoned / (answered + abandoned). */
  readonly abandonRate: number;
  /** Mean wait of those who were answered, in ms. */
  readonly asaMs: number;
  readonly occupancy: number;
}

/** Panels of Simpson's rule: the curves are smooth, and the error is far below what anybody can measure. */
const PANELS = 2_000;
/** What is below e^-45 of the peak does not count. */
const NEGLIGIBLE = 45;
const HOUR_MS = 3_600_000;
const MAX_AGENTS = 100_000;

/** Share of calls that find all agents busy when nobody waits. `erlangs`: calls per hour × hours of handling. */
export function erlangB(erlangs: number, agents: number): number {
  assert(agents >= 0 && agents <= MAX_AGENTS, 'agents are counted in whole numbers');
  // The recursion of the reciprocal: 1/B(n) = 1 + n/a · 1/B(n-1).
  let inverse = 1;
  for (let n = 1; n <= agents; n += 1) inverse = 1 + (n / erlangs) * inverse;
  return 1 / inverse;
}

/** Everybody waits for ever. Undefined when more comes than the agents can do: the queue would grow without end. */
export function erlangC(question: StaffingQuestion): StaffingFigures | undefined {
  const { callsPerHour, handleMs, agents, serviceLevelMs } = question;
  const erlangs = (callsPerHour / HOUR_MS) * handleMs;
  if (erlangs >= agents) return undefined;
  if (erlangs === 0) return { waits: 0, serviceLevel: 1, abandonRate: 0, asaMs: 0, occupancy: 0 };
  const occupancy = erlangs / agents;
  const blocked = erlangB(erlangs, agents);
  const waits = blocked / (1 - occupancy * (1 - blocked));
  const drainPerMs = (agents - erlangs) / handleMs;
  return {
    waits,
    serviceLevel: 1 - waits * Math.exp(-drainPerMs * serviceLevelMs),
    abandonRate: 0,
    asaMs: waits / drainPerMs,
    occupancy,
  };
}

/** Callers hang up after an exponential time. There is always an answer, also for an overloaded queue. */
export function erlangA(question: ImpatientQuestion): StaffingFigures {
  const { callsPerHour, handleMs, agents, patienceMs, serviceLevelMs, shortAbandonMs } = question;
  const rate = callsPerHour / HOUR_MS;
  if (rate === 0) return { waits: 0, serviceLevel: 1, abandonRate: 0, asaMs: 0, occupancy: 0 };
  if (agents === 0) return { waits: 1, serviceLevel: 0, abandonRate: 1, asaMs: 0, occupancy: 0 };
  const stays = (ms: number): number => Math.exp(-ms / patienceMs);
  const wait = offeredWait(rate, agents / handleMs, patienceMs);
  // Odds of waiting against being served at once: λ·J / ε, where ε = 1 / B(agents - 1).
  const logOdds = Math.log(rate * wait.area * erlangB(rate * handleMs, agents - 1)) + wait.peak;
  const waits = 1 / (1 + Math.exp(-logOdds));
  const density = (ms: number): number => (waits / wait.area) * wait.curve(ms);
  const over = (value: (ms: number) => number, toMs: number): number =>
    integral((ms) => density(ms) * value(ms), wait.fromMs, Math.min(toMs, wait.toMs));
  const served = 1 - waits + over(stays, wait.toMs);
  // Hung up within the short-abandon limit, before an agent would have come.
  const gaveUpShort =
    over((ms) => 1 - stays(ms), shortAbandonMs) + (waits - over(() => 1, shortAbandonMs)) * (1 - stays(shortAbandonMs));
  const counted = Math.max(served, 1 - gaveUpShort);
  return {
    waits,
    serviceLevel: (1 - waits + over(stays, serviceLevelMs)) / counted,
    abandonRate: Math.max(0, 1 - served / counted),
    asaMs: over((ms) => ms * stays(ms), wait.toMs) / served,
    occupancy: (rate * handleMs * served) / agents,
  };
}

/** The wait that a caller of endless patience would have, given that there is one: its density up to a factor. */
function offeredWait(rate: number, drain: number, patienceMs: number) {
  // exp(λ·∫₀ˣ(1-G) - nμx), with the exponent's greatest value taken out: it may be beyond what a number holds.
  const exponent = (ms: number): number => rate * patienceMs * (1 - Math.exp(-ms / patienceMs)) - drain * ms;
  const peakMs = rate > drain ? patienceMs * Math.log(rate / drain) : 0;
  const peak = exponent(peakMs);
  const small = (ms: number): boolean => exponent(ms) < peak - NEGLIGIBLE;
  let toMs = Math.max(peakMs, 1 / drain);
  while (!small(toMs)) toMs *= 2;
  toMs = border(peakMs, toMs, small);
  const fromMs = small(0) ? border(peakMs, 0, small) : 0;
  const curve = (ms: number): number => (ms < fromMs || ms > toMs ? 0 : Math.exp(exponent(ms) - peak));
  return { fromMs, toMs, peak, curve, area: integral(curve, fromMs, toMs) };
}

/** Where `holds` begins to, on the way from `inside` to `outside`, where it does. */
function border(inside: number, outside: number, holds: (value: number) => boolean): number {
  let [near, far] = [inside, outside];
  for (let step = 0; step < 60; step += 1) {
    const middle = (near + far) / 2;
    if (holds(middle)) far = middle;
    else near = middle;
  }
  return far;
}

/** Simpson's rule. */
function integral(curve: (value: number) => number, from: number, to: number): number {
  if (to <= from) return 0;
  const width = (to - from) / PANELS;
  let sum = curve(from) + curve(to);
  for (let panel = 1; panel < PANELS; panel += 1) sum += (panel % 2 === 1 ? 4 : 2) * curve(from + panel * width);
  return (sum * width) / 3;
}
