// Calls to Meta's Cloud API: one kind, with limits on time, connections and the size of the answer.
import { Agent, request } from 'undici';
import { HiloError } from '../../app/errors.js';
import type { Clock } from '../../lib/clock.js';
import { type Answer, answerOf } from './answer.js';

/** From the first byte of ours to the last of theirs. */
export const CALL_LIMIT_MS = 15_000;
const CONNECT_LIMIT_MS = 5_000;
const MAX_CONNECTIONS = 16;
export const MAX_ANSWER_BYTES = 64 * 1024;

export interface CloudApiPorts {
  readonly baseUrl: string;
  readonly token: string;
  readonly phoneId: string;
  readonly clock: Clock;
}

export class CloudApi {
  readonly #ports: CloudApiPorts;
  readonly #url: string;
  readonly #agent = new Agent({ connections: MAX_CONNECTIONS, connect: { timeout: CONNECT_LIMIT_MS } });

  constructor(ports: CloudApiPorts) {
    this.#ports = ports;
    this.#url = `${ports.baseUrl.replace(/\/+$/, '')}/${encodeURIComponent(ports.phoneId)}/messages`;
  }

  /** Rejects with HiloError `message-not-sent` when there is no answer: nobody knows then whether it was taken. */
  async post(message: object): Promise<Answer> {
    const expired = new AbortController();
    const timer = this.#ports.clock.after(CALL_LIMIT_MS, () =>
      expired.abort(new Error(`no answer in ${CALL_LIMIT_MS} ms`)),
    );
    try {
      const response = await request(this.#url, {
        method: 'POST',
        dispatcher: this.#agent,
        signal: expired.signal,
        headers: { authorization: `Bearer ${this.#ports.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(message),
      });
      return answerOf(response.statusCode, await limited(response.body));
    } catch (error) {
      throw new HiloError('message-not-sent', 'WhatsApp cannot be reached', { cause: error });
    } finally {
      timer.cancel();
    }
  }

  /** Calls in progress are given up. Safe to call twice. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

async function limited(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer has more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
