// The API commands, by name.
import { conferenceCommand } from '../conference/conference-command.js';
import { uuidBridge, uuidHold, uuidPark, uuidTransfer } from './bridge-commands.js';
import {
  uuidBreak,
  uuidBroadcast,
  uuidDump,
  uuidExists,
  uuidFlushDtmf,
  uuidGetvar,
  uuidKill,
  uuidMediaReneg,
  uuidRecord,
  uuidRecvDtmf,
  uuidSendDtmf,
  uuidSetMediaStats,
  uuidSetvar,
  uuidSetvarMulti,
} from './channel-commands.js';
import type { ApiCommand, ApiCommands } from './command.js';
import { evaluate } from './evaluation.js';
import { uuidAudio, uuidBuglist, uuidDisplace, uuidFileman } from './playing-commands.js';
import { globalGetvar, globalSetvar, schedApi, schedDel, schedHangup } from './schedule-commands.js';
import { createUuid, hiloLoad, show, sofia, status, uptime, version } from './status-commands.js';
import { uuidSendText } from './text-commands.js';

export const API_COMMANDS: ApiCommands = new Map<string, ApiCommand>([
  ['conference', conferenceCommand],
  ['create_uuid', createUuid],
  ['eval', evaluate],
  ['global_getvar', globalGetvar],
  ['global_setvar', globalSetvar],
  ['show', show],
  ['hilo_load', hiloLoad],
  ['sched_api', schedApi],
  ['sched_del', schedDel],
  ['sched_hangup', schedHangup],
  ['sofia', sofia],
  ['status', status],
  ['unsched_api', schedDel],
  ['uptime', uptime],
  ['uuid_audio', uuidAudio],
  ['uuid_break', uuidBreak],
  ['uuid_bridge', uuidBridge],
  ['uuid_broadcast', uuidBroadcast],
  ['uuid_buglist', uuidBuglist],
  ['uuid_displace', uuidDisplace],
  ['uuid_dump', uuidDump],
  ['uuid_exists', uuidExists],
  ['uuid_fileman', uuidFileman],
  ['uuid_flush_dtmf', uuidFlushDtmf],
  ['uuid_getvar', uuidGetvar],
  ['uuid_hold', uuidHold],
  ['uuid_kill', uuidKill],
  ['uuid_media_reneg', uuidMediaReneg],
  ['uuid_park', uuidPark],
  ['uuid_record', uuidRecord],
  ['uuid_recv_dtmf', uuidRecvDtmf],
  ['uuid_send_dtmf', uuidSendDtmf],
  ['uuid_send_text', uuidSendText],
  ['uuid_set_media_stats', uuidSetMediaStats],
  ['uuid_setvar', uuidSetvar],
  ['uuid_setvar_multi', uuidSetvarMulti],
  ['uuid_transfer', uuidTransfer],
  ['version', version],
]);
