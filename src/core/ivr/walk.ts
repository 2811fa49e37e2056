// Walks a caller through a flow: from one ask to the next, within limits, without I/O.
import { assert, unreachable } from '../../lib/assert.js';
import { DEFAULT_RUN_LIMITS } from '../document/run-limits.js';
import { firstSpoken } from '../interaction/language.js';
import { ANSWERS, type Answer, type Ask } from './ask.js';
import { type Facts, nowIn } from './facts.js';
import type { Flow, Move, Step, StepContext, StepMemory } from './flow.js';
import { MAX_FACT_CHARS, MAX_FLOW_DEPTH } from './limits.js';
import { STRANGER } from './outside/customer.js';
import type {
  Budget,
  CallFacts,
  FlowCatalogue,
  Frame,
  LimitName,
  Progress,
  Session,
  SessionStart,
  TraceLine,
} from './session.js';
import { Secret } from './variable/secret.js';

/** Begins a walk and goes as far as the first ask. `start.flow` has to be in the catalogue. */
export function startSession(catalogue: FlowCatalogue, start: SessionStart): Progress {
  const flow = flowNamed(catalogue, start.flow);
  const language = firstSpoken(start.languages, flow.languages) ?? flow.languages[0] ?? '';
  const walk = new Walk(catalogue, start.nowMs, {
    call: cutFacts(start.call),
    timeZone: start.timeZone,
    language,
    served: false,
    frames: [],
    budget: { kind: 'open', steps: 0, stepsSinceInput: 0, visits: {}, spentMs: 0 },
  });
  return walk.perform({ kind: 'call', flow: start.flow, values: start.give ?? {} });
}

/**
 * Gives the answer to the last ask and goes as far as the next. The catalogue has to be the one that the session began with.
 * Throws AssertionFailed when the session has ended or the answer is of a kind that the ask cannot have.
 */
export function advance(catalogue: FlowCatalogue, session: Session, answer: Answer, nowMs: number): Progress {
  assert(session.state === 'asking', 'the session has ended');
  const accepted: readonly string[] = ANSWERS[session.asked];
  assert(accepted.includes(answer.kind), `an ask '${session.asked}' is not answered by '${answer.kind}'`);
  const state = { ...session, budget: withTime(session, nowMs) };
  return new Walk(catalogue, nowMs, state, session.failures, session.memory).answer(answer);
}

type WalkState = Pick<Session, 'call' | 'timeZone' | 'language' | 'served' | 'customer' | 'frames' | 'budget'>;

class Walk {
  private readonly trace: TraceLine[] = [];
  private state: WalkState;

  constructor(
    private readonly catalogue: FlowCatalogue,
    private readonly nowMs: number,
    { call, timeZone, language, served, customer, frames, budget }: WalkState,
    private failures = 0,
    private memory: StepMemory = {},
  ) {
    this.state = { call, timeZone, language, served, frames, budget, ...(customer === undefined ? {} : { customer }) };
  }

  answer(answer: Answer): Progress {
    const { budget } = this.state;
    if (budget.kind === 'spent' && budget.exit === 'queue') return this.leftSafely(answer);
    const { step } = this.here();
    assert(step.answer !== undefined, 'a step that asks takes answers');
    if ((answer.kind === 'digits' || answer.kind === 'written') && this.state.budget.kind === 'open') {
      this.state = { ...this.state, budget: { ...this.state.budget, stepsSinceInput: 0 } };
    }
    const move = step.answer(answer, this.context());
    return this.perform(move.kind === 'ask' ? this.askNext(move) : move);
  }

  /** A step that asks several things pays for each, and each has its own tries. */
  private askNext(move: Extract<Move, { kind: 'ask' }>): Move {
    if (move.outcome !== undefined) this.note(move.outcome);
    this.failures = 0;
    return this.spend() ?? move;
  }

  /** Follows moves until one asks. Ends: each round spends budget, and a spent budget ends the call. */
  perform(first: Move): Progress {
    let move = first;
    for (;;) {
      switch (move.kind) {
        case 'ask':
          this.memory = move.memory ?? {};
          this.assign(move.values, undefined);
          return this.asking(move.ask);
        case 'ask-again': {
          this.note(move.outcome);
          const stop = this.spend();
          if (stop === undefined) {
            this.failures += 1;
            return this.asking(move.ask);
          }
          move = stop;
          break;
        }
        case 'go':
          this.note(move.outcome);
          this.changeTo(move);
          move = this.enter(this.top(), move.to);
          break;
        case 'call':
          move = this.call(move);
          break;
        case 'return':
          move = this.goBack();
          break;
        case 'end':
          this.note(move.outcome);
          return this.ended({ kind: 'hangup', prompts: move.prompts, result: move.result, reason: move.reason });
        default:
          return unreachable(move);
      }
    }
  }

