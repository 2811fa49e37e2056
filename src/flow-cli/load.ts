// Reads and compiles the texts of a folder, as the server does when it starts.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compareIssues, type Issue, type SourceFile } from '../core/document/issue.js';
import { compileFlows } from '../core/ivr/compile.js';
import type { FlowCatalogue } from '../core/ivr/session.js';
import { checkEntries } from '../core/ivr/variable/entry.js';
import { catalogueOf } from '../core/replay/texts.js';
import type { Centre } from '../core/routing/centre.js';
import { compileCentre } from '../core/routing/compile-centre.js';
import { namesInCentre } from '../core/routing/keys/names-in-centre.js';

const CENTRE_FILE = 'centre.yaml';

export interface Loaded {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
}

export interface Folder {
  readonly sources: readonly SourceFile[];
  /** Absent when there is an error among the issues. */
  readonly loaded?: Loaded;
  readonly issues: readonly Issue[];
}

export interface Sources {
  readonly sources: readonly SourceFile[];
  readonly centreFile: SourceFile;
  readonly flowFiles: readonly SourceFile[];
}

/** The folder that a path names: itself, or the one its file is in. Throws when there is nothing there. */
export function folderOf(path: string): string {
  if (!existsSync(path)) throw new Error(`there is nothing called ${path}`);
  return statSync(path).isDirectory() ? path : dirname(path);
}

/** Throws when there is no such folder, or no centre.yaml in it. Tests of flows (`main.test.yaml`) are left out. */
export function readFolder(folder: string): Sources {
  const files = readdirSync(folder).filter((file) => /(?<!\.test)\.ya?ml$/.test(file));
  const sources = files.map((file): SourceFile => {
    const path = join(folder, file);
    return { file: path, text: readFileSync(path, 'utf8'), revision: 'here' };
  });
  const centreFile = sources.find(({ file }) => basename(file) === CENTRE_FILE);
  if (centreFile === undefined) throw new Error(`${join(folder, CENTRE_FILE)} is missing`);
  const flowFiles = sources.filter((source) => source !== centreFile);
  return { sources, centreFile, flowFiles };
}

/** Throws when there is no such folder, or no centre.yaml in it. Tests of flows (`main.test.yaml`) are left out. */
export function loadFolder(folder: string): Folder {
  const { sources, centreFile, flowFiles } = readFolder(folder);
  const flowNames = new Set(flowFiles.map(({ file }) => basename(file).replace(/\.ya?ml$/, '')));
  const centre = compileCentre(centreFile, { flows: flowNames });
  const flows = compileFlows(flowFiles, namesInCentre(centreFile));
  const entries = centre.ok && flows.ok ? checkEntries(centreFile, centre.value.numbers, flows.value) : [];
  const issues = [centre.ok ? centre.warnings : centre.issues, flows.ok ? flows.warnings : flows.issues, entries]
    .flat()
    .toSorted(compareIssues);
  if (!centre.ok || !flows.ok || entries.length > 0) return { sources, issues };
  const catalogue = catalogueOf(centre.value, flows.value);
  return { sources, loaded: { centre: centre.value, catalogue }, issues };
}
