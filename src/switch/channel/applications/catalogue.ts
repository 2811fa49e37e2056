// The applications a channel can run, by name.
import type { Application, Applications } from '../application.js';
import { conference } from '../conference/conference-application.js';
import { playAndGetDigits } from './collecting.js';
import { eavesdrop, threeWay } from './eavesdropping.js';
import { endlessPlayback, playback } from './playing.js';
import { record, recordSession, stopRecordSession } from './recording.js';
import { exportVariable, multiset, set, unset } from './setting.js';
import { answer, breakOff, flushDtmf, hangup, sendDtmf, setMute } from './signalling.js';
import { idle, sleep } from './waiting.js';

export const APPLICATIONS: Applications = new Map<string, Application>([
  ['answer', answer],
  ['break', breakOff],
  ['conference', conference],
  ['eavesdrop', eavesdrop],
  ['endless_playback', endlessPlayback],
  ['export', exportVariable],
  ['flush_dtmf', flushDtmf],
  ['hangup', hangup],
  ['multiset', multiset],
  ['park', idle],
  ['play_and_get_digits', playAndGetDigits],
  ['playback', playback],
  ['queue_dtmf', sendDtmf],
  ['record', record],
  ['record_session', recordSession],
  ['send_dtmf', sendDtmf],
  ['set', set],
  ['set_mute', setMute],
  ['sleep', sleep],
  ['socket', idle],
  ['stop_record_session', stopRecordSession],
  ['three_way', threeWay],
  ['unset', unset],
]);
