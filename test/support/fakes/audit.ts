// The audit log, in memory.
import type { AuditLine, AuditQuery, AuditStore } from '../../../src/app/audit.js';
import { HiloError } from '../../../src/app/errors.js';

export class FakeAudit implements AuditStore {
  readonly lines: AuditLine[] = [];
  available = true;

  async noteAudit(note: Parameters<AuditStore['noteAudit']>[0]): Promise<void> {
    this.#check();
    this.lines.push({ ...note, number: this.lines.length + 1 });
  }

  async audit({ by, act, on, fromMs, toMs, before, limit }: AuditQuery): Promise<readonly AuditLine[]> {
    this.#check();
    const found = this.lines.filter(
      (line) =>
        (by === undefined || line.by === by) &&
        (act === undefined || line.act === act) &&
        (on === undefined || line.on === on) &&
        (fromMs === undefined || line.atMs >= fromMs) &&
        (toMs === undefined || line.atMs < toMs) &&
        (before === undefined || line.number < before),
    );
    return found.toReversed().slice(0, limit);
  }

  #check(): void {
    if (!this.available) throw new HiloError('store-unavailable', 'the database is away');
  }
}
