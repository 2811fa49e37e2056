// A caller who does over real SIP what a test says: listens until a prompt is recognised, presses keys, speaks, hangs up.
import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from '../../core/document/yaml-text.js';
import type { CaseEnd } from '../../core/flow-test/case.js';
import { sayAsk, sayPrompt } from '../../core/flow-test/hearing.js';
import type { Beat } from '../../core/flow-test/play.js';
import type { Prompt } from '../../core/ivr/ask.js';
import type { PhoneCall } from '../../sim/phone/call.js';
import { statusOf } from '../../sim/phone/message.js';
import { Phone } from '../../sim/phone/phone.js';
import { Ear, type Piece } from './ear.js';

/** What a prompt sounds like; [] when there is nothing to recognise it by. */
export type Sounds = (prompt: Prompt) => Promise<readonly Piece[]>;

export interface CallerOptions {
  readonly server: { readonly host: string; readonly port: number };
  readonly from: string;
  readonly number: string;
  readonly sounds: Sounds;
  /** Resolves when the caller waits in that queue; rejects when that does not come. */
  readonly queued: (queue: string) => Promise<void>;
}

/** Something was not as the test says. `place`: of the line of the script that was being played, where that is known. */
export class NotAsExpected extends Error {
  override readonly name = 'NotAsExpected';
  constructor(
    readonly expected: string,
    readonly instead: string,
    readonly place?: Place,
  ) {
    super(`${expected}: ${instead}`);
  }
}

const ANSWER_LIMIT_MS = 32_000;
/** A prompt begins within this time after the one before, and a call that ends is hung up. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 100;
/** Between keys: phones cannot press faster. */
const KEY_GAP_MS = 120;
/** Tone for a voice message, and how long it is spoken after the greeting. */
const VOICE_HERTZ = 440;
const BEFORE_SPEAKING_MS = 1_000;
const SPEAKING_MS = 3_000;

/** Plays the beats of a test as they went on the core. Rejects with {@link NotAsExpected}. */
export async function playCall(beats: readonly Beat[], end: CaseEnd, options: CallerOptions): Promise<void> {
  const phone = await Phone.open({ user: options.from, server: options.server });
  let call: PhoneCall | undefined;
  try {
    call = await phone.invite(options.number);
    const ear = new Ear();
    call.audio.onSamples = (samples) => ear.hear(samples);
    const answer = await Promise.race([call.final.seen, pause(ANSWER_LIMIT_MS, undefined, { ref: false })]);
    if (answer === undefined || statusOf(answer) !== 200) {
      throw new NotAsExpected('that the call is answered', answer === undefined ? 'no answer' : answer.start);
    }
    await new Caller(call, ear, options).play(beats, end);
  } finally {
    if (call !== undefined && !call.byeReceived.happened && !call.hungUp) {
      if (call.final.happened) call.bye();
      else call.cancel();
    }
    await pause(2 * LOOK_MS);
    phone.close();
  }
}

class Caller {
  /** What was heard before this belongs to prompts that were recognised. */
  #from = 0;

  constructor(
    private readonly call: PhoneCall,
    private readonly ear: Ear,
    private readonly options: CallerOptions,
  ) {}

  async play(beats: readonly Beat[], end: CaseEnd): Promise<void> {
    for (const beat of beats) {
      await this.beat(beat);
      if (this.call.hungUp) return;
    }
    if (end.result === 'open') this.call.bye();
    else
      await this.until(
        () => this.call.byeReceived.happened,
        'the end of the call',
        () => 'the call goes on',
      );
  }

  private async beat(beat: Beat): Promise<void> {
    try {
      await this.listen(beat);
      await this.act(beat);
    } catch (error) {
      if (!(error instanceof NotAsExpected) || beat.item === undefined) throw error;
      throw new NotAsExpected(error.expected, error.instead, beat.item.place);
    }
  }

  private async listen({ ask, heard, item }: Beat): Promise<void> {
    const prompts = ('prompts' in ask ? ask.prompts : []).slice(0, heard);
    const interrupts = item?.kind === 'hangs-up' || (item?.kind === 'presses' && 'bargeIn' in ask && ask.bargeIn);
    for (const [index, prompt] of prompts.entries()) {
      // Who presses a key or hangs up during a prompt has recognised it by its beginning.
      await this.recognise(prompt, interrupts && index === prompts.length - 1 ? 1 : Number.POSITIVE_INFINITY);
    }
  }

  private async recognise(prompt: Prompt, pieces: number): Promise<void> {
    for (const piece of (await this.options.sounds(prompt)).slice(0, pieces)) {
      let place: number | undefined;
      const found = (): boolean => {
        place = this.ear.find(piece, this.#from);
        return place !== undefined;
      };
      await this.until(found, `to hear ${sayPrompt(prompt)}`, () => this.instead(piece));
      this.#from = (place ?? this.#from) + piece.samples.length;
    }
  }

  private instead(piece: Piece): string {
    if (this.call.byeReceived.happened) return 'the call is over';
    const second = (this.#from / 8_000).toFixed(1);
    return piece.at < 8_000
      ? `something else, or nothing, from second ${second} on`
      : `it ends otherwise, after second ${second}`;
  }

  private async act({ ask, item }: Beat): Promise<void> {
    const { audio } = this.call;
    if (item === undefined) return;
    switch (item.kind) {
      case 'presses':
        for (const key of item.keys) {
          await audio.press(key);
          await pause(KEY_GAP_MS);
        }
        this.#from = this.ear.length;
        return;
      case 'voicemail':
        if (item.outcome !== 'left') return;
        await pause(BEFORE_SPEAKING_MS);
        audio.say(VOICE_HERTZ);
        await pause(SPEAKING_MS);
        audio.say(0);
        await audio.press('#');
        return;
      case 'queue':
        await this.options.queued(item.queue).catch(() => {
          throw new NotAsExpected(`that the flow ${sayAsk(ask)}`, 'the caller does not wait there');
        });
        return;
      case 'hangs-up':
        this.call.bye();
        return;
      default:
        return;
    }
  }

  private async until(happened: () => boolean, expected: string, instead: () => string): Promise<void> {
    const limitMs = performance.now() + PATIENCE_MS;
    while (!happened()) {
      if (performance.now() > limitMs || (this.call.byeReceived.happened && !happened())) {
        throw new NotAsExpected(expected, instead());
      }
      await pause(LOOK_MS);
    }
  }
}
