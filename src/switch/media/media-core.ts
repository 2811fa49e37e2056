// A media worker without its thread: carries out commands, owns the legs and their clock.
import { randomBytes } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { PCMA, PCMU } from '../rtp/g711.js';
import type { RtpPacket } from '../rtp/packet.js';
import type { Source } from '../rtp/source-latch.js';
import type { OpenWebHost } from '../webrtc/host-link.js';
import type { WebRemote } from '../webrtc/web-party.js';
import { Library } from './audio/library.js';
import { CrossBridge } from './cross-bridge.js';
import { FrameClock, SLOTS } from './frame-clock.js';
import { type AudioSink, Leg, type LegSurroundings } from './leg/leg.js';
import type { Command, Report, WorkerSettings } from './messages.js';
import { NativeMedia } from './native/native-media.js';
import type { MediaPath, PathListener } from './path/media-path.js';
import { openPlainPath } from './path/plain-path.js';
import { type WebPath, WebPaths } from './path/web-path.js';
import type { RoomCommand } from './room/room-messages.js';
import { Rooms } from './room/rooms.js';

const PULSE_FRAMES = 50;

interface Place {
  readonly leg: Leg;
  readonly slot: Set<Leg>;
  /** The leg's path, when it is one of WebRTC. */
  readonly web: WebPath | undefined;
  /** When the peer lives in another worker. */
  crossing: CrossBridge | undefined;
}

export class MediaCore {
  readonly #report: (report: Report) => void;
  readonly #clock: FrameClock;
  readonly #slots: readonly Set<Leg>[] = Array.from({ length: SLOTS }, () => new Set<Leg>());
  readonly #places = new Map<string, Place>();
  readonly #around: LegSurroundings;
  readonly #rooms: Rooms;
  /** The native engine, where it is built and wanted. */
  readonly #native: NativeMedia | undefined;
  readonly #web: WebPaths | undefined;
  /** Somebody needs each slot in time: told anew in each frame. */
  #isInHurry = false;
  /** Packets of legs that are gone. */
  #packetsIn = 0;
  #packetsOut = 0;

