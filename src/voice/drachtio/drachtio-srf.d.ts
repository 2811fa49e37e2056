// The parts of drachtio-srf 5.0.29 that voice/ uses. The types in the package miss half of them and state others wrongly.
declare module 'drachtio-srf' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  export interface SipMessage {
    readonly method: string;
    readonly uri: string;
    readonly body: string | undefined;
    readonly raw: string;
    get(name: string): string | undefined;
    has(name: string): boolean;
    /** Throws when the header is missing or does not parse. */
    getParsedHeader(name: string): unknown;
  }

  export interface SrfRequest extends SipMessage, EventEmitter {
    readonly source: 'network' | 'application';
    readonly source_address: string;
    readonly source_port: number;
    readonly protocol: string;
    readonly stackTxnId: string;
    readonly stackDialogId?: string;
    readonly callingNumber: string;
    readonly callingName: string;
    readonly calledNumber: string;
    on(event: 'cancel', listener: (cancel: SipMessage) => void): this;
    on(event: 'response', listener: (response: SrfResponse) => void): this;
    on(event: 'update', listener: (request: SrfRequest, response: SrfResponse) => void): this;
    /** Only on requests that the application sent. */
    cancel(options: object, callback: (error: unknown) => void): void;
  }

  export interface SrfResponse {
    readonly status: number;
    readonly reason: string;
    readonly body: string | undefined;
    readonly source_address: string;
    readonly finalResponseSent: boolean;
    get(name: string): string | undefined;
    has(name: string): boolean;
    send(
      status: number,
      options: { headers?: Record<string, string>; body?: string },
      callback?: (error: unknown) => void,
    ): void;
  }

  export interface SrfDialog extends EventEmitter {
    readonly id: string;
    readonly connected: boolean;
    readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
    readonly local: { sdp: string; readonly uri: string };
    readonly remote: { sdp: string; readonly uri: string };
    on(event: 'destroy', listener: (request: SrfRequest, reason?: string) => void): this;
    on(event: 'modify' | 'info' | 'update' | 'refer', listener: (req: SrfRequest, res: SrfResponse) => void): this;
    on(event: 'ack', listener: (request: SrfRequest) => void): this;
    destroy(options: { headers?: Record<string, string> }, callback: (error: unknown) => void): void;
    request(
      options: { method: string; headers?: Record<string, string>; body?: string },
      callback: (error: unknown, response?: SrfResponse) => void,
    ): void;
  }

  /** Who was invited without an offer has answered with one; nothing has been acknowledged yet. */
  export interface SrfOffered {
    readonly sdp: string;
    ack(localSdp: string): Promise<SrfDialog>;
    /** ACK and BYE. */
    destroy(): Promise<void>;
  }

  export interface ConnectOptions {
    readonly host: string;
    readonly port: number;
    readonly secret: string;
    readonly reconnect?: { readonly maxAttempts?: number; readonly retryMaxDelay?: number };
    readonly enablePing?: boolean;
    readonly pingInterval?: number;
  }

  class Srf extends EventEmitter {
    /** Not public: the way to the socket of the connection, undefined before `connect`. */
    readonly _app: { readonly client: { readonly mapServer: ReadonlyMap<Socket, unknown> } };
    connect(options: ConnectOptions): unknown;
    disconnect(): void;
    use(method: string, handler: (req: SrfRequest, res: SrfResponse, next: (error?: unknown) => void) => void): void;
    createUAS(
      req: SrfRequest,
      res: SrfResponse,
      options: { localSdp: string; headers?: Record<string, string> },
      callback: (error: unknown, dialog?: SrfDialog) => void,
    ): void;
    request(
      uri: string,
      options: { method: string; stackDialogId: string },
      callback: (error: unknown, request?: SrfRequest) => void,
    ): void;
    createUAC(
      uri: string,
      options: { localSdp?: string; headers?: Record<string, string>; proxy?: string; noAck?: boolean },
      progress: {
        cbRequest?: (error: unknown, request?: SrfRequest) => void;
        cbProvisional?: (response: SrfResponse) => void;
      },
      /** With `noAck`, and when the answer brings an offer, that. */
      callback: (error: unknown, made?: SrfDialog | SrfOffered) => void,
    ): void;
    /** Listeners as seen from outside, version, and as bound. */
    on(
      event: 'connect',
      listener: (error: unknown, listeners?: string, version?: string, local?: string | null) => void,
    ): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'close' | 'reconnecting', listener: () => void): this;
  }
  // biome-ignore lint/style/noDefaultExport: the package is one value
  export default Srf;
}
