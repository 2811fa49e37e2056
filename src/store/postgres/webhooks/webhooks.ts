// Webhooks in PostgreSQL: subscriptions, and the outbox that follows the log of facts.
import { sql, type Transaction } from 'kysely';
import type {
  Delivery,
  DeliveryQuery,
  DueDelivery,
  FailedAttempt,
  Subscription,
  SubscriptionChange,
  WebhookStore,
} from '../../../app/webhooks/webhook-store.js';
import { TEST_EVENT, webhookBody } from '../../../core/interaction/outward/webhook-event.js';
import type { Database } from '../database.js';
import { SettledLog } from '../figures/settled.js';
import type { Schema } from '../schema.js';
import { cleanText } from '../text.js';

/** Facts in one transaction. */
const BATCH_FACTS = 500;
const PAGE_MAX = 200;
const FORGOTTEN_AT_ONCE = 5_000;

interface FactRow {
  readonly interaction: string;
  readonly reference: string;
  readonly version: number;
  readonly type: string;
  readonly data: unknown;
  readonly at: Date;
}

const SUBSCRIPTION = `
  select id, title, url, events, state, disabled_for as "disabledFor", disabled_at as "disabledAt", failures,
    failing_since as "failingSince", open_until as "openUntil", made_at as "madeAt", made_by as "madeBy",
    (select count(*)::integer from webhook_delivery
     where webhook_delivery.webhook = webhook.id and webhook_delivery.state = 'waiting') as waiting
  from webhook order by made_at, id`;

/** Of a webhook that failed too often only the oldest one is tried, until it arrives. */
const CLAIM = `
  update webhook_delivery set attempts = attempts + 1, next_at = to_timestamp($2::float8 / 1000)
  from webhook, lateral (
    select number from webhook_delivery as waiting
    where waiting.webhook = webhook.id and waiting.state = 'waiting' and waiting.next_at <= to_timestamp($1::float8 / 1000)
    order by waiting.next_at, waiting.number
    limit case when webhook.failures >= $4::integer then 1 else $3::integer end
  ) as due
  where webhook_delivery.number = due.number and webhook_delivery.next_at <= to_timestamp($1::float8 / 1000)
    and webhook_delivery.state = 'waiting' and webhook.state = 'active'
    and (webhook.open_until is null or webhook.open_until <= to_timestamp($1::float8 / 1000))
    and webhook.id <> all ($5::text[])
  returning webhook_delivery.number::float8 as number, webhook.id as webhook, webhook.title, webhook.url, webhook.secret,
    webhook_delivery.event, webhook_delivery.body, webhook_delivery.attempts, webhook.failures,
    extract(epoch from webhook.failing_since)::float8 * 1000 as "failingSinceMs"`;

export class PostgresWebhooks implements WebhookStore {
  readonly #database: Database;
  readonly #log: SettledLog;

  constructor(database: Database) {
    this.#database = database;
    this.#log = new SettledLog(database);
  }

  async webhooks(): Promise<readonly Subscription[]> {
    return (await this.#database.ask<SubscriptionRow>(SUBSCRIPTION, [])).map(subscriptionOf);
  }

  async makeWebhook(made: Parameters<WebhookStore['makeWebhook']>[0]): Promise<void> {
    const { id, title, url, secret, events, madeAtMs, madeBy } = made;
    await this.#database.ask(
      `insert into webhook (id, title, url, secret, events, state, made_at, made_by)
       values ($1, $2, $3, $4, $5::text[], 'active', to_timestamp($6::float8 / 1000), $7)`,
      [id, cleanText(title), cleanText(url), secret, [...events], madeAtMs, cleanText(madeBy)],
    );
  }

