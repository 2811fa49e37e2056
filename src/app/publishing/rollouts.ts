// Staged roll-outs: a candidate gets its share of the calls on every node, and is taken back when its callers fare worse.
import { type ArmCall, type Comparison, compareArms, MEASURES, type Watch } from '../../core/rollout/comparison.js';
import { judged, type Rollout } from '../../core/rollout/rollout.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import type { Flows } from '../flows.js';
import type { FlowHistory, JournalAction, JournalLine, StoredRollout } from './flow-history.js';

/** So often each node looks what is running: a roll-out begins and ends everywhere within this time. */
export const LOOK_EVERY_MS = 2_000;
/** So often the figures are judged. */
export const JUDGE_EVERY_MS = 10_000;
/** Calls that are compared at most: the newest. */
export const MAX_CALLS = 20_000;
const HILO = 'hilo';

export interface RolloutsPorts {
  readonly flows: Pick<Flows, 'names' | 'source' | 'stage' | 'publish' | 'revisionOf' | 'check'>;
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
}

export const DEFAULT_WATCH: Watch = { measures: MEASURES, minCalls: 100, alpha: 0.05 };

export class Rollouts {
  readonly #ports: RolloutsPorts;
  #timer: Timer | undefined;
  #staged: string | undefined;
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

  close(): void {
    this.#state = 'closed';
    this.#timer?.cancel();
  }

  /**
   * Rejects with HiloError `invalid-flow` for a candidate with mistakes, `not-found` for an unknown flow or revision,
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
    flows.check(flow, text, 'or-reject');
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

  /** The candidate comes into force for everybody. */
  async promote(flow: string, author: string): Promise<Rollout> {
    const stored = await this.#runningOf(flow);
    const { candidate, text, id } = stored.rollout;
    // First in force, then over: between the two it is still the candidate, and nobody takes it for another text.
    await this.#ports.flows.publish(flow, text, author, `promoted from roll-out ${id}`);
    const atMs = this.#ports.clock.nowMs();
    const now = { state: 'promoted', atMs, by: author } as const;
    return this.#end(stored, { ...stored.rollout, now }, 'rollout-promoted', author, { revision: candidate });
  }

  async abort(flow: string, author: string, reason: string): Promise<Rollout> {
    return this.#abort(await this.#runningOf(flow), author, reason);
  }

  #again(): void {
    if (this.#state === 'closed') return;
    this.#timer = this.#ports.clock.after(LOOK_EVERY_MS, () => void this.#look().finally(() => this.#again()));
  }

  /** What is running is given to callers; what became worse, or lost what it is compared with, is ended. */
  async #look(): Promise<void> {
    const { history, log, clock } = this.#ports;
    try {
      const stored = await history.running();
      const over = stored === undefined ? undefined : await this.#overBy(stored);
      if (stored === undefined || over !== undefined) this.#stage(undefined);
      if (stored === undefined || over !== undefined) return;
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

  async #overBy(stored: StoredRollout): Promise<Rollout | undefined> {
    const { flow, baseline, candidate } = stored.rollout;
    const inForce = this.#revisionInForce(flow);
    if (inForce === baseline || inForce === candidate) return undefined;
    return this.#abort(stored, HILO, inForce === undefined ? 'flow-removed' : 'baseline-changed');
  }

  async #judge(stored: StoredRollout): Promise<void> {
    const { rollout } = stored;
    const comparison = compareArms(await this.#calls(rollout), rollout.watch);
    const next = judged(rollout, comparison, this.#ports.clock.nowMs());
    if (next === rollout) return;
    if (next.now.state !== 'stopped') {
      await this.#ports.history.change({ version: stored.version, rollout: next });
      return;
    }
    const { worseIn, candidate, baseline, measures } = comparison;
    const line = this.#line(next, 'rollout-stopped', HILO, { worseIn, measures, candidate, baseline });
    if (!(await this.#ports.history.change({ version: stored.version, rollout: next }, line))) return;
    this.#ports.log.warn({ flow: next.flow, revision: next.candidate, worseIn }, 'the candidate is worse: taken back');
    this.#stage(undefined);
  }

  /** False: it cannot be given to anybody. */
  #stage(rollout: Rollout | undefined): boolean {
    const { flows, log } = this.#ports;
    if (rollout?.id !== this.#staged) {
      log.info({ flow: rollout?.flow, revision: rollout?.candidate, percent: rollout?.percent }, 'roll-out in force');
    }
    this.#staged = rollout?.id;
    if (rollout === undefined) return flows.stage(undefined);
    const { flow, text, candidate, percent, id } = rollout;
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
    const { history, log } = this.#ports;
    if (!(await history.change({ version, rollout }, this.#line(rollout, action, by, detail)))) {
      throw new HiloError('version-conflict', `the roll-out of ${rollout.flow} was changed meanwhile: look again`);
    }
    log.info({ flow: rollout.flow, revision: rollout.candidate, by, ...detail }, action);
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
    return this.#ports.history.callsOf(rollout, MAX_CALLS);
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
