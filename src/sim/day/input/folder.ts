// The centre and the flows of a folder, compiled for a simulation or a replay: mistakes are told as `npm run flow check` tells them.
import { type Compiled, formatIssue, type SourceFile } from '../../../core/document/issue.js';
import { compileFlows } from '../../../core/ivr/compile.js';
import type { FlowCatalogue } from '../../../core/ivr/session.js';
import { catalogueOf } from '../../../core/replay/texts.js';
import type { Centre } from '../../../core/routing/centre.js';
import { compileCentre } from '../../../core/routing/compile-centre.js';
import { namesInCentre } from '../../../core/routing/keys/names-in-centre.js';
import { BadInput } from './quantities.js';

export const CENTRE_FILE = 'centre.yaml';

export interface CompiledFolder {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
}

/** Throws {@link BadInput} with all mistakes. */
export function compileFolder(sources: readonly SourceFile[]): CompiledFolder {
  const centreFile = sources.find(({ file }) => nameOf(file) === 'centre');
  if (centreFile === undefined) throw new BadInput(`${CENTRE_FILE} is missing: it names the queues and agents`);
  const flowFiles = sources.filter((source) => source !== centreFile);
  const flowNames = new Set(flowFiles.map(({ file }) => nameOf(file)));
  const centre = good(compileCentre(centreFile, { flows: flowNames }));
  const flows = good(compileFlows(flowFiles, namesInCentre(centreFile)));
  return { centre, catalogue: catalogueOf(centre, flows) };
}

function good<T>(compiled: Compiled<T>): T {
  if (compiled.ok) return compiled.value;
  throw new BadInput(compiled.issues.map(formatIssue).join('\n'));
}

function nameOf(file: string): string {
  return (file.split('/').at(-1) ?? file).replace(/\.ya?ml$/, '');
}
