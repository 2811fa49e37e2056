// Files of conversations in PostgreSQL, in pieces: whichever node took one in, all have it, also when that node is gone.
import { sql } from 'kysely';
import { type AttachmentStore, type Draft, draft } from '../../../app/conversation/attachment-store.js';
import { HiloError } from '../../../app/errors.js';
import type { Database } from '../database.js';
import { cleanText, toJson } from '../text.js';

/** So much of a file is in memory at a time. */
export const PIECE_BYTES = 256 * 1024;

interface DraftRow {
  readonly draft: unknown;
}

export class PostgresAttachments implements AttachmentStore {
  constructor(private readonly database: Database) {}

  async put(id: string, content: AsyncIterable<Uint8Array>, unsent?: Draft): Promise<void> {
    await this.database.run((db) =>
      db.transaction().execute(async (work) => {
        const { rows } = await sql`
          insert into attachment (id, pieces, draft) values (${id}, 0, ${asJson(unsent)}::jsonb)
          on conflict do nothing returning id`.execute(work);
        if (rows.length === 0) return;
        let pieces = 0;
        for await (const piece of inPieces(content)) {
          await sql`insert into attachment_piece (attachment, number, content) values (${id}, ${pieces}, ${piece})`.execute(
            work,
          );
          pieces += 1;
        }
        await sql`update attachment set pieces = ${pieces} where id = ${id}`.execute(work);
      }),
    );
  }

  async get(id: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const [row] = await this.database.ask<{ pieces: number }>('select pieces from attachment where id = $1', [id]);
    return row === undefined ? undefined : this.#pieces(id, row.pieces);
  }

  async *#pieces(id: string, count: number): AsyncGenerator<Uint8Array> {
    for (let number = 0; number < count; number += 1) {
      const [row] = await this.database.ask<{ content: Buffer }>(
        'select content from attachment_piece where attachment = $1 and number = $2',
        [id, number],
      );
      if (row === undefined) throw new HiloError('not-found', 'the file was thrown away while it was read');
      yield row.content;
    }
  }

  async countDrafts(conversation: string): Promise<number> {
    const [row] = await this.database.ask<{ count: string }>(
      `select count(*) as count from attachment where draft is not null and draft ->> 'conversation' = $1`,
      [cleanText(conversation)],
    );
    return Number(row?.count ?? 0);
  }

  async findDraft(conversation: string, id: string): Promise<Draft | undefined> {
    const [row] = await this.database.ask<DraftRow>(
      `select draft from attachment where id = $1 and draft ->> 'conversation' = $2`,
      [id, cleanText(conversation)],
    );
    return draft.safeParse(row?.draft).data;
  }

  async takeDraft(conversation: string, id: string): Promise<Draft | undefined> {
    // The row lock lets one of two through; the other finds no draft any more.
    const { rows } = await this.database.execute(sql<DraftRow>`
      update attachment set draft = null from (
        select id, draft from attachment
        where id = ${id} and draft ->> 'conversation' = ${cleanText(conversation)} for update
      ) as before
      where attachment.id = before.id returning before.draft`);
    return draft.safeParse(rows[0]?.draft).data;
  }

  async putBack(unsent: Draft): Promise<void> {
    await this.database.execute(sql`update attachment set draft = ${asJson(unsent)}::jsonb where id = ${unsent.id}`);
  }

  async remove(id: string): Promise<void> {
    await this.database.ask('delete from attachment where id = $1', [id]);
  }

  async forgetDrafts(beforeMs: number): Promise<readonly string[]> {
    const rows = await this.database.ask<{ id: string }>(
      `delete from attachment where draft is not null and (draft ->> 'atMs')::double precision <= $1 returning id`,
      [beforeMs],
    );
    return rows.map(({ id }) => id);
  }
}

function asJson(unsent: Draft | undefined): string | null {
  return unsent === undefined ? null : toJson(unsent);
}

async function* inPieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let kept = Buffer.alloc(0);
  for await (const chunk of content) {
    kept = Buffer.concat([kept, chunk]);
    for (; kept.length >= PIECE_BYTES; kept = kept.subarray(PIECE_BYTES)) yield kept.subarray(0, PIECE_BYTES);
  }
  if (kept.length > 0) yield kept;
}