  constructor(settings: WorkerSettings, clock: Clock, report: (report: Report) => void, openHost: OpenWebHost) {
    this.#report = report;
    const log = reportingLog(report);
    const library = new Library({ musicFolder: settings.musicFolder, log });
    this.#around = {
      library,
      log,
      report,
      clock,
      random32: () => randomBytes(4).readUInt32BE(),
      inThePast: () => this.#clock.inThePast,
    };
    this.#web = settings.web && new WebPaths(settings.web, openHost, clock, log);
    this.#rooms = new Rooms({ library, log, clock, report, connectLeg: (id, sink) => this.#connectLeg(id, sink) });
    this.#clock = new FrameClock(clock, settings.epochMs, (slot, frame) => this.#tick(slot, frame));
    this.#native = this.#openNative(settings, clock, log);
    this.#clock.start();
  }

  /** Makes the usual hold music before the first caller waits for it. */
  async prepare(): Promise<void> {
    for (const law of [PCMU, PCMA] as const) await this.#around.library.prepareMusic('moh', law);
  }

  carryOut(command: Command): void {
    switch (command.type) {
      case 'open':
        void this.#open(command);
        return;
      case 'stop':
        void this.#stop();
        return;
      default: {
        if ('room' in command) {
          this.#rooms.carryOut(command);
          return;
        }
        const place = this.#places.get(command.leg);
        // The leg may have failed while the command was on its way.
        if (place === undefined) return;
        this.#guard(command.leg, () => {
          if (command.type === 'bridge') this.#bridge(place, command.to);
          else this.#carryOutOn(place, command);
        });
      }
    }
  }

  #carryOutOn(place: Place, command: Exclude<Command, { type: 'open' | 'stop' | 'bridge' } | RoomCommand>): void {
    const { leg } = place;
    switch (command.type) {
      case 'connect':
        leg.connect(command.remote);
        return;
      case 'describe':
        void this.#describe(place, command.id, command.remote);
        return;
      case 'disconnect':
        leg.disconnect();
        return;
      case 'play':
        leg.play(command.id, command.source, command.options);
        return;
      case 'steer-playback':
        leg.steerPlayback(command.id, command.how);
        return;
      case 'stop-playback':
        leg.stopPlayback(command.id);
        return;
      case 'record':
        leg.record(command.id, command.path, command.options);
        return;
      case 'stop-recording':
        leg.recordings.stop(command.id);
        return;
      case 'hide':
        leg.recordings.hide(command.id, command.reason, command.on);
        return;
      case 'listen-for':
        leg.recordings.listenFor(command.detections);
        return;
      case 'unbridge':
        this.#unbridge(place);
        return;
      case 'mute':
        leg.mute(command.direction, command.on);
        return;
      case 'digits':
        leg.sendDigits(command.digits, command.durationMs);
        return;
      case 'stats':
        this.#report({ type: 'stats', leg: leg.id, id: command.id, statistics: leg.statistics() });
        return;
      case 'close':
        void this.#close(place);
        return;
    }
  }

  async #open({ leg: id, kind, address, port }: Extract<Command, { type: 'open' }>): Promise<void> {
    try {
      const web = kind === 'webrtc' ? await this.#openWeb(id) : undefined;
      const path = web ?? (await this.#openPlain({ address, port }, id));
      const leg = new Leg(id, path, this.#clock.frame, this.#around);
      const slot = this.#slots.reduce((least, next) => (next.size < least.size ? next : least));
      slot.add(leg);
      this.#places.set(id, { leg, slot, web, crossing: undefined });
      this.#report({ type: 'opened', leg: id, port: path.local.port });
    } catch (error) {
      const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
      this.#report({ type: 'not-opened', leg: id, code, message });
    }
  }

  #openPlain(local: Source, id: string): Promise<MediaPath> {
    return openPlainPath(local, this.#listener(id), () => this.#clock.frame, this.#native?.openSockets);
  }

  #openWeb(id: string): Promise<WebPath> {
    if (this.#web === undefined) throw new Error('WebRTC is switched off');
    return this.#web.open({ ...this.#listener(id), onSecured: () => this.#report({ type: 'secured', leg: id }) });
  }

  #listener(id: string): PathListener {
    return {
      onRtp: (datagram, packet) => this.#receive(id, datagram, packet),
      onRtcp: (datagram) => this.#guard(id, () => this.#places.get(id)?.leg.onRtcp(datagram)),
      onDead: (error) => this.#fail(id, error),
    };
  }

  async #describe({ leg, web }: Place, id: number, remote: WebRemote | undefined): Promise<void> {
    try {
      if (web === undefined) throw new Error('not a leg of WebRTC');
      const party = await web.describe(remote);
      this.#report({ type: 'described', leg: leg.id, id, party });
    } catch (error) {
      this.#report({ type: 'refused', leg: leg.id, id, reason: String(error) });
    }
  }

  #bridge(place: Place, to: string | MessagePort): void {
    this.#unbridge(place);
    if (typeof to === 'string') {
      const peer = this.#places.get(to)?.leg;
      if (peer !== undefined) place.leg.bridge(peer);
      return;
    }
    place.crossing = new CrossBridge(to);
    place.crossing.giveTo(place.leg);
    place.leg.bridge(place.crossing);
  }

  #connectLeg(id: string, sink: AudioSink | undefined): Leg | undefined {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    this.#unbridge(place);
    if (sink !== undefined) place.leg.bridge(sink);
    return place.leg;
  }

  #unbridge(place: Place): void {
    place.crossing?.close();
    place.crossing = undefined;
    place.leg.unbridge();
  }

  async #close(place: Place): Promise<void> {
    const { leg } = place;
    this.#places.delete(leg.id);
    place.slot.delete(leg);
    this.#unbridge(place);
    const { heard, sent } = leg.packets;
    this.#packetsIn += heard;
    this.#packetsOut += sent;
    this.#report({ type: 'closed', leg: leg.id, statistics: await leg.close() });
  }

  #fail(id: string, error: unknown): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#around.log.error({ leg: id, error: String(error) }, 'media: leg failed');
    this.#report({ type: 'failed', leg: id, reason: String(error) });
    void this.#close(place);
  }

  async #stop(): Promise<void> {
    this.#clock.stop();
    await this.#rooms.closeAll();
    await Promise.all([...this.#places.values()].map((place) => this.#close(place)));
    this.#web?.close();
    this.#native?.stop();
    this.#report({ type: 'stopped' });
  }

  #openNative({ native, epochMs }: WorkerSettings, clock: Clock, log: Log): NativeMedia | undefined {
    if (native === undefined) return undefined;
    const onFault = (error: unknown): void => log.error({ error: String(error) }, 'media: fault in a leg');
    try {
      return new NativeMedia({ ...native, clock, frames: this.#clock, epochMs, onFault });
    } catch (error) {
      log.warn({ error: String(error) }, 'media: the native engine cannot be loaded, TypeScript does its work');
      return undefined;
    }
  }

  /** A fault in one call must not silence the others. */
  #guard(id: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(id, error);
    }
  }

  // The two below are guarded by hand: they run for every packet, without a closure.

  #receive(id: string, datagram: Buffer, packet: RtpPacket): void {
    try {
      this.#places.get(id)?.leg.onRtp(datagram, packet);
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #tick(slot: number, frame: number): void {
    this.#native?.tick(slot, frame);
    for (const leg of this.#slots[slot] ?? []) {
      try {
        leg.tick(frame, slot);
        this.#isInHurry ||= leg.sendsByClock;
      } catch (error) {
        this.#fail(leg.id, error);
      }
    }
    this.#rooms.tick(slot, frame);
    if (slot === SLOTS - 1) {
      this.#clock.beAtEase(!this.#isInHurry && this.#rooms.isEmpty && this.#native?.needsTicks !== true);
      this.#isInHurry = false;
    }
    if (slot === 0 && frame % PULSE_FRAMES === 0) this.#pulse();
  }

  #pulse(): void {
    let playing = 0;
    let recording = 0;
    let handedOver = 0;
    let packetsIn = this.#packetsIn;
    let packetsOut = this.#packetsOut;
    for (const { leg } of this.#places.values()) {
      if (leg.isPlaying) playing++;
      if (leg.isHandedOver) handedOver++;
      recording += leg.recordings.count;
      const { heard, sent } = leg.packets;
      packetsIn += heard;
      packetsOut += sent;
    }
    const counts = this.#native?.counts;
    // The clock that most packets leave by.
    const { ticks, lateTicks, skippedFrames } = counts?.clock ?? this.#clock;
    const promptBytes = this.#around.library.bytes;
    const legs = this.#places.size;
    const snapshot = {
      ...{ legs, playing, recording, packetsIn, packetsOut, ticks, lateTicks, skippedFrames, promptBytes },
      ...(counts === undefined ? {} : { native: { handedOver, dropped: counts.dropped } }),
    };
    this.#report({ type: 'pulse', snapshot });
  }
}

function reportingLog(report: (report: Report) => void, bound: object = {}): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message = ''): void =>
      report({ type: 'log', level, fields: { ...bound, ...fields }, message });
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => reportingLog(report, { ...bound, ...fields }),
  };
}