  async changeWebhook(id: string, { title, url, events, secret, state }: SubscriptionChange): Promise<boolean> {
    const rows = await this.#database.ask(
      `update webhook set title = coalesce($2, title), url = coalesce($3, url), events = coalesce($4::text[], events),
         secret = coalesce($5, secret), state = coalesce($6, state),
         failures = case when $6 = 'active' then 0 else failures end,
         failing_since = case when $6 = 'active' then null else failing_since end,
         open_until = case when $6 = 'active' then null else open_until end,
         disabled_for = case when $6 is null then disabled_for end,
         disabled_at = case when $6 is null then disabled_at end
       where id = $1 returning id`,
      [id, title ?? null, url ?? null, events === undefined ? null : [...events], secret ?? null, state ?? null],
    );
    return rows.length > 0;
  }

  async removeWebhook(id: string): Promise<boolean> {
    return (await this.#database.ask('delete from webhook where id = $1 returning id', [id])).length > 0;
  }

  async deliveries({ webhook, state, before, limit }: DeliveryQuery): Promise<readonly Delivery[]> {
    const rows = await this.#database.ask<DeliveryRow>(
      `select number::float8 as number, webhook, event, type, state, attempts, made_at as "madeAt", next_at as "nextAt",
         last_at as "lastAt", status, error
       from webhook_delivery
       where webhook = $1 and ($2::text is null or state = $2) and ($3::float8 is null or number < $3)
       order by number desc limit $4`,
      [webhook, state ?? null, before ?? null, Math.max(1, Math.min(PAGE_MAX, limit))],
    );
    return rows.map(deliveryOf);
  }

  async addTest(webhook: string, event: string, body: string, atMs: number): Promise<boolean> {
    const rows = await this.#database.ask(
      `insert into webhook_delivery (webhook, event, type, body, made_at, next_at)
       select id, $2, '${TEST_EVENT}', $3, to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000)
       from webhook where id = $1 returning number`,
      [webhook, event, body, atMs],
    );
    return rows.length > 0;
  }

  async replay(webhook: string, number: number, atMs: number): Promise<boolean> {
    const rows = await this.#database.ask(
      `update webhook_delivery set state = 'waiting', attempts = 0, next_at = to_timestamp($3::float8 / 1000)
       where webhook = $1 and number = $2 returning number`,
      [webhook, number, atMs],
    );
    return rows.length > 0;
  }

  async advance(nowMs: number, waitingMax: number): Promise<number> {
    const settled = await this.#log.upTo();
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const looked = await queueNext(transaction, settled, nowMs);
        if (looked > 0) await disableFull(transaction, nowMs, waitingMax);
        return looked;
      }),
    );
  }

  async claim(
    nowMs: number,
    leaseUntilMs: number,
    limit: number,
    failuresMax: number,
    busy: readonly string[],
  ): Promise<readonly DueDelivery[]> {
    const rows = await this.#database.ask<Omit<DueDelivery, 'failingSinceMs'> & { failingSinceMs: number | null }>(
      CLAIM,
      [nowMs, leaseUntilMs, limit, failuresMax, [...busy]],
    );
    return rows.map(({ failingSinceMs, ...due }) => ({
      ...due,
      ...(failingSinceMs === null ? {} : { failingSinceMs }),
    }));
  }

  async delivered({ number, webhook }: Pick<DueDelivery, 'number' | 'webhook'>, status: number, atMs: number) {
    await this.#database.ask(
      `with told as (
         update webhook_delivery set state = 'delivered', status = $3, error = null, last_at = to_timestamp($4::float8 / 1000)
         where number = $1
       )
       update webhook set failures = 0, failing_since = null, open_until = null
       where id = $2 and (failures > 0 or failing_since is not null)`,
      [number, webhook, status, atMs],
    );
  }

  async notDelivered(
    { number, webhook }: Pick<DueDelivery, 'number' | 'webhook'>,
    { status, error, nextAtMs, openUntilMs, disabled }: FailedAttempt,
    atMs: number,
  ): Promise<void> {
    await this.#database.ask(
      `with failed as (
         update webhook_delivery set state = case when $5::float8 is null then 'failed' else 'waiting' end,
           status = $3, error = $4, last_at = to_timestamp($6::float8 / 1000),
           next_at = to_timestamp(coalesce($5::float8, $6::float8) / 1000)
         where number = $1
       )
       update webhook set failures = failures + 1,
         failing_since = coalesce(failing_since, to_timestamp($6::float8 / 1000)),
         open_until = coalesce(to_timestamp($7::float8 / 1000), open_until),
         state = case when $8::text is null or state <> 'active' then state else 'disabled' end,
         disabled_for = coalesce($8::text, disabled_for),
         disabled_at = case when $8::text is null then disabled_at else to_timestamp($6::float8 / 1000) end
       where id = $2`,
      [number, webhook, status ?? null, error, nextAtMs ?? null, atMs, openUntilMs ?? null, disabled ?? null],
    );
  }

  async forget(beforeMs: number): Promise<void> {
    await this.#database.ask(
      `delete from webhook_delivery where number in (
         select number from webhook_delivery
         where state <> 'waiting' and last_at < to_timestamp($1::float8 / 1000) limit ${FORGOTTEN_AT_ONCE})`,
      [beforeMs],
    );
  }
}

