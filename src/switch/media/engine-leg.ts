// A media leg as the signalling side holds it: turns calls into commands and reports into settled promises.
import { MessageChannel, type Transferable } from 'node:worker_threads';
import type { Clock } from '../../lib/clock.js';
import { withTimeOut } from '../../lib/time-out.js';
import { DIGIT_MS, parseDigits } from '../rtp/digit-sender.js';
import type { AudioSource } from './audio-source.js';
import type {
  LegStatistics,
  MediaLeg,
  Playback,
  PlaybackResult,
  PlayOptions,
  ReceivedDigit,
  Recording,
  RecordingResult,
  RecordOptions,
  RemoteMedia,
} from './media-leg.js';
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
  /** The leg is closed and its port free. */
  readonly onClosed: () => void;
}

interface Waiting<T> {
  readonly promise: Promise<T>;
  readonly settle: (value: T) => void;
}

const NOTHING_PLAYED: PlaybackResult = { outcome: 'break', samples: 0, ms: 0, lastOffset: 0 };

type State =
  | { readonly state: 'open' }
  | { readonly state: 'closing' }
  | { readonly state: 'closed'; readonly statistics: LegStatistics };

export class EngineLeg implements MediaLeg {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly #options: EngineLegOptions;
  readonly #closed = waiting<LegStatistics>();
  readonly #playbacks = new Map<number, { started: Waiting<boolean>; done: Waiting<PlaybackResult> }>();
  readonly #recordings = new Map<number, Waiting<RecordingResult>>();
  readonly #questions = new Map<number, Waiting<LegStatistics>>();
  #state: State = { state: 'open' };
  #lastId = 0;
  #peer: EngineLeg | undefined;
  #onDigit: (digit: ReceivedDigit) => void = ignore;
  #onTimeOut: () => void = ignore;
  #onFailure: (reason: string) => void = ignore;

  constructor(options: EngineLegOptions) {
    this.id = options.id;
    this.address = options.address;
    this.port = options.port;
    this.#options = options;
  }

  connect(remote: RemoteMedia): void {
    this.#post({ type: 'connect', leg: this.id, remote });
  }

  disconnect(): void {
    this.#post({ type: 'disconnect', leg: this.id });
  }

  play(source: AudioSource, options: PlayOptions = {}): Playback {
    const id = ++this.#lastId;
    const started = waiting<boolean>();
    const done = waiting<PlaybackResult>();
    if (this.#state.state === 'open') {
      this.#playbacks.set(id, { started, done });
      this.#post({ type: 'play', leg: this.id, id, source, options });
    } else {
      started.settle(false);
      done.settle(NOTHING_PLAYED);
    }
    const stop = (): void => this.#post({ type: 'stop-playback', leg: this.id, id });
    return { started: started.promise, done: done.promise, stop };
  }

  record(path: string, options: RecordOptions): Recording {
    const id = ++this.#lastId;
    const done = waiting<RecordingResult>();
    if (this.#state.state === 'open') {
      this.#recordings.set(id, done);
      this.#post({ type: 'record', leg: this.id, id, path, options });
    } else done.settle({ outcome: 'failed', samples: 0, ms: 0, error: 'the leg is closed' });
    const hide = (reason: 'pause' | 'mask', on: boolean): void =>
      this.#post({ type: 'hide', leg: this.id, id, reason, on });
    return {
      done: done.promise,
      stop: () => this.#post({ type: 'stop-recording', leg: this.id, id }),
      mask: (on) => hide('mask', on),
      pause: (on) => hide('pause', on),
    };
  }

