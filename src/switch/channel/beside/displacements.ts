// Owns what is played into a call beside its applications: displace_session and uuid_displace.
import { parseFileString } from '../../media/audio-source.js';
import type { MediaLeg, Playback } from '../../media/media-leg.js';
import type { Mutes } from './mutes.js';

/** Most at a time on one channel. */
export const DISPLACEMENTS_MAX = 8;

export interface DisplaceOptions {
  /** `write`: the channel hears it; `read`: those it talks with do. */
  readonly direction: 'read' | 'write';
  /** Under the talk instead of in its place. */
  readonly mux: boolean;
  readonly loop: boolean;
  readonly limitMs?: number;
}

export class Displacements {
  readonly #leg: MediaLeg;
  readonly #mutes: Mutes;
  readonly #running = new Map<string, { readonly playback: Playback; stop(): void }>();

  constructor(leg: MediaLeg, mutes: Mutes) {
    this.#leg = leg;
    this.#mutes = mutes;
  }

  get paths(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** False: the name is no file string, is played already, or too many are. */
  start(path: string, { direction, mux, loop, limitMs }: DisplaceOptions): boolean {
    const parsed = parseFileString(path);
    if (!parsed.ok || this.#running.has(path) || this.#running.size >= DISPLACEMENTS_MAX) return false;
    const source = loop ? ({ kind: 'list', items: [parsed.source], loops: -1 } as const) : parsed.source;
    const inPlaceOfTalk = direction === 'read' && !mux;
    if (inPlaceOfTalk) this.#mutes.set('read', { displacedBy: path }, true);
    const options = limitMs === undefined ? {} : { limitMs };
    const playback =
      direction === 'write' && !mux ? this.#leg.play(source, options) : this.#leg.mixIn(source, direction, options);
    this.#running.set(path, { playback, stop: () => playback.stop() });
    void playback.done.then(() => {
      this.#running.delete(path);
      if (inPlaceOfTalk) this.#mutes.set('read', { displacedBy: path }, false);
    });
    return true;
  }

  async stop(path: string): Promise<boolean> {
    const running = this.#running.get(path);
    if (running === undefined) return false;
    running.stop();
    await running.playback.done;
    return true;
  }
}
