import { expect, test } from 'vitest';
import { systemIds } from '../../../src/lib/ids.js';
import { Variables } from '../../../src/switch/channel/variables.js';
import type { RemoteMedia } from '../../../src/switch/media/media-leg.js';
import { MediaSession, SILENT_SECONDS_MAX } from '../../../src/switch/media-server/media-session.js';
import { FakeLeg } from '../channel/stage.js';

const OFFER = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=audio 4002 RTP/AVP 0\r\n';

class ConnectedLeg extends FakeLeg {
  remote: RemoteMedia | undefined;
  override connect(remote?: RemoteMedia): void {
    this.remote = remote;
  }
}

test.each([
  [undefined, SILENT_SECONDS_MAX * 1_000],
  ['20', 20_000],
  ['0', 0],
  ['never', 0],
])('with rtp_timeout_sec %s a silent peer is given up after %i ms', async (seconds, ms) => {
  const leg = new ConnectedLeg();
  const variables = new Variables();
  variables.set('rtp_timeout_sec', seconds);
  const session = new MediaSession({ leg, kind: 'udp', variables, sessionId: '1', ids: systemIds });
  expect((await session.answer(OFFER)).ok).toBe(true);
  expect(leg.remote?.timeOutMs).toBe(ms);
});
