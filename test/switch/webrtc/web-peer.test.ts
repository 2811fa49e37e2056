// What becomes of a browser's connection when the library says this or that: with a library that says what the test wants.
import type { PeerConnection, RtcConfig, Track } from 'node-datachannel';
import { expect, test } from 'vitest';
import { FakeClock } from '../../../src/lib/clock.js';
import type { WebLibrary } from '../../../src/switch/webrtc/web-connection.js';
import type { WebParty } from '../../../src/switch/webrtc/web-party.js';
import { CONNECT_LIMIT_MS, GONE_GRACE_MS, WebPeer } from '../../../src/switch/webrtc/web-peer.js';

class FakeConnection {
  state: (state: string) => void = () => undefined;
  packet: (packet: Buffer) => void = () => undefined;
  readonly sent: Buffer[] = [];
  isClosed = false;
  remote = '';
  credentials = { iceUfrag: 'made', icePwd: 'm'.repeat(22) };

  constructor(readonly config: RtcConfig) {}
}

function stage(): {
  peer: WebPeer;
  clock: FakeClock;
  connections: FakeConnection[];
  heard: string[];
  at(index: number): FakeConnection;
} {
  const connections: FakeConnection[] = [];
  const heard: string[] = [];
  class Fake extends FakeConnection {
    constructor(_name: string, config: RtcConfig) {
      super(config);
      connections.push(this);
    }
    onStateChange(listener: (state: string) => void): void {
      this.state = listener;
    }
    addTrack(): Pick<Track, 'onMessage' | 'isOpen' | 'sendMessageBinary'> {
      return {
        onMessage: (listener) => {
          this.packet = listener;
        },
        isOpen: () => true,
        sendMessageBinary: (packet) => this.sent.push(packet) > 0,
      };
    }
    setRemoteDescription(sdp: string): void {
      if (sdp.includes('a=ice-ufrag:refused')) throw new Error('Invalid ICE settings');
      this.remote = sdp;
    }
    setLocalDescription(_type: string, own: Partial<FakeConnection['credentials']>): void {
      this.credentials = { ...this.credentials, ...own };
    }
    localDescription(): { sdp: string } {
      const { iceUfrag, icePwd } = this.credentials;
      const known = this.config.certificatePemFile ?? 'fresh';
      return {
        sdp: `a=ice-ufrag:${iceUfrag}\r\na=ice-pwd:${icePwd}\r\na=fingerprint:sha-256 ${known}\r\na=candidate:c\r\n`,
      };
    }
    close(): void {
      this.isClosed = true;
    }
  }
  const clock = new FakeClock();
  const library = {
    PeerConnection: Fake as unknown as new (name: string, config: RtcConfig) => PeerConnection,
    Audio: class {
      readonly added: string[] = [];
      addAudioCodec(_payloadType: number, codec: string): void {
        this.added.push(codec);
      }
    } as unknown as WebLibrary['Audio'],
  };
  const identity = { certificatePem: 'AB', keyPem: 'key', fingerprint: 'sha-256 AB' };
  const peer = new WebPeer(
    { library, config: { iceServers: [] }, identity, candidate: 'ours', clock },
    {
      onConnected: () => heard.push('connected'),
      onPacket: (packet) => heard.push(packet.toString('latin1')),
      onFailed: (reason) => heard.push(`failed: ${reason}`),
    },
  );
  const at = (index: number): FakeConnection => {
    const found = connections[index];
    if (found === undefined) throw new Error(`no connection ${index}`);
    return found;
  };
  return { peer, clock, connections, heard, at };
}

const party = (ufrag: string, setup: WebParty['setup'] = 'actpass'): WebParty => ({
  ufrag,
  pwd: 'p'.repeat(22),
  fingerprint: 'sha-256 CD',
  setup,
  candidates: [],
});

