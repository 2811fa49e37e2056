// Owns the commands on what is heard beside and during applications: displacement, levels, steering of a file.
import { levelOf } from '../../media/room/mixing.js';
import { onChannel } from './command.js';

const SAMPLES_PER_MS = 8;

/** `uuid_displace <uuid> start|stop <path> [<limit in s>] [mux]`: the channel hears it. */
export const uuidDisplace = onChannel(async ({ displacements }, { words }) => {
  const [, action = '', path = '', ...rest] = words;
  const seconds = Number(rest.find((word) => /^\d+$/.test(word)));
  const limit = seconds > 0 ? { limitMs: seconds * 1_000 } : {};
  const options = { direction: 'write', mux: rest.includes('mux'), loop: false, ...limit } as const;
  if (path === '' || (action !== 'start' && action !== 'stop')) {
    return '-USAGE: <uuid> [start|stop] <path> [<limit>] [mux]\n';
  }
  const done = action === 'start' ? displacements.start(path, options) : await displacements.stop(path);
  return done ? '+OK Success\n' : `-ERR Cannot ${action === 'start' ? '' : 'stop '}displace session!\n`;
}, '-ERR Cannot locate session!\n');

/** `uuid_audio <uuid> start read|write mute|level <-4..4>`, `uuid_audio <uuid> stop`. Mute takes any level but 0. */
export const uuidAudio = onChannel(({ leg, mutes }, { words }) => {
  const [, action = '', direction = '', what = '', level = '0'] = words;
  if (action === 'stop') {
    mutes.set('read', 'asked', false);
    mutes.set('write', 'asked', false);
    leg.process({ levelIn: undefined, levelOut: undefined });
    return '+OK Success\n';
  }
  const number = Number(level);
  const known = (direction === 'read' || direction === 'write') && (what === 'mute' || what === 'level');
  if (action !== 'start' || !known || !Number.isInteger(number)) {
    return '-USAGE: <uuid> [start [read|write] [mute|level <level>]|stop]\n';
  }
  if (what === 'mute') mutes.set(direction, 'asked', number !== 0);
  else {
    const wanted = levelOf(number) === 1 ? undefined : number;
    leg.process(direction === 'read' ? { levelIn: wanted } : { levelOut: wanted });
  }
  return '+OK Success\n';
}, '-ERR Cannot locate session!\n');

/** Playbacks that stand still. */
const paused = new WeakSet<object>();

/** `uuid_fileman <uuid> pause|resume|restart|stop|seek:[+-]<ms>` on the file that is heard; a second `pause` resumes. */
export const uuidFileman = onChannel((channel, { words }) => {
  const { playing } = channel;
  if (playing === undefined) return '-ERR no file is played\n';
  const [command = '', value = ''] = (words[1] ?? '').split(':');
  const match = /^([+-]?)(\d{1,9})$/.exec(value);
  switch (command) {
    case 'pause':
    case 'resume': {
      const on = command === 'pause' && !paused.has(playing);
      if (on) paused.add(playing);
      else paused.delete(playing);
      playing.pause(on);
      return '+OK\n';
    }
    case 'restart':
      playing.seek(0, 'start');
      return '+OK\n';
    case 'stop':
    case 'truncate':
      playing.stop();
      return '+OK\n';
    case 'seek': {
      if (match === null) return '-ERR seek:[+-]<milliseconds>\n';
      const samples = Number(match[2]) * SAMPLES_PER_MS;
      playing.seek(match[1] === '-' ? -samples : samples, match[1] === '' ? 'start' : 'here');
      return '+OK\n';
    }
    default:
      return '-USAGE: <uuid> <cmd>:<val>\n';
  }
});

/** `uuid_buglist <uuid>`: what listens and plays beside the applications. */
export const uuidBuglist = onChannel(({ recordings, displacements, detections }) => {
  const bug = (what: string, target: string): string =>
    ` <media-bug>\n  <function>${what}</function>\n  <target>${escaped(target)}</target>\n </media-bug>\n`;
  return [
    '<media-bugs>\n',
    ...recordings.paths.map((path) => bug('session_record', path)),
    ...displacements.paths.map((path) => bug('displace', path)),
    ...detections.names.map((name) => bug('tone_detect', name)),
    '</media-bugs>\n',
  ].join('');
});

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
