// The address of somebody who writes on a web page: a name of ours that leads nowhere else.

const PREFIX = 'web-';
const LETTERS = 24;
const FIRST_LETTER = 'a'.charCodeAt(0);

/**
 * `digest`: of the visitor's secret, in hexadecimal; at least 24 digits of it. In the address they are letters, a to p: nothing
 * that reads numbers out of texts finds one in it, so no visitor is ever taken for whoever has that number.
 */
export function visitorAddress(digest: string): string {
  const letters = [...digest.slice(0, LETTERS)].map((digit) =>
    String.fromCharCode(FIRST_LETTER + Number.parseInt(digit, 16)),
  );
  return PREFIX + letters.join('');
}

const ADDRESS = new RegExp(`^${PREFIX}[a-p]{${LETTERS}}$`);

export function isVisitorAddress(value: string): boolean {
  return ADDRESS.test(value);
}
