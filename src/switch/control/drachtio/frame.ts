// The outermost layer of the drachtio protocol: `<length>#<payload>`, the length in UTF-8 bytes of the payload alone.

/** The real server stops at 99 999 bytes; ours takes more, but an application that wants to swap must not use it. */
export const MAX_FRAME_BYTES = 1_048_576;
const MAX_LENGTH_DIGITS = String(MAX_FRAME_BYTES).length;
/** Pieces held before they are joined: each costs more than its bytes. */
const MAX_PIECES = 1_024;
const HASH = 0x23;
const ZERO = 0x30;
const NINE = 0x39;

/** The stream cannot be read on: whatever follows has lost its borders. */
export class FrameFault extends Error {
  override readonly name = 'FrameFault';
}

/**
 * Cuts a byte stream into payloads, wherever the pieces were split. Pieces are joined once a frame is whole, or when there
 * are {@link MAX_PIECES}: a frame that arrives byte by byte costs little more than its length, in time and in memory.
 */
export class FrameReader {
  #pieces: Buffer[] = [];
  #held = 0;
  /** Bytes that must be held before another look can bring anything. */
  #wanted = 1;

  /**
   * Takes the next piece and returns the payloads that are complete with it.
   * @throws FrameFault when a frame does not begin with a length from 1 to {@link MAX_FRAME_BYTES} and `#`
   */
  push(piece: Buffer): Buffer[] {
    this.#pieces.push(piece);
    this.#held += piece.length;
    if (this.#held < this.#wanted) {
      if (this.#pieces.length >= MAX_PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
      return [];
    }
    const stream = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    const payloads: Buffer[] = [];
    let at = 0;
    for (;;) {
      const head = readHead(stream, at);
      if (head === undefined) {
        this.#wanted = stream.length - at + 1;
        break;
      }
      if (head.end > stream.length) {
        this.#wanted = head.end - at;
        break;
      }
      payloads.push(stream.subarray(head.start, head.end));
      at = head.end;
    }
    const rest = stream.subarray(at);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
    return payloads;
  }
}

/** Where the payload of the frame at `at` lies, or undefined when its length is not complete yet. */
function readHead(stream: Buffer, at: number): { readonly start: number; readonly end: number } | undefined {
  let length = 0;
  for (let index = at; index < stream.length; index++) {
    const byte = stream[index];
    if (byte === HASH && length > 0) {
      if (length > MAX_FRAME_BYTES) throw new FrameFault(`frame of ${length} bytes is longer than ${MAX_FRAME_BYTES}`);
      return { start: index + 1, end: index + 1 + length };
    }
    if (byte === undefined || byte < ZERO || byte > NINE) throw new FrameFault('frame does not begin with its length');
    if (index - at >= MAX_LENGTH_DIGITS) throw new FrameFault('length of a frame has too many digits');
    length = length * 10 + (byte - ZERO);
  }
  return undefined;
}

/** A frame ready for one write: `leader`, and under it the bytes of a SIP message if there is one. */
export function encodeFrame(leader: string, message?: Buffer): Buffer {
  if (message === undefined) return Buffer.from(`${Buffer.byteLength(leader)}#${leader}`);
  const length = Buffer.byteLength(leader) + 2 + message.length;
  return Buffer.concat([Buffer.from(`${length}#${leader}\r\n`), message]);
}