/** Tells how many facts were looked at. */
async function queueNext(db: Transaction<Schema>, settled: number, nowMs: number): Promise<number> {
  const { rows } = await sql<{ position: number }>`
    select position::float8 as position from webhook_position for update skip locked`.execute(db);
  const from = rows[0]?.position;
  if (from === undefined || from >= settled) return 0;
  const { rows: wishes } = await sql<{ id: string; events: readonly string[] }>`
    select id, events from webhook where state = 'active'`.execute(db);
  // Where nobody wants to know, nothing is read.
  const upTo = wishes.length === 0 ? settled : Math.min(settled, from + BATCH_FACTS);
  if (wishes.length > 0) {
    const deliveries = (await factsWithin(db, from, upTo, wishes)).flatMap((fact) => {
      const told = webhookBody({ ...fact, atMs: fact.at.getTime() });
      if (told === undefined) return [];
      const wanted = wishes.filter(({ events }) => events.includes(fact.type));
      return wanted.map(({ id }) => ({ webhook: id, event: told.id, type: fact.type, body: told.body }));
    });
    await addDeliveries(db, deliveries, nowMs);
  }
  await sql`update webhook_position set position = ${upTo}`.execute(db);
  return upTo - from;
}

async function factsWithin(
  db: Transaction<Schema>,
  from: number,
  upTo: number,
  wishes: readonly { readonly events: readonly string[] }[],
): Promise<readonly FactRow[]> {
  const types = [...new Set(wishes.flatMap(({ events }) => events))];
  const { rows } = await sql<FactRow>`
    select event.interaction_id as interaction, interaction.reference, event.version, event.type, event.data, event.at
    from interaction_event as event join interaction on interaction.id = event.interaction_id
    where event.number > ${from} and event.number <= ${upTo} and event.type = any (${types}::text[])
    order by event.number`.execute(db);
  return rows;
}

async function addDeliveries(db: Transaction<Schema>, deliveries: readonly object[], nowMs: number): Promise<void> {
  if (deliveries.length === 0) return;
  await sql`
    insert into webhook_delivery (webhook, event, type, body, made_at, next_at)
    select webhook, event, type, body, to_timestamp(${nowMs}::float8 / 1000), to_timestamp(${nowMs}::float8 / 1000)
    from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb)
      as row (webhook text, event text, type text, body text)
    on conflict (webhook, event) do nothing`.execute(db);
}

/** So that the database does not fill up for somebody who takes nothing. */
async function disableFull(db: Transaction<Schema>, nowMs: number, waitingMax: number): Promise<void> {
  await sql`
    update webhook set state = 'disabled', disabled_for = 'full', disabled_at = to_timestamp(${nowMs}::float8 / 1000)
    where state = 'active' and (
      select count(*) from (
        select 1 from webhook_delivery
        where webhook_delivery.webhook = webhook.id and webhook_delivery.state = 'waiting' limit ${waitingMax + 1}
      ) as bounded) > ${waitingMax}`.execute(db);
}

interface SubscriptionRow
  extends Pick<Subscription, 'id' | 'title' | 'url' | 'events' | 'failures' | 'waiting' | 'madeBy'> {
  readonly state: 'active' | 'paused' | 'disabled';
  readonly disabledFor: 'failing' | 'full' | null;
  readonly disabledAt: Date | null;
  readonly failingSince: Date | null;
  readonly openUntil: Date | null;
  readonly madeAt: Date;
}

function subscriptionOf(row: SubscriptionRow): Subscription {
  const { state, disabledFor, disabledAt, failingSince, openUntil, madeAt, ...rest } = row;
  return {
    ...rest,
    standing:
      state === 'disabled'
        ? { state, reason: disabledFor ?? 'failing', sinceMs: disabledAt?.getTime() ?? madeAt.getTime() }
        : { state },
    ...(failingSince === null ? {} : { failingSinceMs: failingSince.getTime() }),
    ...(openUntil === null ? {} : { openUntilMs: openUntil.getTime() }),
    madeAtMs: madeAt.getTime(),
  };
}

interface DeliveryRow extends Pick<Delivery, 'number' | 'webhook' | 'event' | 'type' | 'state' | 'attempts'> {
  readonly madeAt: Date;
  readonly nextAt: Date;
  readonly lastAt: Date | null;
  readonly status: number | null;
  readonly error: string | null;
}

function deliveryOf({ madeAt, nextAt, lastAt, status, error, ...rest }: DeliveryRow): Delivery {
  return {
    ...rest,
    ...{ madeAtMs: madeAt.getTime(), nextAtMs: nextAt.getTime() },
    ...(lastAt === null ? {} : { lastAtMs: lastAt.getTime() }),
    ...(status === null ? {} : { status }),
    ...(error === null ? {} : { error }),
  };
}
