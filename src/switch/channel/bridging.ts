// Owns what involves two channels: bridge, transfer of both legs, hold.
import { parseFileString } from '../media/audio-source.js';
import type { BaseApplication, Channel } from './channel.js';

export const PARK: readonly BaseApplication[] = [{ name: 'park', argument: '' }];

/** Ends what both do and lets them talk. When one is lost on the way, the other parks. */
export async function bridge(a: Channel, b: Channel): Promise<void> {
  const [aFree, bFree] = await Promise.all([a.release(), b.release()]);
  if (!aFree || !bFree) {
    if (aFree) a.reroute(PARK);
    if (bFree) b.reroute(PARK);
    return;
  }
  a.occupy({ kind: 'bridged', partner: b });
  b.occupy({ kind: 'bridged', partner: a });
  a.leg.bridge(b.leg);
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const about = { Application: 'uuid_bridge', 'Application-Data': other.id, 'Application-UUID': one.ids.uuid() };
    one.emit('CHANNEL_EXECUTE', about, { machineState: 'CS_SOFT_EXECUTE' });
    one.resume();
  }
  a.emit('CHANNEL_BRIDGE', { 'Bridge-A-Unique-ID': a.id, 'Bridge-B-Unique-ID': b.id });
}

/** Takes channels out of whatever they do and runs the given applications on each. */
export async function transfer(channels: readonly Channel[], applications: readonly BaseApplication[]): Promise<void> {
  const free = await Promise.all(channels.map((channel) => channel.release()));
  channels.forEach((channel, at) => {
    if (free[at]) channel.reroute(applications);
  });
}

/** `park`, or `app:argument,app2:argument` as the inline dialplan takes it. */
export function parseInline(text: string): BaseApplication[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const colon = part.indexOf(':');
      return colon < 0 ? { name: part, argument: '' } : { name: part.slice(0, colon), argument: part.slice(colon + 1) };
    });
}

/** Holds or takes back: while `channel` holds, its partner hears the variable hold_music, or `local_stream://moh`. */
export function hold(channel: Channel, on: boolean): void {
  if (on === (channel.callState === 'HELD')) return;
  const { partner } = channel;
  channel.changeCallState(on ? 'HELD' : 'ACTIVE');
  channel.emit(on ? 'CHANNEL_HOLD' : 'CHANNEL_UNHOLD');
  if (!partner) return;
  if (on) playMusicOf(channel, partner);
  else partner.playHoldMusic(undefined);
}

/** The music that `channel` has for whom it holds; `partner` ends it. */
export function playMusicOf(channel: Channel, partner: Channel): void {
  const music = parseFileString(channel.variables.get('hold_music') ?? 'local_stream://moh');
  if (music.ok) partner.playHoldMusic(() => partner.leg.play({ kind: 'list', items: [music.source], loops: -1 }));
}
