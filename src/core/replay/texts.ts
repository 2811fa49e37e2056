// The texts a call was served with, by their revisions: compiled again as they were.
import { formatIssue, type SourceFile } from '../document/issue.js';
import { compileFlows } from '../ivr/compile.js';
import type { FlowCatalogue } from '../ivr/session.js';
import type { Centre } from '../routing/centre.js';
import { compileCentre } from '../routing/compile-centre.js';
import { isOpen, openingAt } from '../routing/hours.js';
import { namesInCentre } from '../routing/keys/names-in-centre.js';

/** Text of a flow, or of `centre`, under that revision; undefined when nobody has it any more. */
export type TextOf = (name: string, revision: string) => string | undefined;

export interface TextsInForce {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export type Recompiled =
  | { readonly ok: true; readonly texts: TextsInForce }
  /** `missing`: texts that are gone. `refused`: mistakes that the compiler finds today in a text that was good. */
  | { readonly ok: false; readonly missing: readonly string[]; readonly refused: readonly string[] };

const CENTRE = 'centre';

/** `revisions`: by name, with `centre` among them. */
export function recompile(revisions: Readonly<Record<string, string>>, textOf: TextOf): Recompiled {
  const found = Object.entries(revisions).map(([name, revision]) => ({ name, revision, text: textOf(name, revision) }));
  const missing = found.flatMap(({ name, revision, text }) => (text === undefined ? [`${name} ${revision}`] : []));
  if (revisions[CENTRE] === undefined) missing.push(CENTRE);
  const sources = new Map(
    found.map(({ name, revision, text = '' }): [string, SourceFile] => [
      name,
      { file: `${name}.yaml`, text, revision },
    ]),
  );
  const centreFile = sources.get(CENTRE);
  if (missing.length > 0 || centreFile === undefined) return { ok: false, missing, refused: [] };
  const flowFiles = [...sources].flatMap(([name, source]) => (name === CENTRE ? [] : [source]));
  const centre = compileCentre(centreFile, {
    flows: new Set(flowFiles.map(({ file }) => file.replace(/\.yaml$/, ''))),
  });
  const flows = compileFlows(flowFiles, namesInCentre(centreFile));
  if (!centre.ok || !flows.ok) {
    const issues = [...(centre.ok ? [] : centre.issues), ...(flows.ok ? [] : flows.issues)];
    return { ok: false, missing: [], refused: issues.map(formatIssue) };
  }
  return { ok: true, texts: { centre: centre.value, catalogue: catalogueOf(centre.value, flows.value), sources } };
}

/** What flows read besides their session: the flows of a centre, and its opening hours. */
export function catalogueOf({ hours, limits }: Centre, flows: FlowCatalogue['flows']): FlowCatalogue {
  return {
    flows,
    limits,
    isOpen(name, atMs) {
      const config = hours.get(name);
      return config !== undefined && isOpen(config, atMs);
    },
    isHoliday(name, atMs) {
      const config = hours.get(name);
      return config !== undefined && openingAt(config, atMs) === 'holiday';
    },
  };
}
