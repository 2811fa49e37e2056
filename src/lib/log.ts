// The shape of a logger (pino's), so that nothing but the entry points knows the library.

export interface Log {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
  child(fields: Record<string, unknown>): Log;
}

/** Throws every line away. */
export const silentLog: Log = {
  debug() {
    return;
  },
  info() {
    return;
  },
  warn() {
    return;
  },
  error() {
    return;
  },
  child: () => silentLog,
};
