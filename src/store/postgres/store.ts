// Opens the record: connects, brings the tables up to date, hands out what implements the ports.
import type { Ids } from '../../lib/ids.js';
import { PostgresAgents } from './agents.js';
import { PostgresAccounts } from './centre/accounts.js';
import { PostgresAudit } from './centre/audit.js';
import { PostgresEmergency } from './centre/emergency.js';
import { PostgresFlowHistory } from './centre/flow-history.js';
import { PostgresNotices } from './centre/notices.js';
import { PostgresProfiles } from './centre/profiles.js';
import { PostgresPrompts } from './centre/prompts.js';
import { PostgresChat } from './chat/chat.js';
import { PostgresAttachments } from './conversation/attachments.js';
import { Database, type DatabaseOptions } from './database.js';
import { PostgresFigures } from './figures/figures.js';
import { PostgresFlowSteps } from './figures/flow-steps.js';
import { PostgresAlarms } from './floor/alarms.js';
import { PostgresTeams } from './floor/teams.js';
import { PostgresGuide } from './guide/guide.js';
import { PostgresRecords } from './records.js';
import { PostgresUsers } from './users.js';
import { PostgresWebhooks } from './webhooks/webhooks.js';

export interface PostgresStore {
  readonly records: PostgresRecords;
  readonly users: PostgresUsers;
  readonly accounts: PostgresAccounts;
  readonly flowHistory: PostgresFlowHistory;
  readonly agents: PostgresAgents;
  readonly emergency: PostgresEmergency;
  readonly audit: PostgresAudit;
  readonly notices: PostgresNotices;
  readonly profiles: PostgresProfiles;
  readonly prompts: PostgresPrompts;
  readonly figures: PostgresFigures;
  readonly flowSteps: PostgresFlowSteps;
  readonly guide: PostgresGuide;
  readonly alarms: PostgresAlarms;
  readonly teams: PostgresTeams;
  readonly webhooks: PostgresWebhooks;
  readonly chat: PostgresChat;
  readonly attachments: PostgresAttachments;
  /** False from a failure on until the database answers again. */
  healthy(): boolean;
  /** The start is over ({@link DatabaseOptions.isStarting}). */
  hurry(): void;
  /** Waits for appends under way, then disconnects. Safe to call twice. */
  close(): Promise<void>;
}

/** Rejects with HiloError `store-unavailable` when the database does not answer now. */
export async function openPostgres(options: DatabaseOptions & { readonly ids: Ids }): Promise<PostgresStore> {
  const database = new Database(options);
  try {
    await database.migrate();
    await database.warmUp();
  } catch (error) {
    await database.close();
    throw error;
  }
  const records = new PostgresRecords(database, options.clock, options.ids);
  return {
    records,
    users: new PostgresUsers(database),
    accounts: new PostgresAccounts(database),
    flowHistory: new PostgresFlowHistory(database),
    agents: new PostgresAgents(database),
    emergency: new PostgresEmergency(database),
    audit: new PostgresAudit(database),
    notices: new PostgresNotices(database),
    profiles: new PostgresProfiles(database),
    prompts: new PostgresPrompts(database),
    figures: new PostgresFigures(database),
    flowSteps: new PostgresFlowSteps(database),
    guide: new PostgresGuide(database),
    alarms: new PostgresAlarms(database),
    teams: new PostgresTeams(database),
    webhooks: new PostgresWebhooks(database),
    chat: new PostgresChat(database),
    attachments: new PostgresAttachments(database),
    healthy: () => database.healthy(),
    hurry: () => database.hurry(),
    async close() {
      await records.drained();
      await database.close();
    },
  };
}
