// A telephony on a real switch with phones around it: what the system tests of voice/ share.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncomingCall, Leg, Registration, RegistrationStore } from '../../src/app/ports.js';
import type { TrunkConfig } from '../../src/core/routing/centre.js';
import { writeWav } from '../../src/core/sound/wav-writing.js';
import { systemClock } from '../../src/lib/clock.js';
import { systemIds } from '../../src/lib/ids.js';
import { type Log, silentLog } from '../../src/lib/log.js';
import { withTimeOut } from '../../src/lib/time-out.js';
import { Phone } from '../../src/sim/phone/phone.js';
import { type TelephonyOptions, VoiceTelephony } from '../../src/voice/telephony.js';
import { type SwitchProcess, startSwitchProcess } from '../support/switch-process.js';

/** Agents' phones come from another address than the trunk, so that who is who is clear. */
export const AGENT_ADDRESS = '127.0.0.3';
export const STRANGER_ADDRESS = '127.0.0.9';
export const TONES = { prompt: 440, second: 697, music: 880, record: 1000, caller: 1150, agent: 1500 } as const;
export const ALL_TONES: readonly number[] = Object.values(TONES);

export class MemoryRegistrations implements RegistrationStore {
  readonly #rows = new Map<string, Registration>();
  async put(registration: Registration): Promise<void> {
    this.#rows.set(`${registration.device} ${registration.contact}`, registration);
  }
  async remove(device: string, contact?: string): Promise<void> {
    for (const [key, row] of this.#rows) {
      if (row.device === device && (contact === undefined || row.contact === contact)) this.#rows.delete(key);
    }
  }
  async of(device: string): Promise<readonly Registration[]> {
    return [...this.#rows.values()].filter((row) => row.device === device);
  }
  async all(): Promise<readonly Registration[]> {
    return [...this.#rows.values()];
  }
}

export const SECRETS: Readonly<Record<string, string>> = {
  'ana-desk': 'ana secret',
  'bruno-desk': 'bruno secret',
  'carla-desk': 'carla secret',
  'dora-desk': 'dora secret',
  '+34600001234': 'visitor secret',
};
/** Tries the centre out: its phone bears the customer's number. */
export const VISITOR = '+34600001234';

export interface Bench {
  readonly switch: SwitchProcess;
  readonly telephony: VoiceTelephony;
  /** WAV files of ten seconds, one tone each. */
  readonly prompts: { readonly prompt: string; readonly second: string; readonly short: string };
  readonly folder: string;
  readonly registrations: readonly string[];
  /** What the trunk's other end receives. */
  readonly gateway: Phone;
  /** A phone of a customer, at the address of the trunk. */
  caller(): Promise<Phone>;
  /** A registered phone of an agent. */
  agent(device?: string): Promise<Phone>;
  phone(user: string, address: string, password?: string, tcp?: boolean): Promise<Phone>;
  /** The next call that comes in. */
  nextCall(): Promise<IncomingCall>;
  /** A caller who is answered. */
  answeredCall(): Promise<{
    phone: Phone;
    leg: Leg;
    call: Awaited<ReturnType<Phone['invite']>>;
    incoming: IncomingCall;
  }>;
  close(): Promise<void>;
}

export function telephonyOptions(
  sw: SwitchProcess,
  trunks: readonly TrunkConfig[],
  change: Partial<TelephonyOptions> = {},
): TelephonyOptions {
  return {
    drachtio: [{ ...sw.drachtio, secret: sw.secret }],
    freeswitch: [{ ...sw.eventSocket, secret: sw.secret }],
    profile: 'drachtio_mrf',
    eventSocket: { listenAddress: '127.0.0.1' },
    realm: 'hilo',
    nonceKey: 'nonce key',
    trunks: () => trunks,
    devices: {
      secretsOf: (device) => [SECRETS[device] ?? []].flat(),
      trunkOf: (device) => (device === VISITOR ? 'lab' : undefined),
      isVisitor: (number) => number === VISITOR,
      agentOf: (device) => device.split('-')[0],
      securityOf: (device) => (device === 'dora-desk' ? 'sdes' : undefined),
    },
    registrations: new MemoryRegistrations(),
    clock: systemClock,
    ids: systemIds,
    log: process.env['VERBOSE'] ? consoleLog : silentLog,
    ...change,
  };
}

const consoleLog: Log = {
  debug: (fields, message) => console.log('debug', message, fields),
  info: (fields, message) => console.log('info', message, fields),
  warn: (fields, message) => console.log('warn', message, fields),
  error: (fields, message) => console.log('error', message, fields),
  child: () => consoleLog,
};

/** Path of the file. */
async function wav(folder: string, name: string, hertz: number, seconds: number): Promise<string> {
  const samples = Float32Array.from(
    { length: 8000 * seconds },
    (_, at) => 0.4 * Math.sin((2 * Math.PI * hertz * at) / 8000),
  );
  const file = join(folder, `${name}.wav`);
  await writeFile(file, writeWav({ rate: 8000, samples }));
  return file;
}

export async function openBench(
  change: Partial<TelephonyOptions> = {},
  onSwitch: (sw: SwitchProcess) => Partial<TelephonyOptions> = () => ({}),
): Promise<Bench> {
  const sw = await startSwitchProcess({}, (data) => wav(join(data, 'music'), 'moh', TONES.music, 4));
  const folder = join(sw.folder, 'prompts');
  await mkdir(folder, { recursive: true });
  const prompts = {
    prompt: await wav(folder, 'prompt', TONES.prompt, 10),
    second: await wav(folder, 'second', TONES.second, 10),
    short: await wav(folder, 'short', TONES.prompt, 0.5),
  };
  const gateway = await Phone.open({ user: 'gateway', server: sw.sip, address: '127.0.0.2' });
  const [, gatewayPort = '5060'] = /:(\d+)$/.exec(gateway.contact) ?? [];
  const trunks: TrunkConfig[] = [
    {
      name: 'lab',
      peers: ['127.0.0.1', '127.0.0.2/32'],
      callerId: '+34910000000',
      outbound: { host: '127.0.0.2', port: Number(gatewayPort), transport: 'udp' },
    },
  ];
  const telephony = new VoiceTelephony(telephonyOptions(sw, trunks, { ...change, ...onSwitch(sw) }));
  const calls: IncomingCall[] = [];
  const waiting: ((call: IncomingCall) => void)[] = [];
  const registrations: string[] = [];
  telephony.onCall((call) => {
    const next = waiting.shift();
    if (next === undefined) calls.push(call);
    else next(call);
  });
  telephony.onRegistration((device, registered) => registrations.push(`${device} ${registered}`));
  await telephony.start();
  const phones: Phone[] = [gateway];
  const phone = async (user: string, address: string, password?: string, tcp = false): Promise<Phone> => {
    const secret = password === undefined ? {} : { password };
    const opened = await Phone.open({ user, server: sw.sip, address, tcp, ...secret });
    phones.push(opened);
    return opened;
  };
  const nextCall = (): Promise<IncomingCall> => {
    const here = calls.shift();
    if (here !== undefined) return Promise.resolve(here);
    return withTimeOut(systemClock, 'a call', 5000, new Promise((resolve) => waiting.push(resolve)));
  };
  const caller = (): Promise<Phone> => phone('5551234', '127.0.0.1');
  return {
    switch: sw,
    telephony,
    gateway,
    prompts,
    folder,
    registrations,
    phone,
    caller,
    nextCall,
    async agent(device = 'ana-desk') {
      const opened = await phone(device, AGENT_ADDRESS, SECRETS[device]);
      const answer = await opened.register();
      if (!answer.start.includes('200')) throw new Error(`not registered: ${answer.start}`);
      return opened;
    },
    async answeredCall() {
      const opened = await caller();
      const call = await opened.invite('1000');
      const incoming = await nextCall();
      const leg = await incoming.answer();
      await call.final.seen;
      return { phone: opened, leg, call, incoming };
    },
    async close() {
      for (const opened of phones) opened.close();
      await telephony.close();
      await sw.close();
    },
  };
}
