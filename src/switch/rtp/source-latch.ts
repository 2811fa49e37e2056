// Who may send to a leg: symmetric RTP learns the true source behind a NAT, then nobody else is heard.

export interface Source {
  readonly address: string;
  readonly port: number;
}

/** So many packets in sequence from one unexpected source make it the true one, unless the announced one speaks first. */
export const LATCH_PACKETS = 10;
const CANDIDATES_MAX = 8;
/** Two packets are in sequence when the second is at most so many ahead. */
const SEQUENCE_STEP_MAX = 5;

interface Candidate extends Source {
  packets: number;
  sequence: number;
}

/*
   learning ──packet of the announced source, or the tenth in sequence of another──▶ locked
   locked: packets of the source are accepted, all others dropped.
*/
type State =
  | { readonly state: 'learning'; readonly announced: Source; readonly candidates: Candidate[] }
  | { readonly state: 'locked'; readonly source: Source };

export class SourceLatch {
  #state: State;

  /** `learn: false` locks to the announced source at once. */
  constructor(announced: Source, learn: boolean) {
    this.#state = learn ? { state: 'learning', announced, candidates: [] } : { state: 'locked', source: announced };
  }

  /** Where to send: the true source, or the announced one while it is not known. */
  get target(): Source {
    return this.#state.state === 'locked' ? this.#state.source : this.#state.announced;
  }

  get locked(): boolean {
    return this.#state.state === 'locked';
  }

  /** True when a packet with this RTP sequence number from there may be heard. May lock. */
  accepts(address: string, port: number, sequence: number): boolean {
    const state = this.#state;
    if (state.state === 'locked') return state.source.port === port && state.source.address === address;
    const isAnnounced = state.announced.port === port && state.announced.address === address;
    if (!isAnnounced && !this.#hasEarnedTrust(state.candidates, address, port, sequence)) return false;
    this.#state = { state: 'locked', source: { address, port } };
    return true;
  }

  #hasEarnedTrust(candidates: Candidate[], address: string, port: number, sequence: number): boolean {
    const known = candidates.find((candidate) => candidate.port === port && candidate.address === address);
    if (known === undefined) {
      if (candidates.length >= CANDIDATES_MAX) candidates.shift();
      candidates.push({ address, port, packets: 1, sequence });
      return false;
    }
    const step = (sequence - known.sequence) & 0xffff;
    known.packets = step >= 1 && step <= SEQUENCE_STEP_MAX ? known.packets + 1 : 1;
    known.sequence = sequence;
    return known.packets >= LATCH_PACKETS;
  }
}
