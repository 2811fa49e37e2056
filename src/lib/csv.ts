// Tables as CSV (RFC 4180) that a spreadsheet shows and does not run.

/** A cell that begins so is a formula for a spreadsheet (OWASP: CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** With CRLF behind every line. Numbers stay numbers. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
