// Who a leg talks with, and who listens in: turned into a direct bridge, or into a room when a third party hears it.
import { MessageChannel } from 'node:worker_threads';
import type { Detected } from './audio/tone-detector.js';
import type { AudioSource } from './audio-source.js';
import type { EngineRoom, Seated } from './engine-room.js';
import { waiting } from './engine-tasks.js';
import type {
  Overhearing,
  OverhearingOptions,
  Playback,
  PlaybackResult,
  PlayOptions,
  Processing,
} from './media-leg.js';
import { type RoomOptions, type SeatSettings, USUAL_SEAT } from './media-room.js';

/**
 * ```
 *           bridge                    other leaves
 *   alone ─────────▶ bridged ─────────────────────▶ alone
 *     │  ◀── leave ──── seated (a conference)
 *     └──── overhear ──▶ listening (to another leg, whatever that one does) ── stop, the other closes ──▶ alone
 * ```
 */
type Company =
  | { readonly kind: 'alone' }
  | { readonly kind: 'bridged'; readonly peer: Companion }
  | { readonly kind: 'seated'; readonly room: EngineRoom }
  | { readonly kind: 'listening'; readonly to: Companion };

/** The legs' side of a companion. */
export interface CompanionPorts {
  readonly leg: Seated;
  /** A room in the leg's own worker. */
  openRoom(options: RoomOptions): EngineRoom;
  isOpen(): boolean;
}

interface MixedIn {
  readonly source: AudioSource;
  readonly direction: 'read' | 'write';
  readonly limit: Pick<PlayOptions, 'limitMs'>;
  /** Where it goes on in the next room. */
  offset: number;
  stopped: boolean;
  playback: Playback | undefined;
}

const NOT_PLAYED: PlaybackResult = { outcome: 'break', samples: 0, ms: 0, lastOffset: 0, left: 0 };

const ALONE: Company = { kind: 'alone' };

export class Companion {
  readonly #ports: CompanionPorts;
  #company: Company = ALONE;
  /** Who listens to this leg, and how. */
  readonly #ears = new Map<Companion, OverhearingOptions>();
  /** What is played under its talk. */
  readonly #mixedIn = new Set<MixedIn>();
  #processing: Processing = {};
  onDetected: (detected: Detected) => void = () => undefined;
  /** How it is wired now: straight to its peer, or in a room of its own with those who listen. */
  #wired: 'not' | 'straight' | { readonly room: EngineRoom } = 'not';

  constructor(ports: CompanionPorts) {
    this.#ports = ports;
  }

