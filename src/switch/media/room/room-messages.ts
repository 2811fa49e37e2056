// What the signalling side and a media worker say to each other about rooms.
import type { MessagePort } from 'node:worker_threads';
import type { AudioSource } from '../audio-source.js';
import type { PlaybackResult, PlayOptions, RecordingResult, RecordOptions } from '../media-leg.js';
import type { Audience, Finding, RoomOptions, SeatSettings, Talk } from '../media-room.js';

/** To the worker. `seat` is the id of the leg that sits there. */
export type RoomCommand =
  | { readonly type: 'open-room'; readonly room: string; readonly options: RoomOptions }
  /** The leg is of the same worker, or behind the port. */
  | {
      readonly type: 'enter-room';
      readonly room: string;
      readonly seat: string;
      readonly settings: SeatSettings;
      readonly port?: MessagePort;
    }
  | { readonly type: 'change-seat'; readonly room: string; readonly seat: string; readonly settings: SeatSettings }
  | { readonly type: 'leave-room'; readonly room: string; readonly seat: string }
  | {
      readonly type: 'room-play';
      readonly room: string;
      readonly id: number;
      readonly source: AudioSource;
      readonly options: PlayOptions;
      readonly audience: Audience;
    }
  | { readonly type: 'room-stop-playback'; readonly room: string; readonly id: number }
  | {
      readonly type: 'room-record';
      readonly room: string;
      readonly id: number;
      readonly path: string;
      readonly options: RecordOptions;
    }
  | { readonly type: 'room-stop-recording'; readonly room: string; readonly id: number }
  | {
      readonly type: 'room-hide';
      readonly room: string;
      readonly id: number;
      readonly reason: 'pause' | 'mask';
      readonly on: boolean;
    }
  | { readonly type: 'close-room'; readonly room: string };

/** From the worker. */
export type RoomReport =
  | { readonly type: 'room-started'; readonly room: string; readonly id: number }
  | { readonly type: 'room-played'; readonly room: string; readonly id: number; readonly result: PlaybackResult }
  | { readonly type: 'room-recorded'; readonly room: string; readonly id: number; readonly result: RecordingResult }
  | { readonly type: 'room-talk'; readonly room: string; readonly talk: Talk }
  | { readonly type: 'room-finding'; readonly room: string; readonly finding: Finding }
  /** Nothing more comes from it. */
  | { readonly type: 'room-closed'; readonly room: string };
