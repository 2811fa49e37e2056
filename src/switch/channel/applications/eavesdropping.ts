// Owns the applications that let a third party into a conversation: eavesdrop and three_way.
import type { OverhearingOptions } from '../../media/media-leg.js';
import { type Application, NO_RESPONSE, type Run } from '../application.js';
import type { Channel } from '../channel.js';
import { isTrue } from '../variables.js';

/** What the keys of an eavesdropper mean: speak to nobody, to the others, to the target, to both. */
const KEYS: Readonly<Record<string, Pick<OverhearingOptions, 'heardByTarget' | 'heardByOthers'>>> = {
  '0': { heardByTarget: false, heardByOthers: false },
  '1': { heardByTarget: false, heardByOthers: true },
  '2': { heardByTarget: true, heardByOthers: false },
  '3': { heardByTarget: true, heardByOthers: true },
};

/**
 * `eavesdrop <uuid>`: hears the channel and its partner until either of the two hangs up. Variables of the eavesdropper:
 * eavesdrop_whisper_bleg (the channel itself hears him), eavesdrop_whisper_aleg (those it talks with do),
 * eavesdrop_bridge_bleg and _aleg (whom of them he hears, both when none is set), eavesdrop_enable_dtmf (default true).
 */
export const eavesdrop: Application = (run) => {
  const read = (name: string): boolean => isTrue(run.read(name));
  const [hearsTarget, hearsOthers] = [read('eavesdrop_bridge_aleg'), read('eavesdrop_bridge_bleg')];
  const neither = !hearsTarget && !hearsOthers;
  return listenIn(run, {
    heardByTarget: read('eavesdrop_whisper_bleg'),
    heardByOthers: read('eavesdrop_whisper_aleg'),
    hearsTarget: hearsTarget || neither,
    hearsOthers: hearsOthers || neither,
  });
};

/** `three_way <uuid>`: joins the channel and its partner. */
export const threeWay: Application = (run) =>
  listenIn(run, { heardByTarget: true, heardByOthers: true, hearsTarget: true, hearsOthers: true });

async function listenIn(run: Run, options: OverhearingOptions): Promise<string> {
  const { channel, control, services } = run;
  const target = services.channels.get(run.argument.trim());
  if (target === undefined || target === channel) return '-ERR no such channel';
  const overhearing = channel.leg.overhear(target.leg, options);
  const hasKeys = isTrue(run.read('eavesdrop_enable_dtmf') ?? 'true');
  const unlisten = channel.digits.listen((digit) => {
    const mode = hasKeys ? KEYS[digit] : undefined;
    if (mode !== undefined) overhearing.change({ ...options, ...mode });
  });
  const part = control.part();
  const broken = new Promise<void>((resolve) => {
    part.control.onStop(() => resolve());
  });
  await Promise.race([broken, isOver(target)]);
  part.release();
  unlisten();
  overhearing.stop();
  return NO_RESPONSE;
}

function isOver(channel: Channel): Promise<void> {
  return new Promise((resolve) => channel.onOver(resolve));
}
