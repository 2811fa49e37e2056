// Turns good input into bad: small damages, drawn from a seeded source, so that every one can be made again.
import type { Random } from '../../lib/ids.js';

/** What parsers stumble over: borders of lines and numbers, quotes that do not close, bytes that are no text. */
const STUMBLING_BLOCKS: readonly Buffer[] = [
  '\r\n',
  '\n',
  '\r\n\r\n',
  '\r\n ',
  '\0',
  '"',
  '\\',
  '<',
  '>',
  '[',
  ']',
  ';',
  ',',
  ':',
  '@',
  '=',
  '|',
  '#',
  '%',
  '%0d%0a',
  '%s%n',
  '-1',
  '0',
  '65536',
  '2147483648',
  '4294967296',
  '99999999999999999999',
  '1e309',
  'NaN',
  '\u202e',
  '\ufeff',
  '🙂',
  'sip:',
  'tel:',
  'SIP/2.0',
  ';tag=',
  ';branch=z9hG4bK',
  '__proto__',
  'constructor',
  'a'.repeat(300),
  '('.repeat(100),
  ','.repeat(200),
].map((text) => Buffer.from(text));
const NO_UTF8 = Buffer.from([0xff, 0xfe, 0xc0, 0x80]);
const MAX_DAMAGES = 6;
/** Damaged input does not grow beyond a datagram. */
const MAX_BYTES = 65_000;

export function below(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[below(random, from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

/** One to six damages to one of the inputs. Now and then none: good input must go on working too. */
export function mutated(random: Random, corpus: readonly Buffer[]): Buffer {
  let bytes: Buffer = Buffer.from(pick(random, corpus));
  for (let left = below(random, MAX_DAMAGES + 1); left > 0; left--) {
    bytes = pick(random, DAMAGES)(bytes, random, corpus).subarray(0, MAX_BYTES);
  }
  return bytes;
}

type Damage = (bytes: Buffer, random: Random, corpus: readonly Buffer[]) => Buffer;

const DAMAGES: readonly Damage[] = [
  function flipBit(bytes, random) {
    const at = below(random, bytes.length);
    if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
    return bytes;
  },
  function setByte(bytes, random) {
    if (bytes.length > 0) bytes[below(random, bytes.length)] = below(random, 256);
    return bytes;
  },
  function cutOut(bytes, random) {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function repeat(bytes, random) {
    const [from, to] = range(bytes, random);
    const piece = bytes.subarray(from, to);
    const copies = Array.from({ length: 1 + below(random, 8) }, () => piece);
    return Buffer.concat([bytes.subarray(0, to), ...copies, bytes.subarray(to)]);
  },
  function insert(bytes, random) {
    const at = below(random, bytes.length + 1);
    const block = below(random, 20) === 0 ? NO_UTF8 : pick(random, STUMBLING_BLOCKS);
    return Buffer.concat([bytes.subarray(0, at), block, bytes.subarray(at)]);
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, below(random, bytes.length + 1));
  },
  function splice(bytes, random, corpus) {
    const other = pick(random, corpus);
    return Buffer.concat([
      bytes.subarray(0, below(random, bytes.length + 1)),
      other.subarray(below(random, other.length + 1)),
    ]);
  },
  function otherNumber(bytes, random) {
    const text = bytes.toString('latin1');
    const numbers = [...text.matchAll(/\d+/g)];
    if (numbers.length === 0) return bytes;
    const { index, 0: digits } = pick(random, numbers);
    const other = pick(random, [
      '0',
      '-1',
      '1',
      '255',
      '256',
      '65535',
      '65536',
      '4294967295',
      '99999999999',
      '1.5',
      '',
    ]);
    return Buffer.from(text.slice(0, index) + other + text.slice(index + digits.length), 'latin1');
  },
  function swapLines(bytes, random) {
    const lines = bytes.toString('latin1').split('\r\n');
    const [a, b] = [below(random, lines.length), below(random, lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    return Buffer.from(lines.join('\r\n'), 'latin1');
  },
  function doubleLine(bytes, random) {
    const lines = bytes.toString('latin1').split('\r\n');
    const at = below(random, lines.length);
    lines.splice(below(random, lines.length), 0, lines[at] ?? '');
    return Buffer.from(lines.join('\r\n'), 'latin1');
  },
];

function range(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = below(random, bytes.length + 1);
  return [from, Math.min(bytes.length, from + 1 + below(random, 64))];
}
