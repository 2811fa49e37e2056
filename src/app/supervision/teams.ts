// Agents whom a supervisor has put into another team, for a while or until further notice; the centre's file stays as it is.
import type { AgentConfig, Centre } from '../../core/routing/centre.js';
import { agentNamed, namesOfAgent } from '../../core/routing/keys/former-names.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import { Refreshed } from './refreshed.js';

export interface TeamMove {
  readonly agent: string;
  readonly team: string;
  /** Absent: until somebody changes it. */
  readonly untilMs?: number;
  /** The user. */
  readonly by: string;
  readonly atMs: number;
}

/** Each rejects with HiloError `store-unavailable`. */
export interface TeamStore {
  /** Those in force then. */
  moves(nowMs: number): Promise<readonly TeamMove[]>;
  move(move: TeamMove): Promise<void>;
  back(agent: string): Promise<void>;
}

export interface TeamsPorts {
  readonly store: TeamStore;
  readonly files: () => Centre;
  readonly clock: Clock;
  readonly log: Log;
}

type Moves = ReadonlyMap<string, TeamMove>;

export class Teams {
  readonly #ports: TeamsPorts;
  readonly #known: Refreshed<Moves>;
  #made:
    | { readonly from: Centre; readonly moves: Moves; readonly untilMs: number; readonly centre: Centre }
    | undefined;

  constructor(ports: TeamsPorts) {
    this.#ports = ports;
    const { store, clock, log } = ports;
    const read = async (): Promise<Moves> =>
      new Map((await store.moves(clock.nowMs())).map((move) => [move.agent, move]));
    this.#known = new Refreshed<Moves>({ what: 'moves between teams', first: new Map(), read, clock, log });
  }

  start(): Promise<void> {
    return this.#known.start();
  }

  close(): void {
    this.#known.close();
  }

  onChange(listener: () => void): () => void {
    return this.#known.onChange(listener);
  }

  /** Undefined: that agent is in the team of the file. */
  of(agent: string): TeamMove | undefined {
    const moves = this.#known.present;
    const move = namesOfAgent(this.#ports.files(), agent)
      .map((name) => moves.get(name))
      .find((one) => one !== undefined);
    return move !== undefined && isInForce(move, this.#ports.clock.nowMs()) ? move : undefined;
  }

  /** All teams there are, by name. */
  names(): string[] {
    const of = [...this.#ports.files().agents.values()].flatMap(({ team }) => (team === undefined ? [] : [team]));
    return [...new Set(of)].sort();
  }

  /** The same object until something changes, or a move is over. */
  over(from: Centre): Centre {
    const moves = this.#known.present;
    if (moves.size === 0) return from;
    const nowMs = this.#ports.clock.nowMs();
    const made = this.#made;
    if (made?.from === from && made.moves === moves && nowMs < made.untilMs) return made.centre;
    const present = [...moves.values()].filter((move) => isInForce(move, nowMs));
    const agents = new Map<string, AgentConfig>(from.agents);
    for (const { agent, team } of present) {
      const config = agentNamed(from, agent);
      if (config !== undefined) agents.set(config.name, { ...config, team });
    }
    const untilMs = Math.min(...present.map((move) => move.untilMs ?? Number.POSITIVE_INFINITY));
    const centre = present.length === 0 ? from : { ...from, agents };
    this.#made = { from, moves, untilMs, centre };
    return centre;
  }

  /** In force with the next decision. Rejects with HiloError `not-found`, `invalid-input` (no such team), `store-unavailable`. */
  async move(agent: string, team: string, forMs: number | undefined, by: string): Promise<void> {
    this.#check(agent);
    if (!this.names().includes(team)) {
      throw new HiloError('invalid-input', `the teams of this centre are: ${this.names().join(', ') || 'none'}`);
    }
    const { store, clock } = this.#ports;
    const atMs = clock.nowMs();
    const move = { agent, team, by, atMs, ...(forMs === undefined ? {} : { untilMs: atMs + forMs }) };
    await store.move(move);
    this.#known.set(new Map([...this.#known.present, [agent, move]]));
  }

  /** Into the team of the file again. Rejects with HiloError `not-found`, `store-unavailable`. */
  async back(agent: string): Promise<void> {
    this.#check(agent);
    await this.#ports.store.back(agent);
    const moves = new Map(this.#known.present);
    moves.delete(agent);
    this.#known.set(moves);
  }

  #check(agent: string): void {
    if (!this.#ports.files().agents.has(agent)) throw new HiloError('not-found', `there is no agent ${agent}`);
  }
}

function isInForce({ untilMs }: TeamMove, nowMs: number): boolean {
  return untilMs === undefined || untilMs > nowMs;
}
