// Redundant blocks in one RTP payload as bytes (RFC 2198): what was sent before, again, in front of what is new.

/** Ten bits for the length of a redundant block, fourteen for the time since. */
export const BLOCK_BYTES_MAX = 1_023;
export const OFFSET_MAX = 16_383;
/** More than anybody sends; the rest of a longer header makes the packet a broken one. */
const BLOCKS_MAX = 8;

export interface Block {
  /** Timestamp units between the block and the packet. */
  readonly offset: number;
  readonly data: Buffer;
}

/** The oldest block first; `primary` is the new one. */
export function writeRedundant(payloadType: number, redundant: readonly Block[], primary: Buffer): Buffer {
  const heads = redundant.map(({ offset, data }) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(((0x80 | payloadType) << 24) >>> 0);
    head.writeUIntBE((Math.min(OFFSET_MAX, offset) << 10) | Math.min(BLOCK_BYTES_MAX, data.length), 1, 3);
    return head;
  });
  const bodies = redundant.map(({ data }) => data.subarray(0, BLOCK_BYTES_MAX));
  return Buffer.concat([...heads, Buffer.of(payloadType), ...bodies, primary]);
}

export interface Redundant {
  /** The oldest first. */
  readonly redundant: readonly Buffer[];
  readonly primary: Buffer;
}

/** Reads `payload`; undefined when its lengths do not fit or a block is not of `payloadType`. */
export function readRedundant(payload: Buffer, payloadType: number): Redundant | undefined {
  const lengths: number[] = [];
  let at = 0;
  for (;;) {
    const first = payload[at];
    if (first === undefined || (first & 0x7f) !== payloadType) return undefined;
    if ((first & 0x80) === 0) break;
    if (at + 4 > payload.length || lengths.length === BLOCKS_MAX) return undefined;
    lengths.push(payload.readUIntBE(at + 1, 3) & BLOCK_BYTES_MAX);
    at += 4;
  }
  at++;
  const redundant: Buffer[] = [];
  for (const length of lengths) {
    if (at + length > payload.length) return undefined;
    redundant.push(payload.subarray(at, at + length));
    at += length;
  }
  return { redundant, primary: payload.subarray(at) };
}
