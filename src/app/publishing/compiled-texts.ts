// The texts of the centre compiled together: what is good of them, or all that is wrong.
import type { Compiled, Issue, SourceFile } from '../../core/document/issue.js';
import { compileFlows } from '../../core/ivr/compile.js';
import type { FlowCatalogue } from '../../core/ivr/session.js';
import { checkEntries } from '../../core/ivr/variable/entry.js';
import { catalogueOf } from '../../core/replay/texts.js';
import type { Centre } from '../../core/routing/centre.js';
import { compileCentre } from '../../core/routing/compile-centre.js';

export const CENTRE_FILE = 'centre.yaml';

/** What the texts alone do not tell. */
export interface Surroundings {
  /** Adds what the environment asks for (agents for load tests) to the centre as written. */
  readonly extend: (centre: Centre) => Centre;
  /** Names of the secrets in the environment; absent: flows are not checked for them. */
  readonly secrets?: ReadonlySet<string>;
  /** Whether a prompt of the centre has a sound or a text in a language; absent: nobody knows. */
  readonly isHeard?: (prompt: string, language: string) => boolean;
}

/** Everything a call keeps from its beginning to its end. */
export interface CompiledTexts {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** `draft`: its own mistakes are told first. */
export function compileTexts(
  sources: readonly SourceFile[],
  surroundings: Surroundings,
  draft?: SourceFile,
): Compiled<CompiledTexts> {
  const centreFile = sources.find(({ file }) => file === CENTRE_FILE);
  if (centreFile === undefined) {
    const message = `${CENTRE_FILE} is missing: it names the numbers, queues and agents`;
    return { ok: false, issues: [{ severity: 'error', file: CENTRE_FILE, line: 1, column: 1, message, advice: '' }] };
  }
  const flowFiles = sources.filter(({ file }) => file !== CENTRE_FILE);
  const flowNames = new Set(flowFiles.map(({ file }) => file.replace(/\.yaml$/, '')));
  const centre = compileCentre(centreFile, { flows: flowNames });
  if (!centre.ok) return centre;
  const flows = compileFlows(flowFiles, namesOf(centre.value, surroundings));
  const entries = flows.ok ? checkEntries(centreFile, centre.value.numbers, flows.value) : [];
  const told = [...centre.warnings, ...entries, ...(flows.ok ? flows.warnings : flows.issues)];
  const issues = draft === undefined ? told : own(told, draft);
  if (!flows.ok || entries.length > 0) return { ok: false, issues };
  const whole = surroundings.extend(centre.value);
  const catalogue = catalogueOf(whole, flows.value);
  const value = { centre: whole, catalogue, sources: new Map(sources.map((source) => [source.file, source])) };
  return { ok: true, value, warnings: issues };
}

function own(issues: readonly Issue[], draft: SourceFile): readonly Issue[] {
  return [...issues.filter(({ file }) => file === draft.file), ...issues.filter(({ file }) => file !== draft.file)];
}

function namesOf(centre: Centre, { secrets, isHeard }: Surroundings): Parameters<typeof compileFlows>[1] {
  return {
    queues: new Set(centre.queues.keys()),
    agents: new Set(centre.agents.keys()),
    budgets: centre.budgets,
    entries: new Set(centre.numbers.flatMap(({ entry }) => (entry.kind === 'flow' ? [entry.flow] : []))),
    hours: new Set(centre.hours.keys()),
    texts: centre.texts,
    webHosts: centre.webHosts,
    ...(secrets === undefined ? {} : { secrets }),
    ...(isHeard === undefined ? {} : { isHeard }),
  };
}
