// Who a leg talks with, and who listens in: turned into a direct bridge, or into a room when a third party hears it.
import { MessageChannel } from 'node:worker_threads';
import type { EngineRoom, Seated } from './engine-room.js';
import type { Overhearing, OverhearingOptions } from './media-leg.js';
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

const ALONE: Company = { kind: 'alone' };

export class Companion {
  readonly #ports: CompanionPorts;
  #company: Company = ALONE;
  /** Who listens to this leg, and how. */
  readonly #ears = new Map<Companion, OverhearingOptions>();
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

  /** The leg is closed: nobody can listen to it any more. */
  close(): void {
    this.leave();
    for (const ear of [...this.#ears.keys()]) this.#forget(ear);
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
    if (!pair.some((one) => one.#ears.size > 0)) {
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
