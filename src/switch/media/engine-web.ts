// What a worker was asked about WebRTC descriptions, until it answers.
import type { Clock } from '../../lib/clock.js';
import { withTimeOut } from '../../lib/time-out.js';
import type { WebParty } from '../webrtc/web-party.js';

/** The worker itself gives up sooner. */
const ANSWER_TIMEOUT_MS = 7_000;

interface Question {
  readonly settle: (party: WebParty) => void;
  readonly refuse: (error: Error) => void;
}

export class EngineDescriptions {
  readonly #clock: Clock;
  readonly #questions = new Map<number, Question>();
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `order` tells the worker, with the number of the question. */
  ask(order: (id: number) => void): Promise<WebParty> {
    const id = ++this.#lastId;
    const described = new Promise<WebParty>((settle, refuse) => this.#questions.set(id, { settle, refuse }));
    order(id);
    return withTimeOut(this.#clock, 'a WebRTC description', ANSWER_TIMEOUT_MS, described).finally(() =>
      this.#questions.delete(id),
    );
  }

  described(id: number, party: WebParty): void {
    this.#questions.get(id)?.settle(party);
  }

  refused(id: number, reason: string): void {
    this.#questions.get(id)?.refuse(new Error(reason));
  }

  abandon(reason: string): void {
    for (const { refuse } of this.#questions.values()) refuse(new Error(reason));
  }
}