  bridge(other: MediaLeg): void {
    if (!(other instanceof EngineLeg) || other === this) return;
    this.unbridge();
    other.unbridge();
    if (this.#state.state !== 'open' || other.#state.state !== 'open') return;
    this.#peer = other;
    other.#peer = this;
    if (this.#options.worker === other.#options.worker) {
      this.#post({ type: 'bridge', leg: this.id, to: other.id });
      other.#post({ type: 'bridge', leg: other.id, to: this.id });
      return;
    }
    const { port1, port2 } = new MessageChannel();
    this.#post({ type: 'bridge', leg: this.id, to: port1 }, [port1]);
    other.#post({ type: 'bridge', leg: other.id, to: port2 }, [port2]);
  }

  unbridge(): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    this.#peer = undefined;
    peer.#peer = undefined;
    this.#post({ type: 'unbridge', leg: this.id });
    peer.#post({ type: 'unbridge', leg: peer.id });
  }

  mute(direction: 'read' | 'write', on: boolean): void {
    this.#post({ type: 'mute', leg: this.id, direction, on });
  }

  sendDigits(digits: string, durationMs: number = DIGIT_MS): boolean {
    if (parseDigits(digits, durationMs) === undefined) return false;
    this.#post({ type: 'digits', leg: this.id, digits, durationMs });
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
    const id = ++this.#lastId;
    const answer = waiting<LegStatistics>();
    this.#questions.set(id, answer);
    this.#post({ type: 'stats', leg: this.id, id });
    return withTimeOut(this.#options.clock, 'media statistics', ANSWER_TIMEOUT_MS, answer.promise).finally(() =>
      this.#questions.delete(id),
    );
  }

  close(): Promise<LegStatistics> {
    if (this.#state.state === 'open') {
      this.unbridge();
      this.#post({ type: 'close', leg: this.id });
      this.#state = { state: 'closing' };
    }
    return withTimeOut(this.#options.clock, 'closing a media leg', ANSWER_TIMEOUT_MS, this.#closed.promise);
  }

  /** A report of the worker about this leg. */
  handle(report: Report): void {
    switch (report.type) {
      case 'started':
        this.#playbacks.get(report.id)?.started.settle(true);
        return;
      case 'played':
        this.#endPlayback(report.id, report.result);
        return;
      case 'recorded':
        this.#recordings.get(report.id)?.settle(report.result);
        this.#recordings.delete(report.id);
        return;
      case 'digit':
        this.#onDigit(report.digit);
        return;
      case 'timed-out':
        this.#onTimeOut();
        return;
      case 'stats':
        this.#questions.get(report.id)?.settle(report.statistics);
        return;
      case 'failed':
        this.unbridge();
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
    this.unbridge();
    for (const recording of this.#recordings.values()) {
      recording.settle({ outcome: 'failed', samples: 0, ms: 0, error: reason });
    }
    this.#recordings.clear();
    this.#end(NO_STATISTICS);
    if (wasOpen) this.#onFailure(reason);
  }

  #post(command: Command, transfer?: readonly Transferable[]): void {
    if (this.#state.state === 'open') this.#options.post(command, transfer);
  }

  #endPlayback(id: number, result: PlaybackResult): void {
    const playback = this.#playbacks.get(id);
    this.#playbacks.delete(id);
    // Without effect when it has started: a promise settles once.
    playback?.started.settle(false);
    playback?.done.settle(result);
  }

  #end(statistics: LegStatistics): void {
    if (this.#state.state === 'closed') return;
    this.#state = { state: 'closed', statistics };
    for (const id of [...this.#playbacks.keys()]) this.#endPlayback(id, NOTHING_PLAYED);
    for (const question of this.#questions.values()) question.settle(statistics);
    this.#closed.settle(statistics);
    this.#options.onClosed();
  }
}

const NO_STATISTICS: LegStatistics = {
  received: {
    packets: 0,
    bytes: 0,
    lost: 0,
    outOfOrder: 0,
    duplicates: 0,
    jitterMs: 0,
    digits: 0,
    foreign: 0,
    malformed: 0,
    unknownPayload: 0,
    flood: 0,
    rtcpPackets: 0,
  },
  sent: { packets: 0, bytes: 0, digits: 0, errors: 0, rtcpPackets: 0, remoteLost: 0, remoteJitterMs: 0 },
};

function waiting<T>(): Waiting<T> {
  let settle: (value: T) => void = ignore;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

function ignore(): void {
  return;
}
