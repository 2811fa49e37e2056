// At which of their devices agents are rung: their own choice, kept wherever and whenever they come back.
import type { DeviceKind } from '../../core/acd/agent.js';
import type { Centre, DeviceConfig } from '../../core/routing/centre.js';
import { kindOf } from '../../core/routing/devices.js';
import { HiloError } from '../errors.js';
import type { Eventually } from '../eventually.js';
import type { AgentStore } from '../floor/agent-store.js';
import type { Agents } from '../floor/agents.js';
import type { LiveState } from '../floor/live-state.js';

export interface AgentDevicesPorts {
  readonly agents: Agents;
  readonly live: LiveState;
  readonly agentStore: Pick<AgentStore, 'rings' | 'setRings'>;
  /** As the files say, whatever was chosen. */
  readonly files: () => Centre;
  readonly eventually: Eventually;
}

export interface ChosenDevices {
  readonly devices: readonly DeviceConfig[];
  /** undefined: all of them ring. */
  readonly rings: DeviceKind | undefined;
}

export class AgentDevices {
  constructor(private readonly ports: AgentDevicesPorts) {
    // The live state may have been lost, or be older than the last choice.
    ports.live.onReset(() => this.restore());
  }

  /** Brings the live state in line with what was chosen. */
  restore(): void {
    this.ports.eventually.do('devices chosen by agents', async () => {
      const kept = await this.ports.agentStore.rings();
      for (const name of this.ports.files().agents.keys()) await this.#apply(name, kept.get(name));
    });
  }

  /** Throws HiloError `not-found`. */
  of(agent: string): ChosenDevices {
    const config = this.ports.files().agents.get(agent);
    if (config === undefined) throw new HiloError('not-found', `there is no agent ${agent}`);
    return { devices: config.devices, rings: this.ports.agents.presence(agent).rings };
  }

  /**
   * From the next ring on; what rings or talks now is not touched. Stored first, so that it outlives whatever happens next.
   * Rejects with HiloError `not-found`, `invalid-input` (the agent has none of that kind), `store-unavailable`.
   */
  async choose(agent: string, rings: DeviceKind | undefined): Promise<void> {
    const { devices } = this.of(agent);
    if (rings !== undefined && !devices.some((device) => kindOf(device) === rings)) {
      throw new HiloError('invalid-input', `centre.yaml gives ${agent} no device of the kind ${rings}`);
    }
    await this.ports.agentStore.setRings(agent, rings);
    await this.#apply(agent, rings);
    // Who cannot be reached that way is not available any more, and who can now is.
    this.ports.agents.reconcile(agent);
  }

  async #apply(agent: string, rings: DeviceKind | undefined): Promise<void> {
    if (this.ports.agents.presence(agent).rings === rings) return;
    await this.ports.agents.apply(agent, { type: 'rings-set', rings });
  }
}
