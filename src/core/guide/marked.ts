// A text with the words that were looked for marked in it, as data: nothing of it is markup.

export interface MarkedPart {
  readonly text: string;
  readonly marked: boolean;
}

/** `from` ≤ at < `to`, in UTF-16 units. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export const EXCERPT_MAX_CHARS = 240;
/** What is shown before the first marked word. */
const LEAD_CHARS = 50;

/** What a search put between `open` and `close`, as ranges of the text without these signs. */
export function rangesBetween(text: string, open: string, close: string): readonly Range[] {
  const ranges: Range[] = [];
  let length = 0;
  let from: number | undefined;
  for (const sign of text) {
    if (sign === open) from = length;
    else if (sign !== close) length += sign.length;
    else if (from !== undefined) {
      ranges.push({ from, to: length });
      from = undefined;
    }
  }
  return ranges;
}

/** In order, none touching another. */
export function joined(ranges: readonly Range[]): readonly Range[] {
  const all: Range[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1);
    if (last !== undefined && range.from <= last.to) all[all.length - 1] = { ...last, to: Math.max(last.to, range.to) };
    else all.push(range);
  }
  return all;
}

/** The whole text. `ranges`: as {@link joined} gives them. */
export function marked(text: string, ranges: readonly Range[]): readonly MarkedPart[] {
  const parts: MarkedPart[] = [];
  let at = 0;
  for (const { from, to } of ranges) {
    if (from > at) parts.push({ text: text.slice(at, from), marked: false });
    parts.push({ text: text.slice(from, to), marked: true });
    at = to;
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false });
  return parts;
}

/** The stretch with the most of the marked words; the beginning when there is none. */
export function excerpt(text: string, ranges: readonly Range[], max = EXCERPT_MAX_CHARS): readonly MarkedPart[] {
  if (text.length <= max) return marked(text, ranges);
  const from = wordStart(text, Math.max(0, bestStart(ranges, max) - LEAD_CHARS));
  const to = wordEnd(text, Math.min(text.length, from + max));
  const inside = ranges.filter((range) => range.from >= from && range.to <= to);
  const cut = inside.map((range) => ({ from: range.from - from, to: range.to - from }));
  const parts = marked(text.slice(from, to), cut);
  return [
    ...(from > 0 ? [{ text: '… ', marked: false }] : []),
    ...parts,
    ...(to < text.length ? [{ text: ' …', marked: false }] : []),
  ];
}

function bestStart(ranges: readonly Range[], max: number): number {
  let best = { from: 0, count: 0 };
  for (const [index, { from }] of ranges.entries()) {
    let count = 0;
    for (let next = index; next < ranges.length; next += 1) {
      if ((ranges[next]?.to ?? 0) > from + max - LEAD_CHARS) break;
      count += 1;
    }
    if (count > best.count) best = { from, count };
  }
  return best.from;
}

/** Not in the middle of a word, as far as there is a blank near by. */
function wordStart(text: string, at: number): number {
  if (at === 0) return 0;
  const blank = text.slice(at, at + LEAD_CHARS / 2).search(/\s/);
  return blank === -1 ? at : at + blank + 1;
}

function wordEnd(text: string, at: number): number {
  if (at === text.length) return at;
  const tail = text.slice(at - LEAD_CHARS / 2, at);
  const blank = tail.search(/\s\S*$/);
  return blank === -1 ? at : at - tail.length + blank;
}
