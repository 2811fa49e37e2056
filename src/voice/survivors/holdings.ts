// What the switch has of this node's calls: those who called in, lines that are up, channels of the media servers.
import type { Holdings, IncomingCall } from '../../app/ports.js';
import type { VoiceLeg } from '../call/leg.js';
import type { Media } from '../drachtio/media.js';
import type { OwnChannels } from './own-channels.js';

export interface Held {
  readonly channels: OwnChannels;
  readonly media: Pick<Media, 'servers' | 'nameOf'>;
  readonly legs: ReadonlySet<VoiceLeg>;
  readonly calls: ReadonlySet<IncomingCall>;
}

export async function holdingsOf({ channels, media, legs, calls }: Held): Promise<Holdings> {
  const held = new Set([...legs].map(({ endpoint }) => endpoint.uuid));
  const told = await channels.look(media.servers, held);
  // Read after the answers: what began or ended meanwhile is told by the next look.
  return {
    ...told,
    arrived: new Set([...calls].map(({ callId }) => callId)),
    legs: [...legs].filter(({ ended }) => !ended.aborted).map((leg) => heldLeg(leg, media.nameOf(leg.endpoint))),
  };
}

function heldLeg(leg: VoiceLeg, server: string): Holdings['legs'][number] {
  const { id, callId, endpoint, interaction } = leg;
  return {
    ...{ id, callId, channel: endpoint.uuid, server },
    ...(interaction === undefined ? {} : { interaction }),
    end: (end) => leg.hangUp(end),
  };
}
