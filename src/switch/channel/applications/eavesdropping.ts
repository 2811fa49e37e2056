// Owns the applications that let a third party into a conversation: eavesdrop and three_way.
import type { OverhearingOptions } from '../../media/media-leg.js';
import { type Application, NO_RESPONSE, type Run } from '../application.js';
import type { Channel } from '../channel.js';
import { isTrue } from '../variables.js';
import { playFiles } from './playing.js';
import { waitFor } from './waiting.js';

/** What the keys of an eavesdropper mean: speak to nobody, to the others, to the target, to both. */
const KEYS: Readonly<Record<string, Pick<OverhearingOptions, 'heardByTarget' | 'heardByOthers'>>> = {
  '0': { heardByTarget: false, heardByOthers: false },
  '1': { heardByTarget: false, heardByOthers: true },
  '2': { heardByTarget: true, heardByOthers: false },
  '3': { heardByTarget: true, heardByOthers: true },
};

/** In `eavesdrop all`: on to the next talk. */
const NEXT_KEY = '*';
/** In `eavesdrop all`, while nobody talks: how often it is looked again. */
const LOOK_AGAIN_MS = 1_000;

/**
 * `eavesdrop <uuid>`: hears the channel and its partner until either of the two hangs up; `eavesdrop all`: one talk after the
 * other, `*` for the next. Variables of the eavesdropper: eavesdrop_whisper_bleg (the channel itself hears him),
 * eavesdrop_whisper_aleg (those it talks with do), eavesdrop_bridge_bleg and _aleg (whom of them he hears, both when none is
 * set), eavesdrop_enable_dtmf (default true), eavesdrop_require_group (only channels with it in their eavesdrop_group, a list
 * with commas), eavesdrop_indicate_new, _failed and _idle (files he hears first, when he may not, and while nobody talks).
 */
export const eavesdrop: Application = async (run) => {
  const wanted = run.argument.trim();
  if (wanted.toLowerCase() === 'all') return listenToAll(run);
  const target = run.services.channels.get(wanted);
  if (target !== undefined && isOfGroup(run, target)) return listenIn(run, target, optionsOf(run));
  await indicate(run, 'failed');
  return target === undefined ? '-ERR no such channel' : '-ERR the channel is not of the group';
};

async function listenToAll(run: Run): Promise<string> {
  const { channel, control, services } = run;
  let last = '';
  while (!control.stopped) {
    const talks = services.channels
      .all()
      .filter((one) => one !== channel && one.partner !== undefined && one.id < one.partner.id && isOfGroup(run, one))
      .sort((one, other) => (one.id < other.id ? -1 : 1));
    const target = talks.find(({ id }) => id > last) ?? talks[0];
    if (target === undefined) {
      await indicate(run, 'idle');
      await waitFor(run, LOOK_AGAIN_MS);
    } else {
      last = target.id;
      await listenIn(run, target, optionsOf(run), NEXT_KEY);
    }
  }
  return NO_RESPONSE;
}

async function indicate(run: Run, what: 'new' | 'failed' | 'idle'): Promise<void> {
  const file = run.read(`eavesdrop_indicate_${what}`);
  if (file !== undefined) await playFiles(run, file);
}

function isOfGroup(run: Run, target: Channel): boolean {
  const required = run.read('eavesdrop_require_group');
  if (required === undefined || required === '') return true;
  return (target.variables.get('eavesdrop_group') ?? '').split(',').some((group) => group.trim() === required);
}

function optionsOf(run: Run): OverhearingOptions {
  const read = (name: string): boolean => isTrue(run.read(name));
  const [hearsTarget, hearsOthers] = [read('eavesdrop_bridge_aleg'), read('eavesdrop_bridge_bleg')];
  const neither = !hearsTarget && !hearsOthers;
  return {
    heardByTarget: read('eavesdrop_whisper_bleg'),
    heardByOthers: read('eavesdrop_whisper_aleg'),
    hearsTarget: hearsTarget || neither,
    hearsOthers: hearsOthers || neither,
  };
}

/** `three_way <uuid>`: joins the channel and its partner. */
export const threeWay: Application = (run) => {
  const target = run.services.channels.get(run.argument.trim());
  if (target === undefined) return '-ERR no such channel';
  return listenIn(run, target, { heardByTarget: true, heardByOthers: true, hearsTarget: true, hearsOthers: true });
};

/** Until it is broken off, the target is gone, or `endKey` is pressed. */
async function listenIn(run: Run, target: Channel, options: OverhearingOptions, endKey?: string): Promise<string> {
  const { channel, control } = run;
  if (target === channel) return '-ERR no such channel';
  await indicate(run, 'new');
  if (control.stopped) return NO_RESPONSE;
  const overhearing = channel.leg.overhear(target.leg, options);
  const hasKeys = isTrue(run.read('eavesdrop_enable_dtmf') ?? 'true');
  let next = (): void => undefined;
  const moved = new Promise<void>((resolve) => {
    next = resolve;
  });
  const unlisten = channel.digits.listen((digit) => {
    if (digit === endKey) next();
    const mode = hasKeys ? KEYS[digit] : undefined;
    if (mode !== undefined) overhearing.change({ ...options, ...mode });
  });
  const part = control.part();
  const broken = new Promise<void>((resolve) => {
    part.control.onStop(() => resolve());
  });
  let forget = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    forget = target.onOver(resolve);
  });
  await Promise.race([broken, moved, over]);
  forget();
  part.release();
  unlisten();
  overhearing.stop();
  return NO_RESPONSE;
}
