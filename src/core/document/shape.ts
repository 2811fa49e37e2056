// Checks plain data against a zod schema and says each mistake in plain words, at its place.
import { z } from 'zod';
import type { Issue } from './issue.js';
import { adviseName } from './spelling.js';
import type { Path, YamlText } from './yaml-text.js';

/** An object with exactly these keys. The known keys travel in the message, for {@link issuesOfShape} to advise from. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined) });
}

/** A whole number within bounds. */
export function whole(least: number, most: number) {
  return z.int().min(least).max(most);
}

/** `300ms`, `5s`, `2m`, `1h` → milliseconds. Bounds in milliseconds. */
export function duration(leastMs: number, mostMs: number) {
  const read = z.unknown().transform((raw, context) => {
    const match = DURATION.exec(typeof raw === 'object' ? '' : String(raw));
    const ms = Math.round(Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN));
    if (raw === undefined) return custom(context, THIS_IS_MISSING, 'a time such as 5s or 2m');
    if (match === null)
      return custom(context, `'${show(raw)}' is not a length of time`, 'write the unit: 300ms, 5s, 2m, 1h');
    if (ms < leastMs || ms > mostMs) {
      return custom(context, `${show(raw)} is out of bounds`, `between ${sayMs(leastMs)} and ${sayMs(mostMs)}`);
    }
    return ms;
  });
  return read.meta({ title: `time, ${sayMs(leastMs)} to ${sayMs(mostMs)}`, type: 'string', pattern: DURATION.source });
}

const DURATION = /^(\d{1,6}(?:\.\d{1,3})?)\s*(ms|s|m|h)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function sayMs(ms: number): string {
  if (ms % 3_600_000 === 0 && ms > 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000}m`;
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

/** Lower-case name of something in the centre: it stands in file names, SIP headers and URLs. */
export const nameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, {
  error: 'a name is lower-case letters, digits and dashes, at most 40, a letter first',
});

/** Digits as dialled. Unquoted digits come as a number, and are meant as written. */
export const dialString = z
  .union([z.string(), z.number()], { error: 'this has to be a number to dial' })
  .transform((raw) => String(raw))
  .pipe(
    z.string().regex(/^\+?[0-9*#]{1,20}$/, { error: 'a number to dial is digits, * and #, perhaps with + before' }),
  );

export const languageSchema = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, { error: "a language is written as 'es', 'en' or 'pt-BR'" });

/** Adds an issue with advice from inside a zod transform or check. */
export function custom(context: z.core.$RefinementCtx, message: string, advice: string, path: Path = []): never {
  context.issues.push({ code: 'custom', message, path: [...path], input: undefined, params: { advice } });
  return z.NEVER;
}

export function issuesOfShape(error: z.ZodError, prefix: Path, text: YamlText): Issue[] {
  return error.issues.map(meant).flatMap((issue) => {
    const path = [...prefix, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    const at = (inner: Path, part: 'key' | 'value', message: string, advice: string, of: Path = inner): Issue => ({
      severity: 'error',
      file: text.file,
      ...text.placeOf(inner, part),
      path: of,
      message,
      advice,
    });
    if (issue.code === 'unrecognized_keys') {
      const known = issue.message.split(' ');
      return issue.keys.map((key) => at([...path, key], 'key', `'${key}' is not known here`, adviseName(key, known)));
    }
    const { message, advice } = sayIssue(issue);
    if (issue.code === 'invalid_type' && MISSING.test(issue.message)) {
      const wanted = /^Invalid /.test(issue.message) ? expected(issue.expected) : issue.message.replace(MISSING, '');
      return [at(path.slice(0, -1), 'value', `'${String(path.at(-1))}' is missing`, `it has to be ${wanted}`, path)];
    }
    if (message === THIS_IS_MISSING)
      return [at(path.slice(0, -1), 'value', `'${String(path.at(-1))}' is missing`, advice, path)];
    return [at(path, issue.code === 'invalid_key' ? 'key' : 'value', message, advice)];
  });
}

/** Of the forms that were possible the one that got furthest: `5s` is a time out of bounds rather than not the word `never`. */
function meant(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union' || !/^Invalid /.test(issue.message)) return issue;
  const firsts = issue.errors.flatMap(([first]) => (first === undefined ? [] : [meant(first)]));
  const depth = ({ code, path }: z.core.$ZodIssue) => path.length + (code === 'custom' ? 0.5 : 0);
  const [furthest] = firsts.toSorted((a, b) => depth(b) - depth(a));
  return furthest === undefined ? issue : { ...furthest, path: [...issue.path, ...furthest.path] };
}

/** How zod ends its message about a value that is not there. */
const MISSING = /,? received undefined$/;
/** Of a value that reads itself; told with the name of its key. */
export const THIS_IS_MISSING = 'this is missing';

/** A text of which it can be told in words what it is: `the name of a step`. */
export function textFor(what: string) {
  return z.string({
    error: ({ input }) => (input === undefined ? `${what}, received undefined` : `this has to be ${what}`),
  });
}

function sayIssue(issue: z.core.$ZodIssue): { message: string; advice: string } {
  const ours = !/^(Invalid|Too) /.test(issue.message);
  const say = (message: string, advice = '') => ({ message: ours ? issue.message : message, advice });
  switch (issue.code) {
    case 'invalid_type':
      return say(`this has to be ${expected(issue.expected)}`);
    case 'invalid_value':
      return say('this value is not known here', ours ? '' : `one of: ${issue.values.map(String).join(', ')}`);
    case 'too_small':
      return say('this is too little', ours ? '' : `at least ${issue.minimum}`);
    case 'too_big':
      return say('this is too much', ours ? '' : `at most ${issue.maximum}`);
    case 'invalid_key':
      return { message: issue.issues[0]?.message ?? 'this key is not allowed here', advice: '' };
    case 'custom': {
      const advice: unknown = issue.params?.['advice'];
      return { message: issue.message, advice: typeof advice === 'string' ? advice : '' };
    }
    default:
      return { message: issue.message, advice: '' };
  }
}

function expected(type: string): string {
  return EXPECTED[type] ?? type;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a block of keys',
  record: 'a block of keys',
  array: 'a list (lines with -)',
};

/** For messages: nothing long, and nothing that cannot be a text. */
export function show(raw: unknown): string {
  if (Array.isArray(raw)) return 'a list';
  return typeof raw === 'object' && raw !== null ? 'a block' : String(raw).slice(0, 40);
}
