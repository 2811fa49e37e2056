// The rooms of one media worker, their slots on its clock, and the crossings to members in other workers.
import { CrossBridge } from '../cross-bridge.js';
import { SLOTS } from '../frame-clock.js';
import type { AudioSink, Leg } from '../leg/leg.js';
import { Room, type RoomSurroundings } from './room.js';
import type { RoomCommand } from './room-messages.js';

interface Place {
  readonly room: Room;
  readonly slot: Set<Room>;
  readonly crossings: Map<string, CrossBridge>;
}

export interface RoomsPorts extends RoomSurroundings {
  /** Gives what the leg hears to `sink`, or to nobody; the leg when it is of this worker and alive. */
  connectLeg(id: string, sink: AudioSink | undefined): Leg | undefined;
}

type CommandInRoom = Exclude<RoomCommand, { type: 'open-room' | 'enter-room' | 'leave-room' | 'close-room' }>;

export class Rooms {
  readonly #ports: RoomsPorts;
  readonly #places = new Map<string, Place>();
  readonly #slots: readonly Set<Room>[] = Array.from({ length: SLOTS }, () => new Set<Room>());

  constructor(ports: RoomsPorts) {
    this.#ports = ports;
  }

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  carryOut(command: RoomCommand): void {
    if (command.type === 'open-room') {
      this.#open(command);
      return;
    }
    const place = this.#places.get(command.room);
    if (place === undefined) return;
    switch (command.type) {
      case 'enter-room':
        this.#enter(place, command);
        return;
      case 'leave-room':
        this.#leave(place, command.seat);
        return;
      case 'close-room':
        void this.#close(place);
        return;
      default:
        carryOutIn(place.room, command);
    }
  }

  /** One slot of the frame; a fault in one room must not silence the others. */
  tick(slot: number, frame: number): void {
    for (const room of this.#slots[slot] ?? []) {
      try {
        room.tick(frame);
      } catch (error) {
        this.#ports.log.error({ room: room.id, error: String(error) }, 'media: room failed');
        this.carryOut({ type: 'close-room', room: room.id });
      }
    }
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#places.values()].map((place) => this.#close(place)));
  }

  #open({ room: id, options }: Extract<RoomCommand, { type: 'open-room' }>): void {
    const slot = this.#slots.reduce((least, next) => (next.size < least.size ? next : least));
    const room = new Room(id, options, this.#ports);
    slot.add(room);
    this.#places.set(id, { room, slot, crossings: new Map() });
  }

  #enter(place: Place, { seat: id, settings, port }: Extract<RoomCommand, { type: 'enter-room' }>): void {
    if (port === undefined) {
      // The leg may have failed while the command was on its way.
      const leg = this.#ports.connectLeg(id, undefined);
      if (leg !== undefined) this.#ports.connectLeg(id, place.room.enter(id, settings, leg));
      return;
    }
    const crossing = new CrossBridge(port);
    crossing.giveTo(place.room.enter(id, settings, crossing));
    place.crossings.set(id, crossing);
  }

  #leave(place: Place, id: string): void {
    const crossing = place.crossings.get(id);
    if (crossing === undefined) this.#ports.connectLeg(id, undefined);
    else crossing.close();
    place.crossings.delete(id);
    place.room.leave(id);
  }

  async #close(place: Place): Promise<void> {
    const { room } = place;
    for (const id of room.seats) this.#leave(place, id);
    place.slot.delete(room);
    this.#places.delete(room.id);
    await room.close();
    // After the reports of recordings, which are told when their promises have settled.
    setImmediate(() => this.#ports.report({ type: 'room-closed', room: room.id }));
  }
}

function carryOutIn(room: Room, command: CommandInRoom): void {
  switch (command.type) {
    case 'change-seat':
      room.change(command.seat, command.settings);
      return;
    case 'room-play':
      room.play(command.id, command.source, command.options, command.audience);
      return;
    case 'room-stop-playback':
      room.stopPlayback(command.id);
      return;
    case 'room-record':
      room.record(command.id, command.path, command.options);
      return;
    case 'room-stop-recording':
      room.stopRecording(command.id);
      return;
    case 'room-hide':
      room.hide(command.id, command.reason, command.on);
      return;
  }
}
