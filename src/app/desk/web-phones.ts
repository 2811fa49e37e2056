// The telephones in the browsers of agents: which device that is, and passwords for it that are worthless soon.
import { createHmac } from 'node:crypto';
import type { AgentConfig, Centre, DeviceConfig } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import { HiloError } from '../errors.js';

/** A password holds until the end of the window after the one it was given in: for one to two of these. */
export const WINDOW_MS = 15 * 60_000;

export interface WebPhonesPorts {
  readonly centre: () => Centre;
  /** The same on all nodes that serve the same phones. */
  readonly key: () => string;
  readonly clock: Clock;
}

export interface WebPhoneSecret {
  readonly device: string;
  readonly password: string;
  /** Unix ms. */
  readonly expiresAtMs: number;
}

/** Nothing is kept: what was given out is known again by its key and the time. */
export class WebPhones {
  constructor(private readonly ports: WebPhonesPorts) {}

  /** For the agent alone. Throws HiloError `not-found`: no such agent, or none of the devices can be a browser. */
  secretFor(agent: string): WebPhoneSecret {
    const config = this.ports.centre().agents.get(agent);
    const device = config === undefined ? undefined : webDeviceOf(config);
    if (device === undefined) throw new HiloError('not-found', `${agent} has no device that is a browser`);
    const window = this.#window();
    return {
      device: device.name,
      password: this.#secret(agent, device.name, window),
      expiresAtMs: (window + 2) * WINDOW_MS,
    };
  }

  /** What the device may prove itself with now; [] for a device that no browser can be. */
  secretsOf(device: string): readonly string[] {
    for (const agent of this.ports.centre().agents.values()) {
      if (webDeviceOf(agent)?.name !== device) continue;
      const window = this.#window();
      return [window, window - 1].map((one) => this.#secret(agent.name, device, one));
    }
    return [];
  }

  #window(): number {
    return Math.floor(this.ports.clock.nowMs() / WINDOW_MS);
  }

  #secret(agent: string, device: string, window: number): string {
    const said = ['web phone', agent, device, window].join('\n');
    return createHmac('sha256', this.ports.key()).update(said).digest('base64url');
  }
}

/** The one that is meant for it; else a telephone whose place the browser may take. */
export function webDeviceOf({ devices }: Pick<AgentConfig, 'devices'>): DeviceConfig | undefined {
  const phones = devices.filter(({ kind, security }) => kind === 'sip' && security === undefined);
  return phones.find(({ browser }) => browser === true) ?? phones[0];
}
