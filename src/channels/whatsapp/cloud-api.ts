// Calls to Meta's Cloud API: messages and files, with limits on time, connections and the size of the answer.
import { readFile } from 'node:fs/promises';
import { Agent, type Dispatcher, FormData, request } from 'undici';
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { OutgoingFile } from '../../app/message/messenger.js';
import type { Clock } from '../../lib/clock.js';
import { type Answer, answerOf } from './answer.js';

/** From the first byte of ours to the last of theirs. */
export const CALL_LIMIT_MS = 15_000;
/** The same with a file, which has up to 16 MB. */
export const FILE_LIMIT_MS = 45_000;
/** Where Meta keeps files; the token goes nowhere else. */
const FILE_HOSTS = /(^|\.)(fbsbx\.com|facebook\.com|fbcdn\.net|whatsapp\.net)$/;

const fileAnswer = z.object({ url: z.string().max(4_096) });
const uploadAnswer = z.object({ id: z.string().min(1).max(256) });
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
  readonly #base: string;
  readonly #phone: string;
  readonly #agent = new Agent({ connections: MAX_CONNECTIONS, connect: { timeout: CONNECT_LIMIT_MS } });

  constructor(ports: CloudApiPorts) {
    this.#ports = ports;
    this.#base = ports.baseUrl.replace(/\/+$/, '');
    this.#phone = `${this.#base}/${encodeURIComponent(ports.phoneId)}`;
  }

  /** Rejects with HiloError `message-not-sent` when there is no answer: nobody knows then whether it was taken. */
  async post(message: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return this.#within(CALL_LIMIT_MS, async (signal) => {
      const { statusCode, body } = await this.#ask(`${this.#phone}/messages`, {
        ...{ method: 'POST', signal, headers, body: JSON.stringify(message) },
      });
      return answerOf(statusCode, await limited(body));
    });
  }

  /** Meta's id of the file from now on. Rejects with HiloError `message-not-sent` or `message-refused`. */
  upload({ path, name, type }: Pick<OutgoingFile, 'path' | 'name' | 'type'>): Promise<string> {
    return this.#within(FILE_LIMIT_MS, async (signal) => {
      const form = new FormData();
      form.set('messaging_product', 'whatsapp');
      form.set('type', type);
      form.set('file', new Blob([await readFile(path)], { type }), name);
      const { statusCode, body } = await this.#ask(`${this.#phone}/media`, { method: 'POST', signal, body: form });
      const text = await limited(body);
      const id = statusCode < 300 ? uploadAnswer.safeParse(json(text)).data?.id : undefined;
      if (id !== undefined) return id;
      const answer = answerOf(statusCode, text);
      throw answer.kind === 'failed' ? answer.error : new HiloError('message-not-sent', 'WhatsApp took no file');
    });
  }

  /** Gives the bytes of a customer's file to `keep`. Rejects with HiloError `not-found` (gone for good) or `message-not-sent`. */
  load<T>(id: string, keep: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
    return this.#within(FILE_LIMIT_MS, async (signal) => {
      const told = await this.#ask(`${this.#base}/${encodeURIComponent(id)}`, { method: 'GET', signal });
      const text = await limited(told.body);
      // Meta says 400 of an id that it does not know, or not any more.
      if (told.statusCode === 400 || told.statusCode === 404)
        throw new HiloError('not-found', 'WhatsApp has no such file');
      const url = told.statusCode < 300 ? fileAnswer.safeParse(json(text)).data?.url : undefined;
      if (url === undefined)
        throw new HiloError('message-not-sent', `WhatsApp does not say where a file is (${told.statusCode})`);
      if (!this.#isTheirs(url)) throw new HiloError('not-found', 'WhatsApp names a strange place for a file');
      const { statusCode, body } = await this.#ask(url, { method: 'GET', signal });
      if (statusCode >= 300) {
        await body.dump();
        throw statusCode === 404 || statusCode === 410
          ? new HiloError('not-found', 'WhatsApp does not have the file any more')
          : new HiloError('message-not-sent', `WhatsApp does not give the file now (${statusCode})`);
      }
      return keep(body);
    });
  }

  /** Where the token may go: Meta's own hosts, or wherever the API itself is. */
  #isTheirs(url: string): boolean {
    if (!URL.canParse(url)) return false;
    const { protocol, hostname, origin } = new URL(url);
    return origin === new URL(this.#base).origin || (protocol === 'https:' && FILE_HOSTS.test(hostname));
  }

  #ask(
    url: string,
    options: Pick<Dispatcher.RequestOptions, 'method' | 'body'> & {
      readonly signal: AbortSignal;
      readonly headers?: Record<string, string>;
    },
  ): Promise<Dispatcher.ResponseData> {
    const headers = { ...options.headers, authorization: `Bearer ${this.#ports.token}` };
    return request(url, { ...options, dispatcher: this.#agent, headers });
  }

  async #within<T>(limitMs: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const expired = new AbortController();
    const timer = this.#ports.clock.after(limitMs, () => expired.abort(new Error(`no answer in ${limitMs} ms`)));
    try {
      return await act(expired.signal);
    } catch (error) {
      if (error instanceof HiloError) throw error;
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

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No answer of the API: said by undefined.
    return undefined;
  }
}
