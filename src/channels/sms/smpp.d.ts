// The parts of smpp 0.5.1 that channels/sms and its tests use; the package has no types of its own.
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer, Socket } from 'node:net';

  namespace smpp {
    interface Definition {
      readonly id: number;
      readonly params?: Readonly<Record<string, { readonly type: unknown; readonly filter?: unknown }>>;
    }

    class PDU {
      constructor(command: string, fields?: object);
      readonly command: string;
      readonly command_status: number;
      readonly sequence_number: number;
      readonly [field: string]: unknown;
      isResponse(): boolean;
      /** A `generic_nack` when the command is unknown. */
      response(fields?: object): PDU;
    }

    interface Session extends EventEmitter {
      readonly socket: Socket;
      on(event: 'connect' | 'secureConnect' | 'close', listener: () => void): this;
      on(event: 'error', listener: (error: Error) => void): this;
      on(event: 'pdu', listener: (pdu: PDU) => void): this;
      /**
       * False when the socket cannot be written. Throws when a field does not fit the command.
       * For a response the second argument is called once it is written, or the connection is gone.
       */
      send(pdu: PDU, callback?: (response: PDU) => void): boolean;
      destroy(): void;
    }

    interface ConnectOptions {
      readonly host: string;
      readonly port: number;
      readonly tls: boolean;
      readonly servername?: string;
    }

    function connect(options: ConnectOptions): Session;
    function createServer(onSession: (session: Session) => void): NetServer;
    /** Replaces the definition of a command for all sessions. */
    function addCommand(command: string, definition: Definition): void;
    function addTLV(tag: string, definition: { readonly id: number; readonly type: unknown }): void;
    const commands: Readonly<Record<'deliver_sm' | 'data_sm', Definition>>;
    const tlvs: Readonly<Record<'message_payload', { readonly id: number; readonly type: unknown }>>;
    const encodings: Readonly<Record<'ASCII' | 'UCS2', { encode(text: string): Buffer }>>;
    const gsmCoder: {
      /** `language`: of a national shift table (3GPP TS 23.038 §A), 0 for the alphabet itself. One septet per octet. */
      decode(septets: Buffer, language: number): string;
    };
  }
  export = smpp;
}
