// Owns the applications that set something going beside what follows: displacement, tone and key detection, bound keys.
import { type Application, NO_RESPONSE, type Run } from '../application.js';
import { splitArguments } from '../expansion.js';

/** Samples told for a key that was found in the audio: FreeSWITCH's default. */
const FOUND_KEY_SAMPLES = 2_000;
/** One hit of tone_detect. */
const HIT_MS = 60;
const HITS_MAX = 100;
const TONE_SECONDS_MAX = 24 * 3_600;

/** `displace_session <path> [m][l][r] [+<limit in ms>]`: m under the talk, l again and again, r for the other side. */
export const displaceSession: Application = ({ channel, argument }) => {
  const [path = '', ...options] = splitArguments(argument);
  const flags = options.find((option) => !option.startsWith('+')) ?? '';
  const limitMs = Number(options.find((option) => option.startsWith('+')));
  const started = channel.displacements.start(path, {
    direction: flags.includes('r') ? 'read' : 'write',
    mux: flags.includes('m'),
    loop: flags.includes('l'),
    ...(limitMs > 0 ? { limitMs } : {}),
  });
  return started ? NO_RESPONSE : '-ERR Cannot displace session!';
};

/** `stop_displace_session <path>` */
export const stopDisplaceSession: Application = async ({ channel, argument }) =>
  (await channel.displacements.stop(argument.trim())) ? NO_RESPONSE : '-ERR Cannot stop displace session!';

/** `record_session_mask|unmask|pause|resume <path>`: masked and paused stretches are silence in the file. */
export const maskRecording =
  (hide: 'mask' | 'pause', on: boolean): Application =>
  ({ channel, argument }) =>
    channel.recordings[hide](argument.trim(), on) ? NO_RESPONSE : '-ERR no such recording';

/**
 * `tone_detect <key> <hertz,hertz> [r|w] [+<timeout in s>] [<application> [<argument>]] [<hits>]`: in what the party says, or
 * hears (`w`). Told once; to be told again it is asked for again.
 */
export const toneDetect: Application = (run) => {
  const { channel } = run;
  const [key = '', list = '', ...rest] = splitArguments(run.argument);
  const frequencies = list.split(',').map(Number);
  const wrong = frequencies.some((hertz) => !(hertz > 0 && hertz < 4_000));
  if (key === '' || wrong || frequencies.length > 4)
    return '-ERR usage: <key> <tone_spec> [r|w] [+timeout] [app] [args] [hits]';
  const flags = /^[rwo]+$/i.test(rest[0] ?? '') ? (rest.shift() ?? '') : '';
  const side = /w/i.test(flags) && !/r/i.test(flags) ? 'write' : 'read';
  const [timeout, ...words] = rest;
  const { application, argument, hits } = actionOf(words);
  const ms = HIT_MS * Math.min(HITS_MAX, Math.max(1, hits));
  const heard = (): void => {
    channel.emit('DETECTED_TONE', { 'Detected-Tone': key });
    if (application !== undefined) channel.execute({ application, argument, id: channel.ids.uuid() });
  };
  if (!channel.detections.tone(key, side, { frequencies, ms }, heard)) return '-ERR too many tones';
  const seconds = Math.min(TONE_SECONDS_MAX, Number(timeout?.replace(/^\+/, '')) || 0);
  if (seconds > 0) {
    const timer = channel.core.clock.after(seconds * 1_000, () => channel.detections.forget(key));
    channel.onOver(() => timer.cancel());
  }
  return NO_RESPONSE;
};

/** A number alone in the place of the application is that of the hits. */
function actionOf([application, argument, hits]: readonly string[]) {
  if (argument === undefined && /^\d+$/.test(application ?? '')) {
    return { application: undefined, argument: '', hits: Number(application) };
  }
  return { application, argument: argument ?? '', hits: Number(hits) || 1 };
}

/** `stop_tone_detect`: all of them. */
export const stopToneDetect: Application = ({ channel }) => {
  channel.detections.forget();
  return NO_RESPONSE;
};

/** `start_dtmf` and `stop_dtmf`: keys that come as tones in the audio count as well. */
export const detectKeys =
  (on: boolean): Application =>
  ({ channel }) => {
    const press = (digit: string): void =>
      channel.press({ digit, duration: FOUND_KEY_SAMPLES, source: 'INBAND_AUDIO' });
    channel.detections.keys(on ? press : undefined);
    return NO_RESPONSE;
  };

/** `block_dtmf` and `unblock_dtmf`: keys of the party are dropped. */
export const blockKeys =
  (on: boolean): Application =>
  ({ channel }) => {
    channel.dropsKeys = on;
    return NO_RESPONSE;
  };

/** `bind_digit_action <realm>,<keys or ~regex>,<exec:application or text>[,<argument>]`; a text is told as an event. */
export const bindDigitAction: Application = (run) => {
  const [realm = '', keys = '', what = '', ...rest] = run.argument.split(',').map((part) => part.trim());
  if (realm === '' || keys === '' || what === '') return '-ERR usage: <realm>,<digits|~regex>,<string>[,<value>]';
  const bound = run.channel.digitActions.bind({
    realm,
    keys,
    act: (pressed) => act(run, realm, pressed, what, rest.join(',')),
  });
  return bound ? NO_RESPONSE : '-ERR cannot bind';
};

/** `clear_digit_action <realm>|all` */
export const clearDigitAction: Application = ({ channel, argument }) => {
  channel.digitActions.clear(argument.trim().split(',')[0] ?? 'all');
  return NO_RESPONSE;
};

/** `digit_action_set_realm <realm>` */
export const setDigitRealm: Application = ({ channel, argument }) => {
  channel.digitActions.setRealm(argument.trim().split(',')[0] ?? '');
  return NO_RESPONSE;
};

function act({ channel }: Run, realm: string, digits: string, what: string, argument: string): void {
  const application = /^exec(?:\[[^\]]*\])?:(\w+)$/.exec(what)?.[1];
  if (application === undefined) {
    channel.emit('CUSTOM', { digits, realm, [what]: argument }, { subclass: 'digits::action' });
  } else channel.execute({ application, argument, id: channel.ids.uuid() });
}
