// A receiver of webhooks: what arrived, and how it answers; its host is one that the centre names.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../servers.js';
import { Api } from './api.js';
import { changeCentre } from './centre.js';
import type { HiloAddress } from './server.js';

export interface Told {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export class Receiver {
  /** What arrived, whatever it was answered. */
  readonly told: Told[] = [];
  /** 0: there is no answer. */
  status = 204;
  readonly #server: Server;

  private constructor(private readonly hilo: HiloAddress) {
    this.#server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      this.told.push(JSON.parse(body));
      if (this.status > 0) response.writeHead(this.status).end();
    });
  }

  /** Resolves when the centre lets webhooks go there. */
  static async open(hilo: HiloAddress): Promise<Receiver> {
    const receiver = new Receiver(hilo);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    const host = receiver.#host;
    await changeCentre(hilo.flowsFolder, (centre) => {
      centre.setIn(['http', 'hosts'], [{ host, insecure: true, private: true }]);
    });
    await eventually('the host is in force', async () => (await new Api(hilo.http).flow('centre')).includes(host));
    return receiver;
  }

  get address(): string {
    return `http://${this.#host}/hilo`;
  }

  /** The centre knows it no more. */
  async close(): Promise<void> {
    await changeCentre(this.hilo.flowsFolder, (centre) => centre.delete('http'));
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get #host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
}
