// What the signalling side and a media worker say to each other.
import type { MessagePort } from 'node:worker_threads';
import type { WebSettings } from '../webrtc/messages.js';
import type { WebParty, WebRemote } from '../webrtc/web-party.js';
import type { Detected, Detection } from './audio/tone-detector.js';
import type { AudioSource } from './audio-source.js';
import type { Steering } from './engine-tasks.js';
import type {
  LegKind,
  LegStatistics,
  PlaybackResult,
  PlayOptions,
  ReceivedDigit,
  RecordingResult,
  RecordOptions,
  RemoteMedia,
} from './media-leg.js';
import type { RoomCommand, RoomReport } from './room/room-messages.js';

export interface WorkerSettings {
  readonly musicFolder: string;
  /** Unix time of frame 0, the same for all workers of an engine. */
  readonly epochMs: number;
  /** The native engine does what is plain: in a thread of its own, or driven by the worker's clock. */
  readonly native?: { readonly threaded: boolean };
  /** Absent: no WebRTC. */
  readonly web?: WebSettings;
}

/** To the worker. `leg` is the leg's id; `id` numbers playbacks, recordings and questions. */
export type Command =
  | {
      readonly type: 'open';
      readonly leg: string;
      readonly kind: LegKind;
      readonly address: string;
      readonly port: number;
    }
  | { readonly type: 'describe'; readonly leg: string; readonly id: number; readonly remote?: WebRemote }
  | { readonly type: 'connect'; readonly leg: string; readonly remote: RemoteMedia }
  | { readonly type: 'disconnect'; readonly leg: string }
  | {
      readonly type: 'play';
      readonly leg: string;
      readonly id: number;
      readonly source: AudioSource;
      readonly options: PlayOptions;
    }
  | { readonly type: 'steer-playback'; readonly leg: string; readonly id: number; readonly how: Steering }
  | { readonly type: 'stop-playback'; readonly leg: string; readonly id: number }
  | {
      readonly type: 'record';
      readonly leg: string;
      readonly id: number;
      readonly path: string;
      readonly options: RecordOptions;
    }
  | { readonly type: 'stop-recording'; readonly leg: string; readonly id: number }
  | {
      readonly type: 'hide';
      readonly leg: string;
      readonly id: number;
      readonly reason: 'pause' | 'mask';
      readonly on: boolean;
    }
  /** In what the remote party hears. */
  | { readonly type: 'listen-for'; readonly leg: string; readonly detections: readonly Detection[] }
  /** One direction: what `leg` hears goes to the other leg, of the same worker or behind the port. */
  | { readonly type: 'bridge'; readonly leg: string; readonly to: string | MessagePort }
  | { readonly type: 'unbridge'; readonly leg: string }
  | { readonly type: 'mute'; readonly leg: string; readonly direction: 'read' | 'write'; readonly on: boolean }
  | { readonly type: 'digits'; readonly leg: string; readonly digits: string; readonly durationMs: number }
  | { readonly type: 'stats'; readonly leg: string; readonly id: number }
  | { readonly type: 'close'; readonly leg: string }
  | { readonly type: 'stop' }
  | RoomCommand;

export interface WorkerSnapshot {
  readonly legs: number;
  readonly playing: number;
  readonly recording: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  /** Clock ticks, those that came more than one slot (5 ms) late, and frames given up after a stall. */
  readonly ticks: number;
  readonly lateTicks: number;
  readonly skippedFrames: number;
  readonly promptBytes: number;
  /** With the native engine: legs that it has for itself just now, and events lost because we were too slow. */
  readonly native?: { readonly handedOver: number; readonly dropped: number };
}

/** From the worker. */
export type Report =
  | { readonly type: 'opened'; readonly leg: string; readonly port: number }
  | { readonly type: 'not-opened'; readonly leg: string; readonly code: string; readonly message: string }
  | { readonly type: 'started'; readonly leg: string; readonly id: number }
  | { readonly type: 'played'; readonly leg: string; readonly id: number; readonly result: PlaybackResult }
  | { readonly type: 'recorded'; readonly leg: string; readonly id: number; readonly result: RecordingResult }
  | { readonly type: 'detected'; readonly leg: string; readonly detected: Detected }
  | { readonly type: 'digit'; readonly leg: string; readonly digit: ReceivedDigit }
  | { readonly type: 'described'; readonly leg: string; readonly id: number; readonly party: WebParty }
  | { readonly type: 'refused'; readonly leg: string; readonly id: number; readonly reason: string }
  | { readonly type: 'secured'; readonly leg: string }
  | { readonly type: 'timed-out'; readonly leg: string }
  /** The leg has closed itself; `closed` follows. */
  | { readonly type: 'failed'; readonly leg: string; readonly reason: string }
  | { readonly type: 'stats'; readonly leg: string; readonly id: number; readonly statistics: LegStatistics }
  | { readonly type: 'closed'; readonly leg: string; readonly statistics: LegStatistics }
  | { readonly type: 'pulse'; readonly snapshot: WorkerSnapshot }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly fields: object;
      readonly message: string;
    }
  | { readonly type: 'stopped' }
  | RoomReport;
