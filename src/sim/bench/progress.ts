// How a bench tells what it is doing.

/** One line that is written over on a terminal, and not at all into a file. */
export function overwritten(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
