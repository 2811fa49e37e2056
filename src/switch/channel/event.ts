// Owns the shape of an event and its two forms on the wire, each written at most once however many listen.

/** Header name to value, in order. */
export type EventHeaders = Record<string, string>;

export class SwitchEvent {
  #json: string | undefined;
  #plain: string | undefined;

  constructor(
    readonly headers: Readonly<EventHeaders>,
    readonly body?: string,
  ) {}

  /** The body of a `text/event-json` message. */
  get json(): string {
    this.#json ??= JSON.stringify(
      this.body === undefined
        ? this.headers
        : { ...this.headers, 'Content-Length': String(Buffer.byteLength(this.body)), _body: this.body },
    );
    return this.#json;
  }

  /** The body of a `text/event-plain` message: percent-encoded header lines, an empty line, the event's own body. */
  get plain(): string {
    this.#plain ??= encodeHeaders(this.headers, this.body);
    return this.#plain;
  }
}

/** `Name: percent-encoded value` lines and an empty line; an empty value would break the client's line split. */
export function encodeHeaders(headers: Readonly<EventHeaders>, body?: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${encodeValue(value)}\n`);
  if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}\n`);
  return `${lines.join('')}\n${body ?? ''}`;
}

const PLAIN_TEXT = /^[A-Za-z0-9 ,./_()!*'~-]+$/;

/** Percent-encodes a header value; modesl decodes every one and dies of a stray `%` or of broken UTF-8. */
export function encodeValue(value: string): string {
  if (value === '') return '_undef_';
  if (PLAIN_TEXT.test(value) && !value.includes(' ')) return value;
  return encodeURIComponent(wellFormed(value)).replaceAll('%2F', '/').replaceAll('%2C', ',');
}

/** Lone surrogates (half a character) become U+FFFD: they have no UTF-8. */
function wellFormed(value: string): string {
  return Buffer.from(value).toString();
}
