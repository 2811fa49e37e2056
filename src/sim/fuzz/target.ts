// The ways by which damaged input reaches the switch: datagrams, streams, WebSockets, calls.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { systemClock } from '../../lib/clock.js';
import type { Random } from '../../lib/ids.js';
import { serialise } from '../../switch/sip/message/serialise.js';
import * as corpus from './corpus.js';
import type { HealthyCaller, HeldCall } from './healthy-caller.js';
import { below, mutated } from './mutation.js';
import type { SwitchUnderTest } from './switch-under-test.js';

export interface Target {
  readonly name: string;
  /** Damaged inputs; the same for the same chance and serial. */
  make(random: Random, serial: string, count: number): Buffer[];
  /** Resolves when they have been handed to the system; never rejects: a switch that closes is no fault. */
  send(inputs: readonly Buffer[], random: Random): Promise<void>;
}

/** What the media server is reached by. */
export interface Media {
  readonly sipPort: number;
  readonly caller: HealthyCaller;
  /** A call with that description, whose ports are fuzzed; opened anew when it has ended. */
  call(sdp: Buffer): Promise<HeldCall | undefined>;
}

const STREAM_LIMIT_MS = 2_000;
const CONTROL_SINK = '127.0.0.1:9';

export function targetsOf(server: SwitchUnderTest, media: Media): Target[] {
  const { secret } = server;
  const sip = (transport: string) => (serial: string) => corpus.sipCorpus(transport, serial);
  const control = (serial: string): Buffer[] => corpus.drachtioCorpus(secret, CONTROL_SINK, serial);
  const authenticate = Buffer.from(`${`x|authenticate|${secret}|`.length}#x|authenticate|${secret}|`);
  const events = (serial: string): Buffer[] => corpus.eventSocketCorpus(secret, serial);
  const upgrade = Buffer.from(
    'GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n\r\n',
  );
  const frame = Buffer.from('818500000000OPTIO', 'latin1');
  const [plain = Buffer.alloc(0), , browser = plain] = corpus.SDP_CORPUS;
  const plainPort = async (offset: number): Promise<number> => ((await media.call(plain))?.mediaPort ?? 0) + offset;
  /** Where no WebRTC can be had, the port of a plain call serves. */
  const browserPort = async (): Promise<number> => (await media.call(browser))?.mediaPort ?? plainPort(0);
  return [
    byUdp('sip-udp', sip('UDP'), () => Promise.resolve(server.sipPort('udp'))),
    byStream('sip-tcp', sip('TCP'), server.sipPort('tcp')),
    byWebSocket('sip-ws', sip('WS'), server.sipPort('ws')),
    byStream('web-socket', () => [upgrade, Buffer.concat([upgrade, frame])], server.sipPort('ws')),
    byStream(
      'tls',
      () => corpus.STUN_CORPUS.map((bytes) => Buffer.concat([Buffer.from('1603010200', 'hex'), bytes])),
      server.sipPort('tls'),
    ),
    byUdp('media-sip', sip('UDP'), () => Promise.resolve(media.sipPort)),
    byCalls('sdp', media),
    byUdp(
      'rtp',
      () => [...corpus.RTP_CORPUS],
      () => plainPort(0),
    ),
    byUdp(
      'rtcp',
      () => [...corpus.RTCP_CORPUS],
      () => plainPort(1),
    ),
    byUdp('stun', () => [...corpus.STUN_CORPUS], browserPort),
    byStream('drachtio-stranger', control, server.drachtioPort),
    byStream('drachtio', control, server.drachtioPort, authenticate),
    byStream('event-socket-stranger', events, server.eventSocketPort),
    byStream('event-socket', events, server.eventSocketPort, Buffer.from(`auth ${secret}\n\n`)),
  ];
}

type Corpus = (serial: string) => readonly Buffer[];

const maker =
  (of: Corpus): Target['make'] =>
  (random, serial, count) => {
    const from = of(serial);
    return Array.from({ length: count }, () => mutated(random, from));
  };

function byUdp(name: string, of: Corpus, port: () => Promise<number>): Target {
  return {
    name,
    make: maker(of),
    async send(inputs) {
      const to = await port();
      if (to < 2) return;
      const socket = createSocket('udp4');
      socket.on('error', () => undefined);
      socket.on('message', () => undefined);
      for (const input of inputs) await sent(socket, input, to);
      socket.close();
    },
  };
}

function sent(socket: UdpSocket, bytes: Buffer, port: number): Promise<void> {
  return new Promise((resolve) => socket.send(bytes, port, '127.0.0.1', () => resolve()));
}

/** Each input over a connection of its own, in pieces; every fourth one goes on in the one before. */
function byStream(name: string, of: Corpus, port: number, opening?: Buffer): Target {
  return {
    name,
    make: maker(of),
    async send(inputs, random) {
      for (let at = 0; at < inputs.length; ) {
        const together = inputs.slice(at, at + 1 + below(random, 4));
        at += together.length;
        await overStream(port, opening === undefined ? together : [opening, ...together], random);
      }
    },
  };
}

function overStream(port: number, pieces: readonly Buffer[], random: Random): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const limit = systemClock.after(STREAM_LIMIT_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      limit.cancel();
      resolve();
    });
    socket.resume();
    for (const piece of pieces) {
      const cut = below(random, piece.length + 1);
      socket.write(piece.subarray(0, cut));
      socket.write(piece.subarray(cut));
    }
    socket.end();
  });
}

function byWebSocket(name: string, of: Corpus, port: number): Target {
  return {
    name,
    make: maker(of),
    send: (inputs) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'sip');
        const limit = systemClock.after(STREAM_LIMIT_MS, () => socket.terminate());
        socket.on('error', () => socket.terminate());
        socket.on('close', () => {
          limit.cancel();
          resolve();
        });
        socket.on('open', () => {
          for (const input of inputs) socket.send(input);
          socket.close();
        });
      }),
  };
}

/** Calls to the media server with damaged session descriptions, hung up at once when they are accepted. */
function byCalls(name: string, { sipPort, caller }: Media): Target {
  return {
    name,
    make: maker(() => corpus.SDP_CORPUS),
    async send(inputs) {
      const outcomes = inputs.map(async (sdp) => (await caller.call(sipPort, sdp, STREAM_LIMIT_MS))?.hangUp());
      await Promise.all(outcomes);
      // And one whose description is half of what its length says.
      const [first = Buffer.alloc(0)] = inputs;
      const torn = serialise({ ...caller.invite(sipPort), body: first });
      const socket = createSocket('udp4');
      await sent(socket, torn.subarray(0, torn.length >> 1), sipPort);
      socket.close();
    },
  };
}
