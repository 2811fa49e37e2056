// A server on a clock that stands still, applications and phones around it, all closed at the end.
import { FakeClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import {
  type DrachtioServer,
  type DrachtioServerOptions,
  openDrachtioServer,
} from '../../../src/switch/control/drachtio/server.js';
import { type App, type Connected, connectApp } from './application.js';
import { Phone } from './phone.js';

export const SECRET = 'cymru';

export class Scene {
  readonly #closers: (() => unknown)[] = [];

  private constructor(
    readonly server: DrachtioServer,
    readonly clock: FakeClock,
  ) {}

  static async open(options: Partial<DrachtioServerOptions> = {}): Promise<Scene> {
    const clock = new FakeClock();
    const listen = [
      { transport: 'udp', address: '127.0.0.1', port: 0 },
      { transport: 'tcp', address: '127.0.0.1', port: 0 },
    ] as const;
    const server = await openDrachtioServer({
      host: '127.0.0.1',
      port: 0,
      secret: SECRET,
      sip: { listen },
      clock,
      ids: systemIds,
      log: silentLog,
      ...options,
    });
    return new Scene(server, clock);
  }

  get sipPort(): number {
    return this.server.sipListeners.find((own) => own.transport === 'udp')?.port ?? 0;
  }

  async app(prepare: (srf: App) => void = () => undefined, tag?: string): Promise<Connected> {
    const connected = await connectApp(this.server.address.port, SECRET, prepare, '127.0.0.1', tag);
    this.#closers.push(() => connected.srf.disconnect());
    return connected;
  }

  async phone(): Promise<Phone> {
    const phone = await Phone.open();
    this.#closers.push(() => phone.close());
    return phone;
  }

  /** Waits until `fact` holds; the server's own state is what tells that a frame or datagram has been handled. */
  async until(what: string, fact: () => boolean): Promise<void> {
    const end = Date.now() + 3_000;
    while (!fact()) {
      if (Date.now() > end) throw new Error(`still not so: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) close();
    await this.server.close();
  }
}

/** A promise and the function that keeps it. */
export function promised<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}
