// Owns the music of a conference: heard by one who is alone in it, and by all while they wait for the moderator.
import { parseFileString } from '../../media/audio-source.js';
import type { Playback } from '../../media/media-leg.js';
import type { MediaRoom } from '../../media/media-room.js';

export class ConferenceMusic {
  readonly #room: MediaRoom;
  readonly #usual: string | undefined;
  /** By the subcommand `moh <file>`. */
  #instead: string | undefined;
  #isOff = false;
  #isWanted = false;
  #playing: { readonly sound: string; readonly playback: Playback } | undefined;

  /** @param usual a file string; undefined: silence, until {@link change} names one */
  constructor(room: MediaRoom, usual: string | undefined) {
    this.#room = room;
    this.#usual = usual;
  }

  /** Whether the company is one that hears music. */
  want(isWanted: boolean): void {
    this.#isWanted = isWanted;
    this.#adapt();
  }

  /** Further company takes back what was switched off, as in FreeSWITCH. */
  joinedByOthers(): void {
    this.#isOff = false;
  }

  /** `toggle`, `on`, `off`, `reset` (the usual one), or a file. */
  change(what: string): void {
    const word = what.toLowerCase();
    if (word === 'toggle') this.#isOff = !this.#isOff;
    else if (word === 'on' || word === 'off') this.#isOff = word === 'off';
    else this.#instead = word === 'reset' ? undefined : what;
    this.#adapt();
  }

  #adapt(): void {
    const sound = this.#isWanted && !this.#isOff ? (this.#instead ?? this.#usual) : undefined;
    if (sound === this.#playing?.sound) return;
    this.#playing?.playback.stop();
    this.#playing = undefined;
    const parsed = sound === undefined ? undefined : parseFileString(sound);
    if (sound === undefined || !parsed?.ok) return;
    this.#playing = { sound, playback: this.#room.play({ kind: 'list', items: [parsed.source], loops: -1 }) };
  }
}