test('a caller is answered with the passive role and the certificate of the host', () => {
  const { peer, at } = stage();
  expect(peer.describe({ party: party('one') })).toEqual({
    ufrag: 'made',
    pwd: 'm'.repeat(22),
    fingerprint: 'sha-256 AB',
    setup: 'passive',
    candidates: ['c'],
  });
  expect(at(0).remote).toContain('a=setup:active\r\n');
  const other = stage();
  expect(other.peer.describe({ party: party('one', 'passive') }).setup).toBe('active');
  expect(other.at(0).remote).toContain('a=setup:passive\r\n');
});

test('an offer of ours opens nothing; its answer connects with what was offered', () => {
  const { peer, connections, clock } = stage();
  const offered = peer.describe();
  expect(offered).toMatchObject({ setup: 'actpass', fingerprint: 'sha-256 AB', candidates: ['ours'] });
  expect(peer.describe()).toEqual(offered);
  expect([connections.length, clock.pending]).toEqual([0, 0]);
  expect(peer.describe({ party: party('one', 'active') })).toMatchObject({ ufrag: offered.ufrag, setup: 'passive' });
  peer.close();
});

test('the same credentials again change nothing; others begin anew, and the old connection talks until the new one can', () => {
  const { peer, connections, heard, at, clock } = stage();
  const first = peer.describe({ party: party('one') });
  at(0).state('connected');
  expect(peer.describe({ party: party('one') })).toEqual(first);
  expect(connections).toHaveLength(1);
  const second = peer.describe({ party: party('two') });
  expect(second.fingerprint, 'another certificate, so that DTLS begins anew').toBe('sha-256 FRESH');
  peer.send(Buffer.from('old'));
  expect(at(0).sent.map(String)).toEqual(['old']);
  at(1).state('connected');
  expect(at(0).isClosed).toBe(true);
  peer.send(Buffer.from('new'));
  expect(at(1).sent.map(String)).toEqual(['new']);
  at(0).state('failed');
  expect(heard).toEqual(['connected', 'connected']);
  expect(clock.pending).toBe(0);
  peer.close();
  expect(at(1).isClosed).toBe(true);
});

test('of two restarts the later one counts', () => {
  const { peer, at } = stage();
  peer.describe({ party: party('one') });
  at(0).state('connected');
  peer.describe({ party: party('two') });
  peer.describe({ party: party('three') });
  expect([at(0).isClosed, at(1).isClosed, at(2).isClosed]).toEqual([false, true, false]);
});

test.each(['disconnected', 'closed'])('a connection that is %s may be renewed for a moment', (state) => {
  const { peer, clock, heard, at } = stage();
  peer.describe({ party: party('one') });
  at(0).state('connected');
  at(0).state(state);
  clock.advance(GONE_GRACE_MS - 1);
  peer.describe({ party: party('two') });
  clock.advance(1_000);
  at(1).state('connected');
  clock.advance(CONNECT_LIMIT_MS * 2);
  expect(heard).toEqual(['connected', 'connected']);
  at(1).state(state);
  clock.advance(GONE_GRACE_MS);
  expect(heard.at(-1)).toContain('failed: the WebRTC connection was lost and not renewed');
  expect(at(1).isClosed).toBe(true);
});

test.each([
  ['ICE or DTLS fails', (fake: FakeConnection) => fake.state('failed'), 'failed: ICE or DTLS failed'],
  ['nothing happens', () => undefined, `failed: no WebRTC connection in ${CONNECT_LIMIT_MS} ms`],
])('when %s it ends with a reason, once', (_, happen, reason) => {
  const { peer, clock, heard, at } = stage();
  peer.describe({ party: party('one') });
  happen(at(0));
  clock.advance(CONNECT_LIMIT_MS);
  expect(heard).toEqual([reason]);
  expect(at(0).isClosed).toBe(true);
  expect(clock.pending).toBe(0);
});

test('a description that the library refuses leaves what was', () => {
  const { peer, connections, at } = stage();
  peer.describe({ party: party('one') });
  at(0).state('connected');
  expect(() => peer.describe({ party: party('refused') })).toThrow('Invalid ICE settings');
  expect(connections.map(({ isClosed }) => isClosed)).toEqual([false, true]);
  peer.send(Buffer.from('on'));
  expect(at(0).sent.map(String)).toEqual(['on']);
  peer.close();
});
