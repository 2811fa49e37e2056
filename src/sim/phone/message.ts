// SIP messages of the small phone: text to parts and back, nothing more.

export interface Message {
  /** `INVITE sip:… SIP/2.0` or `SIP/2.0 200 OK`. */
  readonly start: string;
  /** Lower-case names, values in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

export function parse(text: string): Message {
  const at = text.indexOf('\r\n\r\n');
  const [start = '', ...lines] = text.slice(0, at < 0 ? undefined : at).split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { start, headers, body: at < 0 ? '' : text.slice(at + 4) };
}

export function header(message: Message, name: string): string {
  return message.headers.get(name.toLowerCase())?.[0] ?? '';
}

export function statusOf(message: Message): number {
  return Number(/^SIP\/2\.0 (\d{3})/.exec(message.start)?.[1] ?? 0);
}

export function methodOf(message: Message): string {
  return statusOf(message) === 0
    ? (message.start.split(' ')[0] ?? '')
    : (header(message, 'cseq').split(/\s+/)[1] ?? '');
}

export function tagOf(value: string): string {
  return /;tag=([^;>\s]+)/.exec(value)?.[1] ?? '';
}

export function uriOf(value: string): string {
  return /<([^>]+)>/.exec(value)?.[1] ?? value.split(';')[0] ?? '';
}

/** One message; `undefined` headers are left out. */
export function build(
  start: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body = '',
): string {
  const lines = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return typeof value === 'string' ? [`${name}: ${value}`] : value.map((one) => `${name}: ${one}`);
  });
  const type = body === '' || 'Content-Type' in headers ? [] : ['Content-Type: application/sdp'];
  return [start, ...lines, ...type, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}
