// What was decided of emergency messages, in memory.
import type { EmergencyMessage, EmergencyStore } from '../../../src/app/emergency/emergency.js';
import { HiloError } from '../../../src/app/errors.js';

export class FakeEmergencies implements EmergencyStore {
  readonly decisions: Parameters<EmergencyStore['decideEmergency']>[0][] = [];
  available = true;

  async emergency(): Promise<EmergencyMessage | undefined> {
    this.#check();
    return this.decisions.at(-1)?.message;
  }

  async decideEmergency(decision: Parameters<EmergencyStore['decideEmergency']>[0]): Promise<void> {
    this.#check();
    this.decisions.push(decision);
  }

  #check(): void {
    if (!this.available) throw new HiloError('store-unavailable', 'the database is away');
  }
}
