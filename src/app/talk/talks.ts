// The talks that go on at this node, by interaction: found for whoever may act on them.
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Call } from '../call/call.js';
import { HiloError } from '../errors.js';
import type { Colleagues } from './colleagues.js';
import type { TalkSide } from './side.js';
import { Talk, type TalkOptions, type TalkOver } from './talk.js';

export interface TalksPorts {
  readonly colleagues: Colleagues;
  readonly ids: Ids;
  readonly log: Log;
}

export class Talks {
  readonly #ports: TalksPorts;
  readonly #talks = new Map<string, Talk>();

  constructor(ports: TalksPorts) {
    this.#ports = ports;
  }

  async talk(call: Call, first: TalkSide, options: TalkOptions): Promise<TalkOver> {
    const talk = new Talk(call, first, this.#ports, options);
    this.#talks.set(call.thread.id, talk);
    try {
      return await talk.run();
    } finally {
      if (this.#talks.get(call.thread.id) === talk) this.#talks.delete(call.thread.id);
    }
  }

  /** Throws HiloError `not-found`. */
  of(interaction: string): Talk {
    const talk = this.#talks.get(interaction);
    if (talk === undefined) throw new HiloError('not-found', 'nobody talks in this interaction at this node now');
    return talk;
  }
}
