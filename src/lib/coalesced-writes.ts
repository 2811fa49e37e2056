// Many small writes to a socket become one system call: on loopback that call is the dearest part of a message.
import type { Socket } from 'node:net';

/** Everything that is written to `socket` in one turn of the event loop leaves together at its end, in order. */
export function coalesceWrites(socket: Socket): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let held = false;
  const release = (): void => {
    held = false;
    socket.uncork();
  };
  // Also catches the writes of libraries that know nothing of it.
  socket.write = ((...args: unknown[]): boolean => {
    if (!held) {
      held = true;
      socket.cork();
      // After the poll phase: answers to all that has just been read are in.
      setImmediate(release);
    }
    return write(...args);
  }) as Socket['write'];
}
