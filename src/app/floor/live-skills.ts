// The centre as it decides now: its files, with the skills that supervisors gave to agents meanwhile, and the devices that
// agents chose for themselves.
import type { AgentConfig, Centre } from '../../core/routing/centre.js';
import { chosenDevices } from '../../core/routing/devices.js';
import type { LiveState } from './live-state.js';

export class LiveSkills {
  readonly #live: LiveState;
  readonly #files: () => Centre;
  /** Skills and choices, as text, by agent: what the last centre was made with. */
  readonly #given = new Map<string, string>();
  #made: { readonly from: Centre; readonly centre: Centre } | undefined;

  constructor(live: LiveState, files: () => Centre) {
    this.#live = live;
    this.#files = files;
    live.onChange(({ kind, id }) => {
      if (kind === 'agent') this.#look(id);
    });
    live.onReset(() => {
      this.#made = undefined;
    });
  }

  /** The same object until something changes. */
  centre(): Centre {
    const from = this.#files();
    if (this.#made?.from !== from) this.#made = { from, centre: this.#with(from) };
    return this.#made.centre;
  }

  #look(agent: string): void {
    const { skills, rings } = this.#live.agent(agent) ?? {};
    const text = skills === undefined && rings === undefined ? undefined : JSON.stringify([skills, rings]);
    if (this.#given.get(agent) === text) return;
    if (text === undefined) this.#given.delete(agent);
    else this.#given.set(agent, text);
    this.#made = undefined;
  }

  #with(from: Centre): Centre {
    let agents: Map<string, AgentConfig> | undefined;
    for (const [name, config] of from.agents) {
      const { skills = config.skills, rings } = this.#live.agent(name) ?? {};
      if (skills === config.skills && rings === undefined) continue;
      agents ??= new Map(from.agents);
      agents.set(name, { ...config, skills, devices: chosenDevices(config.devices, rings) });
    }
    return agents === undefined ? from : { ...from, agents };
  }
}
