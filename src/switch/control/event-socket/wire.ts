// Owns the bytes of the event socket: commands of a client in, messages of ours out (compatibility C1).
import { type EventHeaders, encodeHeaders, type SwitchEvent } from '../../channel/event.js';

/** Longest command with its headers; a channel's biggest argument is a file list. */
export const HEAD_BYTES_MAX = 65_536;
export const BODY_BYTES_MAX = 1_048_576;

/** Pieces of a body before they are joined: joined at each, they would be copied as often; never, each costs its object. */
const PIECES_MAX = 1_024;

export interface ClientCommand {
  /** The first line, without its line end. */
  readonly line: string;
  /** In order, names as written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export class WireError extends Error {
  override readonly name = 'WireError';
}

const EMPTY = Buffer.alloc(0);
const LF = 0x0a;

/** Cuts a byte stream into commands; bytes may come in any portions. Throws {@link WireError} at a limit. */
export class CommandDecoder {
  #bytes: Buffer = EMPTY;
  /** Of a body that is not whole yet. */
  #pieces: Buffer[] = [];
  #inPieces = 0;
  /** How far the bytes were searched for the end of the head. */
  #searched = 0;
  #head: { readonly command: Omit<ClientCommand, 'body'>; readonly bodyLength: number } | undefined;

  feed(chunk: Buffer): ClientCommand[] {
    this.#pieces.push(chunk);
    this.#inPieces += chunk.length;
    const missing = (this.#head?.bodyLength ?? 0) - this.#bytes.length - this.#inPieces;
    if (missing > 0 && this.#pieces.length < PIECES_MAX) return [];
    this.#bytes =
      this.#bytes.length === 0 && this.#pieces.length === 1 ? chunk : Buffer.concat([this.#bytes, ...this.#pieces]);
    this.#pieces = [];
    this.#inPieces = 0;
    const commands: ClientCommand[] = [];
    for (let command = this.#next(); command; command = this.#next()) commands.push(command);
    return commands;
  }

  #next(): ClientCommand | undefined {
    this.#head ??= this.#takeHead();
    if (!this.#head || this.#bytes.length < this.#head.bodyLength) return undefined;
    const { command, bodyLength } = this.#head;
    const body = this.#bytes.toString('utf8', 0, bodyLength);
    this.#bytes = this.#bytes.subarray(bodyLength);
    this.#head = undefined;
    return { ...command, body };
  }

  #takeHead(): { command: Omit<ClientCommand, 'body'>; bodyLength: number } | undefined {
    this.#skipEmptyLines();
    const end = this.#endOfHead();
    if (end === undefined) {
      if (this.#bytes.length > HEAD_BYTES_MAX) throw new WireError(`command longer than ${HEAD_BYTES_MAX} bytes`);
      return undefined;
    }
    if (end.at > HEAD_BYTES_MAX) throw new WireError(`command longer than ${HEAD_BYTES_MAX} bytes`);
    const [line = '', ...rest] = this.#bytes.toString('utf8', 0, end.at).split(/\r?\n/);
    this.#bytes = this.#bytes.subarray(end.next);
    this.#searched = 0;
    const headers = rest.flatMap(parseHeader);
    const length = headerOf(headers, 'content-length') ?? '0';
    if (!/^\d{1,7}$/.test(length) || Number(length) > BODY_BYTES_MAX)
      throw new WireError(`bad Content-Length: ${length}`);
    return { command: { line: line.trim(), headers }, bodyLength: Number(length) };
  }

  #skipEmptyLines(): void {
    let at = 0;
    while (this.#bytes[at] === LF || this.#bytes[at] === 0x0d) at++;
    if (at > 0) this.#bytes = this.#bytes.subarray(at);
    if (at > 0) this.#searched = 0;
  }

  /** The first empty line: LF LF, or CR LF CR LF. */
  #endOfHead(): { at: number; next: number } | undefined {
    for (let at = this.#bytes.indexOf(LF, this.#searched); at >= 0; at = this.#bytes.indexOf(LF, at + 1)) {
      const next = this.#bytes[at + 1] === 0x0d ? at + 2 : at + 1;
      if (this.#bytes[next] === LF) return { at: this.#bytes[at - 1] === 0x0d ? at - 1 : at, next: next + 1 };
    }
    this.#searched = Math.max(0, this.#bytes.length - 3);
    return undefined;
  }
}

function parseHeader(line: string): [string, string][] {
  const colon = line.indexOf(':');
  return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : [];
}

/** Value of a header by its name in lower case. */
export function headerOf(headers: ClientCommand['headers'], name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

export type EventFormat = 'json' | 'plain';

export const AUTH_REQUEST = 'Content-Type: auth/request\n\n';
export const RUDE_REJECTION = 'Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n';

/** modesl percent-decodes each value and dies of a bare `%`; a line break would end the header. */
export function commandReply(text: string, extra: EventHeaders = {}): string {
  const lines = Object.entries({ 'Reply-Text': text, ...extra }).map(([name, value]) => `${name}: ${oneLine(value)}\n`);
  return `Content-Type: command/reply\n${lines.join('')}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll('%', '%25').replace(/[\r\n]/g, ' ');
}

/** An empty body would leave modesl's caller without one, so there always is a text. */
export function apiResponse(body: string): string {
  const text = body === '' ? '-ERR no reply\n' : body;
  return `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(text)}\n\n${text}`;
}

export function eventMessage(event: SwitchEvent, format: EventFormat): string {
  const body = format === 'json' ? event.json : event.plain;
  return `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-${format}\n\n${body}`;
}

/** The answer to `connect`: one block of encoded headers without a length (compatibility J5). */
export function channelDataReply(data: EventHeaders): string {
  return encodeHeaders({
    ...data,
    'Content-Type': 'command/reply',
    'Reply-Text': '+OK\n',
    'Socket-Mode': 'async',
    Control: 'full',
  });
}

const GOODBYE = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n';

export function disconnectNotice(channelId?: string, lingerSeconds?: number): string {
  const head = ['Content-Type: text/disconnect-notice'];
  if (channelId !== undefined) head.push(`Controlled-Session-UUID: ${channelId}`);
  if (channelId !== undefined)
    head.push(`Content-Disposition: ${lingerSeconds === undefined ? 'disconnect' : 'linger'}`);
  if (lingerSeconds !== undefined) head.push(`Linger-Time: ${lingerSeconds}`);
  return `${head.join('\n')}\nContent-Length: ${Buffer.byteLength(GOODBYE)}\n\n${GOODBYE}`;
}
