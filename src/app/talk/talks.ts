// The talks that go on at this node, by interaction: found for whoever may act on them.
import type { Centre } from '../../core/routing/centre.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Call } from '../call/call.js';
import { HiloError } from '../errors.js';
import type { ClaimedLine } from '../supervision/monitoring.js';
import type { Colleagues } from './colleagues.js';
import { followPhone, type PhoneButtonsPorts } from './phone-buttons.js';
import type { TalkSide } from './side.js';
import { Talk } from './talk.js';
import type { TalkOptions, TalkOver } from './talk-state.js';

/** How the call ends then. */
export const CUT_OFF = 'ended-by-supervisor';

export interface TalksPorts {
  readonly colleagues: Pick<Colleagues, 'check' | 'reach'>;
  /** The line on which that user listens to the conversation, taken out of that; undefined: they do not. */
  readonly claimLine: (interaction: string, by: string) => Promise<ClaimedLine> | undefined;
  readonly centre: () => Centre;
  readonly ids: Ids;
  readonly log: Log;
}

export class Talks {
  readonly #ports: TalksPorts;
  readonly #buttons: PhoneButtonsPorts;
  readonly #talks = new Map<string, Talk>();
  readonly #listeners = new Set<(interaction: string) => void>();

  constructor(ports: TalksPorts) {
    this.#ports = ports;
    this.#buttons = {
      ...ports,
      ownTalk: (callId) => [...this.#talks.values()].find(({ call }) => call.leg.callId === callId),
    };
  }

  /** Calls `listener` with the interaction when its talk begins, is changed or over; returns how to stop that. */
  onChange(listener: (interaction: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async talk(call: Call, first: TalkSide, options: TalkOptions): Promise<TalkOver> {
    const { id } = call.thread;
    const onChange = (): void => this.#tell(id);
    let stopFollowing = (): void => undefined;
    const onMain = (side: TalkSide): void => {
      stopFollowing();
      stopFollowing = followPhone(talk, side, this.#buttons);
      options.onMain(side);
    };
    const talk = new Talk(call, first, this.#ports, { ...options, onMain, onChange });
    this.#talks.set(id, talk);
    onChange();
    try {
      onMain(first);
      return await talk.run();
    } finally {
      stopFollowing();
      if (this.#talks.get(id) === talk) this.#talks.delete(id);
      onChange();
    }
  }

  /** A supervisor who listens takes over on that line; anybody else is rung first. Rejects as {@link Talk.takeOver}. */
  async takeOver(interaction: string, by: string, agent = by): Promise<void> {
    const talk = this.of(interaction);
    // Who listens goes on listening where they cannot take over.
    talk.checkReceive();
    const line = await this.#ports.claimLine(interaction, by);
    if (line === undefined) return talk.takeOver({ kind: 'agent', agent }, by);
    const { leg, device, over } = line;
    const side: TalkSide = {
      ...{ leg, device, entry: this.#ports.ids.uuid(), release: over },
      party: { kind: 'agent', name: line.agent },
    };
    return talk.takeOver({ kind: 'agent', agent: line.agent }, by, side);
  }

  /** A supervisor ends it for everybody in it. Rejects with HiloError `not-found`. */
  async cutOff(interaction: string, by: string): Promise<void> {
    const { call, main } = this.of(interaction);
    call.thread.note({ type: 'talk-cut-off', data: { segment: call.segment, by, agent: main.party.name } });
    await call.leg.hangUp({ by: 'hilo', reason: CUT_OFF });
  }

  /** Undefined: nobody talks in this interaction at this node. */
  find(interaction: string): Talk | undefined {
    return this.#talks.get(interaction);
  }

  all(): readonly Talk[] {
    return [...this.#talks.values()];
  }

  /** The one in which that agent deals with the customer. */
  ofAgent(agent: string): Talk | undefined {
    return [...this.#talks.values()].find(({ main: { party } }) => party.kind === 'agent' && party.name === agent);
  }

  /** Throws HiloError `not-found`. */
  of(interaction: string): Talk {
    const talk = this.#talks.get(interaction);
    if (talk === undefined) throw new HiloError('not-found', 'nobody talks in this interaction at this node now');
    return talk;
  }

  #tell(interaction: string): void {
    for (const listener of this.#listeners) listener(interaction);
  }
}