  bridge(other: Companion): void {
    if (other === this) return;
    this.leave();
    other.leave();
    if (!this.#ports.isOpen() || !other.#ports.isOpen()) return;
    this.#company = { kind: 'bridged', peer: other };
    other.#company = { kind: 'bridged', peer: this };
    this.#wire();
  }

  sitDown(room: EngineRoom): boolean {
    this.leave();
    if (!this.#ports.isOpen()) return false;
    this.#unwire();
    this.#company = { kind: 'seated', room };
    for (const [ear, options] of this.#ears) room.place(ear.#ports.leg, this.#earSettings(options));
    return true;
  }

  standUp(room: EngineRoom): void {
    if (this.#company.kind !== 'seated' || this.#company.room !== room) return;
    for (const ear of this.#ears.keys()) room.remove(ear.#ports.leg);
    this.#company = ALONE;
    this.#wire();
  }

  /** Alone from now on; those who listen to it go on. */
  leave(): void {
    const company = this.#company;
    switch (company.kind) {
      case 'alone':
        return;
      case 'seated':
        company.room.leave(this.#ports.leg);
        return;
      case 'listening':
        company.to.#forget(this);
        return;
      case 'bridged': {
        this.#unwire();
        this.#company = ALONE;
        company.peer.#company = ALONE;
        this.#wire();
        company.peer.#wire();
      }
    }
  }

  overhear(target: Companion, options: OverhearingOptions): Overhearing {
    this.leave();
    this.#unwire();
    if (target !== this && this.#ports.isOpen() && target.#ports.isOpen()) {
      this.#company = { kind: 'listening', to: target };
      target.#listen(this, options);
    }
    return {
      change: (changed) => target.#ears.has(this) && target.#listen(this, changed),
      stop: () => target.#forget(this),
    };
  }

  mixIn(source: AudioSource, direction: 'read' | 'write', { limitMs }: Pick<PlayOptions, 'limitMs'>): Playback {
    const started = waiting<boolean>();
    const done = waiting<PlaybackResult>();
    const limit = limitMs === undefined ? {} : { limitMs };
    const mixed: MixedIn = { source, direction, limit, offset: 0, stopped: !this.#ports.isOpen(), playback: undefined };
    this.#mixedIn.add(mixed);
    this.#refresh();
    void this.#playMixed(mixed, started.settle).then((result) => {
      this.#mixedIn.delete(mixed);
      this.#refresh();
      started.settle(false);
      done.settle(result);
    });
    const stop = (): void => {
      mixed.stopped = true;
      mixed.playback?.stop();
    };
    const nothing = (): void => undefined;
    return { started: started.promise, done: done.promise, stop, pause: nothing, seek: nothing };
  }

  get processing(): Processing {
    return this.#processing;
  }

  process(processing: Processing): void {
    this.#processing = { ...this.#processing, ...processing };
    const company = this.#company;
    const room = company.kind === 'seated' ? company.room : this.#conversation;
    if (room === undefined || (company.kind !== 'seated' && !this.#isSpecial)) this.#refresh();
    else room.refresh(this.#ports.leg);
  }

  /** The leg is closed: nobody can listen to it any more. */
  close(): void {
    for (const mixed of this.#mixedIn) mixed.stopped = true;
    this.#processing = {};
    this.leave();
    for (const ear of [...this.#ears.keys()]) this.#forget(ear);
    this.#unwire();
  }

  #listen(ear: Companion, options: OverhearingOptions): void {
    const isNew = !this.#ears.has(ear);
    this.#ears.set(ear, options);
    const room = this.#company.kind === 'seated' ? this.#company.room : this.#conversation;
    if (room === undefined || (isNew && this.#company.kind !== 'seated')) this.#wire();
    else room.place(ear.#ports.leg, this.#earSettings(options));
  }

  #forget(ear: Companion): void {
    if (!this.#ears.delete(ear)) return;
    ear.#company = ALONE;
    if (this.#company.kind === 'seated') this.#company.room.remove(ear.#ports.leg);
    else this.#wire();
    ear.#wire();
  }

  /** Wants a room even without anybody who listens. */
  get #isSpecial(): boolean {
    return this.#mixedIn.size > 0 || Object.values(this.#processing).some((value) => value !== undefined);
  }

  /** Something that asks for a room has come or gone. */
  #refresh(): void {
    const peer = this.#peer;
    const pair = peer === undefined ? [this] : [this, peer];
    const wanted = pair.some((one) => one.#ears.size > 0 || one.#isSpecial);
    if (wanted !== (this.#conversation !== undefined)) this.#wire();
  }

  /** In whatever room the leg is, one after the other, until it is over. */
  async #playMixed(mixed: MixedIn, onStarted: (started: boolean) => void): Promise<PlaybackResult> {
    let samples = 0;
    for (;;) {
      const room = this.#company.kind === 'seated' ? this.#company.room : this.#conversation;
      if (mixed.stopped || room === undefined) return { ...NOT_PLAYED, samples, lastOffset: mixed.offset };
      const own = [this.#ports.leg.id];
      const audience = mixed.direction === 'read' ? { except: own } : { only: own };
      mixed.playback = room.play(mixed.source, { ...mixed.limit, startSample: mixed.offset, audience });
      void mixed.playback.started.then((started) => started && onStarted(true));
      const result = await mixed.playback.done;
      samples += result.samples;
      mixed.offset = result.lastOffset;
      if (result.outcome !== 'break' || mixed.stopped) return { ...result, samples, ms: Math.round(samples / 8) };
    }
  }

  get #conversation(): EngineRoom | undefined {
    return typeof this.#wired === 'object' ? this.#wired.room : undefined;
  }

  get #peer(): Companion | undefined {
    return this.#company.kind === 'bridged' ? this.#company.peer : undefined;
  }

  /** Undoes how this leg and its peer are wired. */
  #unwire(): void {
    const peer = this.#peer;
    for (const one of peer === undefined ? [this] : [this, peer]) {
      if (typeof one.#wired === 'object') one.#wired.room.close();
      else if (one.#wired === 'straight') one.#ports.leg.post({ type: 'unbridge', leg: one.#ports.leg.id });
      one.#wired = 'not';
    }
  }

  /** Wires this leg and its peer anew, as company and listeners want it. */
  #wire(): void {
    if (this.#company.kind === 'seated' || this.#company.kind === 'listening') return;
    this.#unwire();
    const peer = this.#peer;
    const pair = peer === undefined ? [this] : [this, peer];
    if (!pair.some((one) => one.#ears.size > 0 || one.#isSpecial)) {
      if (peer !== undefined) this.#wireStraight(peer);
      return;
    }
    if (!this.#ports.isOpen()) return;
    const room = this.#ports.openRoom({ relaysKeys: true });
    for (const one of pair) {
      room.place(one.#ports.leg, USUAL_SEAT);
      one.#wired = { room };
    }
    for (const one of pair) {
      for (const [ear, options] of one.#ears) room.place(ear.#ports.leg, one.#earSettings(options));
    }
  }

  #wireStraight(peer: Companion): void {
    const [a, b] = [this.#ports.leg, peer.#ports.leg];
    this.#wired = 'straight';
    peer.#wired = 'straight';
    if (a.worker === b.worker) {
      a.post({ type: 'bridge', leg: a.id, to: b.id });
      b.post({ type: 'bridge', leg: b.id, to: a.id });
      return;
    }
    const { port1, port2 } = new MessageChannel();
    a.post({ type: 'bridge', leg: a.id, to: port1 }, [port1]);
    b.post({ type: 'bridge', leg: b.id, to: port2 }, [port2]);
  }

  #earSettings({ heardByTarget, heardByOthers, hearsTarget, hearsOthers }: OverhearingOptions): SeatSettings {
    const target = this.#ports.leg.id;
    const peer = this.#peer;
    const other = peer === undefined ? undefined : peer.#ports.leg.id;
    const ignores = hearsTarget ? [] : [target];
    if (!hearsOthers && other !== undefined) ignores.push(other);
    let audience: SeatSettings['audience'] = heardByOthers ? { except: [target] } : { only: [] };
    if (heardByTarget) audience = heardByOthers ? 'all' : { only: [target] };
    return { ...USUAL_SEAT, audience, ignores, overhears: target };
  }
}