  private enter(frame: Frame, step: string): Move {
    this.failures = 0;
    this.memory = {};
    this.state = { ...this.state, frames: [...this.state.frames.slice(0, -1), { ...frame, step }] };
    return this.spend(`${frame.flow}/${step}`) ?? this.here().step.enter(this.context());
  }

  private call({ flow: name, values, secrets = {}, missing = [] }: Extract<Move, { kind: 'call' }>): Move {
    const lacking = missing.length === 0 ? '' : `,not-computed:${missing.join(',')}`;
    if (this.state.frames.length > 0) this.note(`flow:${name}${lacking}`);
    if (this.state.frames.length >= MAX_FLOW_DEPTH) return this.giveUp('flows-too-deep');
    const flow = flowNamed(this.catalogue, name);
    const { language } = this.state;
    this.trace.push({ kind: 'flow-entered', flow: name, revision: flow.revision, language });
    const initial = Object.fromEntries([...flow.variables].map(([variable, { initial: value }]) => [variable, value]));
    const frame: Frame = { flow: name, step: flow.start, variables: { ...initial, ...values }, secrets };
    this.state = { ...this.state, frames: [...this.state.frames, frame] };
    return this.enter(frame, flow.start);
  }

  private goBack(): Move {
    const done = this.top();
    const frames = this.state.frames.slice(0, -1);
    if (frames.length === 0) {
      return { kind: 'end', outcome: 'return', prompts: [], result: 'served', reason: 'flow-finished' };
    }
    this.note('return');
    this.state = { ...this.state, frames };
    const { step } = this.here();
    assert(step.returned !== undefined, 'a step that calls a flow takes its return');
    return step.returned(done.variables, done.secrets);
  }

  private changeTo(move: Extract<Move, { kind: 'go' }>): void {
    if (move.language !== undefined && move.language !== this.state.language) {
      this.state = { ...this.state, language: move.language };
      this.trace.push({ kind: 'language-set', language: move.language });
    }
    if (move.customer !== undefined) this.state = { ...this.state, customer: move.customer };
    if (move.served === true) this.state = { ...this.state, served: true };
    if (move.survey !== undefined) {
      this.trace.push({ kind: 'survey-answered', name: this.reportedName(), ...move.survey });
    }
    this.assign(move.values, move.secrets);
  }

  private assign(values: Frame['variables'] | undefined, secret: Frame['secrets'] | undefined): void {
    if (values === undefined && secret === undefined) return;
    const top = this.top();
    const { variables, secrets } = top;
    const frame = { ...top, variables: { ...variables, ...values }, secrets: { ...secrets, ...secret } };
    this.state = { ...this.state, frames: [...this.state.frames.slice(0, -1), frame] };
  }

  /** Counts one step, and the arrival at `place`. A move when that was one too many. */
  private spend(place?: string): Move | undefined {
    const { budget } = this.state;
    if (budget.kind === 'spent') return this.giveUp(budget.reason);
    const steps = budget.steps + 1;
    const stepsSinceInput = budget.stepsSinceInput + 1;
    const { limits = DEFAULT_RUN_LIMITS } = this.catalogue;
    const times = place === undefined ? 0 : (budget.visits[place] ?? 0) + 1;
    if (steps > limits.steps) return this.giveUp('too-many-steps');
    if (stepsSinceInput > limits.withoutInput) return this.giveUp('too-long-without-input');
    if (times > limits.sameStep) return this.giveUp('too-often-here');
    if (budget.spentMs > limits.timeMs) return this.giveUp('too-long-in-flow');
    const visits = place === undefined ? budget.visits : { ...budget.visits, [place]: times };
    this.state = { ...this.state, budget: { ...budget, steps, stepsSinceInput, visits } };
    return undefined;
  }

