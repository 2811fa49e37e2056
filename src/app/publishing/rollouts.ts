// Staged roll-outs: a candidate gets its share of the calls on every node, and is taken back when its callers fare worse.
import {
  type ArmCall,
  CALLS_PER_SIDE,
  type Comparison,
  compareArms,
  lookAt,
  MEASURES,
  type Watch,
} from '../../core/rollout/comparison.js';
import { judged, type Rollout } from '../../core/rollout/rollout.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import type { Flows, Proof } from '../flows.js';
import type { FlowHistory, JournalAction, JournalLine, StoredRollout } from './flow-history.js';

/** So often each node looks what is running: a roll-out begins and ends everywhere within this time. */
export const LOOK_EVERY_MS = 2_000;
/** So often the figures are judged. */
export const JUDGE_EVERY_MS = 10_000;
/** A folder on a share shows a node what another one published this late at most: until then it may be behind. */
export const BEHIND_MS = 15_000;
/** Whoever promotes ends the roll-out in this time; later it was published in another way, or the promoter is gone. */
export const PROMOTED_AFTER_MS = 10_000;
/** Others change the row once in {@link JUDGE_EVERY_MS}. */
const PROMOTE_TRIES = 5;
const HILO = 'hilo';

export interface RolloutsPorts {
  readonly flows: Pick<Flows, 'names' | 'source' | 'stage' | 'publish' | 'revisionOf' | 'prove'>;
  readonly history: FlowHistory;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export interface RolloutRequest {
  readonly flow: string;
  /** Either the name of a revision that is kept, or a text. */
  readonly candidate: { readonly revision: string } | { readonly text: string };
  readonly percent: number;
  readonly watch: Partial<Watch>;
  readonly note: string;
  /** `tests-pass` unless given. */
  readonly proof?: Proof;
}

/** What this node has seen of the roll-out that runs; times are monotonic. */
interface Sight {
  readonly id: string;
  readonly sinceMs: number;
  /** Whether the baseline was ever in force here: if not, this node may be behind. */
  readonly hadBaseline: boolean;
  /** The revision in force; undefined: the flow is gone. */
  readonly inForce: string | undefined;
  readonly inForceMs: number;
}

export const DEFAULT_WATCH: Watch = { measures: MEASURES, minCalls: 100, alpha: 0.05 };

export class Rollouts {
  readonly #ports: RolloutsPorts;
  #timer: Timer | undefined;
  #staged: string | undefined;
  #sight: Sight | undefined;
  /** One look after the other: a late answer must not undo what a newer one has done. */
  #looking: Promise<void> = Promise.resolve();
  #judgedAtMs = Number.NEGATIVE_INFINITY;
  #state: 'open' | 'closed' = 'open';

  constructor(ports: RolloutsPorts) {
    this.#ports = ports;
  }

  /** Resolves when this node gives callers what is running. */
  async start(): Promise<void> {
    await this.#look();
    this.#again();
  }

  /** Resolves when no look is under way any more. */
  close(): Promise<void> {
    this.#state = 'closed';
    this.#timer?.cancel();
    return this.#looking;
  }

