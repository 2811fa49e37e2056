// The texts of the centre in force: compiled together, swapped whole, never replaced by something broken.
import { type Compiled, formatIssue, type Issue, isError, type SourceFile } from '../core/document/issue.js';
import { compileFlows } from '../core/ivr/compile.js';
import type { Flow } from '../core/ivr/flow.js';
import type { FlowCatalogue } from '../core/ivr/session.js';
import type { Centre } from '../core/routing/centre.js';
import { compileCentre } from '../core/routing/compile-centre.js';
import { isOpen } from '../core/routing/hours.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { HiloError } from './errors.js';
import type { FlowFiles, RecordStore } from './ports.js';

export const CENTRE_FILE = 'centre.yaml';

export interface FlowsPorts {
  readonly files: FlowFiles;
  readonly store: Pick<RecordStore, 'saveRevision'>;
  /** Adds what the environment asks for (agents for load tests) to the centre as written. */
  readonly extend: (centre: Centre) => Centre;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything a call keeps from its beginning to its end. */
interface InForce {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export class Flows {
  readonly #ports: FlowsPorts;
  #inForce: InForce | undefined;
  #issues: readonly Issue[] = [];
  #lastSeen = '';
  #loading: Promise<void> = Promise.resolve();
  #watch: { close(): void } | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(ports: FlowsPorts) {
    this.#ports = ports;
  }

  /** Rejects with HiloError `invalid-flow` when there is nothing good to begin with. */
  async start(): Promise<void> {
    await this.#load('files');
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

  catalogue(): FlowCatalogue {
    return this.#good().catalogue;
  }

  /** Mistakes and warnings in the files as they are now; where there is an error, the text in force is older and good. */
  issues(): readonly Issue[] {
    return this.#issues;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
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

  /** What would be wrong if `text` became the flow `name`; it can be published when there is no error among it. */
  check(name: string, text: string): readonly Issue[] {
    const compiled = this.#compile(this.#withDraft(name, text), { file: `${name}.yaml`, text, revision: 'draft' });
    return compiled.ok ? compiled.warnings : compiled.issues;
  }

  /**
   * Puts a text in force for the next call and keeps it as a revision. Calls in progress keep theirs.
   * Rejects with HiloError `invalid-flow` (cause: the issues) and changes nothing when it has mistakes.
   */
  async publish(name: string, text: string, author: string): Promise<SourceFile> {
    const issues = this.check(name, text);
    if (issues.some(isError)) {
      throw new HiloError('invalid-flow', issues.map(formatIssue).join('\n'), { cause: issues });
    }
    await this.#ports.files.write(`${name}.yaml`, text);
    await this.#reload(author);
    return this.source(name);
  }

  #good(): InForce {
    if (this.#inForce === undefined) throw new HiloError('invalid-flow', 'no centre is in force yet');
    return this.#inForce;
  }

  #reload(author = 'files'): Promise<void> {
    this.#loading = this.#loading
      .then(() => this.#load(author))
      .catch((error: unknown) => this.#ports.log.error({ err: error }, 'the texts of the centre cannot be read'));
    return this.#loading;
  }

  async #load(author: string): Promise<void> {
    const sources = await this.#ports.files.read();
    const seen = sources.map(({ file, revision }) => `${file} ${revision}`).join('\n');
    if (seen === this.#lastSeen) return;
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
    await this.#keepRevisions(before, compiled.value, author);
    for (const listener of this.#listeners) listener();
  }

  async #keepRevisions(before: InForce | undefined, now: InForce, author: string): Promise<void> {
    const atMs = this.#ports.clock.nowMs();
    for (const { file, text, revision } of now.sources.values()) {
      if (before?.sources.get(file)?.revision === revision) continue;
      this.#ports.log.info({ file, revision, author }, 'in force for the next call');
      try {
        await this.#ports.store.saveRevision({ name: file.replace(/\.yaml$/, ''), revision, text, author, atMs });
      } catch (error) {
        this.#ports.log.error({ err: error, file, revision }, 'revision could not be kept');
      }
    }
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

  #withDraft(name: string, text: string): SourceFile[] {
    const file = `${name}.yaml`;
    const others = [...this.#good().sources.values()].filter((source) => source.file !== file);
    return [...others, { file, text, revision: 'draft' }];
  }

  /** `draft`: its own mistakes are told first. */
  #compile(sources: readonly SourceFile[], draft?: SourceFile): Compiled<InForce> {
    const centreFile = sources.find(({ file }) => file === CENTRE_FILE);
    if (centreFile === undefined) {
      const message = `${CENTRE_FILE} is missing: it names the numbers, queues and agents`;
      return { ok: false, issues: [{ severity: 'error', file: CENTRE_FILE, line: 1, column: 1, message, advice: '' }] };
    }
    const flowFiles = sources.filter(({ file }) => file !== CENTRE_FILE);
    const flowNames = new Set(flowFiles.map(({ file }) => file.replace(/\.yaml$/, '')));
    const centre = compileCentre(centreFile, { flows: flowNames });
    if (!centre.ok) return centre;
    const flows = compileFlows(flowFiles, surroundingsOf(centre.value));
    const told = [...centre.warnings, ...(flows.ok ? flows.warnings : flows.issues)];
    const issues = draft === undefined ? told : own(told, draft);
    if (!flows.ok) return { ok: false, issues };
    return {
      ok: true,
      value: this.#inForceOf(this.#ports.extend(centre.value), flows.value, sources),
      warnings: issues,
    };
  }

  #inForceOf(centre: Centre, flows: ReadonlyMap<string, Flow>, sources: readonly SourceFile[]): InForce {
    const catalogue: FlowCatalogue = {
      flows,
      isOpen(hours, atMs) {
        const config = centre.hours.get(hours);
        return config !== undefined && isOpen(config, atMs);
      },
    };
    return { centre, catalogue, sources: new Map(sources.map((source) => [source.file, source])) };
  }
}

function own(issues: readonly Issue[], draft: SourceFile): readonly Issue[] {
  return [...issues.filter(({ file }) => file === draft.file), ...issues.filter(({ file }) => file !== draft.file)];
}

function surroundingsOf(centre: Centre): Parameters<typeof compileFlows>[1] {
  return {
    queues: new Set(centre.queues.keys()),
    agents: new Set(centre.agents.keys()),
    hours: new Set(centre.hours.keys()),
    texts: centre.texts,
  };
}
