// Owns the applications that set variables.
import { type Application, NO_RESPONSE } from '../application.js';
import { splitAssignments } from '../expansion.js';
import type { Variables } from '../variables.js';

/** `set <name>=<value>`; an empty value or `_undef_` unsets. */
export const set: Application = ({ channel, argument }) => {
  const equals = argument.indexOf('=');
  const name = (equals < 0 ? argument : argument.slice(0, equals)).trim();
  if (name === '') return '-ERR no variable name';
  return assign(channel.variables, [[name, equals < 0 ? '' : argument.slice(equals + 1)]]);
};

/** `export [nolocal:]<name>=<value>`: there are no legs made by us that could inherit it, so it is `set`. */
export const exportVariable: Application = (run) =>
  set({ ...run, argument: run.argument.replace(/^(nolocal:|_nolocal_)/, '') });

/** `multiset ^^<delimiter>a=b<delimiter>c=d`, or pairs separated by blanks. */
export const multiset: Application = ({ channel, argument }) => assign(channel.variables, splitAssignments(argument));

/** `unset <name>` */
export const unset: Application = ({ channel, argument }) => {
  channel.variables.set(argument.trim(), undefined);
  return NO_RESPONSE;
};

function assign(variables: Variables, pairs: readonly (readonly [string, string])[]): string {
  const refused = pairs.filter(([name, value]) => !setVariable(variables, name, value));
  return refused.length === 0 ? NO_RESPONSE : '-ERR too many variables';
}

export function setVariable(variables: Variables, name: string, value: string): boolean {
  return variables.set(name, value === '' || value === '_undef_' ? undefined : value);
}
