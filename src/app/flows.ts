// The texts of the centre in force: compiled together, swapped whole, never replaced by something broken.
import { type Compiled, formatIssue, type Issue, isError, type SourceFile } from '../core/document/issue.js';
import type { FlowCatalogue } from '../core/ivr/session.js';
import { inShare } from '../core/rollout/share.js';
import type { Centre } from '../core/routing/centre.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { HiloError } from './errors.js';
import type { RecordStore } from './ports.js';
import { type CompiledTexts, compileTexts, type Surroundings } from './publishing/compiled-texts.js';
import { type FileChange, writeTogether } from './publishing/file-changes.js';
import { brokenCases, mistakesIn } from './publishing/flow-proof.js';
import { KeptTexts } from './publishing/kept-texts.js';
import type { FlowFiles } from './texts.js';

export interface FlowsPorts extends Surroundings {
  readonly files: FlowFiles;
  readonly store: Pick<RecordStore, 'saveRevision' | 'revision'>;
  readonly clock: Clock;
  readonly log: Log;
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
  /** Tests of the flow that come with it: both or neither. */
  readonly tests?: Pick<FileChange, 'over'> & { readonly text: string };
}

export class Flows {
  readonly #ports: FlowsPorts;
  #inForce: CompiledTexts | undefined;
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

  async #publishTests(name: string, text: string, { over, ...publication }: Publication): Promise<SourceFile> {
    const file = `${name}.yaml`;
    await this.#put([{ file, text, ...(over === undefined ? {} : { over }) }], publication, async () => undefined);
    return { file, text, revision: this.#ports.files.revisionOf(file, text) };
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

  /**
   * Rejects with HiloError `invalid-flow` or `tests-failed` (cause: the issues) when `text` may not become the flow `name`.
   * `tests`: the text of those that are beside it then; absent: those that are.
   */
  async prove(name: string, text: string, proof: Proof = 'tests-pass', tests?: string): Promise<void> {
    const compiled = this.#compileDraft(name, text);
    if (!compiled.ok) throw refusal('invalid-flow', compiled.issues);
    const { files } = this.#ports;
    const file = `${name}.test.yaml`;
    const own = tests === undefined ? await files.readTests(name) : { file, text: tests, revision: 'draft' };
    const mistakes = tests === undefined || own === undefined ? [] : mistakesIn(own, compiled.value);
    if (mistakes.length > 0) throw refusal('invalid-flow', mistakes);
    if (proof === 'untested') return;
    const readTests = async (flow: string) => (flow === name ? own : files.readTests(flow));
    const broken = await brokenCases({ readTests }, name, { draft: compiled.value, inForce: this.#good() });
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

  async #publish(name: string, text: string, { proof, over, tests, ...publication }: Publication): Promise<SourceFile> {
    const changes: readonly FileChange[] = [
      { file: `${name}.yaml`, text, ...(over === undefined ? {} : { over }) },
      ...(tests === undefined ? [] : [{ file: `${name}.test.yaml`, ...tests }]),
    ];
    await this.#put(changes, publication, () => this.prove(name, text, proof, tests?.text));
    return this.source(name);
  }

  /**
   * Several files at once, texts and tests of flows. Changes nothing and rejects as `publish` does when what is left does
   * not fit together, or when one of them is another by now. Tests are not asked.
   */
  change(changes: readonly FileChange[], publication: Omit<Publication, 'over' | 'tests' | 'proof'>): Promise<void> {
    const changed = this.#publishing.then(() => this.#put(changes, publication, async () => this.#fits(changes)));
    this.#publishing = Promise.allSettled([changed]);
    return changed;
  }

  #fits(changes: readonly FileChange[]): void {
    const others = [...this.#good().sources.values()].filter(({ file }) => !changes.some((one) => one.file === file));
    const texts = changes.flatMap(({ file, text }) =>
      text === undefined || isTests(file) ? [] : [{ file, text, revision: 'draft' }],
    );
    const compiled = this.#compile([...others, ...texts]);
    if (!compiled.ok) throw refusal('invalid-flow', compiled.issues);
  }

  /** All of them or none, over what they take the place of. `proof`: rejects when they may not come into force. */
  async #put(
    changes: readonly FileChange[],
    { author, note = '' }: Pick<Publication, 'author' | 'note'>,
    proof: () => Promise<void>,
  ): Promise<void> {
    const { files, store, clock, log } = this.#ports;
    const before = new Map<string, SourceFile>();
    for (const { file, over } of changes) {
      const present = isTests(file)
        ? await files.readTests(nameOf(file, '.test.yaml'))
        : this.#good().sources.get(file);
      if (present !== undefined) before.set(file, present);
      checkSame(nameOf(file), present?.revision, over);
    }
    await proof();
    const written = changes.flatMap(({ file, text }) =>
      text === undefined ? [] : [{ file, text, revision: files.revisionOf(file, text) }],
    );
    const atMs = clock.nowMs();
    const rows = written
      .filter(({ file, revision }) => before.get(file)?.revision !== revision)
      .map(({ file, text, revision }) => ({ name: nameOf(file), revision, text, author, note, atMs }));
    // Kept first: no text is in force that nobody could go back to, and whoever sees the file knows whose it is.
    if (rows.length > 0) await store.saveRevision(...rows);
    await this.#write(changes, before);
    await this.#reload();
    for (const { file, revision } of written) {
      const now = isTests(file) ? revision : this.#good().sources.get(file)?.revision;
      if (now === revision) continue;
      throw new HiloError(
        'version-conflict',
        `${now ?? '(none)'} of ${nameOf(file)} is in force: somebody else wrote it, or the folder is not read (see the log)`,
      );
    }
    log.info({ files: changes.map(({ file }) => file), author, note }, 'published');
  }

  /** This node reads the folder again when all of them are there. */
  async #write(changes: readonly FileChange[], before: ReadonlyMap<string, SourceFile>): Promise<void> {
    const writing = this.#loading.then(() => writeTogether(this.#ports.files, changes, before));
    this.#loading = Promise.allSettled([writing]).then(() => undefined);
    await writing;
  }

  #good(): CompiledTexts {
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

  #compileDraft(name: string, text: string): Compiled<CompiledTexts> {
    return this.#compile(this.#withDraft(name, text), { file: `${name}.yaml`, text, revision: 'draft' });
  }

  #withDraft(name: string, text: string, revision = 'draft'): SourceFile[] {
    const file = `${name}.yaml`;
    const others = [...this.#good().sources.values()].filter((source) => source.file !== file);
    return [...others, { file, text, revision }];
  }

  #compile(sources: readonly SourceFile[], draft?: SourceFile): Compiled<CompiledTexts> {
    return compileTexts(sources, this.#ports, draft);
  }
}

/** `over`: null for none; absent: whichever is there. Throws HiloError `version-conflict`. */
function checkSame(name: string, present: string | undefined, over: string | null | undefined): void {
  if (over === undefined || (over ?? undefined) === present) return;
  const [is, was] = [present ?? '(none)', over ?? '(none)'];
  throw new HiloError('version-conflict', `${name} is at revision ${is} meanwhile, not at ${was}`);
}

function nameOf(file: string, ending = '.yaml'): string {
  return file.endsWith(ending) ? file.slice(0, -ending.length) : file;
}

function isTests(file: string): boolean {
  return file.endsWith('.test.yaml');
}

function refusal(code: 'invalid-flow' | 'tests-failed', issues: readonly Issue[]): HiloError {
  return new HiloError(code, issues.map(formatIssue).join('\n'), { cause: issues });
}
