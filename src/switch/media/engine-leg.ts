// A media leg as the signalling side holds it: turns calls into commands and reports into settled promises.
import type { Transferable } from 'node:worker_threads';
import type { Clock } from '../../lib/clock.js';
import { withTimeOut } from '../../lib/time-out.js';
import { DIGIT_MS, parseDigits } from '../rtp/digit-sender.js';
import type { WebParty, WebRemote } from '../webrtc/web-party.js';
import type { Detected, Detection } from './audio/tone-detector.js';
import type { AudioSource } from './audio-source.js';
import { Companion } from './company.js';
import type { EngineRoom, Seated } from './engine-room.js';
import { EngineTasks, type Steering, type Waiting, waiting } from './engine-tasks.js';
import { EngineDescriptions } from './engine-web.js';
import type {
  LegStatistics,
  MediaLeg,
  Overhearing,
  OverhearingOptions,
  Playback,
  PlayOptions,
  Processing,
  ReceivedDigit,
  Recording,
  RecordOptions,
  RemoteMedia,
} from './media-leg.js';
import type { RoomOptions } from './media-room.js';
import type { Command, Report } from './messages.js';

/** A worker answers within milliseconds; recordings may have to wait for the disk. */
const ANSWER_TIMEOUT_MS = 5_000;

export interface EngineLegOptions {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly clock: Clock;
  /** Identity of the worker: legs of one worker are bridged inside it. */
  readonly worker: object;
  readonly post: (command: Command, transfer?: readonly Transferable[]) => void;
  /** A room in the leg's worker. */
  readonly openRoom: (options: RoomOptions) => EngineRoom;
  /** The leg is closed and its port free. */
  readonly onClosed: () => void;
}

type State =
  | { readonly state: 'open' }
  | { readonly state: 'closing' }
  | { readonly state: 'closed'; readonly statistics: LegStatistics };

export class EngineLeg implements Seated {
  readonly id: string;
  readonly address: string;
  /** Of WebRTC known when it is open. */
  port: number;
  readonly #options: EngineLegOptions;
  readonly #descriptions: EngineDescriptions;
  readonly #closed = waiting<LegStatistics>();
  readonly #tasks = new EngineTasks();
  readonly #company: Companion;
  readonly #questions = new Map<number, Waiting<LegStatistics>>();
  #state: State = { state: 'open' };
  #onDigit: (digit: ReceivedDigit) => void = ignore;
  #onTimeOut: () => void = ignore;
  #onSecured: () => void = ignore;
  #onFailure: (reason: string) => void = ignore;

  constructor(options: EngineLegOptions) {
    this.id = options.id;
    this.address = options.address;
    this.port = options.port;
    this.#options = options;
    this.#descriptions = new EngineDescriptions(options.clock);
    const { openRoom } = options;
    this.#company = new Companion({ leg: this, openRoom, isOpen: () => this.#state.state === 'open' });
  }

  get worker(): object {
    return this.#options.worker;
  }

  connect(remote: RemoteMedia): void {
    this.post({ type: 'connect', leg: this.id, remote });
  }

