// Plain work of a leg that something quicker than JavaScript may do: what is handed over, and how it comes back.
import type { G711 } from '../../rtp/g711.js';

/** Whole frames of code words that can be played without asking. */
export interface AudioStretch {
  /** Absent: silence. */
  readonly codes?: Buffer;
  readonly law: G711;
  /** The frame number says which part is heard, for ever: all listeners hear the same moment. */
  readonly shared: boolean;
  readonly offset: number;
  readonly end: number;
}

export interface OffloadPlan {
  readonly payloadType: G711;
  readonly send: boolean;
  readonly receive: boolean;
  readonly muteRead: boolean;
  readonly muteWrite: boolean;
  /** What is heard and sent is told, for recordings. */
  readonly tap: boolean;
  /** Payload type of telephone-events: those of a leg without peer are told, the others hand back. */
  readonly eventType?: number;
  /** Of the media clock, 0-3. */
  readonly slot: number;
  /** Packets that wait for us are given up: else the leg is handed over only when we have heard them all. */
  readonly forget: boolean;
  /** Hears what this leg hears. */
  readonly peer?: Offload;
  readonly stretch?: AudioStretch;
}

export interface OffloadListener {
  /** Something is not plain any more, or the stretch has been played: the leg has to be taken back. */
  onHandedBack(): void;
  /** A telephone-event packet, counted already. */
  onKey(datagram: Buffer): void;
  /** With {@link OffloadPlan.tap}: audio of the remote party, and audio sent to it, both in `payloadType`. */
  onHeard(timestamp: number, bytes: Buffer, start: number, end: number): void;
  onSent(timestamp: number, bytes: Buffer, start: number, end: number): void;
}

/** `state` is a leg's numbers in the order of leg-state.ts. */
export interface Offload {
  /** False when it is not possible at this moment. */
  begin(state: Float64Array, plan: OffloadPlan, listener: OffloadListener): boolean;
  /** Fills in where the leg is by now. */
  read(state: Float64Array): void;
  /** Takes the leg back: nothing more is done without asking. */
  end(state: Float64Array): void;
}
