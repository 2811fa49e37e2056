// What is shown of the talks of this node: plain data, so that other nodes can show it too.
import type { TalkParty } from '../../core/interaction/talk/talk-event.js';
import type { RecordingState, Recordings } from '../call/recordings.js';
import type { Monitor, Monitoring } from '../supervision/monitoring.js';
import type { Writing } from '../writing/writing.js';
import type { Talk } from './talk.js';
import type { TalkState } from './talk-state.js';
import type { Talks } from './talks.js';

export interface CardParty extends TalkParty {
  readonly device: string;
  readonly muted: boolean;
  readonly queue?: string;
}

export interface TalkCard {
  readonly interaction: string;
  /** '' when withheld. */
  readonly customer: string;
  readonly state: TalkState['state'];
  /** On our side; the first is the one the customer deals with. */
  readonly parties: readonly CardParty[];
  /** Agent or number that is consulted. */
  readonly consulted?: string;
  readonly recording: RecordingState;
  /** The customer's phone has real-time text. */
  readonly canWrite: boolean;
  readonly monitor?: Pick<Monitor, 'by' | 'mode' | 'state'>;
}

export interface TalkCardsPorts {
  readonly talks: Pick<Talks, 'find' | 'all' | 'onChange'>;
  readonly recordings: Pick<Recordings, 'stateOf' | 'onChange'>;
  readonly writing: Pick<Writing, 'reaches'>;
  readonly monitoring: Pick<Monitoring, 'of' | 'onChange'>;
}

export class TalkCards {
  constructor(private readonly ports: TalkCardsPorts) {}

  /** Undefined: nobody talks in this interaction at this node. */
  of(interaction: string): TalkCard | undefined {
    const talk = this.ports.talks.find(interaction);
    return talk && this.#card(interaction, talk);
  }

  /** Whom the customer deals with, by name: cheaper than the card. */
  leads(interaction: string): string | undefined {
    return this.ports.talks.find(interaction)?.main.party.name;
  }

  all(): TalkCard[] {
    return this.ports.talks.all().map((talk) => this.#card(talk.call.thread.id, talk));
  }

  /** Calls `listener` with the interaction whose card is another, new or gone; returns how to stop that. */
  onChange(listener: (interaction: string) => void): () => void {
    const { talks, recordings, monitoring } = this.ports;
    const stops = [talks.onChange(listener), recordings.onChange(listener), monitoring.onChange(listener)];
    return () => {
      for (const stop of stops) stop();
    };
  }

  #card(interaction: string, talk: Talk): TalkCard {
    const { recordings, writing, monitoring } = this.ports;
    const { main, sides, consulted } = talk;
    const ear = monitoring.of(interaction);
    return {
      ...{ interaction, customer: talk.call.from, state: talk.state },
      parties: [main, ...sides.filter((side) => side !== main)].map((side) => ({
        ...side.party,
        ...{ device: side.device, muted: talk.isMuted(side) },
        ...(side.queue === undefined ? {} : { queue: side.queue }),
      })),
      ...(consulted === undefined
        ? {}
        : { consulted: consulted.kind === 'agent' ? consulted.agent : consulted.number }),
      recording: recordings.stateOf(interaction),
      canWrite: writing.reaches(interaction),
      ...(ear === undefined ? {} : { monitor: { by: ear.by, mode: ear.mode, state: ear.state } }),
    };
  }
}
