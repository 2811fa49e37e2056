// Queues and agents by the names that they had before: who waits, promises and the record of the past name them as they were
// called then.
import type { Entry } from '../../acd/entry.js';
import type { QueueConfig } from '../../acd/queue.js';
import type { Path } from '../../document/yaml-text.js';
import type { Callback } from '../../interaction/callback.js';
import type { Interaction } from '../../interaction/interaction.js';
import type { AgentConfig, Centre } from '../centre.js';

type WithFormer = { readonly formerly?: readonly string[] };

/** `get` and `has` know former names too; lists and `size` hold each queue once, under its present name. */
export class QueuesByName extends Map<string, QueueConfig> {
  readonly #present: ReadonlyMap<string, string>;

  constructor(queues: Iterable<readonly [string, QueueConfig]>) {
    const all = [...queues];
    super(all);
    this.#present = formerNamesOf(all);
  }

  override get(name: string): QueueConfig | undefined {
    return super.get(name) ?? super.get(this.#present.get(name) ?? name);
  }

  override has(name: string): boolean {
    return this.get(name) !== undefined;
  }
}

/** Former name → present one. */
export function formerNamesOf(all: Iterable<readonly [string, WithFormer]>): ReadonlyMap<string, string> {
  return new Map([...all].flatMap(([name, { formerly = [] }]) => formerly.map((former) => [former, name] as const)));
}

/** As it is called now; one that is gone keeps its name. */
export function presentName({ queues }: Pick<Centre, 'queues'>, queue: string): string {
  return queues.get(queue)?.name ?? queue;
}

/** All names under which the record may know it, the given one first. */
export function namesOfQueue({ queues }: Pick<Centre, 'queues'>, queue: string): readonly string[] {
  const { name = queue, formerly = [] } = queues.get(queue) ?? {};
  return [...new Set([queue, name, ...formerly])];
}

type Agents = Pick<Centre, 'agents' | 'formerAgents'>;

/**
 * As the agent is called now; one that is gone keeps the name. For names out of the record and of stores: who asks for
 * something under a former name has to be refused, or there would be two of one agent.
 */
export function presentAgent({ agents, formerAgents }: Agents, agent: string): string {
  return agents.has(agent) ? agent : (formerAgents.get(agent) ?? agent);
}

/** Whom the record means by that name. */
export function agentNamed(centre: Agents, agent: string): AgentConfig | undefined {
  return centre.agents.get(presentAgent(centre, agent));
}

/** All names under which the record may know the agent, the present one first. */
export function namesOfAgent(centre: Agents, agent: string): readonly string[] {
  const { name, formerly = [] } = agentNamed(centre, agent) ?? { name: agent };
  return [name, ...formerly];
}

/** Who waits, with queue and agent as they are called now; the same object when nothing has another name. */
export function presentEntry(centre: Agents & Pick<Centre, 'queues'>, entry: Entry): Entry {
  const queue = presentName(centre, entry.queue);
  const renamed = queue === entry.queue ? entry : { ...entry, queue };
  const { preferred } = entry;
  const agent = preferred === undefined ? undefined : presentAgent(centre, preferred.agent);
  if (preferred === undefined || agent === undefined || agent === preferred.agent) return renamed;
  return { ...renamed, preferred: { ...preferred, agent } };
}

/** A matter whose keeper, and owner of its call-back, are called as they are now. */
export function presentHolders(centre: Agents, interaction: Interaction): Interaction {
  const { keeper, callback } = interaction;
  return {
    ...interaction,
    ...(keeper === undefined ? {} : { keeper: { ...keeper, agent: presentAgent(centre, keeper.agent) } }),
    ...(callback === undefined ? {} : { callback: withPresentOwner(centre, callback) }),
  };
}

function withPresentOwner(centre: Agents, callback: Callback): Callback {
  if (!('owner' in callback) || callback.owner === undefined) return callback;
  return { ...callback, owner: { ...callback.owner, agent: presentAgent(centre, callback.owner.agent) } };
}

/** Each name, present or former, leads to one of a kind. */
export function checkFormerNames(
  part: 'queues' | 'agents',
  all: Readonly<Record<string, { readonly formerly: readonly string[] }>>,
  issue: (path: Path, message: string, advice: string) => void,
): void {
  const owners = new Map(Object.keys(all).map((name) => [name, name]));
  const advice = part === 'queues' ? 'one queue a name' : 'one agent a name';
  for (const [name, { formerly }] of Object.entries(all)) {
    for (const [index, former] of formerly.entries()) {
      const owner = owners.get(former);
      if (owner !== undefined) issue([part, name, 'formerly', index], `'${former}' already leads to ${owner}`, advice);
      owners.set(former, name);
    }
  }
}
