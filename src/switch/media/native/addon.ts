// The native media engine's hot part, as TypeScript sees it; built by scripts/native.mjs from native/.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Where `node-gyp` leaves it; the same from src/ and from dist/. */
const ADDON_PATH = fileURLToPath(new URL('../../../../native/build/Release/hilo_media.node', import.meta.url));

/** As in native/src/addon.cc; goes up with each change of what the two sides say to each other. */
const INTERFACE_VERSION = 1;

/** A memory of code words that many legs play; opaque. */
export type NativeSound = object;

export interface NativeStretch {
  /** Absent: silence. */
  readonly sound?: NativeSound;
  readonly law: number;
  readonly shared: boolean;
  readonly offset: number;
  readonly end: number;
}

export interface NativePlan {
  readonly address: string;
  readonly port: number;
  /** Packets from there are heard; else none are, and all are told. */
  readonly certain: boolean;
  readonly payloadType: number;
  readonly send: boolean;
  readonly receive: boolean;
  readonly muteRead: boolean;
  readonly muteWrite: boolean;
  readonly tap: boolean;
  /** Payload type of telephone-events. */
  readonly eventType?: number;
  readonly slot: number;
  /** Events of the leg that have not been taken are not wanted any more. */
  readonly forget: boolean;
  /** Id of the leg that hears what this one hears. */
  readonly peer?: number;
  readonly stretch?: NativeStretch;
}

/** Legs are numbers. What is asked of a closed leg is without effect. */
export interface NativeEngine {
  /** Binds `port` and the next one; the leg, or minus the system's error number. */
  open(address: string, port: number): number;
  close(leg: number): void;
  connect(leg: number, address: string, port: number): void;
  disconnect(leg: number): void;
  /** The address counts while the socket is not connected. */
  send(leg: number, packet: Buffer, address: string, port: number): void;
  sendRtcp(leg: number, packet: Buffer, address: string, port: number): void;
  /** Passing errors so far. */
  errors(leg: number): number;
  /** Hands a leg over; false when it cannot be now, above all while events of it have not been taken. */
  begin(leg: number, state: Float64Array, plan: NativePlan): boolean;
  /** Fills in the state the leg has come to; true while it is handed over. */
  read(leg: number, state: Float64Array): boolean;
  /** As {@link NativeEngine.read}, and takes the leg back. */
  end(leg: number, state: Float64Array): boolean;
  /** Writes whole records (see events.ts) and returns their bytes; 0 when there are none. */
  takeEvents(into: Buffer): number;
  /** Only without a thread: reads what waits; `arrival` in 1/8 ms. */
  receive(frame: number, arrival: number, inThePast: boolean): void;
  /** Only without a thread. */
  tick(slot: number, frame: number): void;
  /** Ticks, late ones, frames given up, events lost because nobody took them. */
  counts(): [number, number, number, number];
  /** Ends the thread and closes all sockets. */
  stop(): void;
}

export interface NativeAddon {
  readonly interfaceVersion: number;
  /** With the age of frame 0 the engine has a thread of its own; without, it is driven by `receive` and `tick`. */
  readonly MediaEngine: new (
    onEvents: () => void,
    sinceEpochMs?: number,
  ) => NativeEngine;
  readonly Sound: new (codes: Buffer) => NativeSound;
}

/** True when the addon has been built for this machine, from the sources that belong to these. */
export function isNativeBuilt(path = ADDON_PATH): boolean {
  if (process.platform !== 'linux' || !existsSync(path)) return false;
  try {
    loadNative(path);
    return true;
  } catch {
    // Of another machine or version: as if it were not there.
    return false;
  }
}

/** Throws when it is missing, made for another machine, or older or newer than this file. */
export function loadNative(path = ADDON_PATH): NativeAddon {
  const addon = createRequire(import.meta.url)(path) as NativeAddon;
  if (addon.interfaceVersion === INTERFACE_VERSION) return addon;
  throw new Error('the native media engine is of another version: build it again with node scripts/native.mjs');
}
