// Other systems of the tests: each answer is told beforehand, each request is kept.
import type { WebClient, WebResult, WebTalk } from '../../../src/app/outside/ports.js';
import type { WebRequest } from '../../../src/core/ivr/outside/web-request.js';

export type FakeAnswer = WebResult | Promise<WebResult>;

export class FakeWeb implements WebClient {
  readonly requests: WebRequest[] = [];
  /** Messages over WebSockets. */
  readonly messages: object[] = [];
  readonly answers: FakeAnswer[] = [];
  closedTalks = 0;

  async send(request: WebRequest): Promise<WebResult> {
    this.requests.push(request);
    return this.#next();
  }

  talk(): WebTalk {
    let hangUp = (): void => undefined;
    const closed = new Promise<WebResult>((resolve) => {
      hangUp = () => resolve({ outcome: 'failed', reason: 'unreachable' });
    });
    return {
      ask: async (message) => {
        this.messages.push(message);
        return Promise.race([this.#next(), closed]);
      },
      close: () => {
        this.closedTalks += 1;
        hangUp();
      },
    };
  }

  #next(): FakeAnswer {
    return this.answers.shift() ?? { outcome: 'failed', reason: 'unreachable' };
  }
}
