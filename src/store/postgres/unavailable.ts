// Which errors say "the database is away", as opposed to "the statement is wrong".

/** SQLSTATE classes (PostgreSQL manual, appendix A): connection, resources, operator intervention, system error. */
const CLASSES = new Set(['08', '53', '57', '58', 'F0', 'XX']);
/** `read_only_sql_transaction`: we were connected to a standby. */
const READ_ONLY = '25006';
/** What Node's sockets report. */
const SOCKET_ERRORS = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ENOENT)/;
/** What pg itself says, without a code: lib/client.js, pg-pool/index.js. */
const PG_MESSAGES = /read timeout|timeout exceeded|timeout expired|Connection terminated|connection error/i;

export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable); // A name with several addresses.
  const code = 'code' in error ? String(error.code) : '';
  if (SOCKET_ERRORS.test(code)) return true;
  if (code.length === 5) return CLASSES.has(code.slice(0, 2)) || code === READ_ONLY;
  return PG_MESSAGES.test(error.message);
}

/** Two writers locked the same rows in different order: the one who lost may simply try again. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001');
}