  /**
   * Rejects with HiloError `invalid-flow` and `tests-failed` for a candidate with mistakes, `not-found` for an unknown flow or revision,
   * `wrong-state` while another roll-out runs or when the candidate is in force already.
   */
  async begin(request: RolloutRequest, author: string): Promise<Rollout> {
    const { flows, history, ids, clock } = this.#ports;
    const { flow, percent, note } = request;
    if (!flows.names().includes(flow)) throw new HiloError('not-found', `there is no flow ${flow}`);
    const baseline = flows.source(flow).revision;
    const text = await this.#textOf(request);
    const candidate = flows.revisionOf(flow, text);
    if (candidate === baseline)
      throw new HiloError('wrong-state', `revision ${candidate} of ${flow} is in force already`);
    await flows.prove(flow, text, request.proof);
    const rollout: Rollout = {
      ...{ id: ids.uuid(), flow, baseline, candidate, text, percent, author, note },
      watch: { ...DEFAULT_WATCH, ...request.watch },
      startedAtMs: clock.nowMs(),
      looks: 0,
      now: { state: 'running' },
    };
    const begun = await history.begin(rollout, this.#line(rollout, 'rollout-started', author, { percent, note }));
    if (!begun) throw new HiloError('wrong-state', 'another roll-out is running: promote or abort it first');
    await this.#look();
    return rollout;
  }

  /** The newest roll-out of a flow with its figures as they are now. Rejects with HiloError `not-found`. */
  async of(flow: string): Promise<{ rollout: Rollout; comparison: Comparison }> {
    const { rollout } = await this.#newestOf(flow);
    return { rollout, comparison: compareArms(await this.#calls(rollout), rollout.watch) };
  }

  /**
   * The candidate comes into force for everybody. First in force, then over: between the two it is still the candidate, and
   * nobody takes it for another text. Whatever else ends the roll-out in this moment is overtaken by that.
   */
  async promote(flow: string, author: string): Promise<Rollout> {
    const { history, flows, clock } = this.#ports;
    const { candidate, text, id } = (await this.#runningOf(flow)).rollout;
    await flows.publish(flow, text, { author, note: `promoted from roll-out ${id}`, proof: 'untested' });
    for (let tries = 0; tries < PROMOTE_TRIES; tries += 1) {
      const { version, rollout } = await this.#newestOf(flow);
      if (rollout.id !== id) break;
      if (rollout.now.state === 'promoted') return rollout;
      const now = { state: 'promoted', atMs: clock.nowMs(), by: author } as const;
      const promoted = { ...rollout, now };
      const line = this.#line(promoted, 'rollout-promoted', author, { revision: candidate });
      if (await history.change({ version, rollout: promoted }, line)) return this.#over(promoted, author);
    }
    throw new HiloError('version-conflict', `${candidate} of ${flow} is in force; its roll-out was changed meanwhile`);
  }

  async abort(flow: string, author: string, reason: string): Promise<Rollout> {
    return this.#abort(await this.#runningOf(flow), author, reason);
  }

  #again(): void {
    if (this.#state === 'closed') return;
    this.#timer = this.#ports.clock.after(LOOK_EVERY_MS, () => void this.#look().finally(() => this.#again()));
  }

  #look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#lookOnce());
    return this.#looking;
  }

  /** What is running is given to callers; what became worse, or lost what it is compared with, is ended. Never rejects. */
  async #lookOnce(): Promise<void> {
    const { history, log, clock } = this.#ports;
    if (this.#state === 'closed') return;
    try {
      const stored = await history.running();
      if (stored === undefined || (await this.#isOver(stored))) {
        this.#stage(undefined);
        return;
      }
      if (!this.#stage(stored.rollout)) {
        await this.#abort(stored, HILO, 'candidate-does-not-compile');
        return;
      }
      if (clock.monotonicMs() - this.#judgedAtMs < JUDGE_EVERY_MS) return;
      this.#judgedAtMs = clock.monotonicMs();
      await this.#judge(stored);
    } catch (error) {
      // What callers get stays as it is until the database answers again.
      log.warn({ err: error }, 'the roll-outs cannot be looked at');
    }
  }

  /** Ends what the text in force has overtaken. */
  async #isOver(stored: StoredRollout): Promise<boolean> {
    const { rollout } = stored;
    const { flow, baseline, candidate } = rollout;
    const nowMs = this.#ports.clock.monotonicMs();
    const inForce = this.#revisionInForce(flow);
    const sight = this.#sightOf(rollout, inForce);
    if (inForce === baseline) return false;
    if (inForce === candidate) {
      if (nowMs - sight.inForceMs < PROMOTED_AFTER_MS) return false;
      const now = { state: 'promoted', atMs: this.#ports.clock.nowMs(), by: HILO } as const;
      await this.#end(stored, { ...rollout, now }, 'rollout-promoted', HILO, { reason: 'in-force' });
      return true;
    }
    if (!sight.hadBaseline && nowMs - sight.sinceMs < BEHIND_MS) return false;
    await this.#abort(stored, HILO, inForce === undefined ? 'flow-removed' : 'baseline-changed');
    return true;
  }

  #sightOf({ id, baseline }: Rollout, inForce: string | undefined): Sight {
    const sinceMs = this.#ports.clock.monotonicMs();
    const known =
      this.#sight?.id === id ? this.#sight : { id, sinceMs, hadBaseline: false, inForce, inForceMs: sinceMs };
    const inForceMs = known.inForce === inForce ? known.inForceMs : sinceMs;
    this.#sight = { ...known, inForce, inForceMs, hadBaseline: known.hadBaseline || inForce === baseline };
    return this.#sight;
  }

  async #judge(stored: StoredRollout): Promise<void> {
    const { rollout } = stored;
    const entered = await this.#ports.history.smallerSide(rollout, CALLS_PER_SIDE);
    // Fewer are over than have entered: the calls themselves are read only where a look can be due.
    if (lookAt(entered, rollout.watch.minCalls) <= rollout.looks) return;
    const comparison = compareArms(await this.#calls(rollout), rollout.watch);
    const next = judged(rollout, comparison, this.#ports.clock.nowMs());
    if (next === rollout) return;
    if (next.now.state !== 'stopped') {
      await this.#ports.history.change({ version: stored.version, rollout: next });
      return;
    }
    const { worseIn, candidate, baseline, measures } = comparison;
    const detail = { worseIn, measures, figures: { candidate, baseline } };
    const line = this.#line(next, 'rollout-stopped', HILO, detail);
    if (!(await this.#ports.history.change({ version: stored.version, rollout: next }, line))) return;
    this.#ports.log.warn({ flow: next.flow, revision: next.candidate, worseIn }, 'the candidate is worse: taken back');
    this.#stage(undefined);
  }

  /** False: it cannot be given to anybody. */
  #stage(rollout: Rollout | undefined): boolean {
    const { flows, log } = this.#ports;
    const isNew = rollout?.id !== this.#staged;
    this.#staged = rollout?.id;
    if (rollout === undefined) {
      if (isNew) log.info({}, 'no roll-out in force any more');
      return flows.stage(undefined);
    }
    const { flow, text, candidate, percent, id } = rollout;
    if (isNew) log.info({ flow, revision: candidate, percent }, 'roll-out in force');
    return flows.stage({ flow, text, revision: candidate, percent, seed: id });
  }

  #revisionInForce(flow: string): string | undefined {
    try {
      return this.#ports.flows.source(flow).revision;
    } catch (error) {
      if (error instanceof HiloError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  #abort(stored: StoredRollout, by: string, reason: string): Promise<Rollout> {
    const now = { state: 'aborted', atMs: this.#ports.clock.nowMs(), by, reason } as const;
    return this.#end(stored, { ...stored.rollout, now }, 'rollout-aborted', by, { reason });
  }

  async #end(
    { version }: StoredRollout,
    rollout: Rollout,
    action: JournalAction,
    by: string,
    detail: Readonly<Record<string, unknown>>,
  ): Promise<Rollout> {
    if (!(await this.#ports.history.change({ version, rollout }, this.#line(rollout, action, by, detail)))) {
      throw new HiloError('version-conflict', `the roll-out of ${rollout.flow} was changed meanwhile: look again`);
    }
    return this.#over(rollout, by);
  }

  #over(rollout: Rollout, by: string): Rollout {
    const { flow, candidate: revision, now } = rollout;
    this.#ports.log.info({ flow, revision, by, ...now }, 'the roll-out is over');
    this.#stage(undefined);
    return rollout;
  }

  #line(
    { flow, id, candidate, baseline }: Rollout,
    action: JournalAction,
    by: string,
    detail: Readonly<Record<string, unknown>>,
  ): JournalLine {
    const atMs = this.#ports.clock.nowMs();
    return { atMs, flow, action, by, detail: { rollout: id, candidate, baseline, ...detail } };
  }

  async #textOf({ flow, candidate }: RolloutRequest): Promise<string> {
    if ('text' in candidate) return candidate.text;
    const text = await this.#ports.history.textOf(flow, candidate.revision);
    if (text === undefined) throw new HiloError('not-found', `${flow} has no revision ${candidate.revision}`);
    return text;
  }

  #calls(rollout: Rollout): Promise<readonly ArmCall[]> {
    return this.#ports.history.callsOf(rollout, CALLS_PER_SIDE);
  }

  async #newestOf(flow: string): Promise<StoredRollout> {
    const stored = await this.#ports.history.newestOf(flow);
    if (stored === undefined) throw new HiloError('not-found', `there was no roll-out of ${flow}`);
    return stored;
  }

  async #runningOf(flow: string): Promise<StoredRollout> {
    const stored = await this.#newestOf(flow);
    const { state } = stored.rollout.now;
    if (state !== 'running') throw new HiloError('wrong-state', `the roll-out of ${flow} is over: ${state}`);
    return stored;
  }
}
