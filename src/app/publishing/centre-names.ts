// Another name for a queue or for opening hours, in every text that names them, as one publication.
import { type Renamed, type Renaming, renamedInCentre } from '../../core/flow-test/renaming.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';
import type { Flows, Publication } from '../flows.js';
import type { FlowHistory } from './flow-history.js';
import { changesOver, placeText, textsOf } from './flow-names.js';

export interface CentreNamesPorts {
  readonly flows: Pick<Flows, 'names' | 'source' | 'tests' | 'centre' | 'change'>;
  readonly history: Pick<FlowHistory, 'note'>;
  readonly clock: Clock;
}

/** As the centre's file takes them. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const CENTRE = 'centre';

export class CentreNames {
  constructor(private readonly ports: CentreNamesPorts) {}

  /**
   * What would be written; changes nothing. Rejects with HiloError `not-found`, `invalid-input`, `wrong-state` when there is
   * one of that name, or when a place that names it is not understood.
   */
  async look(renaming: Renaming): Promise<Renamed> {
    return (await this.#renamed(renaming)).renamed;
  }

  /**
   * In force for the next call, all texts or none. Rejects as {@link look} does, and with `invalid-flow`, `version-conflict`,
   * `store-unavailable`. `over` is about the centre's file.
   */
  async rename(renaming: Renaming, { author, note = '', over }: Publication): Promise<Renamed> {
    const { flows, history, clock } = this.ports;
    const { texts, renamed } = await this.#renamed(renaming);
    const own = over === undefined ? {} : { 'centre.yaml': over };
    await flows.change(changesOver(renamed.files, texts, own), { author, note });
    const detail = { ...renaming, note };
    await history.note({ atMs: clock.nowMs(), flow: CENTRE, action: 'renamed', by: author, detail });
    return renamed;
  }

  async #renamed(renaming: Renaming) {
    const { kind, from, to } = renaming;
    const { queues, hours } = this.ports.flows.centre();
    const present = kind === 'queue' ? queues : hours;
    const isThere = (name: string) => [...present.keys()].includes(name);
    if (!isThere(from)) throw new HiloError('not-found', `the centre has no ${kind} '${from}'`);
    if (!NAME.test(to)) throw new HiloError('invalid-input', `${to} is no name: small letters, digits and dashes`);
    const former = kind === 'queue' ? queues.get(to) : undefined;
    if (isThere(to) || (former !== undefined && former.name !== from))
      throw new HiloError('wrong-state', `the name ${to} is taken${former === undefined ? '' : ` by ${former.name}`}`);
    const texts = await textsOf(this.ports.flows);
    const renamed = renamedInCentre(renaming, texts);
    if (renamed.left.length > 0) {
      const places = renamed.left.map(placeText).join(', ');
      throw new HiloError('wrong-state', `${from} is named in a way that has to be changed by hand first: ${places}`);
    }
    return { texts, renamed };
  }
}
