// A SIP message as an application writes it: no Via, often no From or To, lengths not to be trusted.

const MAX_HEADERS = 200;
const START_REQUEST = /^([A-Za-z]{1,32}) (\S{1,2048}) SIP\/2\.0$/;
const START_RESPONSE = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/;
const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const BLANK_LINE = Buffer.from('\r\n\r\n');

interface Parts {
  /** In the application's order and spelling. */
  readonly headers: readonly AppHeader[];
  /** Lines that are no header: left out of what is sent, worth a log line. */
  readonly skipped: readonly string[];
  readonly body: Buffer;
}

export interface AppHeader {
  readonly name: string;
  readonly value: string;
}

export interface AppRequest extends Parts {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
}

export interface AppResponse extends Parts {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
}

export type AppMessage = AppRequest | AppResponse;

/** Reads what follows the leader of a `sip` frame; undefined when the start line is neither request nor status. */
export function parseAppMessage(text: Buffer): AppMessage | undefined {
  const blank = text.indexOf(BLANK_LINE);
  const head = text.toString('utf8', 0, blank === -1 ? text.length : blank);
  // A copy: the body may be kept for retransmissions and must not hold the whole piece it was read from.
  const body = Buffer.from(blank === -1 ? '' : text.subarray(blank + BLANK_LINE.length));
  const [start = '', ...lines] = head.split(/\r\n|\r|\n/);
  const parts = { ...readHeaders(lines), body };
  const request = START_REQUEST.exec(start);
  if (request) {
    const [, method = '', uri = ''] = request;
    return { kind: 'request', method: method.toUpperCase(), uri, ...parts };
  }
  const response = START_RESPONSE.exec(start);
  if (response) return { kind: 'response', status: Number(response[1]), reason: response[2] ?? '', ...parts };
  return undefined;
}

/** First value of a header, whatever its spelling. */
export function appHeader(message: AppMessage, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return message.headers.find((header) => header.name.toLowerCase() === wanted)?.value;
}

function readHeaders(lines: readonly string[]): { headers: AppHeader[]; skipped: string[] } {
  const headers: AppHeader[] = [];
  const skipped: string[] = [];
  for (const line of lines) {
    if (line === '') continue;
    const last = headers.at(-1);
    if (last !== undefined && (line.startsWith(' ') || line.startsWith('\t'))) {
      headers[headers.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}` };
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (!TOKEN.test(name) || line.includes('\0') || headers.length >= MAX_HEADERS) skipped.push(line);
    else headers.push({ name, value: line.slice(colon + 1).trim() });
  }
  return { headers, skipped };
}
