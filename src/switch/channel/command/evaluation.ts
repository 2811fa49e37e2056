// Owns `eval`: the values of several variables of a channel in one round trip.
import { expand } from '../expansion.js';
import { type ApiCommand, NO_CHANNEL } from './command.js';

/** `eval [uuid:<uuid>] <text with ${variables}>`: the text with its variables replaced; unknown ones become nothing. */
export const evaluate: ApiCommand = ({ words, rest }, { channels }) => {
  const [first = ''] = words;
  if (!first.startsWith('uuid:')) return expand(rest(0), () => undefined);
  const channel = channels.get(first.slice('uuid:'.length));
  return channel === undefined ? NO_CHANNEL : expand(rest(1), (name) => channel.variables.get(name));
};
