// The history of the centre's texts in memory, with the rules of the real one; `calls` is what became of the callers.

import type { RecordStore } from '../../../src/app/ports.js';
import type {
  FlowHistory,
  JournalLine,
  RevisionLine,
  RevisionRow,
  StoredRollout,
} from '../../../src/app/publishing/flow-history.js';
import type { FlowRename } from '../../../src/core/guide/naming.js';
import type { ArmCall } from '../../../src/core/rollout/comparison.js';
import type { Rollout } from '../../../src/core/rollout/rollout.js';

export class FakeFlowHistory implements FlowHistory, Pick<RecordStore, 'saveRevision' | 'revision'> {
  readonly rows: RevisionRow[] = [];
  readonly lines: JournalLine[] = [];
  readonly #rollouts: StoredRollout[] = [];
  calls: readonly ArmCall[] = [];

  async saveRevision(...rows: readonly RevisionRow[]): Promise<void> {
    this.rows.push(...rows);
  }

  async revision(name: string, revision?: string): Promise<Omit<RevisionRow, 'name'> | undefined> {
    return this.rows.findLast((row) => row.name === name && (revision === undefined || row.revision === revision));
  }

  async revisions(name: string, limit: number): Promise<readonly RevisionLine[]> {
    const own = this.rows.filter((row) => row.name === name).reverse();
    return own
      .filter(({ revision }, index) => own[index - 1]?.revision !== revision)
      .slice(0, limit)
      .map(({ revision, author, note, atMs }) => ({ revision, author, note, atMs }));
  }

  async textOf(name: string, revision: string): Promise<string | undefined> {
    const candidate = this.#rollouts.find(({ rollout }) => rollout.flow === name && rollout.candidate === revision);
    return (await this.revision(name, revision))?.text ?? candidate?.rollout.text;
  }

  async journal(flow: string, limit: number): Promise<readonly JournalLine[]> {
    return this.lines
      .filter((line) => line.flow === flow)
      .reverse()
      .slice(0, limit);
  }

  async renames(limit: number): Promise<readonly FlowRename[]> {
    return this.lines
      .flatMap(({ flow, action, atMs, detail: { to } }) =>
        action === 'renamed' && typeof to === 'string' && flow !== 'centre' ? [{ from: flow, to, atMs }] : [],
      )
      .slice(-limit);
  }

  async running(): Promise<StoredRollout | undefined> {
    return this.#rollouts.find(({ rollout }) => rollout.now.state === 'running');
  }

  async newestOf(flow: string): Promise<StoredRollout | undefined> {
    return this.#rollouts.findLast(({ rollout }) => rollout.flow === flow);
  }

  async begin(rollout: Rollout, line: JournalLine): Promise<boolean> {
    if ((await this.running()) !== undefined) return false;
    this.#rollouts.push({ version: 1, rollout });
    this.lines.push(line);
    return true;
  }

  async change({ version, rollout }: StoredRollout, line?: JournalLine): Promise<boolean> {
    const at = this.#rollouts.findIndex((stored) => stored.rollout.id === rollout.id && stored.version === version);
    if (at < 0) return false;
    this.#rollouts[at] = { version: version + 1, rollout };
    if (line !== undefined) this.lines.push(line);
    return true;
  }

  async note(line: JournalLine): Promise<void> {
    this.lines.push(line);
  }

  async smallerSide(_rollout: Rollout, limit: number): Promise<number> {
    const candidates = this.calls.filter(({ arm }) => arm === 'candidate').length;
    return Math.min(candidates, this.calls.length - candidates, limit);
  }

  async callsOf(): Promise<readonly ArmCall[]> {
    return this.calls;
  }
}
