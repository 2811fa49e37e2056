// A room as the signalling side holds it: who sits where, and the commands to the worker that mixes.
import { MessageChannel, type Transferable } from 'node:worker_threads';
import type { Detected } from './audio/tone-detector.js';
import type { AudioSource } from './audio-source.js';
import { EngineTasks } from './engine-tasks.js';
import type { MediaLeg, Playback, PlayOptions, Processing, Recording, RecordOptions } from './media-leg.js';
import {
  type Audience,
  type Finding,
  type MediaRoom,
  type RoomOptions,
  type SeatSettings,
  type Talk,
  USUAL_SEAT,
} from './media-room.js';
import type { Command } from './messages.js';
import type { RoomReport } from './room/room-messages.js';

/** What a room needs of a leg. */
export interface Seated extends MediaLeg {
  /** Identity of its worker. */
  readonly worker: object;
  /** What the mixer is to do with it, wherever it sits. */
  readonly processing: Processing;
  /** Something that {@link processing} looks for was heard. */
  detected(what: Detected): void;
  post(command: Command, transfer?: readonly Transferable[]): void;
  /** Leaves its bridge or room and belongs to this one; false when it is closed. */
  sitDown(room: EngineRoom): boolean;
  /** The room is no more. */
  standUp(room: EngineRoom): void;
}

export interface EngineRoomOptions {
  readonly id: string;
  readonly room: RoomOptions;
  readonly worker: object;
  readonly post: (command: Command, transfer?: readonly Transferable[]) => void;
  readonly asSeated: (leg: MediaLeg) => Seated | undefined;
  readonly onClosed: () => void;
}

export class EngineRoom implements MediaRoom {
  readonly #options: EngineRoomOptions;
  readonly #tasks = new EngineTasks();
  readonly #seats = new Map<Seated, SeatSettings>();
  #open = true;
  #onTalk: (talk: Talk) => void = () => undefined;
  #onFailure: () => void = () => undefined;

  constructor(options: EngineRoomOptions) {
    this.#options = options;
    options.post({ type: 'open-room', room: options.id, options: options.room });
  }

  seat(leg: MediaLeg, settings: Partial<SeatSettings> = {}): void {
    const seated = this.#options.asSeated(leg);
    if (seated === undefined || !this.#open) return;
    const before = this.#seats.get(seated);
    if (before === undefined && !seated.sitDown(this)) return;
    this.place(seated, { ...(before ?? USUAL_SEAT), ...settings });
  }

  leave(leg: MediaLeg): void {
    const seated = this.#options.asSeated(leg);
    if (seated === undefined || !this.#seats.has(seated)) return;
    this.remove(seated);
    seated.standUp(this);
  }

  /** The mixing side of {@link seat}, without asking the leg where it belongs. */
  place(leg: Seated, own: SeatSettings): void {
    const { id: room, worker, post } = this.#options;
    const isNew = !this.#seats.has(leg);
    this.#seats.set(leg, own);
    const settings = processed(own, leg.processing);
    if (!isNew) post({ type: 'change-seat', room, seat: leg.id, settings });
    else if (leg.worker === worker) post({ type: 'enter-room', room, seat: leg.id, settings });
    else {
      const { port1, port2 } = new MessageChannel();
      post({ type: 'enter-room', room, seat: leg.id, settings, port: port1 }, [port1]);
      leg.post({ type: 'bridge', leg: leg.id, to: port2 }, [port2]);
    }
  }

  /** Its {@link Seated.processing} has changed. */
  refresh(leg: Seated): void {
    const settings = this.#seats.get(leg);
    if (settings !== undefined) this.place(leg, settings);
  }

  /** The mixing side of {@link leave}. */
  remove(leg: Seated): void {
    if (!this.#seats.delete(leg)) return;
    this.#post({ type: 'leave-room', room: this.#options.id, seat: leg.id });
    if (leg.worker !== this.#options.worker) leg.post({ type: 'unbridge', leg: leg.id });
  }

  play(source: AudioSource, own: PlayOptions & { readonly audience?: Audience } = {}): Playback {
    const room = this.#options.id;
    const { audience = 'all', ...options } = own;
    const orders = {
      start: (id: number) => this.#post({ type: 'room-play', room, id, source, options, audience }),
      stop: (id: number) => this.#post({ type: 'room-stop-playback', room, id }),
    };
    return this.#tasks.play(this.#open ? orders : undefined);
  }

  record(path: string, options: Pick<RecordOptions, 'limitMs'> = {}): Recording {
    const room = this.#options.id;
    const what: RecordOptions = { channels: 'read', ...options };
    const orders = {
      start: (id: number) => this.#post({ type: 'room-record', room, id, path, options: what }),
      stop: (id: number) => this.#post({ type: 'room-stop-recording', room, id }),
      hide: (id: number, reason: 'pause' | 'mask', on: boolean) =>
        this.#post({ type: 'room-hide', room, id, reason, on }),
    };
    return this.#tasks.record(this.#open ? orders : undefined);
  }

  onTalk(listener: (talk: Talk) => void): void {
    this.#onTalk = listener;
  }

  onFailure(listener: () => void): void {
    this.#onFailure = listener;
  }

  close(): void {
    if (!this.#open) return;
    for (const leg of [...this.#seats.keys()]) {
      this.remove(leg);
      leg.standUp(this);
    }
    this.#post({ type: 'close-room', room: this.#options.id });
    this.#open = false;
  }

  /** A report of the worker about this room. */
  handle(report: RoomReport): void {
    switch (report.type) {
      case 'room-started':
        this.#tasks.started(report.id);
        return;
      case 'room-played':
        this.#tasks.played(report.id, report.result);
        return;
      case 'room-recorded':
        this.#tasks.recorded(report.id, report.result);
        return;
      case 'room-talk':
        this.#onTalk(report.talk);
        return;
      case 'room-finding':
        this.#tellFinding(report.finding);
        return;
      case 'room-closed':
        this.#tasks.abandonPlaybacks();
        this.#tasks.abandonRecordings('the room is closed');
        this.#options.onClosed();
        return;
    }
  }

  /** The worker has died with the room in it. */
  lose(reason: string): void {
    this.#tasks.abandonPlaybacks();
    this.#tasks.abandonRecordings(reason);
    if (!this.#open) return;
    this.#open = false;
    for (const leg of [...this.#seats.keys()]) {
      if (leg.worker !== this.#options.worker) leg.post({ type: 'unbridge', leg: leg.id });
      this.#seats.delete(leg);
      leg.standUp(this);
    }
    this.#onFailure();
  }

  #tellFinding({ leg, detected }: Finding): void {
    for (const seated of this.#seats.keys()) if (seated.id === leg) seated.detected(detected);
  }

  #post(command: Command): void {
    if (this.#open) this.#options.post(command);
  }
}

/** The volumes of the room and those of the leg add up. */
function processed(settings: SeatSettings, { levelIn = 0, levelOut = 0, echoMs, detects }: Processing): SeatSettings {
  return {
    ...settings,
    levelIn: settings.levelIn + levelIn,
    levelOut: settings.levelOut + levelOut,
    ...(echoMs === undefined ? {} : { echoMs }),
    ...(detects === undefined ? {} : { detects }),
  };
}
