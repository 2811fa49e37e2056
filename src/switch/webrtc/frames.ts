// Commands, reports and packets on a pipe: kind, peer and length before each.

const HEAD_BYTES = 7;
export const FRAME_BODY_BYTES_MAX = 0xffff;
/** Packets are dropped while so many bytes wait for a reader that does not read. */
export const PIPE_BYTES_MAX = 4 * 1024 * 1024;

/** 0: JSON; 1: a packet of or for the peer. */
export type FrameKind = 0 | 1;

export interface PipeEnd {
  write(bytes: Buffer): unknown;
  readonly writableLength: number;
}

/** Collects what is written in one turn of the event loop and writes it at once. */
export class FrameWriter {
  readonly #pipe: PipeEnd;
  #waiting: Buffer[] = [];

  constructor(pipe: PipeEnd) {
    this.#pipe = pipe;
  }

  message(message: object): void {
    this.#add(0, 0, Buffer.from(JSON.stringify(message)));
  }

  /** The packet's memory may be used again after the call. */
  packet(peer: number, packet: Buffer): void {
    if (this.#pipe.writableLength < PIPE_BYTES_MAX) this.#add(1, peer, packet);
  }

  #add(kind: FrameKind, peer: number, body: Buffer): void {
    if (body.length > FRAME_BODY_BYTES_MAX) return;
    const frame = Buffer.allocUnsafe(HEAD_BYTES + body.length);
    frame[0] = kind;
    frame.writeUInt32BE(peer, 1);
    frame.writeUInt16BE(body.length, 5);
    body.copy(frame, HEAD_BYTES);
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    this.#waiting.push(frame);
  }

  #flush(): void {
    const frames = this.#waiting;
    this.#waiting = [];
    this.#pipe.write(frames.length === 1 ? (frames[0] ?? Buffer.alloc(0)) : Buffer.concat(frames));
  }
}

export interface FrameListener {
  onMessage(message: unknown): void;
  onPacket(peer: number, packet: Buffer): void;
}

/** Takes bytes in any pieces. */
export class FrameReader {
  readonly #listener: FrameListener;
  #rest: Buffer = Buffer.alloc(0);

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  read(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (at + HEAD_BYTES <= all.length) {
      const start = at + HEAD_BYTES;
      const end = start + all.readUInt16BE(at + 5);
      if (end > all.length) break;
      const body = all.subarray(start, end);
      if (all[at] === 0) this.#listener.onMessage(JSON.parse(body.toString()));
      else this.#listener.onPacket(all.readUInt32BE(at + 1), body);
      at = end;
    }
    this.#rest = at === all.length ? Buffer.alloc(0) : Buffer.from(all.subarray(at));
  }
}
