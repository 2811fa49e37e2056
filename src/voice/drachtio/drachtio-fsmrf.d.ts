// The parts of drachtio-fsmrf 4.1.2 and drachtio-modesl 1.3.1 that voice/ uses: neither package has types.
declare module 'drachtio-modesl' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  export interface EslEvent {
    getHeader(name: string): string | undefined;
    getBody(): string | undefined;
  }

  export interface EslConnection extends EventEmitter {
    /** null once the socket is closed. */
    readonly socket: Socket | null;
    /** Set when the socket is connected, from the start on connections that the media server made. */
    readonly parser?: { _parseHeaderText(text: string): Record<string, string | number> };
    reconnectOpts: { maxAttempts?: number };
    initializeRetryVars(): void;
    connected(): boolean;
    api(command: string, callback: (response: EslEvent) => void): void;
    sendRecv(command: string, callback?: (reply: EslEvent) => void): void;
    disconnect(): void;
  }

  interface ConnectionConstructor {
    new (host: string, port: number, password: string, onReady: () => void): EslConnection;
  }

  const esl: { readonly Connection: ConnectionConstructor };
  // biome-ignore lint/style/noDefaultExport: the package is one value
  export default esl;
}

declare module 'drachtio-fsmrf' {
  /** Keeps whatever is given as `srf`: its media servers call nothing but `createUAC` on it. */
  class Mrf {
    /** `customEvents`: subclasses that every endpoint subscribes to, with its first subscription. */
    constructor(srf: object, options?: { readonly customEvents?: readonly string[] });
  }
  // biome-ignore lint/style/noDefaultExport: the package is one value
  export default Mrf;
}

declare module 'drachtio-fsmrf/lib/mediaserver.js' {
  import type { EventEmitter } from 'node:events';
  import type Mrf from 'drachtio-fsmrf';
  import type { EslConnection, EslEvent } from 'drachtio-modesl';

  export interface FsmrfEndpoint extends EventEmitter {
    readonly uuid: string;
    /** null once it is closed. */
    readonly conn: EslConnection | null;
    readonly connected: boolean;
    readonly local: { readonly sdp: string };
    on(event: 'destroy', listener: (detail?: { reason?: string }) => void): this;
    on(event: 'dtmf', listener: (detail: { dtmf: string; source: string }) => void): this;
    addListener(subclass: string, listener: (body: unknown, event: EslEvent) => void): this;
    addCustomEventListener(event: string, handler: (body: unknown, event: EslEvent) => void): void;
    execute(application: string, argument: string, callback: (error: unknown, event?: EslEvent) => void): unknown;
    api(command: string, args: readonly string[], callback: (error: unknown, response?: EslEvent) => void): unknown;
    destroy(callback: (error: unknown) => void): unknown;
  }

  class MediaServer extends EventEmitter {
    constructor(
      conn: EslConnection,
      mrf: Mrf,
      listenAddress: string,
      listenPort: number,
      advertisedAddress: string | undefined,
      advertisedPort: number | undefined,
      profile: string,
    );
    /** There from the event `connect` on. */
    readonly _server?: EventEmitter;
    readonly currentSessions: number;
    readonly maxSessions: number;
    createEndpoint(options: object, callback: (error: unknown, endpoint?: FsmrfEndpoint) => void): unknown;
    connectCaller(
      req: { readonly body: string },
      res: object,
      options: object,
      callback: (error: unknown, pair?: { readonly endpoint: FsmrfEndpoint }) => void,
    ): unknown;
    disconnect(): void;
  }
  // biome-ignore lint/style/noDefaultExport: the package is one value
  export default MediaServer;
}
