// What the native engine tells, read from its records; native/src/event-queue.h writes them.
import { endianness } from 'node:os';
import { assert } from '../../../lib/assert.js';

export const RTP = 1;
export const RTCP = 2;
/** The leg is TypeScript's again. */
export const HAND_BACK = 3;
/** Audio that the native engine has dealt with: heard from the remote party, sent to it. */
export const HEARD = 4;
export const SENT = 5;
export const DEAD = 6;
/** A telephone-event of a leg that is handed over. */
export const KEY = 7;

const HEADER_BYTES = 24;

/** One instance serves all records. */
export interface NativeEvent {
  kind: number;
  leg: number;
  /** Source address in network order, a timestamp, or an error number. */
  number: number;
  /** Source port. */
  port: number;
  dataStart: number;
  dataEnd: number;
  /** How often the leg had been handed over before. */
  turn: number;
}

export function emptyEvent(): NativeEvent {
  return { kind: 0, leg: 0, number: 0, port: 0, dataStart: 0, dataEnd: 0, turn: 0 };
}

/** Reads the record at `at`; returns where the next one begins. */
export function readEvent(records: Buffer, at: number, into: NativeEvent): number {
  into.kind = records.readUInt16LE(at + 4);
  into.port = records.readUInt16LE(at + 6);
  into.leg = records.readUInt32LE(at + 8);
  into.number = records.readUInt32LE(at + 12);
  into.dataStart = at + HEADER_BYTES;
  into.dataEnd = at + HEADER_BYTES + records.readUInt32LE(at + 16);
  into.turn = records.readUInt32LE(at + 20);
  return at + records.readUInt32LE(at);
}

/** `10.0.0.1` of the four bytes in network order, read as one little-endian number. */
export function addressOf(bytes: number): string {
  return `${bytes & 0xff}.${(bytes >>> 8) & 0xff}.${(bytes >>> 16) & 0xff}.${bytes >>> 24}`;
}

assert(endianness() === 'LE', 'the native engine is built for little-endian machines');
