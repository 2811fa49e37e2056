import { describe, expect, it } from 'vitest';
import type { Registration, RegistrationStore } from '../../../src/app/ports.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { Location } from '../../../src/voice/registrar/location.js';

class MemoryStore implements RegistrationStore {
  readonly rows: Registration[] = [];
  away = false;
  told: (device: string | undefined) => void = () => undefined;
  onChange(listener: (device: string | undefined) => void): void {
    this.told = listener;
  }
  async put(registration: Registration): Promise<void> {
    if (this.away) throw new Error('away');
    this.rows.push(registration);
  }
  async remove(device: string, contact?: string): Promise<void> {
    const keep = this.rows.filter((row) => row.device !== device || (contact !== undefined && row.contact !== contact));
    this.rows.splice(0, Number.POSITIVE_INFINITY, ...keep);
  }
  async of(device: string): Promise<readonly Registration[]> {
    if (this.away) throw new Error('away');
    return this.rows.filter((row) => row.device === device);
  }
  async all(): Promise<readonly Registration[]> {
    if (this.away) throw new Error('away');
    return this.rows;
  }
}

function setUp() {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const location = new Location(store, clock, silentLog);
  const changes: string[] = [];
  location.onChange((device, registered) => changes.push(`${device} ${registered}`));
  const binding = (contact: string, lifeMs: number, device = 'ana-desk'): Registration => ({
    device,
    contact,
    source: { address: '192.0.2.7', port: 5060, transport: 'udp' },
    callId: 'c',
    cseq: 1,
    expiresAtMs: clock.nowMs() + lifeMs,
    userAgent: '',
  });
  return { clock, store, location, changes, binding };
}

describe('what another node registers', () => {
  it('is known here at once, and gone when it is signed off there', async () => {
    const { location, changes, binding, store } = setUp();
    store.rows.push(binding('sip:1@h', 1000));
    store.told('ana-desk');
    await new Promise(setImmediate);
    expect([location.of('ana-desk').length, changes]).toEqual([1, ['ana-desk true']]);
    store.rows.length = 0;
    store.told('ana-desk');
    await new Promise(setImmediate);
    expect(changes).toEqual(['ana-desk true', 'ana-desk false']);
  });

  it('is read anew after some may have been missed', async () => {
    const { location, binding, store } = setUp();
    store.rows.push(binding('sip:1@h', 1000));
    store.told(undefined);
    await new Promise(setImmediate);
    expect(location.of('ana-desk')).toHaveLength(1);
  });
});

describe('location of devices', () => {
  it('tells of the first contact and of the loss of the last, by expiry too', () => {
    const { clock, location, changes, binding, store } = setUp();
    const [short, long] = [binding('sip:1@h', 1000), binding('sip:2@h', 2000)];
    location.update('ana-desk', { bindings: [short, long], put: [short, long], removed: [] });
    expect(changes).toEqual(['ana-desk true']);
    clock.advance(1000);
    expect(location.of('ana-desk')).toEqual([long]);
    expect(changes).toHaveLength(1);
    clock.advance(1000);
    expect(changes).toEqual(['ana-desk true', 'ana-desk false']);
    expect(store.rows).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('takes over what an earlier process knew', async () => {
    const { location, changes, binding, store } = setUp();
    store.rows.push(binding('sip:1@h', 1000), binding('sip:old@h', 0, 'bruno-desk'));
    await location.load();
    expect(changes).toEqual(['ana-desk true']);
  });

  it('finds devices that registered with another node', async () => {
    const { location, binding, store } = setUp();
    store.rows.push(binding('sip:1@h', 1000), binding('sip:gone@h', 0));
    expect(await location.find('ana-desk')).toHaveLength(1);
  });

  it('goes on without the store', async () => {
    const { location, changes, binding, store } = setUp();
    store.away = true;
    await location.load();
    const one = binding('sip:1@h', 1000);
    location.update('ana-desk', { bindings: [one], put: [one], removed: [] });
    expect(changes).toEqual(['ana-desk true']);
    expect(await location.find('bruno-desk')).toEqual([]);
  });
});
