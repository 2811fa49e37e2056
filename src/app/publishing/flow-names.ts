// The name of a flow: what refers to it, another name for it everywhere at once, and its end.
import type { SourceFile } from '../../core/document/issue.js';
import { type CentreTexts, type Reference, referencesTo, renamed } from '../../core/flow-test/references.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';
import type { Flows, Publication } from '../flows.js';
import type { FileChange } from './file-changes.js';
import type { FlowHistory } from './flow-history.js';

/** As in the folder; `centre` is the centre. */
const FLOW_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const CENTRE = 'centre';

export interface FlowNamesPorts {
  readonly flows: Pick<Flows, 'names' | 'source' | 'tests' | 'change'>;
  readonly history: Pick<FlowHistory, 'note'>;
  readonly clock: Clock;
}

export class FlowNames {
  constructor(private readonly ports: FlowNamesPorts) {}

  /** Throws HiloError `not-found`. */
  async references(flow: string): Promise<readonly Reference[]> {
    this.#known(flow);
    return referencesTo(flow, await textsOf(this.ports.flows));
  }

  /**
   * Takes a flow and its tests away; calls in it go on to their end. Its revisions stay. Rejects with HiloError
   * `not-found`, `wrong-state` when other texts name it, `version-conflict`, `store-unavailable`.
   */
  async remove(flow: string, publication: Publication): Promise<void> {
    this.#known(flow);
    const { flows, history, clock } = this.ports;
    const references = referencesTo(flow, await textsOf(this.ports.flows));
    if (references.length > 0) {
      throw new HiloError('wrong-state', `${flow} is named in ${references.map(placeText).join(', ')}`);
    }
    const { revision } = flows.source(flow);
    const { author, note = '', over = revision } = publication;
    const tests = await flows.tests(flow);
    const gone: readonly FileChange[] = [
      { file: `${flow}.yaml`, text: undefined, over },
      ...(tests === undefined ? [] : [{ file: tests.file, text: undefined, over: tests.revision }]),
    ];
    await flows.change(gone, { author, note });
    await history.note({ atMs: clock.nowMs(), flow, action: 'removed', by: author, detail: { revision, note } });
  }

  /**
   * Another name for a flow and its tests, in every text that names it. Rejects with HiloError `not-found`, `wrong-state`
   * when there is a flow of that name, `invalid-input`, `version-conflict`, `store-unavailable`. Resolves with the files
   * that were changed.
   */
  async rename(from: string, to: string, publication: Publication): Promise<readonly string[]> {
    this.#known(from);
    const { flows, history, clock } = this.ports;
    if (!FLOW_NAME.test(to) || to === CENTRE) throw new HiloError('invalid-input', `${to} is no name for a flow`);
    if (flows.names().includes(to)) throw new HiloError('wrong-state', `there is a flow ${to} already`);
    const texts = await textsOf(this.ports.flows);
    const files = renamed({ from, to }, texts);
    const { author, note = '', over } = publication;
    const own = over === undefined ? {} : { [`${from}.yaml`]: over };
    await flows.change(changesOver(files, texts, own), { author, note });
    const atMs = clock.nowMs();
    await history.note({ atMs, flow: from, action: 'renamed', by: author, detail: { to, note } });
    await history.note({ atMs, flow: to, action: 'renamed', by: author, detail: { from, note } });
    return [...files].flatMap(([file, text]) => (text === undefined ? [] : [file]));
  }

  #known(flow: string): void {
    if (!this.ports.flows.names().includes(flow)) throw new HiloError('not-found', `there is no flow ${flow}`);
  }
}

/** The texts in force, with the tests beside them. */
export async function textsOf(flows: Pick<Flows, 'names' | 'source' | 'tests'>): Promise<CentreTexts> {
  const names = flows.names();
  const tests = await Promise.all(names.map((name) => flows.tests(name)));
  const sources = [CENTRE, ...names].map((name) => flows.source(name));
  return { sources, tests: tests.filter((one): one is SourceFile => one !== undefined) };
}

/** Nothing is written over what was not read here; `over`: what somebody else has read. */
export function changesOver(
  files: ReadonlyMap<string, string | undefined>,
  { sources, tests }: CentreTexts,
  over: Readonly<Record<string, string | null>> = {},
): readonly FileChange[] {
  const read = new Map([...sources, ...tests].map(({ file, revision }) => [file, revision]));
  return [...files].map(([file, text]) => ({ file, text, over: over[file] ?? read.get(file) ?? null }));
}

export function placeText({ file, line }: Reference): string {
  return `${file}:${line}`;
}