  /** Once: the fallback of the flow that the call began with, or else the queue that the centre names; then the end. */
  private giveUp(reason: LimitName): Move {
    const [first] = this.state.frames;
    assert(first !== undefined, 'a walk has a flow');
    const { fallback } = flowNamed(this.catalogue, first.flow);
    const queue = this.catalogue.limits?.exitQueue;
    if (this.state.budget.kind === 'spent')
      return { kind: 'end', outcome: reason, prompts: [], result: 'failed', reason };
    const exit = fallback !== undefined ? 'fallback' : queue !== undefined ? 'queue' : 'end';
    const { flow, step } = this.top();
    if (exit !== 'end') this.note(reason);
    this.trace.push({ kind: 'limit-hit', flow, step, limit: reason, to: exit });
    if (exit === 'end') return { kind: 'end', outcome: reason, prompts: [], result: 'failed', reason };
    this.failures = 0;
    this.memory = {};
    this.state = { ...this.state, budget: { kind: 'spent', reason, exit } };
    if (fallback === undefined) return { kind: 'ask', ask: { kind: 'queue', queue: queue ?? '', overflow: 'queue' } };
    this.state = { ...this.state, frames: [{ ...first, step: fallback, secrets: {} }] };
    return this.here().step.enter(this.context());
  }

  /** Back from the queue that the centre names for calls beyond a limit: the flow has nothing more to say. */
  private leftSafely(answer: Answer): Progress {
    assert(answer.kind === 'queue', 'a queue is answered by its outcome');
    const served = answer.outcome === 'served';
    const outcome = served ? 'served' : `not-served:${answer.reason}`;
    return this.perform({
      kind: 'end',
      outcome,
      prompts: [],
      result: served ? 'served' : 'refused',
      reason: answer.reason,
    });
  }

  private here(): { flow: Flow; step: Step } {
    const { flow: name, step: stepName } = this.top();
    const flow = flowNamed(this.catalogue, name);
    const step = flow.steps.get(stepName);
    assert(step !== undefined, `flow '${name}' has no step '${stepName}'`);
    return { flow, step };
  }

  private top(): Frame {
    const frame = this.state.frames.at(-1);
    assert(frame !== undefined, 'a walk has a flow');
    return frame;
  }

  private context(): StepContext {
    const { call, timeZone, language, customer = STRANGER } = this.state;
    const { nowMs, failures, memory } = this;
    const facts: Facts = { call, now: nowIn(timeZone, nowMs), language, customer, variables: this.top().variables };
    return {
      ...{ facts, language, failures, memory, nowMs },
      isLookedUp: this.state.customer !== undefined,
      isOpen: (hours) => this.catalogue.isOpen(hours, nowMs),
      isHoliday: (hours) => this.catalogue.isHoliday(hours, nowMs),
      secret: (name) => {
        const secret = this.top().secrets[name];
        return secret instanceof Secret ? secret : undefined;
      },
    };
  }

  private note(outcome: string): void {
    const { flow, step } = this.top();
    const { name } = this.here().step;
    this.trace.push({ kind: 'step', flow, step, outcome, ...(name === undefined ? {} : { name }) });
  }

  private reportedName(): string {
    return this.here().step.name ?? this.top().step;
  }

  private asking(ask: Ask): Progress {
    const session: Session = {
      ...this.state,
      state: 'asking',
      asked: ask.kind,
      askedAtMs: this.nowMs,
      failures: this.failures,
      memory: this.memory,
    };
    return { session, ask, trace: this.trace };
  }

  private ended(ask: Extract<Ask, { kind: 'hangup' }>): Progress {
    // Nobody can use a secret any more.
    const frames = this.state.frames.map((frame) => ({ ...frame, secrets: {} }));
    return { session: { ...this.state, frames, state: 'ended', reason: ask.reason }, ask, trace: this.trace };
  }
}

/** Asks during which the caller is not with the flow. */
const ELSEWHERE: readonly Ask['kind'][] = ['queue', 'forward', 'voicemail'];

/** With the time of the last ask, if it was the flow's. A clock that was set back takes nothing away. */
function withTime(session: Extract<Session, { state: 'asking' }>, nowMs: number): Budget {
  const { budget, asked, askedAtMs } = session;
  if (budget.kind === 'spent' || ELSEWHERE.includes(asked)) return budget;
  return { ...budget, spentMs: budget.spentMs + Math.max(0, nowMs - askedAtMs) };
}

function flowNamed(catalogue: FlowCatalogue, name: string): Flow {
  const flow = catalogue.flows.get(name);
  assert(flow !== undefined, `there is no flow '${name}'`);
  return flow;
}

function cutFacts(call: CallFacts): CallFacts {
  const cut = (text: string) => text.slice(0, MAX_FACT_CHARS);
  return { from: cut(call.from), name: cut(call.name), to: cut(call.to), reference: cut(call.reference) };
}