  describeWeb(remote?: WebRemote): Promise<WebParty> {
    if (this.#state.state !== 'open') return Promise.reject(new Error('the leg is closed'));
    return this.#descriptions.ask((id) => {
      const about = { type: 'describe', leg: this.id, id } as const;
      this.post(remote === undefined ? about : { ...about, remote });
    });
  }

  onSecured(listener: () => void): void {
    this.#onSecured = listener;
  }

  disconnect(): void {
    this.post({ type: 'disconnect', leg: this.id });
  }

  play(source: AudioSource, options: PlayOptions = {}): Playback {
    const orders = {
      start: (id: number) => this.post({ type: 'play', leg: this.id, id, source, options }),
      stop: (id: number) => this.post({ type: 'stop-playback', leg: this.id, id }),
      steer: (id: number, how: Steering) => this.post({ type: 'steer-playback', leg: this.id, id, how }),
    };
    return this.#tasks.play(this.#state.state === 'open' ? orders : undefined);
  }

  record(path: string, options: RecordOptions): Recording {
    const orders = {
      start: (id: number) => this.post({ type: 'record', leg: this.id, id, path, options }),
      stop: (id: number) => this.post({ type: 'stop-recording', leg: this.id, id }),
      hide: (id: number, reason: 'pause' | 'mask', on: boolean) =>
        this.post({ type: 'hide', leg: this.id, id, reason, on }),
    };
    return this.#tasks.record(this.#state.state === 'open' ? orders : undefined);
  }

  bridge(other: MediaLeg): void {
    if (other instanceof EngineLeg) this.#company.bridge(other.#company);
  }

  unbridge(): void {
    this.#company.leave();
  }

  overhear(target: MediaLeg, options: OverhearingOptions): Overhearing {
    if (target instanceof EngineLeg) return this.#company.overhear(target.#company, options);
    return { change: ignore, stop: ignore };
  }

  mixIn(source: AudioSource, direction: 'read' | 'write', options: Pick<PlayOptions, 'limitMs'> = {}): Playback {
    return this.#company.mixIn(source, direction, options);
  }

  process(processing: Processing): void {
    this.#company.process(processing);
  }

  listenFor(detections: readonly Detection[]): void {
    this.post({ type: 'listen-for', leg: this.id, detections });
  }

  onDetected(listener: (detected: Detected) => void): void {
    this.#company.onDetected = listener;
  }

  get processing(): Processing {
    return this.#company.processing;
  }

  detected(what: Detected): void {
    this.#company.onDetected(what);
  }

  sitDown(room: EngineRoom): boolean {
    return this.#company.sitDown(room);
  }

  standUp(room: EngineRoom): void {
    this.#company.standUp(room);
  }

  mute(direction: 'read' | 'write', on: boolean): void {
    this.post({ type: 'mute', leg: this.id, direction, on });
  }

  sendDigits(digits: string, durationMs: number = DIGIT_MS): boolean {
    if (parseDigits(digits, durationMs) === undefined) return false;
    this.post({ type: 'digits', leg: this.id, digits, durationMs });
    return true;
  }

  onDigit(listener: (digit: ReceivedDigit) => void): void {
    this.#onDigit = listener;
  }

  onTimeOut(listener: () => void): void {
    this.#onTimeOut = listener;
  }

  onFailure(listener: (reason: string) => void): void {
    this.#onFailure = listener;
  }

  stats(): Promise<LegStatistics> {
    if (this.#state.state !== 'open') return this.#closed.promise;
    const id = this.#tasks.nextId();
    const answer = waiting<LegStatistics>();
    this.#questions.set(id, answer);
    this.post({ type: 'stats', leg: this.id, id });
    return withTimeOut(this.#options.clock, 'media statistics', ANSWER_TIMEOUT_MS, answer.promise).finally(() =>
      this.#questions.delete(id),
    );
  }

  close(): Promise<LegStatistics> {
    if (this.#state.state === 'open') {
      this.#company.close();
      this.post({ type: 'close', leg: this.id });
      this.#state = { state: 'closing' };
    }
    return withTimeOut(this.#options.clock, 'closing a media leg', ANSWER_TIMEOUT_MS, this.#closed.promise);
  }

  /** A report of the worker about this leg. */
  handle(report: Report): void {
    switch (report.type) {
      case 'started':
        this.#tasks.started(report.id);
        return;
      case 'played':
        this.#tasks.played(report.id, report.result);
        return;
      case 'recorded':
        this.#tasks.recorded(report.id, report.result);
        return;
      case 'detected':
        this.detected(report.detected);
        return;
      case 'digit':
        this.#onDigit(report.digit);
        return;
      case 'described':
        this.#descriptions.described(report.id, report.party);
        return;
      case 'refused':
        this.#descriptions.refused(report.id, report.reason);
        return;
      case 'secured':
        this.#onSecured();
        return;
      case 'timed-out':
        this.#onTimeOut();
        return;
      case 'stats':
        this.#questions.get(report.id)?.settle(report.statistics);
        return;
      case 'failed':
        this.#company.close();
        this.#state = { state: 'closing' };
        this.#onFailure(report.reason);
        return;
      case 'closed':
        this.#end(report.statistics);
        return;
      default:
        return;
    }
  }

  /** The worker has died with everything in it. */
  lose(reason: string): void {
    if (this.#state.state === 'closed') return;
    const wasOpen = this.#state.state === 'open';
    this.#state = { state: 'closing' };
    this.#company.close();
    this.#tasks.abandonRecordings(reason);
    this.#end(NO_STATISTICS);
    if (wasOpen) this.#onFailure(reason);
  }

  post(command: Command, transfer?: readonly Transferable[]): void {
    if (this.#state.state === 'open') this.#options.post(command, transfer);
  }

  #end(statistics: LegStatistics): void {
    if (this.#state.state === 'closed') return;
    this.#state = { state: 'closed', statistics };
    this.#tasks.abandonPlaybacks();
    this.#descriptions.abandon('the leg is closed');
    for (const question of this.#questions.values()) question.settle(statistics);
    this.#closed.settle(statistics);
    this.#options.onClosed();
  }
}

/** Of a leg whose worker died, or that never had a packet. */
export const NO_STATISTICS: LegStatistics = {
  received: {
    packets: 0,
    bytes: 0,
    lost: 0,
    outOfOrder: 0,
    duplicates: 0,
    gaps: 0,
    discarded: 0,
    jitterMs: 0,
    jitterMinMs: 0,
    jitterMaxMs: 0,
    intervalMs: 0,
    digits: 0,
    foreign: 0,
    malformed: 0,
    unknownPayload: 0,
    flood: 0,
    rtcpPackets: 0,
    remotePackets: 0,
    remoteBytes: 0,
  },
  sent: {
    packets: 0,
    bytes: 0,
    digits: 0,
    errors: 0,
    rtcpPackets: 0,
    remoteLost: 0,
    remoteJitterMs: 0,
    remoteReports: 0,
    roundTripMs: 0,
  },
};

function ignore(): void {
  return;
}
