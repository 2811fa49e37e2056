// Owns the shape of an API command (`api …`, `bgapi …`) and how one is found and run.
import type { Ids } from '../../../lib/ids.js';
import type { Log } from '../../../lib/log.js';
import type { Schedule } from '../beside/schedule.js';
import type { Channel } from '../channel.js';
import type { Channels } from '../channels.js';
import type { Conferences } from '../conference/conferences.js';
import type { Core } from '../core.js';

/** What commands work on. */
export interface Switchboard {
  readonly channels: Channels;
  readonly conferences: Conferences;
  readonly core: Core;
  readonly schedule: Schedule;
  /** Variables of the whole server. */
  readonly globals: Map<string, string>;
  /** Another command, as a client sends it. */
  run(text: string): string | Promise<string>;
  readonly ids: Ids;
  readonly log: Log;
  /** How burdened the server is; for `hilo_load`. */
  load(): object;
  /** SIP profile of the media server, as `sofia status` shows it. */
  readonly profile: {
    readonly name: string;
    readonly address: string;
    readonly port: number;
    /** Of SIP over TLS. */
    readonly securePort: number | undefined;
  };
}

export interface Call {
  /** Words after the command's name, split at runs of blanks. */
  readonly words: readonly string[];
  /** The text after the first `count` words, as written. */
  rest(count: number): string;
}

/** Gives the body of the reply, with its newline. */
export type ApiCommand = (call: Call, board: Switchboard) => string | Promise<string>;
export type ApiCommands = ReadonlyMap<string, ApiCommand>;

export const OK = '+OK\n';
export const NO_CHANNEL = '-ERR No such channel!\n';

/** Runs `name arg arg`. Never rejects: a failing command answers with -ERR. */
export function runCommand(commands: ApiCommands, text: string, board: Switchboard): string | Promise<string> {
  const [name = '', ...words] = text.trim().split(/\s+/);
  const command = commands.get(name.toLowerCase());
  if (!command) return `-ERR ${name} Command not found!\n`;
  const call: Call = { words, rest: (count) => restOf(text.trim(), count + 1) };
  const fail = (error: unknown): string => {
    board.log.error({ err: error, command: name }, 'api command failed');
    return '-ERR internal error\n';
  };
  try {
    const reply = command(call, board);
    return typeof reply === 'string' ? reply : reply.catch(fail);
  } catch (error) {
    return fail(error);
  }
}

function restOf(text: string, words: number): string {
  let rest = text;
  for (let skipped = 0; skipped < words; skipped++) rest = rest.replace(/^\S+\s*/, '');
  return rest;
}

/** A command whose first word names a live channel. */
export function onChannel(
  act: (channel: Channel, call: Call, board: Switchboard) => string | Promise<string>,
  missing = NO_CHANNEL,
): ApiCommand {
  return (call, board) => {
    const channel = board.channels.get(call.words[0] ?? '');
    return channel ? act(channel, call, board) : missing;
  };
}
