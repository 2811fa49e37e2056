// Owns the applications that join a channel to another one, or to itself: intercept, bridge, hold, echo.
import { type Application, NO_RESPONSE } from '../application.js';
import { bridge, hold } from '../bridging.js';
import { isTrue } from '../variables.js';

/**
 * `intercept [-bleg] <uuid>`: takes the channel, or its partner, out of what it does and talks with it; who talked with it is
 * hung up. With the variable intercept_unbridged_only not one that talks.
 */
export const intercept: Application = ({ channel, argument, services }) => {
  const words = argument.trim().split(/\s+/);
  const named = services.channels.get(words.at(-1) ?? '');
  const target = words[0] === '-bleg' ? named?.partner : named;
  if (target === undefined || target === channel) return '-ERR no such channel';
  const left = target.partner === channel ? undefined : target.partner;
  if (target.partner !== undefined && isTrue(channel.variables.get('intercept_unbridged_only'))) return NO_RESPONSE;
  channel.variables.set('intercepted_by', undefined);
  target.variables.set('intercepted_by', channel.id);
  bridge(channel, target)
    .then(() => left?.hangup('PICKED_OFF'))
    .catch((error: unknown) => channel.log.error({ err: error }, 'intercept failed'));
  return NO_RESPONSE;
};

/** `bridge <uuid>`: calls are made over SIP by the application; only what is up already can be bridged. */
export const bridgeExisting: Application = ({ channel, argument, services }) => {
  const target = services.channels.get(argument.trim());
  if (target === undefined || target === channel) return '-ERR only the uuid of a channel that is up can be bridged';
  bridge(channel, target).catch((error: unknown) => channel.log.error({ err: error }, 'bridge failed'));
  return NO_RESPONSE;
};

/** `hold` and `unhold`: the partner hears music meanwhile. */
export const holdApplication =
  (on: boolean): Application =>
  ({ channel }) => {
    hold(channel, on);
    return NO_RESPONSE;
  };

/** `echo` and `delay_echo [<ms>]`: the party hears itself until broken off. */
export const echo =
  (usualMs: number): Application =>
  async ({ channel, argument, control }) => {
    const ms = Number(argument);
    const part = control.part();
    const broken = new Promise<void>((resolve) => {
      part.control.onStop(() => resolve());
    });
    channel.leg.process({ echoMs: usualMs > 0 && ms > 0 ? ms : usualMs });
    await broken;
    part.release();
    channel.leg.process({ echoMs: undefined });
    return NO_RESPONSE;
  };
