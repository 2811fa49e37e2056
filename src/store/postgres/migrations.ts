// How the tables came to be, step by step. A step that was released is never edited: a change is a new step.
import { type Kysely, type Migration, sql } from 'kysely';
import { PROMPT_TABLES } from './centre/prompt-tables.js';
import { CHAT_TABLES } from './chat/tables.js';
import { ATTACHMENT_TABLES } from './conversation/tables.js';
import { FLOOR_TABLES } from './floor/tables.js';
import { GUIDE } from './guide/tables.js';
import { WEBHOOK_TABLES } from './webhooks/tables.js';

// A migration describes the past, so it must not follow the present shape of the tables in schema.ts.
type Db = Kysely<unknown>;

/** Three had the number 6: databases of that time know them by their old names. */
export const RENAMED: Readonly<Record<string, string>> = {
  '0006-lost-customers': '0007-lost-customers',
  '0006-who-calls': '0008-who-calls',
};

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-interactions': {
    async up(db: Db) {
      await sql`
        create table interaction (
          id text primary key,
          version integer not null,
          reference text not null,
          state text not null,
          contact_id text not null,
          address_channel text not null,
          address text not null,
          opened_at timestamptz not null,
          updated_at timestamptz not null,
          channels text[] not null,
          callback_id text,
          callback_due_at timestamptz,
          live_nodes text[] not null
        )`.execute(db);
      await sql`create index interaction_opened on interaction (opened_at desc, id desc)`.execute(db);
      await sql`create index interaction_reference on interaction (reference)`.execute(db);
      await sql`create index interaction_contact on interaction (contact_id, opened_at desc)`.execute(db);
      await sql`create index interaction_callback on interaction (callback_due_at)
        where callback_id is not null`.execute(db);
      await sql`create index interaction_live on interaction using gin (live_nodes)
        where live_nodes <> '{}'`.execute(db);
      await sql`
        create table interaction_event (
          interaction_id text not null references interaction (id),
          version integer not null check (version > 0),
          type text not null,
          data jsonb not null,
          at timestamptz not null,
          primary key (interaction_id, version)
        )`.execute(db);
      await sql`create index interaction_event_type on interaction_event (type, at)`.execute(db);
    },
  },
  '0002-contacts-and-messages': {
    async up(db: Db) {
      await sql`
        create table contact (
          id text primary key,
          language text,
          consent text not null check (consent in ('unknown', 'given', 'withdrawn')),
          last_message_at timestamptz
        )`.execute(db);
      await sql`
        create table contact_address (
          channel text not null,
          address text not null,
          contact_id text not null references contact (id),
          primary key (channel, address)
        )`.execute(db);
      await sql`create index contact_address_contact on contact_address (contact_id)`.execute(db);
      await sql`
        create table message (
          channel text not null,
          provider_id text not null,
          message_id text not null,
          interaction_id text not null,
          direction text not null check (direction in ('in', 'out')),
          at timestamptz not null default now(),
          primary key (channel, provider_id)
        )`.execute(db);
      await sql`create index message_interaction on message (interaction_id)`.execute(db);
    },
  },
  '0003-revisions-and-users': {
    async up(db: Db) {
      await sql`
        create table revision (
          number bigint generated always as identity primary key,
          name text not null,
          revision text not null,
          text text not null,
          author text not null,
          at timestamptz not null
        )`.execute(db);
      await sql`create index revision_name on revision (name, number desc)`.execute(db);
      await sql`
        create table user_account (
          name text primary key,
          role text not null check (role in ('agent', 'supervisor', 'admin')),
          password_hash text not null
        )`.execute(db);
      await sql`
        create table token (
          hash text primary key,
          user_name text not null references user_account (name) on delete cascade,
          expires_at timestamptz not null
        )`.execute(db);
      await sql`create index token_expires on token (expires_at)`.execute(db);
    },
  },
  '0004-roll-outs': {
    async up(db: Db) {
      await sql`alter table revision add column note text not null default ''`.execute(db);
      await sql`
        create table flow_rollout (
          id text primary key,
          flow text not null,
          version integer not null,
          state text not null check (state in ('running', 'promoted', 'aborted', 'stopped')),
          started_at timestamptz not null,
          data jsonb not null
        )`.execute(db);
      // Two at a time could not be told apart in the figures.
      await sql`create unique index flow_rollout_running on flow_rollout (state) where state = 'running'`.execute(db);
      await sql`create index flow_rollout_flow on flow_rollout (flow, started_at desc)`.execute(db);
      await sql`
        create table flow_journal (
          number bigint generated always as identity primary key,
          at timestamptz not null,
          flow text not null,
          action text not null,
          by text not null,
          detail jsonb not null
        )`.execute(db);
      await sql`create index flow_journal_flow on flow_journal (flow, number desc)`.execute(db);
    },
  },
  '0005-agents': {
    async up(db: Db) {
      await sql`
        create table agent_presence (
          agent text not null,
          at timestamptz not null,
          version integer not null,
          state text not null,
          reason text,
          primary key (agent, at, version)
        )`.execute(db);
      await sql`create table agent_skills (agent text primary key, skills jsonb not null)`.execute(db);
      await sql`
        create table agent_decision (
          number bigint generated always as identity primary key,
          agent text not null,
          at timestamptz not null,
          by text not null,
          skills jsonb
        )`.execute(db);
      await sql`create index agent_decision_agent on agent_decision (agent, number desc)`.execute(db);
    },
  },
  '0006-emergency': {
    async up(db: Db) {
      await sql`
        create table emergency (
          number bigint generated always as identity primary key,
          at timestamptz not null,
          by text not null,
          message jsonb
        )`.execute(db);
    },
  },
  '0007-lost-customers': {
    async up(db: Db) {
      await sql`
        alter table interaction
          add column lost_state text,
          add column lost_queue text,
          add column lost_at timestamptz,
          add column recovered_at timestamptz,
          add column recovered_by text`.execute(db);
      await sql`create index interaction_lost on interaction (lost_at) where lost_at is not null`.execute(db);
    },
  },
  '0008-who-calls': {
    async up(db: Db) {
      await sql`alter table contact
        add column name text, add column segment text, add column tags text[] not null default '{}'`.execute(db);
    },
  },
  '0009-what-is-asked-for': {
    async up(db: Db) {
      // Callers of a roll-out, each side newest first.
      await sql`create index interaction_event_flow
        on interaction_event ((data ->> 'flow'), (data ->> 'revision'), at) where type = 'flow-entered'`.execute(db);
      // The work-list: those who are recovered or declined become many, those who are open stay few.
      await sql`create index interaction_lost_open on interaction (lost_at, id) where lost_state = 'open'`.execute(db);
      // Once a minute: those that may be closed.
      await sql`create index interaction_idle on interaction (opened_at desc, id desc) where state = 'idle'`.execute(
        db,
      );
      // What is old is forgotten by its time.
      await sql`create index agent_presence_at on agent_presence (at)`.execute(db);
    },
  },
  '0010-audit': {
    async up(db: Db) {
      await sql`
        create table audit (
          number bigint generated always as identity primary key,
          at timestamptz not null,
          "by" text not null,
          act text not null,
          "on" text not null,
          detail jsonb not null
        )`.execute(db);
      await sql`create index audit_by on audit ("by", number desc)`.execute(db);
      await sql`create index audit_act on audit (act, number desc)`.execute(db);
      await sql`create index audit_on on audit ("on", number desc)`.execute(db);
    },
  },
  '0011-accounts': {
    async up(db: Db) {
      await sql`
        alter table user_account
          add column made_by text,
          add column password_by text,
          add column disabled_by text,
          add column signed_in_at timestamptz`.execute(db);
      await sql`
        alter table token
          add column id text not null default gen_random_uuid()::text,
          add column kind text not null default 'session' check (kind in ('session', 'program')),
          add column title text not null default '',
          add column address text not null default '',
          add column made_at timestamptz not null default now(),
          add column role text check (role in ('agent', 'supervisor', 'admin'))`.execute(db);
      await sql`create unique index token_id on token (id)`.execute(db);
      await sql`create index token_user on token (user_name)`.execute(db);
      await sql`
        create table second_factor (
          user_name text primary key references user_account (name) on delete cascade,
          secret text not null,
          confirmed_at timestamptz,
          last_step bigint not null default 0
        )`.execute(db);
      await sql`
        create table recovery_code (
          user_name text not null references second_factor (user_name) on delete cascade,
          hash text not null,
          primary key (user_name, hash)
        )`.execute(db);
    },
  },
  '0012-notices': {
    async up(db: Db) {
      await sql`
        create table notice (
          id text primary key,
          at timestamptz not null,
          "by" text not null,
          text text not null,
          until timestamptz not null
        )`.execute(db);
      await sql`create index notice_until on notice (until)`.execute(db);
    },
  },
  '0013-merged-contacts': {
    async up(db: Db) {
      await sql`alter table contact add column merged_into text references contact (id)`.execute(db);
      await sql`create index contact_merged on contact (merged_into) where merged_into is not null`.execute(db);
      await sql`
        create table contact_merge (
          number bigint generated always as identity primary key,
          at timestamptz not null,
          act text not null check (act in ('merged', 'unmerged')),
          contact_id text not null references contact (id),
          into_id text not null references contact (id),
          "by" text not null
        )`.execute(db);
      await sql`create index contact_merge_contact on contact_merge (contact_id, number desc)`.execute(db);
      await sql`create index contact_merge_into on contact_merge (into_id, number desc)`.execute(db);
    },
  },
  '0014-figures': {
    async up(db: Db) {
      // Where the figures have come to in the log; drawn when a fact is stored, so not in the order of commits.
      await sql`alter table interaction_event add column number bigint generated always as identity`.execute(db);
      await sql`create unique index interaction_event_number on interaction_event (number)`.execute(db);
      await sql`
        create table figure_cell (
          quarter timestamptz not null,
          queue text not null,
          offered integer not null,
          answered integer not null,
          answered_in_time integer not null,
          abandoned integer not null,
          short_abandoned integer not null,
          flowed_out integer not null,
          answered_wait_ms double precision not null,
          abandoned_wait_ms double precision not null,
          handled integer not null,
          talk_ms double precision not null,
          wrap_up_ms double precision not null,
          callbacks_promised integer not null,
          callback_attempts integer not null,
          callbacks_reached integer not null,
          callbacks_not_reached integer not null,
          lost integer not null,
          recovered integer not null,
          longest_wait_ms double precision not null,
          primary key (quarter, queue)
        )`.execute(db);
      await sql`
        create table figure_position (
          single boolean primary key default true check (single),
          position bigint not null
        )`.execute(db);
      await sql`insert into figure_position (position) values (0)`.execute(db);
    },
  },
  '0015-agent-rings': {
    async up(db: Db) {
      await sql`create table agent_rings (agent text primary key, rings text not null)`.execute(db);
    },
  },
  '0016-guide': GUIDE,
  '0017-prompts': PROMPT_TABLES,
  '0018-floor': FLOOR_TABLES,
  '0019-voicemails': {
    async up(db: Db) {
      await sql`alter table interaction add column voicemail_state text, add column voicemail_at timestamptz`.execute(
        db,
      );
      // Nobody has said of earlier messages whether they are dealt with; those of a month ago have to be by now.
      await sql`
        update interaction set voicemail_state = 'new', voicemail_at = message.at
        from (
          select interaction_id, max(at) as at from interaction_event
          where type = 'voicemail-left' and at > now() - interval '30 days'
          group by interaction_id
        ) as message
        where interaction.id = message.interaction_id`.execute(db);
      await sql`
        create index interaction_voicemail_open on interaction (voicemail_at)
        where voicemail_state in ('new', 'heard')`.execute(db);
      await sql`
        create index interaction_voicemail_done on interaction (voicemail_at desc)
        where voicemail_state = 'done'`.execute(db);
    },
  },
  '0020-webhooks': WEBHOOK_TABLES,
  '0021-chat': CHAT_TABLES,
  '0022-attachments': ATTACHMENT_TABLES,
};
