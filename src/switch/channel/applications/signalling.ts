// Owns the short applications: hang-up, mute, digits, break.
import { type Application, NO_RESPONSE } from '../application.js';

/** Longest key sent. */
const KEY_MS_MAX = 8_000;

/** `hangup [cause]` */
export const hangup: Application = ({ channel, argument }) => {
  channel.hangup(causeOf(argument));
  return NO_RESPONSE;
};

/** A cause is one word, told in events and in the Reason header of the BYE. */
export function causeOf(text: string): string {
  const word = text.trim().toUpperCase();
  return /^[A-Z0-9_]{1,64}$/.test(word) ? word : 'NORMAL_CLEARING';
}

/** `set_mute read|write|both true|false`: read is what the caller says. */
export const setMute: Application = ({ channel, argument }) => {
  const [direction = '', value = 'true'] = argument.trim().split(/\s+/);
  const on = !/^(false|no|off|0)$/i.test(value);
  if (direction !== 'read' && direction !== 'write' && direction !== 'both') return '-ERR usage: read|write|both';
  if (direction !== 'write') channel.mutes.set('read', 'asked', on);
  if (direction !== 'read') channel.mutes.set('write', 'asked', on);
  return NO_RESPONSE;
};

/** `send_dtmf <digits>[@<ms>]` and `queue_dtmf` */
export const sendDtmf: Application = ({ channel, argument }) => {
  const keys = parseKeys(argument);
  if (!keys) return '-ERR no digits';
  return channel.leg.sendDigits(keys.digits, keys.durationMs) ? NO_RESPONSE : '-ERR cannot send digits';
};

/** `digits[@duration in ms]`; `w` and `W` are pauses of half a second and a second. */
export function parseKeys(text: string): { digits: string; durationMs?: number } | undefined {
  const match = /^([0-9*#A-DFwW]{1,256})(?:@(\d{1,6}))?$/i.exec(text.trim());
  const digits = match?.[1]?.replace(/[a-dfA-DF]/g, (letter) => letter.toUpperCase());
  if (digits === undefined) return undefined;
  return match?.[2] === undefined ? { digits } : { digits, durationMs: Math.min(Number(match[2]), KEY_MS_MAX) };
}

/** `flush_dtmf` */
export const flushDtmf: Application = ({ channel }) => {
  channel.digits.flush();
  return NO_RESPONSE;
};

/** `break`: ends what it runs nested in. */
export const breakOff: Application = ({ channel }) => {
  channel.interrupt('break');
  return NO_RESPONSE;
};

/** `answer`: the leg was answered before any application could ask. */
export const answer: Application = () => NO_RESPONSE;
