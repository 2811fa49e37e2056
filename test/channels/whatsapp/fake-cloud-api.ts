// Meta's Cloud API for tests: a real HTTP server that keeps what it is asked and answers as it is told.
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { readonly [field: string]: unknown };
  /** As it came, of what is no JSON. */
  readonly raw?: string;
}

export class FakeCloudApi {
  readonly asked: Asked[] = [];
  /** Writes the answer to the n-th call, from 1. */
  answer: (response: ServerResponse, count: number, asked: Asked) => void = (response, count) =>
    accept(response, count);
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const isJson = request.headers['content-type'] === 'application/json';
        const raw = Buffer.concat(chunks).toString('latin1');
        const body = isJson ? (JSON.parse(Buffer.concat(chunks).toString()) as Asked['body']) : {};
        const base = { path: request.url ?? '', authorization: request.headers.authorization, body };
        const asked = isJson ? base : { ...base, raw };
        this.asked.push(asked);
        this.answer(response, this.asked.length, asked);
      });
    });
  }

  static async start(): Promise<FakeCloudApi> {
    const api = new FakeCloudApi();
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v21.0`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

export function accept(response: ServerResponse, count: number): void {
  reply(response, 200, { messaging_product: 'whatsapp', messages: [{ id: `wamid.${count}` }] });
}

export function fail(response: ServerResponse, status: number, code: number): void {
  reply(response, status, {
    error: { message: '(#1) to +34600111222', type: 'OAuthException', code, fbtrace_id: 'x' },
  });
}

export function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
