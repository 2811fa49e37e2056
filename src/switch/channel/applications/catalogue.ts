// The applications a channel can run, by name.
import type { Application, Applications } from '../application.js';
import { conference } from '../conference/conference-application.js';
import {
  bindDigitAction,
  blockKeys,
  clearDigitAction,
  detectKeys,
  displaceSession,
  maskRecording,
  setDigitRealm,
  stopDisplaceSession,
  stopToneDetect,
  toneDetect,
} from './background.js';
import { playAndGetDigits, read } from './collecting.js';
import { eavesdrop, threeWay } from './eavesdropping.js';
import { bridgeExisting, echo, holdApplication, intercept } from './joining.js';
import { endlessPlayback, generateTones, loopPlayback, playback } from './playing.js';
import { record, recordSession, stopRecordSession } from './recording.js';
import { exportVariable, multiset, set, unset } from './setting.js';
import { answer, breakOff, flushDtmf, hangup, sendDtmf, setMute } from './signalling.js';
import { phrase, say, speak } from './speaking.js';
import { event, info, log, scheduleHangup } from './telling.js';
import { idle, park, sleep } from './waiting.js';

/** FreeSWITCH's delay of delay_echo. */
const ECHO_MS = 1_000;

export const APPLICATIONS: Applications = new Map<string, Application>([
  ['answer', answer],
  ['bind_digit_action', bindDigitAction],
  ['block_dtmf', blockKeys(true)],
  ['break', breakOff],
  ['bridge', bridgeExisting],
  ['clear_digit_action', clearDigitAction],
  ['conference', conference],
  ['delay_echo', echo(ECHO_MS)],
  ['digit_action_set_realm', setDigitRealm],
  ['displace_session', displaceSession],
  ['eavesdrop', eavesdrop],
  ['echo', echo(0)],
  ['endless_playback', endlessPlayback],
  ['event', event],
  ['export', exportVariable],
  ['flush_dtmf', flushDtmf],
  ['gentones', generateTones],
  ['hangup', hangup],
  ['hold', holdApplication(true)],
  ['info', info],
  ['intercept', intercept],
  ['log', log],
  ['loop_playback', loopPlayback],
  ['multiset', multiset],
  ['park', park],
  ['phrase', phrase],
  ['play_and_get_digits', playAndGetDigits],
  ['playback', playback],
  // Answered before any application could ask.
  ['pre_answer', answer],
  ['queue_dtmf', sendDtmf],
  ['read', read],
  ['record', record],
  ['record_session', recordSession],
  ['record_session_mask', maskRecording('mask', true)],
  ['record_session_pause', maskRecording('pause', true)],
  ['record_session_resume', maskRecording('pause', false)],
  ['record_session_unmask', maskRecording('mask', false)],
  ['ring_ready', answer],
  ['say', say],
  ['sched_hangup', scheduleHangup],
  ['send_dtmf', sendDtmf],
  ['set', set],
  ['set_mute', setMute],
  ['sleep', sleep],
  ['socket', idle],
  ['speak', speak],
  ['start_dtmf', detectKeys(true)],
  ['stop_displace_session', stopDisplaceSession],
  ['stop_dtmf', detectKeys(false)],
  ['stop_record_session', stopRecordSession],
  ['stop_tone_detect', stopToneDetect],
  ['three_way', threeWay],
  ['tone_detect', toneDetect],
  ['unblock_dtmf', blockKeys(false)],
  ['unhold', holdApplication(false)],
  ['unset', unset],
]);
