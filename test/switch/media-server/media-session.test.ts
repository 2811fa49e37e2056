import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { Variables } from '../../../src/switch/channel/variables.js';
import type { RemoteMedia } from '../../../src/switch/media/media-leg.js';
import {
  HELD_SECONDS_MAX,
  MediaSession,
  type Negotiated,
  SILENT_SECONDS_MAX,
} from '../../../src/switch/media-server/media-session.js';
import { SessionText } from '../../../src/switch/media-server/session-text.js';
import { PortPool } from '../../../src/switch/rtp/port-pool.js';
import { SDP_MEDIA_MAX } from '../../../src/switch/sdp/session-description.js';
import { openTextStream } from '../../../src/switch/text/open-text.js';
import { FakeLeg } from '../channel/stage.js';

const HEAD = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n';
const OFFER = `${HEAD}c=IN IP4 127.0.0.1\r\nm=audio 4002 RTP/AVP 0\r\n`;
const TEXT_LINE =
  'm=text 4010 RTP/AVP 100 98\r\na=rtpmap:98 t140/1000\r\na=rtpmap:100 red/1000\r\na=fmtp:100 98/98/98\r\n';

class ConnectedLeg extends FakeLeg {
  remote: RemoteMedia | undefined;
  override connect(remote?: RemoteMedia): void {
    this.remote = remote;
  }
}

const opened: MediaSession[] = [];
afterEach(() => Promise.all(opened.splice(0).map((session) => session.close())));

function session(variables = new Variables(), first = 40_000, last = 40_999) {
  const leg = new ConnectedLeg();
  const ports = new PortPool(first, last);
  const place = { address: '127.0.0.1', ports, clock: new FakeClock(), random32: () => 7, onClosed: () => undefined };
  const text = new SessionText({ open: () => openTextStream(place), onText: () => undefined, log: silentLog });
  const media = new MediaSession({ leg, kind: 'udp', variables, sessionId: '1', ids: systemIds, text });
  opened.push(media);
  return { media, leg, ports };
}

function sdpOf(described: Negotiated): string {
  if (!described.ok) throw new Error(described.reason);
  return described.sdp;
}

describe('a peer that falls silent', () => {
  test.each([
    [undefined, SILENT_SECONDS_MAX * 1_000],
    ['20', 20_000],
    ['0', 0],
    ['never', 0],
  ])('with rtp_timeout_sec %s is given up after %i ms', async (seconds, ms) => {
    const variables = new Variables();
    variables.set('rtp_timeout_sec', seconds);
    const { media, leg } = session(variables);
    expect((await media.answer(OFFER)).ok).toBe(true);
    expect(leg.remote?.timeOutMs).toBe(ms);
  });

  test.each([
    [undefined, HELD_SECONDS_MAX * 1_000],
    ['60', 60_000],
    ['0', 0],
  ])('on hold, with rtp_hold_timeout_sec %s, after %i ms', async (seconds, ms) => {
    const variables = new Variables();
    variables.set('rtp_timeout_sec', '5');
    variables.set('rtp_hold_timeout_sec', seconds);
    const { media, leg } = session(variables);
    await media.answer(OFFER);
    expect((await media.answer(`${OFFER}a=recvonly\r\n`)).ok).toBe(true);
    expect(leg.remote?.timeOutMs).toBe(ms);
    await media.answer(OFFER);
    expect(leg.remote?.timeOutMs).toBe(5_000);
  });
});

describe('a description that lies', () => {
  const audio = (port: number | string, address = '192.0.2.1'): string =>
    `${HEAD}c=IN IP4 ${address}\r\nm=audio ${port} RTP/AVP 0\r\n`;
  test.each([
    ['the broadcast address', audio(4_002, '255.255.255.255')],
    ['a multicast address', audio(4_002, '239.1.2.3/127')],
    ['a multicast address without ttl', audio(4_002, '224.0.0.1')],
    ['a reserved address', audio(4_002, '250.1.1.1')],
    ['port 0', audio(0)],
    ['port 99999', audio(99_999)],
    ['a port below zero', audio('-1')],
    ['500 lines of media', `${audio(4_002)}${'m=audio 4002 RTP/AVP 0\r\n'.repeat(500)}`],
    ['one line more than is read', `${audio(4_002)}${'m=video 0 RTP/AVP 31\r\n'.repeat(SDP_MEDIA_MAX)}`],
    ['a name instead of an address', audio(4_002, 'example.com')],
  ])('by %s is refused, and nothing is sent there', async (_, offer) => {
    const { media, leg } = session();
    expect((await media.answer(offer)).ok).toBe(false);
    expect(leg.remote).toBeUndefined();
  });

  test('by our own address and port: nobody is sent anything, least of all ourselves', async () => {
    const { media, leg } = session();
    expect((await media.answer(audio(leg.port, leg.address))).ok).toBe(true);
    expect([leg.remote, leg.calls]).toEqual([undefined, ['disconnect']]);
  });
});

describe('a line of real-time text', () => {
  test('is answered with a port of its own beside the audio, and given back at the end', async () => {
    const { media, ports } = session();
    const before = ports.size;
    const answer = await media.answer(OFFER + TEXT_LINE);
    const sdp = answer.ok ? answer.sdp : '';
    expect(sdp).toMatch(/m=text 40\d{3} RTP\/AVP 100 98\r\na=rtpmap:98 t140\/1000\r\na=rtpmap:100 red\/1000\r\n/);
    expect(sdp).toContain('a=fmtp:100 98/98/98\r\na=sendrecv\r\n');
    expect(ports.size).toBe(before - 1);
    expect(await media.answer(OFFER + TEXT_LINE)).toEqual(answer); // the same port, the same version
    await media.close();
    expect(ports.size).toBe(before);
  });

  test.each([
    ['of another kind', 'm=text 4010 RTP/AVP 98\r\na=rtpmap:98 toip/1000\r\n'],
    ['that is encrypted', 'm=text 4010 RTP/SAVP 98\r\na=rtpmap:98 t140/1000\r\n'],
    ['to a multicast address', 'm=text 4010 RTP/AVP 98\r\nc=IN IP4 239.0.0.1\r\na=rtpmap:98 t140/1000\r\n'],
  ])('%s is refused; the call is not', async (_, line) => {
    const { media, ports } = session();
    const before = ports.size;
    const answer = await media.answer(OFFER + line);
    expect(answer).toMatchObject({ ok: true, sdp: expect.stringContaining('m=text 0 RTP/') });
    expect(ports.size).toBe(before);
  });

  test('with no port left is refused; the call is not', async () => {
    const { media } = session(new Variables(), 40_000, 40_000);
    expect(await media.answer(OFFER + TEXT_LINE)).toMatchObject({
      ok: true,
      sdp: expect.stringContaining('m=text 0 RTP/AVP'),
    });
  });

  test('is offered only when it is asked for', async () => {
    const { media } = session();
    expect(sdpOf(await media.offer('plain'))).not.toContain('m=text');
    expect(sdpOf(await media.offer('plain', true))).toMatch(/m=text 40\d{3} RTP\/AVP 100 98/);
  });
});
