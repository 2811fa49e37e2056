// The lines of the chat in PostgreSQL. A line takes its number while its visitor is locked, so numbers appear in order.
import type { ChatFile, ChatLine, ChatProgress, ChatStore, NewChatLine } from '../../../app/chat/chat-store.js';
import type { Database } from '../database.js';
import { cleanText } from '../text.js';

interface LineRow {
  readonly number: number;
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly text: string;
  readonly file: ChatFile | null;
  readonly atMs: number;
}

const LINE = `number::float8 as number, id, direction, text, file, extract(epoch from at)::float8 * 1000 as "atMs"`;

const ADD = `
  with next as (
    update chat_visitor set last_number = last_number + 1, written_at = greatest(written_at, to_timestamp($6::float8 / 1000))
    where address = $1 and not exists (select 1 from chat_line where address = $1 and id = $2)
    returning last_number
  )
  insert into chat_line (address, number, id, direction, text, file, at)
  select $1, last_number, $2, $3, $4, $5::jsonb, to_timestamp($6::float8 / 1000) from next
  on conflict (address, id) do nothing`;

/** The columns by how far the page has come. */
const COLUMNS: Readonly<Record<ChatProgress, string>> = { delivered: 'delivered', read: 'read' };

export class PostgresChat implements ChatStore {
  constructor(private readonly database: Database) {}

  async greet(address: string, atMs: number): Promise<void> {
    await this.database.ask(
      `insert into chat_visitor (address, made_at, written_at)
       values ($1, to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000)) on conflict do nothing`,
      [address, atMs],
    );
  }

  async knows(address: string): Promise<boolean> {
    return (await this.database.ask(`select 1 from chat_visitor where address = $1`, [address])).length > 0;
  }

  async add({ address, id, direction, text, file, atMs }: NewChatLine): Promise<number | undefined> {
    const kept = file === undefined ? null : JSON.stringify({ ...file, name: cleanText(file.name) });
    await this.database.ask(ADD, [address, id, direction, cleanText(text), kept, atMs]);
    const [line] = await this.database.ask<{ number: number }>(
      `select number::float8 as number from chat_line where address = $1 and id = $2`,
      [address, id],
    );
    return line?.number;
  }

  async lines(address: string, after: number, limit: number): Promise<readonly ChatLine[]> {
    const rows = await this.database.ask<LineRow>(
      `select ${LINE} from chat_line where address = $1 and number > $2 order by number limit $3`,
      [address, after, limit],
    );
    return rows.map(lineOf);
  }

  async last(address: string): Promise<number> {
    const [row] = await this.database.ask<{ number: number }>(
      `select last_number::float8 as number from chat_visitor where address = $1`,
      [address],
    );
    return row?.number ?? 0;
  }

  async unseen(address: string, upTo: number, progress: ChatProgress): Promise<readonly ChatLine[]> {
    const rows = await this.database.ask<LineRow>(
      `select ${LINE} from chat_line where address = $1 and direction = 'out' and number <= $2
         and number > (select ${COLUMNS[progress]} from chat_visitor where address = $1)
       order by number`,
      [address, upTo],
    );
    return rows.map(lineOf);
  }

  async seen(address: string, upTo: number, progress: ChatProgress): Promise<void> {
    const column = COLUMNS[progress];
    await this.database.ask(
      `update chat_visitor set ${column} = least(last_number, $2::bigint) where address = $1 and ${column} < least(last_number, $2::bigint)`,
      [address, upTo],
    );
  }

  async file(address: string, id: string): Promise<ChatFile | undefined> {
    const [row] = await this.database.ask<{ file: ChatFile }>(
      `select file from chat_line where address = $1 and direction = 'out' and file ->> 'id' = $2 limit 1`,
      [address, id],
    );
    return row?.file;
  }

  async forget(beforeMs: number, most: number): Promise<number> {
    const rows = await this.database.ask(
      `delete from chat_visitor where address in (
         select address from chat_visitor where written_at < to_timestamp($1::float8 / 1000) order by written_at limit $2)
       returning 1`,
      [beforeMs, most],
    );
    return rows.length;
  }
}

function lineOf({ file, atMs, ...line }: LineRow): ChatLine {
  const rounded = { ...line, atMs: Math.round(atMs) };
  return file === null ? rounded : { ...rounded, file };
}
