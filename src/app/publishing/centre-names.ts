// Another name for a queue, an agent or opening hours, in every text that names them, as one publication.
import type { AgentPresence } from '../../core/acd/agent.js';
import { worksOf } from '../../core/acd/work/work.js';
import { type NamedKind, type Renamed, type Renaming, renamedInCentre } from '../../core/flow-test/renaming.js';
import type { Centre } from '../../core/routing/centre.js';
import { presentAgent, presentName } from '../../core/routing/keys/former-names.js';
import { namesInCentre } from '../../core/routing/keys/names-in-centre.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';
import type { Flows, Publication } from '../flows.js';
import type { FlowHistory } from './flow-history.js';
import { changesOver, placeText, textsOf } from './flow-names.js';

export interface CentreNamesPorts {
  readonly flows: Pick<Flows, 'names' | 'source' | 'tests' | 'centre' | 'change'>;
  readonly history: Pick<FlowHistory, 'note'>;
  readonly agents: { presence(agent: string): AgentPresence };
  readonly people: {
    /** Whether somebody who is no agent signs in with that name. */
    isTaken(name: string): Promise<boolean>;
    /** Accounts take the names of their agents. */
    follow(centre: Centre): Promise<void>;
  };
  readonly clock: Clock;
}

/** As the centre's file takes them. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const CENTRE = 'centre';

export class CentreNames {
  constructor(private readonly ports: CentreNamesPorts) {}

  /**
   * What would be written; changes nothing. Rejects with HiloError `not-found`, `invalid-input`, `wrong-state` when there is
   * one of that name, when an agent is at work, or when a place that names it is not understood.
   */
  async look(renaming: Renaming): Promise<Renamed> {
    return (await this.#renamed(renaming)).renamed;
  }

  /**
   * In force for the next call, all texts or none. Rejects as {@link look} does, and with `invalid-flow`, `version-conflict`,
   * `store-unavailable`. `over` is about the centre's file.
   */
  async rename(renaming: Renaming, { author, note = '', over }: Publication): Promise<Renamed> {
    const { flows, people, history, clock } = this.ports;
    const { texts, renamed } = await this.#renamed(renaming);
    const own = over === undefined ? {} : { 'centre.yaml': over };
    await flows.change(changesOver(renamed.files, texts, own), { author, note });
    if (renaming.kind === 'agent') await people.follow(flows.centre());
    const detail = { ...renaming, note };
    await history.note({ atMs: clock.nowMs(), flow: CENTRE, action: 'renamed', by: author, detail });
    return renamed;
  }

  async #renamed(renaming: Renaming) {
    const { kind, from, to } = renaming;
    if (!isIn(this.ports.flows, kind, from)) throw new HiloError('not-found', `the centre has no ${kind} '${from}'`);
    if (!NAME.test(to)) throw new HiloError('invalid-input', `${to} is no name: small letters, digits and dashes`);
    const holder = this.#holderOf(kind, to);
    if (holder !== undefined && (holder === to || holder !== from))
      throw new HiloError('wrong-state', `the name ${to} is taken${holder === to ? '' : ` by ${holder}`}`);
    if (kind === 'agent') await this.#checkAgent(from, to);
    const texts = await textsOf(this.ports.flows);
    const renamed = renamedInCentre(renaming, texts);
    if (renamed.left.length > 0) {
      const places = renamed.left.map(placeText).join(', ');
      throw new HiloError('wrong-state', `${from} is named in a way that has to be changed by hand first: ${places}`);
    }
    return { texts, renamed };
  }

  /** Who has that name, or had it; undefined: nobody. */
  #holderOf(kind: NamedKind, name: string): string | undefined {
    const centre = this.ports.flows.centre();
    const isThere = { queue: centre.queues, agent: centre.agents, hours: centre.hours }[kind].has(name);
    if (kind === 'queue') return isThere ? presentName(centre, name) : undefined;
    const present = kind === 'agent' ? presentAgent(centre, name) : name;
    return isThere || present !== name ? present : undefined;
  }

  /** Calls, offers and open pages know an agent at work by the name. */
  async #checkAgent(from: string, to: string): Promise<void> {
    if (await this.ports.people.isTaken(to)) throw new HiloError('wrong-state', `there is a user ${to} already`);
    const presence = this.ports.agents.presence(from);
    if (presence.state === 'offline' && worksOf(presence).length === 0) return;
    const doing = presence.state === 'offline' ? 'in a conversation' : presence.state;
    const detail = `${from} is at work (${doing}): sign off first, or switch the state to offline on the floor`;
    throw new HiloError('wrong-state', detail, { why: { reason: 'agent-at-work', agent: from } });
  }
}

/** Written in the file: agents of a demonstration are not. */
function isIn(flows: Pick<Flows, 'source'>, kind: NamedKind, name: string): boolean {
  const { queues, agents, hours } = namesInCentre(flows.source(CENTRE));
  return { queue: queues, agent: agents, hours }[kind].has(name);
}
