// Calls that agents have placed at other nodes, as those tell: whoever looks on here sees how far they have come.
import type { Centre } from '../../core/routing/centre.js';
import type { Log } from '../../lib/log.js';
import type { LiveState } from '../floor/live-state.js';
import { EVERYBODY, type Letters, letterOf } from '../nodes/letters.js';
import type { PlacedCallView } from './placed-call.js';

const KIND = 'placed-call';

interface Told {
  readonly kind: typeof KIND;
  readonly from: string;
  readonly call: PlacedCallView;
}

export interface PlacedElsewherePorts {
  readonly letters: Letters;
  readonly live: Pick<LiveState, 'agent' | 'onChange'>;
  readonly centre: () => Pick<Centre, 'agents'>;
  readonly node: string;
  readonly log: Log;
}

export class PlacedElsewhere {
  readonly #ports: PlacedElsewherePorts;
  /** The last one of each agent of the centre. */
  readonly #calls = new Map<string, PlacedCallView>();

  /** `changed` is called with the agent, for as long as this node lives. */
  constructor(ports: PlacedElsewherePorts, changed: (agent: string) => void) {
    this.#ports = ports;
    const { letters, live, node } = ports;
    letters.listen(node, (text) => {
      const told = letterOf(text, KIND) as Told | undefined;
      if (told === undefined || told.from === node || !ports.centre().agents.has(told.call.agent)) return;
      this.#calls.set(told.call.agent, told.call);
      changed(told.call.agent);
    });
    live.onChange(({ kind, id }) => {
      if (kind === 'agent' && this.#calls.has(id)) changed(id);
    });
  }

  agents(): readonly string[] {
    return [...this.#calls.keys()];
  }

  of(agent: string): PlacedCallView | undefined {
    const call = this.#calls.get(agent);
    if (call === undefined || call.progress.state === 'over') return call;
    const presence = this.#ports.live.agent(agent);
    // The end of it is not told by a node that has died.
    return presence?.state === 'busy' && presence.entry === call.id ? call : undefined;
  }

  /** A letter that is lost is not sent again: the next step is told anyway. */
  tell(call: PlacedCallView): void {
    const { letters, node, log } = this.#ports;
    const told: Told = { kind: KIND, from: node, call };
    letters.send(EVERYBODY, JSON.stringify(told)).catch((error: unknown) => {
      log.warn({ err: error, agent: call.agent }, 'other nodes do not see how far a placed call has come');
    });
  }
}
