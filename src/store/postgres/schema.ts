// The tables as the compiler sees them; migrations.ts makes them. Times in columns are timestamptz, in the ports Unix ms.
import type { ColumnType, Generated } from 'kysely';
import type { PromptAct } from '../../app/prompts/prompt-store.js';
import type { AgentState, DeviceKind } from '../../core/acd/agent.js';
import type { ChannelName, InteractionEventType } from '../../core/interaction/event.js';
import type { AlarmAcknowledgedTable, AlarmLimitsTable, TeamMoveTable } from './floor/tables.js';

export interface Schema {
  interaction: InteractionTable;
  interaction_event: InteractionEventTable;
  contact: ContactTable;
  contact_address: ContactAddressTable;
  message: MessageTable;
  revision: RevisionTable;
  flow_rollout: FlowRolloutTable;
  flow_journal: FlowJournalTable;
  emergency: EmergencyTable;
  user_account: UserAccountTable;
  token: TokenTable;
  second_factor: SecondFactorTable;
  recovery_code: RecoveryCodeTable;
  agent_presence: AgentPresenceTable;
  agent_skills: AgentSkillsTable;
  agent_decision: AgentDecisionTable;
  agent_rings: AgentRingsTable;
  audit: AuditTable;
  contact_merge: ContactMergeTable;
  notice: NoticeTable;
  alarm_limits: AlarmLimitsTable;
  alarm_acknowledged: AlarmAcknowledgedTable;
  team_move: TeamMoveTable;
  prompt_revision: PromptRevisionTable;
  prompt_sound: PromptSoundTable;
}

/** The summary of an interaction: a projection of its events, written with them. */
export interface InteractionTable {
  id: string;
  /** Of its last event. */
  version: number;
  reference: string;
  state: string;
  contact_id: string;
  address_channel: ChannelName;
  address: string;
  opened_at: Date;
  updated_at: Date;
  channels: ChannelName[];
  callback_id: string | null;
  callback_due_at: Date | null;
  live_nodes: string[];
  lost_state: 'open' | 'recovered' | 'declined' | null;
  lost_queue: string | null;
  lost_at: Date | null;
  recovered_at: Date | null;
  recovered_by: 'callback' | 'call' | 'message' | 'hand' | null;
  voicemail_state: 'new' | 'heard' | 'done' | null;
  voicemail_at: Date | null;
}

/** The record itself; rows are only ever added. */
export interface InteractionEventTable {
  interaction_id: string;
  version: number;
  type: InteractionEventType;
  data: unknown;
  at: Date;
  /** Drawn when the row is stored: the order of the log, except among those stored at the same time. */
  number: Generated<number>;
}

export interface ContactTable {
  id: string;
  language: string | null;
  name: string | null;
  segment: string | null;
  tags: string[];
  consent: 'unknown' | 'given' | 'withdrawn';
  last_message_at: Date | null;
}

export interface ContactAddressTable {
  channel: ChannelName;
  address: string;
  contact_id: string;
}

export interface MessageTable {
  channel: ChannelName;
  provider_id: string;
  message_id: string;
  interaction_id: string;
  direction: 'in' | 'out';
  at: Generated<Date>;
}

export interface RevisionTable {
  /** Order of publication: an older text published again gets a row of its own. */
  number: Generated<number>;
  name: string;
  revision: string;
  text: string;
  author: string;
  note: string;
  at: Date;
}

export interface FlowRolloutTable {
  id: string;
  flow: string;
  /** Counts the changes of the row. */
  version: number;
  state: string;
  started_at: Date;
  data: unknown;
}

export interface FlowJournalTable {
  number: Generated<number>;
  at: Date;
  flow: string;
  action: string;
  by: string;
  detail: unknown;
}

/** Who changed a prompt in one language, and how it was from then on; the last one is in force. */
export interface PromptRevisionTable {
  number: Generated<number>;
  name: string;
  language: string;
  act: PromptAct;
  at: Date;
  by: string;
  text: ColumnType<unknown, string | null, never>;
  /** Hash of it. */
  sound: string | null;
}

export interface PromptSoundTable {
  hash: string;
  /** WAV, 8 kHz and 16 kHz. */
  narrow: Buffer;
  wide: Buffer;
  about: Json;
}

export interface EmergencyTable {
  /** Order of the decisions: the last one is in force. */
  number: Generated<number>;
  at: Date;
  by: string;
  /** Null: switched off. */
  message: unknown;
}

/** What supervisors tell everybody who is signed in. */
export interface NoticeTable {
  id: string;
  at: Date;
  by: string;
  text: string;
  /** Shown until then, or until it is taken back. */
  until: Date;
}

export interface UserAccountTable {
  name: string;
  role: 'agent' | 'supervisor' | 'admin';
  password_hash: string;
  made_by: string | null;
  password_by: string | null;
  disabled_by: string | null;
  signed_in_at: ColumnType<Date | null, Date | undefined, Date>;
}

export interface TokenTable {
  hash: string;
  user_name: string;
  expires_at: Date;
  id: Generated<string>;
  kind: Generated<'session' | 'program'>;
  title: Generated<string>;
  address: Generated<string>;
  made_at: Generated<Date>;
  /** Of a program: no more than this. */
  role: ColumnType<UserAccountTable['role'] | null, UserAccountTable['role'] | null | undefined, never>;
}

export interface SecondFactorTable {
  user_name: string;
  /** Base32. */
  secret: string;
  confirmed_at: ColumnType<Date | null, undefined, Date>;
  /** The last step of time whose code was used. */
  last_step: Generated<number>;
}

/** SHA-256 of codes that were not used yet. */
export interface RecoveryCodeTable {
  user_name: string;
  hash: string;
}

/** From when on an agent was in a state; rows are only ever added. */
export interface AgentPresenceTable {
  agent: string;
  at: Date;
  version: number;
  state: AgentState;
  reason: string | null;
}

/** JSON goes in as text and comes back read. */
type Json = ColumnType<unknown, string, string>;

/** Skills given by supervisors, in force. */
export interface AgentSkillsTable {
  agent: string;
  skills: Json;
}

/** At which of their devices agents want to be rung; who wants all of them has no row. */
export interface AgentRingsTable {
  agent: string;
  rings: DeviceKind;
}

/** Who gave an agent which skills when; rows are only ever added. */
export interface AgentDecisionTable {
  number: Generated<number>;
  agent: string;
  at: Date;
  by: string;
  /** null: those of the centre's file again. */
  skills: ColumnType<unknown, string | null, never>;
}

/** Who did what to what; rows are only ever added. */
export interface AuditTable {
  number: Generated<number>;
  at: Date;
  by: string;
  act: string;
  on: string;
  detail: unknown;
}

/** How profiles were put together and taken apart; rows are only ever added. `contact.merged_into` says what is in force. */
export interface ContactMergeTable {
  number: Generated<number>;
  at: Date;
  act: 'merged' | 'unmerged';
  contact_id: string;
  into_id: string;
  by: string;
}
