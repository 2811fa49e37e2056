// Notices of supervisors, in memory.
import { HiloError } from '../../../src/app/errors.js';
import type { Notice, NoticeStore } from '../../../src/app/supervision/notices.js';

export class FakeNotices implements NoticeStore {
  readonly kept = new Map<string, Notice>();
  available = true;

  async notices(nowMs: number): Promise<readonly Notice[]> {
    this.#check();
    return [...this.kept.values()].filter(({ untilMs }) => untilMs > nowMs);
  }

  async saveNotice(notice: Notice): Promise<void> {
    this.#check();
    this.kept.set(notice.id, notice);
  }

  async endNotice(id: string, atMs: number): Promise<void> {
    this.#check();
    const notice = this.kept.get(id);
    if (notice !== undefined) this.kept.set(id, { ...notice, untilMs: atMs });
  }

  #check(): void {
    if (!this.available) throw new HiloError('store-unavailable', 'the database is away');
  }
}
