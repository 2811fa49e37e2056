// Parties who talk in rooms: each says a tone of its own, and what the others hear is taken apart again.
import { afterEach, beforeEach } from 'vitest';
import type { MediaLeg, RemoteMedia } from '../../../../src/switch/media/media-leg.js';
import type { MediaRoom } from '../../../../src/switch/media/media-room.js';
import type { G711 } from '../../../../src/switch/rtp/g711.js';
import { type Bench, loudness, openBench, purity, type RtpPhone, tonePackets } from '../rtp-phone.js';

export interface Party {
  readonly leg: MediaLeg;
  readonly phone: RtpPhone;
  readonly hertz: number;
}

export const HERTZ = [450, 700, 1_100, 1_700];
export let bench: Bench;

/** To be said once in a file of tests: each of them has a bench of its own. */
export function benchForEachTest(): void {
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench?.close());
}

export async function parties(laws: readonly G711[], remote: Partial<RemoteMedia> = {}): Promise<Party[]> {
  const all: Party[] = [];
  for (const [at, law] of laws.entries()) all.push({ ...(await bench.call(law, remote)), hertz: HERTZ[at] ?? 0 });
  return all;
}

export async function together(laws: readonly G711[]): Promise<{ room: MediaRoom; all: Party[] }> {
  const all = await parties(laws);
  const [first] = all;
  if (first === undefined) throw new Error('nobody');
  const room = bench.engine.openRoom(first.leg, { relaysKeys: false });
  for (const { leg } of all) room.seat(leg);
  await bench.settle();
  return { room, all };
}

/** All talk for `frames`; what was heard before is forgotten. */
export async function talk(all: readonly Party[], frames = 60): Promise<void> {
  for (const { phone } of all) phone.heard.length = 0;
  const tones = all.map(({ hertz, phone }) => tonePackets(hertz, frames, phone.law));
  await bench.run(frames, (frame) => {
    for (const [at, { phone }] of all.entries()) phone.sendAudio(tones[at]?.[frame] ?? Buffer.alloc(0));
  });
}

/** The parties whose tones are a good part of what `party` heard in the last 400 ms; `tones` as in {@link HERTZ}. */
export function heard(party: Party): number[] {
  const samples = party.phone.samples().slice(-3_200);
  if (loudness(samples) < 50) return [];
  return HERTZ.filter((hertz) => purity(samples, hertz) > 0.1);
}
