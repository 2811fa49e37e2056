// What the numbers of the centre give to the flows that answer them: checked once both are there.
import type { Issue, SourceFile } from '../../document/issue.js';
import { adviseName } from '../../document/spelling.js';
import { type Path, readYaml } from '../../document/yaml-text.js';
import { TYPE_WORDS } from '../expression.js';
import type { Flow } from '../flow.js';
import { typeOf, type Value } from '../value.js';
import { type HandedType, handedTypeOf } from './declaration.js';

interface NumberEntry {
  readonly number: string;
  readonly entry: { readonly kind: string; readonly flow?: string; readonly give?: Readonly<Record<string, Value>> };
}

/** Mistakes in the file of the centre. A flow that is not there is a mistake of its own. */
export function checkEntries(
  centreFile: SourceFile,
  numbers: readonly NumberEntry[],
  flows: ReadonlyMap<string, Flow>,
): Issue[] {
  const found = numbers.flatMap(({ number, entry }) => {
    const flow = flows.get(entry.flow ?? '');
    return flow === undefined ? [] : mistakesIn(['numbers', number, 'to'], flow, entry.give ?? {});
  });
  if (found.length === 0) return [];
  const text = readYaml(centreFile);
  return found.map(({ path, message, advice }) => ({
    severity: 'error',
    file: centreFile.file,
    ...text.placeOf(path, 'value'),
    message,
    advice,
  }));
}

export interface GiveMistake {
  readonly path: Path;
  readonly message: string;
  readonly advice: string;
}

function mistakesIn(path: Path, flow: Flow, give: Readonly<Record<string, Value>>): GiveMistake[] {
  const types = new Map(Object.entries(give).map(([name, value]) => [name, typeOf(value)]));
  return [
    ...missingInputs(flow, types.keys()).map((name) => ({
      path: [...path, 'flow'],
      message: `'${flow.name}' has to be given '${name}'`,
      advice: flow.secrets.has(name) ? 'only another flow can give it a secret' : `add give: { ${name}: … }`,
    })),
    ...[...types].flatMap(([name, type]) => {
      const wrong = wrongInput(flow, name, type);
      return wrong === undefined ? [] : [{ path: [...path, 'give', name], ...wrong }];
    }),
  ];
}

/** Names of what has to be given and is not. */
export function missingInputs(flow: Flow, given: Iterable<string>): string[] {
  const names = new Set(given);
  return [...(flow.inputs ?? [])]
    .filter(([name, need]) => need === 'required' && !names.has(name))
    .map(([name]) => name);
}

/** Why a value of that type cannot be given to the flow under that name; undefined: it can. */
export function wrongInput(
  flow: Flow,
  name: string,
  type: HandedType,
): { readonly message: string; readonly advice: string } | undefined {
  const wanted = handedTypeOf(flow, name);
  if (wanted === undefined) {
    const advice = adviseName(name, (flow.inputs ?? flow.variables).keys());
    return { message: `'${flow.name}' has no variable '${name}'`, advice };
  }
  // A secret goes only where somebody wrote down that it does.
  if (flow.inputs?.has(name) !== true && (flow.inputs !== undefined || wanted === 'secret')) {
    return { message: `'${name}' is no input of '${flow.name}'`, advice: adviseName(name, flow.inputs?.keys() ?? []) };
  }
  if (wanted === type || (wanted === 'double' && type === 'int')) return undefined;
  return { message: `'${name}' of '${flow.name}' holds ${wordsOf(wanted)}, not ${wordsOf(type)}`, ...DIFFERENT };
}

/** Why a value of the flow cannot be taken into a variable of that type when it returns; undefined: it can. */
export function wrongResult(
  flow: Flow,
  name: string,
  type: HandedType,
): { readonly message: string; readonly advice: string } | undefined {
  const held = handedTypeOf(flow, name);
  const advice = adviseName(name, flow.results ?? flow.variables.keys());
  if (held === undefined) return { message: `'${flow.name}' has no variable '${name}'`, advice };
  if (flow.results?.has(name) !== true && (flow.results !== undefined || held === 'secret')) {
    return { message: `'${name}' is no result of '${flow.name}'`, advice };
  }
  if (held === type) return undefined;
  return { message: `'${name}' of '${flow.name}' holds ${wordsOf(held)}, not ${wordsOf(type)}`, ...DIFFERENT };
}

const DIFFERENT = { advice: 'declare both alike' };

function wordsOf(type: HandedType): string {
  return type === 'secret' ? 'a secret' : TYPE_WORDS[type];
}
