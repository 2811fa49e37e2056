// Owns why a channel is not heard or does not hear: it is muted for as long as there is one reason.
import type { MediaLeg } from '../../media/media-leg.js';

type Direction = 'read' | 'write';
/** The application wants it; something else is heard in its place. */
export type MuteReason = 'asked' | { readonly displacedBy: string };

export class Mutes {
  readonly #leg: MediaLeg;
  readonly #reasons = { read: new Set<string>(), write: new Set<string>() };

  constructor(leg: MediaLeg) {
    this.#leg = leg;
  }

  /** `read`: what the party says; `write`: what it hears. */
  set(direction: Direction, reason: MuteReason, on: boolean): void {
    const reasons = this.#reasons[direction];
    const name = reason === 'asked' ? '' : reason.displacedBy;
    if (on) reasons.add(name);
    else reasons.delete(name);
    this.#leg.mute(direction, reasons.size > 0);
  }
}
