import { expect, test } from 'vitest';
import { systemIds } from '../../../src/lib/ids.js';
import type { MediaLeg } from '../../../src/switch/media/media-leg.js';
import { LocalSecurity } from '../../../src/switch/media-server/local-security.js';
import type { RemoteStream } from '../../../src/switch/sdp/negotiation.js';

const party = (ufrag: string) => ({ ufrag }) as Extract<RemoteStream['security'], { kind: 'webrtc' }>['party'];

test.each(['of another', 'of its own'])(
  'a browser description %s that the engine cannot take is refused',
  async (whose) => {
    const describeWeb = async (remote?: unknown): Promise<unknown> => {
      await Promise.resolve();
      if (remote === undefined && ++offers === 1) return party('ours');
      throw new Error('process gone');
    };
    let offers = 0;
    const leg = { describeWeb } as Partial<MediaLeg> as MediaLeg;
    const security = new LocalSecurity(leg, systemIds);
    await security.offered('webrtc');
    const theirs = party(whose === 'of its own' ? 'ours' : 'theirs');
    const stream = {
      security: { kind: 'webrtc', party: theirs },
      eventRate: 8_000,
    } as Partial<RemoteStream> as RemoteStream;
    expect(await security.answering(stream)).toEqual({ ok: false, reason: 'WebRTC: process gone' });
  },
);
