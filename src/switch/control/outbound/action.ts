// What a directory answers: the JSON of one decision, read into a value.
import { parseDuration } from '../duration.js';
import { type AppAddress, parseAppUri } from './targets.js';

export interface ProxyOrder {
  readonly targets: readonly string[];
  readonly recordRoute: boolean;
  readonly followRedirects: boolean;
  readonly order: 'serial' | 'simultaneous';
  readonly provisionalMs: number | undefined;
  readonly finalMs: number | undefined;
}

export type Action =
  | { readonly kind: 'reject'; readonly status: number; readonly reason: string | undefined }
  | { readonly kind: 'redirect'; readonly contacts: readonly string[] }
  | { readonly kind: 'proxy'; readonly proxy: ProxyOrder }
  /** To an application that the server dials. */
  | { readonly kind: 'dial'; readonly application: AppAddress }
  /** To an application that is connected and bears this tag. */
  | { readonly kind: 'tag'; readonly tag: string };

const MAX_LIST = 20;
type Fields = Readonly<Record<string, unknown>>;

/** Undefined when the text is no such decision: the request is then answered 500. */
export function parseAction(text: string): Action | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { action, data } = isFields(parsed) ? parsed : {};
  if (!isFields(data)) return undefined;
  switch (action) {
    case 'reject':
      return reject(data);
    case 'redirect': {
      const contacts = texts(data['contact']);
      return contacts === undefined ? undefined : { kind: 'redirect', contacts };
    }
    case 'proxy':
      return proxy(data);
    case 'route':
      return route(data);
    default:
      return undefined;
  }
}

function reject({ status, reason }: Fields): Action | undefined {
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 300 || status > 699) return undefined;
  return { kind: 'reject', status, reason: typeof reason === 'string' && isLine(reason) ? reason : undefined };
}

function proxy(data: Fields): Action | undefined {
  const targets = texts(data['destination']);
  const provisionalMs = duration(data['provisionalTimeout']);
  const finalMs = duration(data['finalTimeout']);
  if (targets === undefined || provisionalMs === 'invalid' || finalMs === 'invalid') return undefined;
  return {
    kind: 'proxy',
    proxy: {
      targets: targets.map((target) => (/^sips?:/i.test(target) ? target : `sip:${target}`)),
      recordRoute: data['recordRoute'] === true,
      followRedirects: data['followRedirects'] === true,
      order: data['simultaneous'] === true ? 'simultaneous' : 'serial',
      provisionalMs,
      finalMs,
    },
  };
}

function route({ uri, tag }: Fields): Action | undefined {
  if (typeof tag === 'string' && tag !== '') return { kind: 'tag', tag };
  const application = typeof uri === 'string' ? parseAppUri(uri) : undefined;
  return application === undefined ? undefined : { kind: 'dial', application };
}

function duration(value: unknown): number | undefined | 'invalid' {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? parseDuration(value) : 'invalid';
}

function texts(value: unknown): readonly string[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const all = list.filter((text): text is string => typeof text === 'string' && text !== '' && isLine(text));
  return all.length === list.length && all.length > 0 && all.length <= MAX_LIST ? all : undefined;
}

/** What goes into a header must not begin another one. */
function isLine(text: string): boolean {
  return !/[\r\n\0]/.test(text);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
