// An application on the unmodified drachtio-srf, with the few types these tests need.
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

export interface Message {
  readonly body: string;
  readonly source: string;
  readonly source_address: string;
  readonly source_port: number;
  readonly receivedOn: string;
  readonly protocol: string;
  get(name: string): string;
  has(name: string): boolean;
}

export interface Req extends Message {
  readonly method: string;
  readonly uri: string;
  readonly stackTxnId: string;
  readonly stackDialogId: string;
  readonly socket: Socket;
  cancel(callback?: (error: unknown) => void): void;
  cancel(options: object): void;
  on(event: 'cancel' | 'update', listener: (req: Req, res: Res) => void): void;
  on(event: 'response', listener: (res: Res, ack: (options?: object) => void) => void): void;
}

export interface Res extends Message {
  readonly status: number;
  send(
    status: number,
    options?: object,
    callback?: (error: unknown, sent: Message) => void,
    onAcknowledged?: (ack: Req) => void,
  ): void;
}

export interface Dlg {
  readonly id: string;
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly local: { readonly sdp: string; readonly uri: string };
  readonly remote: { readonly sdp: string; readonly uri: string };
  destroy(options?: object): Promise<unknown>;
  modify(sdp: string): Promise<string>;
  request(options: object): Promise<Res>;
  on(event: string, listener: (req: Req, res: Res) => void): this;
  once(event: string, listener: (req: Req, reason: string) => void): this;
}

export interface Progress {
  readonly cbRequest?: (error: unknown, req: Req) => void;
  readonly cbProvisional?: (res: Res) => void;
}

export interface ProxyResult {
  readonly connected: boolean;
  readonly finalStatus: number | undefined;
  readonly responses: readonly {
    readonly address: string;
    readonly port: number;
    readonly msgs: readonly { status: number }[];
  }[];
}

export interface App {
  connect(options: object): void;
  disconnect(): void;
  invite(handler: (req: Req, res: Res) => void): void;
  register(handler: (req: Req, res: Res) => void): void;
  options(handler: (req: Req, res: Res) => void): void;
  message(handler: (req: Req, res: Res) => void): void;
  use(method: string, handler: (req: Req, res: Res) => void): void;
  subscribe(handler: (req: Req, res: Res) => void): void;
  info(handler: (req: Req, res: Res) => void): void;
  refer(handler: (req: Req, res: Res) => void): void;
  notify(handler: (req: Req, res: Res) => void): void;
  createUAS(req: Req, res: Res, options: object): Promise<Dlg>;
  createUAC(uri: string, options: object, progress?: Progress): Promise<Dlg>;
  createB2BUA(req: Req, res: Res, uri: string, options: object): Promise<{ uas: Dlg; uac: Dlg }>;
  request(uri: string, options: object): Promise<Req>;
  proxyRequest(req: Req, targets: string | string[], options?: object): Promise<ProxyResult>;
  on(event: 'cdr:attempt', listener: (source: string, time: string, message: Message) => void): void;
  on(
    event: 'cdr:start' | 'cdr:stop',
    listener: (source: string, time: string, what: string, message: Message) => void,
  ): void;
  on(event: 'connect', listener: (error: unknown, hostports: string, version: string, local: string) => void): void;
  on(event: 'error' | 'close', listener: (error: unknown) => void): void;
}

const Srf = createRequire(import.meta.url)('drachtio-srf') as new (tags?: string) => App;

export interface Connected {
  readonly srf: App;
  readonly hostports: string;
  readonly version: string;
  readonly local: string;
}

export function newApp(tag?: string): App {
  const srf = new Srf(tag);
  srf.on('error', () => undefined); // a server that goes away at the end of a test
  return srf;
}

/** Resolves when authenticated. `prepare` registers handlers before that, as applications do. */
export function connectApp(
  port: number,
  secret: string,
  prepare: (srf: App) => void,
  host = '127.0.0.1',
  tag?: string,
): Promise<Connected> {
  const srf = newApp(tag);
  prepare(srf);
  return new Promise((resolve, reject) => {
    srf.on('connect', (error, hostports, version, local) => {
      if (error) {
        srf.disconnect();
        reject(error);
      } else resolve({ srf, hostports, version, local });
    });
    srf.connect({ host, port, secret });
  });
}
