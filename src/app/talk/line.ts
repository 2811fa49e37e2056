// What the customer's leg is connected with: one of ours, music, or a conference of all.
import type { Call } from '../call/call.js';
import { writeTalkWords } from '../survivors/talk-words.js';
import type { TalkSide } from './side.js';

type With = { readonly kind: 'one' } | { readonly kind: 'music' } | { readonly kind: 'room'; readonly room: string };

/** Begins connected with one; each method rejects as those of a leg do, and has then changed nothing here. */
export class Line {
  readonly #call: Call;
  readonly #music: string;
  #with: With = { kind: 'one' };

  constructor(call: Call, music: string) {
    this.#call = call;
    this.#music = music;
  }

  async park(): Promise<void> {
    const { leg } = this.#call;
    if (this.#with.kind !== 'music') await leg.unbridge();
    await leg.startMusic(this.#music);
    this.#with = { kind: 'music' };
  }

  /** With `side` and nobody else; whoever survives this node finds in the words who they are. */
  async connect(side: TalkSide): Promise<void> {
    const { thread, segment, leg, fromAgent } = this.#call;
    const { entry, queue, party } = side;
    const words = writeTalkWords({
      ...{ interaction: thread.id, segment, entry },
      ...(party.kind === 'agent' ? { agent: party.name } : {}),
      ...(queue === undefined ? {} : { queue }),
      ...(fromAgent === undefined ? {} : { fromAgent }),
    });
    if (this.#with.kind === 'music') await leg.silence();
    await leg.bridge(side.leg, words);
    this.#with = { kind: 'one' };
  }

  /** With all of them, and they with each other. */
  async gather(room: string, sides: Iterable<TalkSide>): Promise<void> {
    const { leg } = this.#call;
    if (this.#with.kind === 'music') await leg.silence();
    await leg.join(room);
    for (const side of sides) await side.leg.join(room);
    this.#with = { kind: 'room', room };
  }

  /** One more in the conference. */
  async add(side: TalkSide): Promise<void> {
    if (this.#with.kind === 'room') await side.leg.join(this.#with.room);
  }
}
