// The record as the API reads it: written by the test, with the questions that were asked.
import type { InteractionQuery, InteractionSummary, RecordStore } from '../../../src/app/ports.js';
import type { RecordedEvent } from '../../../src/core/interaction/event.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { summaryOf } from '../../../src/core/interaction/summary.js';

/** Interactions by id; `queries` are those that were asked. */
export class MemoryRecords implements Pick<RecordStore, 'find' | 'read'> {
  readonly interactions = new Map<string, readonly RecordedEvent[]>();
  readonly queries: InteractionQuery[] = [];

  async read(interaction: string): Promise<readonly RecordedEvent[]> {
    return this.interactions.get(interaction) ?? [];
  }
  async find(query: InteractionQuery): Promise<{ interactions: readonly InteractionSummary[]; next?: string }> {
    this.queries.push(query);
    const all = [...this.interactions.values()].map((events) => summaryOf(fold(events)));
    const found = all.filter(
      ({ reference, contact }) =>
        (query.reference === undefined || query.reference === reference) &&
        (query.contacts === undefined || query.contacts.includes(contact)),
    );
    const interactions = found.slice(0, query.limit);
    return found.length > interactions.length ? { interactions, next: 'the-next-page' } : { interactions };
  }
}
