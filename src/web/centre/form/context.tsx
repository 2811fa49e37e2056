// What every field of a form needs: the names of the centre, how to write, and what is wrong where.
import { type ComponentType, createContext, useContext } from 'react';
import type { Issue } from '../../../core/document/issue.js';
import type { Path } from '../../../core/document/yaml-text.js';
import type { Schema } from './kind.js';

/** By what they name. */
export type CentreNames = Readonly<Record<string, readonly string[]>>;

export interface FieldProps {
  /** In the centre: keys, names and indexes. */
  readonly path: Path;
  /** The same in the schema: `*` for names and indexes. */
  readonly keys: readonly string[];
  readonly schema: Schema;
  readonly value: unknown;
  readonly isRequired: boolean;
  /** In place of what the key is called. */
  readonly label?: string;
}

/** What the sorts of fields share. */
export interface SortProps extends FieldProps {
  readonly label: string;
  readonly help: string;
  readonly fault: string | undefined;
  /** `undefined`: as if nothing were written. */
  readonly onWrite: (value: unknown) => void;
}

export interface Surroundings {
  /** Fields hold fields. */
  readonly Field: ComponentType<FieldProps>;
  readonly languages: readonly string[];
  readonly names: CentreNames;
  /** Of the draft. */
  readonly issues: readonly Issue[];
  /** `undefined`: as if nothing were written. */
  readonly write: (path: Path, value: unknown) => void;
}

const Context = createContext<Surroundings>({
  ...{ languages: [], names: {}, issues: [] },
  Field: () => null,
  write: () => undefined,
});

export const SurroundingsOf = Context.Provider;

export function useSurroundings(): Surroundings {
  return useContext(Context);
}

/** What is wrong at a place; `deep`: or anywhere in it. */
export function faultAt(issues: readonly Issue[], path: Path, deep: boolean): string | undefined {
  const found = issues.filter(({ path: of }) => {
    if (of === undefined || of.length < path.length || (!deep && of.length > path.length)) return false;
    return path.every((part, index) => String(part) === String(of[index]));
  });
  if (found.length === 0) return undefined;
  return found.map(({ message, advice }) => (advice === '' ? message : `${message} (${advice})`)).join('; ');
}
