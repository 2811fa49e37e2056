// How a kind of step is defined: the keys it may have, and what it does with them.
import { z } from 'zod';
import { issuesOfShape, strict } from '../document/shape.js';
import type { Path, YamlText } from '../document/yaml-text.js';
import type { Step } from './flow.js';
import type { Scope } from './scope.js';

export type Behaviour = Omit<Step, 'exits' | 'listens'> & { readonly listens?: true };

export interface StepKind {
  /** undefined when the keys are wrong. Mistakes are noted in `scope`. */
  compile(raw: unknown, path: Path, text: YamlText, scope: Scope): Step | undefined;
}

/** Keys that every kind has: its name, and a note for the reader. */
const COMMON = { do: z.string(), note: z.string().optional() };

export function stepKind<Shape extends z.ZodRawShape>(
  shape: Shape,
  compile: (keys: z.output<z.ZodObject<Shape, z.core.$strict>>, scope: Scope) => Behaviour,
): StepKind {
  // `do` and `note` are read by nobody here; two schemas keep the type of `keys` exact.
  const known = strict({ ...COMMON, ...shape });
  const own = z.object(shape);
  return {
    compile(raw, path, text, scope) {
      const checked = known.safeParse(raw);
      if (!checked.success) {
        scope.issues.push(...issuesOfShape(checked.error, path, text));
        return undefined;
      }
      const keys = own.parse(raw) as z.output<z.ZodObject<Shape, z.core.$strict>>;
      const behaviour = compile(keys, scope);
      return { ...behaviour, listens: behaviour.listens ?? false, exits: [...scope.exits] };
    },
  };
}
