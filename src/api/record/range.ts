// A part of a file that is asked for (RFC 9110 §14.2).

export interface ByteRange {
  readonly first: number;
  /** Included. */
  readonly last: number;
}

/** Undefined: the whole file, also when the header is none of ours or asks for several parts, as it allows. */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | 'not-satisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const length = Math.min(Number(to), bytes);
    return length === 0 ? 'not-satisfiable' : { first: bytes - length, last: bytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= bytes ? 'not-satisfiable' : { first, last };
}
