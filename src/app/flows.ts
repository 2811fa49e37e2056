// The texts of the centre in force: compiled together, swapped whole, never replaced by something broken.
import { type Compiled, formatIssue, type Issue, isError, type SourceFile } from '../core/document/issue.js';
import { compileFlows } from '../core/ivr/compile.js';
import type { Flow } from '../core/ivr/flow.js';
import type { FlowCatalogue } from '../core/ivr/session.js';
import { checkEntries } from '../core/ivr/variable/entry.js';
import { catalogueOf } from '../core/replay/texts.js';
import { inShare } from '../core/rollout/share.js';
import type { Centre } from '../core/routing/centre.js';
import { compileCentre } from '../core/routing/compile-centre.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { HiloError } from './errors.js';
import type { RecordStore } from './ports.js';
import { brokenCases } from './publishing/flow-proof.js';
import { KeptTexts } from './publishing/kept-texts.js';
import type { FlowFiles } from './texts.js';

export const CENTRE_FILE = 'centre.yaml';

export interface FlowsPorts {
  readonly files: FlowFiles;
  readonly store: Pick<RecordStore, 'saveRevision' | 'revision'>;
  /** Adds what the environment asks for (agents for load tests) to the centre as written. */
  readonly extend: (centre: Centre) => Centre;
  /** Names of the secrets in the environment; absent: flows are not checked for them. */
  readonly secrets?: ReadonlySet<string>;
  /** Whether a prompt of the centre has a sound or a text in a language; absent: nobody knows. */
  readonly isHeard?: (prompt: string, language: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything a call keeps from its beginning to its end. */
interface InForce {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** A text that a share of the callers gets instead of the one in force. */
export interface StagedText {
  readonly flow: string;
  readonly text: string;
  readonly revision: string;
  readonly percent: number;
  /** Decides who belongs to the share. */
  readonly seed: string;
}

/** Whether the tests beside the flows are asked. */
export type Proof = 'tests-pass' | 'untested';

export interface Publication {
  readonly author: string;
  readonly note?: string;
  /** `tests-pass` unless given. */
  readonly proof?: Proof;
  /** The revision that it takes the place of, null for none; absent: whichever is in force. */
  readonly over?: string | null;
}

export class Flows {
  readonly #ports: FlowsPorts;
  #inForce: InForce | undefined;
  #issues: readonly Issue[] = [];
  #lastSeen = '';
  #loading: Promise<void> = Promise.resolve();
  #watch: { close(): void } | undefined;
  #staged: StagedText | undefined;
  /** With the staged text; absent when nothing is staged, or it has mistakes. */
  #candidate: FlowCatalogue | undefined;
  /** One publication after the other: each is told of its own text. */
  #publishing: Promise<unknown> = Promise.resolve();
  readonly #kept: KeptTexts;
  readonly #listeners = new Set<() => void>();

  constructor(ports: FlowsPorts) {
    this.#ports = ports;
    this.#kept = new KeptTexts(ports);
  }

  /** Rejects with HiloError `invalid-flow` when there is nothing good to begin with. */
  async start(): Promise<void> {
    await this.#load();
    if (this.#inForce === undefined) {
      throw new HiloError('invalid-flow', `the centre cannot start:\n${this.#issues.map(formatIssue).join('\n')}`);
    }
    this.#watch = this.#ports.files.watch(() => void this.#reload());
  }

  close(): void {
    this.#watch?.close();
  }

  centre(): Centre {
    return this.#good().centre;
  }

  /** The tests beside a flow as they are in the folder. */
  tests(name: string): Promise<SourceFile | undefined> {
    return this.#ports.files.readTests(name);
  }

  /**
   * Puts the tests of a flow beside it, kept as a revision of `<flow>.test`. Whoever calls has checked them.
   * Rejects with HiloError `version-conflict` when others are there than those they take the place of, `store-unavailable`.
   */
  publishTests(name: string, text: string, publication: Omit<Publication, 'proof'>): Promise<SourceFile> {
    const published = this.#publishing.then(() => this.#publishTests(`${name}.test`, text, publication));
    this.#publishing = Promise.allSettled([published]);
    return published;
  }

  async #publishTests(name: string, text: string, { author, note = '', over }: Publication): Promise<SourceFile> {
    const { files, store, clock } = this.#ports;
    const file = `${name}.yaml`;
    const present = await files.readTests(name.replace(/\.test$/, ''));
    checkSame(name, present?.revision, over);
    const revision = files.revisionOf(file, text);
    await store.saveRevision({ name, revision, text, author, note, atMs: clock.nowMs() });
    await files.write(file, text);
    return { file, text, revision };
  }

  catalogue(): FlowCatalogue {
    return this.#good().catalogue;
  }

  /** What this caller gets: always the same side of a roll-out. `caller`: the number, or something of the call where it is withheld. */
  catalogueFor(caller: string): FlowCatalogue {
    const { catalogue } = this.#good();
    if (this.#staged === undefined || this.#candidate === undefined) return catalogue;
    return inShare(this.#staged.seed, caller, this.#staged.percent) ? this.#candidate : catalogue;
  }

  /** From the next call on a share of the callers gets this text, until another or none is staged. False: it has mistakes, nobody gets it. */
  stage(staged: StagedText | undefined): boolean {
    const { flow, revision } = this.#staged ?? {};
    const known = staged?.flow === flow && staged?.revision === revision && this.#candidate !== undefined;
    this.#staged = staged;
    if (!known) this.#compileStaged();
    return staged === undefined || this.#candidate !== undefined;
  }

  /** The revision that a text has when it is published under this name. */
  revisionOf(name: string, text: string): string {
    return this.#ports.files.revisionOf(`${name}.yaml`, text);
  }

  /** Mistakes and warnings in the files as they are now; where there is an error, the text in force is older and good. */
  issues(): readonly Issue[] {
    return this.#issues;
  }

  /** Calls `listener` when other texts are in force; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  names(): readonly string[] {
    return [...this.#good().catalogue.flows.keys()];
  }

  /** The text in force of a flow, or of the centre (`centre`). Throws HiloError `not-found`. */
  source(name: string): SourceFile {
    const source = this.#good().sources.get(`${name}.yaml`);
    if (source === undefined) throw new HiloError('not-found', `there is no flow ${name}`);
    return source;
  }

  /**
   * What would be wrong if `text` became the flow `name`; it can be published when there is no error among it.
   */
  check(name: string, text: string): readonly Issue[] {
    const compiled = this.#compileDraft(name, text);
    return compiled.ok ? compiled.warnings : compiled.issues;
  }

  /** Rejects with HiloError `invalid-flow` or `tests-failed` (cause: the issues) when `text` may not become the flow `name`. */
  async prove(name: string, text: string, proof: Proof = 'tests-pass'): Promise<void> {
    const compiled = this.#compileDraft(name, text);
    if (!compiled.ok) throw refusal('invalid-flow', compiled.issues);
    if (proof === 'untested') return;
    const broken = await brokenCases(this.#ports.files, name, { draft: compiled.value, inForce: this.#good() });
    if (broken.length > 0) throw refusal('tests-failed', broken);
  }

  /**
   * Puts a text in force for the next call and keeps it as a revision, with who and why. Calls in progress keep theirs.
   * Changes nothing and rejects with HiloError `invalid-flow` or `tests-failed` (cause: the issues), `version-conflict` when
   * another text is in force than the one it should take the place of, `store-unavailable` when it cannot be kept.
   */
  publish(name: string, text: string, publication: Publication): Promise<SourceFile> {
    const published = this.#publishing.then(() => this.#publish(name, text, publication));
    // Whatever came of it: who asked is told, the next one is not concerned.
    this.#publishing = Promise.allSettled([published]);
    return published;
  }

  async #publish(name: string, text: string, { author, note = '', proof, over }: Publication): Promise<SourceFile> {
    const { files, store, clock, log } = this.#ports;
    const file = `${name}.yaml`;
    const revision = this.revisionOf(name, text);
    const present = this.#overSame(name, over);
    await this.prove(name, text, proof);
    // Kept first: no text is in force that nobody could go back to, and whoever sees the file knows whose it is.
    if (revision !== present) await store.saveRevision({ name, revision, text, author, note, atMs: clock.nowMs() });
    await files.write(file, text);
    await this.#reload();
    const now = this.source(name);
    if (now.revision !== revision) {
      throw new HiloError(
        'version-conflict',
        `${now.revision} of ${name} is in force: somebody else wrote it, or the folder is not read (see the log)`,
      );
    }
    log.info({ file, revision, author, note }, 'published');
    return now;
  }

  /**
   * Several files at once, texts and tests of flows; undefined takes one away. `name`: the text that `over` is about.
   * Changes nothing and rejects as `publish` does when what is left does not fit together. Tests are not asked.
   */
  change(name: string, files: ReadonlyMap<string, string | undefined>, publication: Publication): Promise<void> {
    const changed = this.#publishing.then(() => this.#change(name, files, publication));
    this.#publishing = Promise.allSettled([changed]);
    return changed;
  }

  async #change(
    name: string,
    changes: ReadonlyMap<string, string | undefined>,
    { author, note = '', over }: Publication,
  ): Promise<void> {
    const { files, store, clock, log } = this.#ports;
    this.#overSame(name, over);
    const written = [...changes].flatMap(([file, text]) => (text === undefined ? [] : [{ file, text }]));
    const texts = written.filter(({ file }) => !file.endsWith('.test.yaml'));
    const others = [...this.#good().sources.values()].filter(({ file }) => !changes.has(file));
    const compiled = this.#compile([...others, ...texts.map((one) => ({ ...one, revision: 'draft' }))]);
    if (!compiled.ok) throw refusal('invalid-flow', compiled.issues);
    for (const { file, text } of written) {
      const revision = files.revisionOf(file, text);
      await store.saveRevision({ name: nameOf(file), revision, text, author, note, atMs: clock.nowMs() });
    }
    // What is new comes first, what is gone goes last: whoever reads the folder in between finds good texts.
    for (const { file, text } of written) await files.write(file, text);
    for (const [file, text] of changes) if (text === undefined) await files.remove(file);
    await this.#reload();
    log.info({ files: [...changes.keys()], author, note }, 'texts changed together');
  }

  /** The revision in force; throws HiloError `version-conflict` when it is another one than that. */
  #overSame(name: string, over: string | null | undefined): string | undefined {
    const present = this.#good().sources.get(`${name}.yaml`)?.revision;
    checkSame(name, present, over);
    return present;
  }

  #good(): InForce {
    if (this.#inForce === undefined) throw new HiloError('invalid-flow', 'no centre is in force yet');
    return this.#inForce;
  }

  #compileStaged(): void {
    this.#candidate = undefined;
    if (this.#staged === undefined) return;
    const { flow, text, revision } = this.#staged;
    const compiled = this.#compile(this.#withDraft(flow, text, revision));
    if (compiled.ok) this.#candidate = compiled.value.catalogue;
    else
      this.#ports.log.error({ flow, revision, issues: compiled.issues }, 'the candidate has mistakes: nobody gets it');
  }

  /** Looks at the texts again although no file changed: what they name may be there now, or gone. */
  recheck(): Promise<void> {
    this.#lastSeen = '';
    return this.#reload();
  }

  #reload(): Promise<void> {
    this.#loading = this.#loading
      .then(() => this.#load())
      .catch((error: unknown) => this.#ports.log.error({ err: error }, 'the texts of the centre cannot be read'));
    return this.#loading;
  }

  async #load(): Promise<void> {
    const sources = await this.#ports.files.read();
    const seen = sources.map(({ file, revision }) => `${file} ${revision}`).join('\n');
    if (seen === this.#lastSeen) return this.#kept.keep();
    this.#lastSeen = seen;
    const first = this.#compile(sources);
    this.#issues = first.ok ? first.warnings : first.issues;
    for (const issue of this.#issues) {
      if (isError(issue)) this.#ports.log.error({ issue }, `not taken over: ${formatIssue(issue)}`);
      else this.#ports.log.warn({ issue }, formatIssue(issue));
    }
    const compiled = first.ok ? first : this.#compile(this.#withoutBroken(sources, first.issues));
    if (!compiled.ok) return;
    const before = this.#inForce;
    this.#inForce = compiled.value;
    this.#compileStaged();
    for (const source of compiled.value.sources.values()) {
      const { file, revision } = source;
      if (before?.sources.get(file)?.revision === revision) continue;
      this.#ports.log.info({ file, revision }, 'in force for the next call');
      this.#kept.add(source);
    }
    await this.#kept.keep();
    for (const listener of this.#listeners) listener();
  }

  /** A broken file stays out, its last good text stays in: the other files' changes need not wait for it. */
  #withoutBroken(sources: readonly SourceFile[], issues: readonly Issue[]): SourceFile[] {
    const broken = new Set(issues.filter(isError).map(({ file }) => file));
    return sources.flatMap((source) => {
      if (!broken.has(source.file)) return [source];
      const good = this.#inForce?.sources.get(source.file);
      return good === undefined ? [] : [good];
    });
  }

  #compileDraft(name: string, text: string): Compiled<InForce> {
    return this.#compile(this.#withDraft(name, text), { file: `${name}.yaml`, text, revision: 'draft' });
  }

  #withDraft(name: string, text: string, revision = 'draft'): SourceFile[] {
    const file = `${name}.yaml`;
    const others = [...this.#good().sources.values()].filter((source) => source.file !== file);
    return [...others, { file, text, revision }];
  }

  /** `draft`: its own mistakes are told first. */
  #compile(sources: readonly SourceFile[], draft?: SourceFile): Compiled<InForce> {
    const centreFile = sources.find(({ file }) => file === CENTRE_FILE);
    if (centreFile === undefined) {
      const message = `${CENTRE_FILE} is missing: it names the numbers, queues and agents`;
      return { ok: false, issues: [{ severity: 'error', file: CENTRE_FILE, line: 1, column: 1, message, advice: '' }] };
    }
    const flowFiles = sources.filter(({ file }) => file !== CENTRE_FILE);
    const flowNames = new Set(flowFiles.map(({ file }) => nameOf(file)));
    const centre = compileCentre(centreFile, { flows: flowNames });
    if (!centre.ok) return centre;
    const flows = compileFlows(flowFiles, surroundingsOf(centre.value, this.#ports));
    const entries = flows.ok ? checkEntries(centreFile, centre.value.numbers, flows.value) : [];
    const told = [...centre.warnings, ...entries, ...(flows.ok ? flows.warnings : flows.issues)];
    const issues = draft === undefined ? told : own(told, draft);
    if (!flows.ok || entries.length > 0) return { ok: false, issues };
    return {
      ok: true,
      value: this.#inForceOf(this.#ports.extend(centre.value), flows.value, sources),
      warnings: issues,
    };
  }

  #inForceOf(centre: Centre, flows: ReadonlyMap<string, Flow>, sources: readonly SourceFile[]): InForce {
    const catalogue = catalogueOf(centre, flows);
    return { centre, catalogue, sources: new Map(sources.map((source) => [source.file, source])) };
  }
}

/** `over`: null for none; absent: whichever is there. Throws HiloError `version-conflict`. */
function checkSame(name: string, present: string | undefined, over: string | null | undefined): void {
  if (over === undefined || (over ?? undefined) === present) return;
  const [is, was] = [present ?? '(none)', over ?? '(none)'];
  throw new HiloError('version-conflict', `${name} is at revision ${is} meanwhile, not at ${was}`);
}

function nameOf(file: string): string {
  return file.replace(/\.yaml$/, '');
}

function refusal(code: 'invalid-flow' | 'tests-failed', issues: readonly Issue[]): HiloError {
  return new HiloError(code, issues.map(formatIssue).join('\n'), { cause: issues });
}

function own(issues: readonly Issue[], draft: SourceFile): readonly Issue[] {
  return [...issues.filter(({ file }) => file === draft.file), ...issues.filter(({ file }) => file !== draft.file)];
}

function surroundingsOf(
  centre: Centre,
  { secrets, isHeard }: Pick<FlowsPorts, 'secrets' | 'isHeard'>,
): Parameters<typeof compileFlows>[1] {
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
