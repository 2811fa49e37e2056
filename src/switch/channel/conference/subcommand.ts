// Owns the shape of a subcommand of `conference`.
import type { Switchboard } from '../command/command.js';
import type { Conference } from './conference.js';

/** `words` are those after the subcommand. Undefined: the usage is told instead. */
export type Subcommand = (
  conference: Conference,
  words: readonly string[],
  board: Switchboard,
) => string | undefined | Promise<string | undefined>;
