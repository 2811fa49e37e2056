// The sockets of one leg in the native engine: the same face as those of Node, and work that is done without JavaScript.
import { getSystemErrorName } from 'node:util';
import type { SocketListener, Sockets } from '../../rtp/socket-pair.js';
import type { Source } from '../../rtp/source-latch.js';
import type { AudioStretch, Offload, OffloadListener, OffloadPlan } from '../path/offload.js';
import type { NativeEngine, NativeSound, NativeStretch } from './addon.js';
import { addressOf, DEAD, HAND_BACK, HEARD, KEY, type NativeEvent, RTCP, RTP, SENT } from './events.js';

export interface NativeSurroundings {
  readonly engine: NativeEngine;
  readonly soundOf: (codes: Buffer) => NativeSound;
  readonly onClosed: (leg: number) => void;
}

export class NativeSockets implements Sockets, Offload {
  readonly leg: number;
  readonly #around: NativeSurroundings;
  readonly #listener: SocketListener;
  #target: Source = { address: '0.0.0.0', port: 0 };
  #isCertain = false;
  /** How often the leg has been handed over. */
  #turn = 0;
  #offloaded: OffloadListener | undefined;
  /** The source of the last datagram: most come from one. */
  #sourceNumber = -1;
  #source: Source = { address: '', port: 0 };

  constructor(leg: number, listener: SocketListener, around: NativeSurroundings) {
    this.leg = leg;
    this.#around = around;
    this.#listener = listener;
  }

  get errors(): number {
    return this.#around.engine.errors(this.leg);
  }

  send(packet: Buffer, target: Source): void {
    this.#around.engine.send(this.leg, packet, target.address, target.port);
  }

  sendRtcp(packet: Buffer, target: Source): void {
    this.#around.engine.sendRtcp(this.leg, packet, target.address, target.port + 1);
  }

  connect(target: Source): void {
    this.#around.engine.connect(this.leg, target.address, target.port);
  }

  disconnect(): void {
    this.#around.engine.disconnect(this.leg);
  }

  close(): Promise<void> {
    this.#around.engine.close(this.leg);
    this.#around.onClosed(this.leg);
    return Promise.resolve();
  }

  /** Until it is certain who the remote party is, everything that comes is for TypeScript to judge. */
  offload(target: Source, isCertain: boolean): Offload {
    this.#target = target;
    this.#isCertain = isCertain;
    return this;
  }

  begin(state: Float64Array, { stretch, peer, ...plan }: OffloadPlan, listener: OffloadListener): boolean {
    const begun = this.#around.engine.begin(this.leg, state, {
      ...plan,
      ...this.#target,
      certain: this.#isCertain,
      ...(peer instanceof NativeSockets ? { peer: peer.leg } : {}),
      ...(stretch === undefined ? {} : { stretch: this.#nativeStretch(stretch) }),
    });
    this.#offloaded = begun ? listener : undefined;
    if (begun) this.#turn = (this.#turn + 1) >>> 0;
    return begun;
  }

  read(state: Float64Array): void {
    this.#around.engine.read(this.leg, state);
  }

  end(state: Float64Array): void {
    this.#offloaded = undefined;
    this.#around.engine.end(this.leg, state);
  }

  /** An event of this leg; `records` is valid during the call. */
  handle(event: NativeEvent, records: Buffer): void {
    if (event.turn !== this.#turn) return;
    const { dataStart, dataEnd } = event;
    switch (event.kind) {
      case RTP:
        this.#listener.onRtp(records.subarray(dataStart, dataEnd), this.#sourceOf(event));
        return;
      case RTCP:
        this.#listener.onRtcp(records.subarray(dataStart, dataEnd), this.#sourceOf(event));
        return;
      case HAND_BACK:
        this.#offloaded?.onHandedBack();
        return;
      case HEARD:
        this.#offloaded?.onHeard(event.number, records, dataStart, dataEnd);
        return;
      case SENT:
        this.#offloaded?.onSent(event.number, records, dataStart, dataEnd);
        return;
      case KEY:
        this.#offloaded?.onKey(records.subarray(dataStart, dataEnd));
        return;
      case DEAD:
        this.#listener.onDead(new Error(`RTP socket: ${getSystemErrorName(-event.number)}`));
        return;
    }
  }

  #nativeStretch({ codes, ...rest }: AudioStretch): NativeStretch {
    return codes === undefined ? rest : { ...rest, sound: this.#around.soundOf(codes) };
  }

  #sourceOf(event: NativeEvent): Source {
    if (event.number !== this.#sourceNumber || event.port !== this.#source.port) {
      this.#sourceNumber = event.number;
      this.#source = { address: addressOf(event.number), port: event.port };
    }
    return this.#source;
  }
}
