// Finds passwords, keys and tokens that somebody wrote into a text of the centre: such texts are read by many and kept for ever.
import type { Issue, SourceFile } from './issue.js';

/** What is found is never repeated in a message: messages go to logs. */
interface Pattern {
  readonly what: string;
  readonly find: RegExp;
}

const PATTERNS: readonly Pattern[] = [
  { what: 'a private key', find: /-----BEGIN [A-Z ]*PRIVATE KEY-----/g },
  { what: 'a password in an address', find: /[a-z][a-z0-9+.-]*:\/\/[^\s/@:'"{}]+:[^\s/@'"{}]+@/gi },
  {
    what: 'a key in an address',
    find: /[?&](?:api[-_]?key|key|token|access[-_]token|secret|password|sig)=[^&\s'"{}]{6,}/gi,
  },
  { what: 'a token', find: /\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{12,}/gi },
  { what: 'a token', find: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g },
  { what: 'a key', find: /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)[-_][A-Za-z0-9_-]{8,}/g },
  { what: 'a key', find: /\b(?:ghp|gho|ghs|github_pat|glpat|xox[abprs]|AIza|SG\.)[-_A-Za-z0-9.]{16,}/g },
  { what: 'a key', find: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  // `password: hunter2`; a block such as `{ secret: NAME }`, an empty text and a type are none.
  {
    what: 'a password',
    find: /(?<=^\s*(?:-\s+)?|[{,#]\s*|['"])[\w-]*(?:password|passwd|passphrase|contraseña|api[-_]?key|client[-_]secret|access[-_]token|auth[-_]token)["']?\s*:\s+(?!["']?(?:secret|text)\b|\{|\[|#|''|"")\S+/giu,
  },
];

/** Long words of no language: shorter ones are names, references, hashes of little worth. */
const WORD = /[A-Za-z0-9+/_=-]{24,200}/g;
const LEAST_CHARS = 24;
const LEAST_ENTROPY = 3.6;
/** Between small letters, capitals and digits, per character: words written together change less, keys about twice as often. */
const LEAST_CHANGES = 0.3;
const HEX_KEY = /^[0-9a-f]{32,}$/i;

export function findSecrets({ file, text }: SourceFile): Issue[] {
  return text.split(/\r?\n/).flatMap((line, index) =>
    placesIn(line).map(
      ({ what, column }): Issue => ({
        severity: 'error',
        file,
        line: index + 1,
        column,
        message: `this looks like ${what}`,
        advice:
          'a secret stands in the environment as HILO_SECRET_NAME, the text names it: { secret: NAME }; change this one',
      }),
    ),
  );
}

/** At most one for each stretch of the line. */
function placesIn(line: string): { what: string; column: number }[] {
  const found: { what: string; from: number; to: number }[] = [];
  const add = (what: string, from: number, to: number) => {
    if (!found.some((other) => from < other.to && other.from < to)) found.push({ what, from, to });
  };
  for (const { what, find } of PATTERNS) {
    for (const match of line.matchAll(find)) add(what, match.index, match.index + match[0].length);
  }
  for (const match of line.matchAll(WORD)) {
    const [word] = match;
    // The folders of an address and a JSON pointer are words of their own.
    const parts = isPath(line, match.index) ? word.split('/').filter((part) => part.length >= LEAST_CHARS) : [word];
    if (parts.some(isRandom)) add('a key', match.index, match.index + word.length);
  }
  return found.map(({ what, from }) => ({ what, column: from + 1 })).toSorted((a, b) => a.column - b.column);
}

function isRandom(word: string): boolean {
  if (HEX_KEY.test(word)) return /\d/.test(word) && /[a-f]/i.test(word);
  const mixed = /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);
  return mixed && entropy(word) >= LEAST_ENTROPY && changes(word) >= LEAST_CHANGES;
}

function isPath(line: string, at: number): boolean {
  const before = /[^\s'"]*$/.exec(line.slice(0, at))?.[0] ?? '';
  return before.includes('://') || line[at] === '/';
}

/** How often the kind of letter changes, per character. */
function changes(word: string): number {
  const kinds = Array.from(word.replace(/[^A-Za-z0-9]/g, ''), (char) =>
    /\d/.test(char) ? 'digit' : char === char.toLowerCase() ? 'small' : 'capital',
  );
  return kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length / kinds.length;
}

/** Shannon's, in bits per character. */
function entropy(word: string): number {
  const counts = new Map<string, number>();
  for (const char of word) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / word.length) * Math.log2(count / word.length), 0);
}
