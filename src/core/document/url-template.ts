// Addresses with places to fill in: `https://crm.example.com/customers/{{ call.from }}`. The host stands there literally,
// and whatever is filled in stays inside its place.
import { Liquid, type Template as Parsed } from 'liquidjs';
import { adviseName } from './spelling.js';

export const MAX_URL_CHARS = 2_000;

export interface UrlTemplate {
  /** `https:`, `wss:` … */
  readonly scheme: string;
  /** Lower case; IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  /** Names that are filled in. */
  readonly reads: readonly string[];
  /** undefined when the values make an address of it that is too long or climbs out of its folder (`..`). */
  render(values: Readonly<Record<string, unknown>>): string | undefined;
}

export type CompiledUrl =
  | { readonly ok: true; readonly url: UrlTemplate }
  | { readonly ok: false; readonly message: string; readonly advice: string; readonly offset: number };

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80, 'wss:': 443, 'ws:': 80 };
/** Scheme, host, port: up to where the path begins. */
const ORIGIN = /^([a-z]+:)\/\/([^/?#{}@\s\\]+)(?=[/?]|$)/;
/** `.` and `..` as a whole segment, also written with escapes (WHATWG URL, single- and double-dot segments). */
const DOTS = /(?:^|[/\\])(?:\.|%2e){1,2}(?=[/\\]|$)/i;

const liquid = bareLiquid();

/** `schemes`: those that may be written, e.g. `['https:', 'http:']`; `known`: names that may be filled in. */
export function compileUrl(source: string, schemes: readonly string[], known: Iterable<string>): CompiledUrl {
  const wrong = (message: string, advice: string, offset = 0): CompiledUrl => ({ ok: false, message, advice, offset });
  if (source.length > MAX_URL_CHARS) return wrong('this address is too long', `at most ${MAX_URL_CHARS} characters`);
  const [origin, scheme = ''] = ORIGIN.exec(source) ?? [];
  if (origin === undefined || !schemes.includes(scheme) || !URL.canParse(origin)) {
    const words = schemes.map((one) => `${one}//`).join(' or ');
    return wrong('this address has no plain host', `it begins with ${words} and a host without anything filled in`);
  }
  if (source.includes('#')) return wrong("an address that is asked has no '#'", 'leave it away', source.indexOf('#'));
  let parsed: Parsed[];
  try {
    parsed = liquid.parse(source);
  } catch {
    return wrong('this address cannot be filled in', 'values stand as {{ call.from }}, without filters');
  }
  const names = new Set(known);
  const reads = new Set<string>();
  for (const segments of liquid.globalVariableSegmentsSync(parsed)) {
    const name = segments.map(String).join('.');
    if (!names.has(name)) {
      return wrong(`'${name}' is not known in texts`, adviseName(name, names), Math.max(0, source.indexOf(name)));
    }
    reads.add(name);
  }
  const { hostname, port } = new URL(origin);
  const url: UrlTemplate = {
    scheme,
    host: hostname,
    port: port === '' ? (DEFAULT_PORTS[scheme] ?? 0) : Number(port),
    reads: [...reads],
    render: (values) => checked(liquid.renderSync(parsed, values), origin),
  };
  return { ok: true, url };
}

function checked(text: string, origin: string): string | undefined {
  if (text.length > MAX_URL_CHARS || !text.startsWith(origin) || !URL.canParse(text)) return undefined;
  const [path = ''] = text.slice(origin.length).split('?');
  return DOTS.test(path) ? undefined : new URL(text).href;
}

/** Output only: no tags, no filters, so that nothing can get round the escaping. */
function bareLiquid(): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    outputEscape: (value: unknown) => encodeURIComponent(wellFormed(String(value ?? ''))),
  });
  for (const tag of Object.keys(engine.tags)) delete engine.tags[tag];
  for (const filter of Object.keys(engine.filters)) delete engine.filters[filter];
  return engine;
}

/** encodeURIComponent throws at half of a surrogate pair. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
