// A test's customers and agents around a running Hilo; when it is over everybody hangs up and signs off.
import { randomInt } from 'node:crypto';
import type { PhoneCall } from '../../../src/sim/phone/call.js';
import { statusOf } from '../../../src/sim/phone/message.js';
import { Phone } from '../../../src/sim/phone/phone.js';
import { eventually } from '../servers.js';
import { type AgentView, Api } from './api.js';
import { ALL_TONES } from './centre.js';
import { Matters } from './record.js';
import { type HiloAddress, PASSWORD } from './server.js';
import { runSipp, Sipp, type SippOptions } from './sipp.js';

/** Agents' phones live here: not at the address of the trunk, so that who is who is clear. */
const AGENT_ADDRESS = '127.0.0.3';
export const STRANGER_ADDRESS = '127.0.0.9';
const SILENCE = 0;

export interface Customer {
  readonly number: string;
  readonly phone: Phone;
}

export class Scene {
  readonly hilo: HiloAddress;
  readonly api: Api;
  readonly matters: Matters;
  readonly #phones: Phone[] = [];
  readonly #registered: { readonly device: string; readonly port: number }[] = [];
  readonly #sipps: Sipp[] = [];

  constructor(hilo: HiloAddress) {
    this.hilo = hilo;
    this.api = new Api(hilo.http);
    this.matters = new Matters(this.api);
  }

  /** A Spanish mobile number that nobody has called from before. */
  newNumber(): string {
    return `+346${String(randomInt(10 ** 8)).padStart(8, '0')}`;
  }

  async customer(number = this.newNumber()): Promise<Customer> {
    return { number, phone: await this.#open({ user: number }) };
  }

  /** What the world outside answers when it is called over the trunk. */
  outside(): Promise<Phone> {
    return this.#open({ user: 'outside', port: this.hilo.trunkPort });
  }

  /** An agent's phone, registered; it does nothing when called until told. */
  async agent(device: string): Promise<Phone> {
    const phone = await this.#open({ user: device, password: PASSWORD, address: AGENT_ADDRESS });
    const answer = await phone.register();
    if (statusOf(answer) !== 200) throw new Error(`${device} not registered: ${answer.start}`);
    this.#registered.push({ device, port: Number(phone.contact.split(':').at(-1)) });
    return phone;
  }

  /** An agent's phone that is a SIPp scenario. */
  async sippAgent(device: string, scenario: string, options: SippOptions = {}): Promise<Sipp> {
    const sipp = await this.sipp(scenario, { ...options, address: AGENT_ADDRESS });
    await this.register(device, sipp.port);
    return sipp;
  }

  /** Registers a contact that may or may not be there. */
  async register(device: string, port: number): Promise<void> {
    const phone = await this.#open({ user: device, password: PASSWORD, address: AGENT_ADDRESS });
    const answer = await phone.register({ contact: contactOf(device, port) });
    if (statusOf(answer) !== 200) throw new Error(`${device} not registered: ${answer.start}`);
    this.#registered.push({ device, port });
  }

  async unregister(device: string): Promise<void> {
    const phone = await this.#open({ user: device, password: PASSWORD, address: AGENT_ADDRESS });
    await phone.register({ contact: '*', expires: 0 });
  }

  async sipp(scenario: string, options: SippOptions = {}): Promise<Sipp> {
    const sipp = await Sipp.start(scenario, options);
    this.#sipps.push(sipp);
    return sipp;
  }

  /** Customers that are a SIPp scenario, from the address of the trunk: one call from each number. */
  call(scenario: string, to: string, from: string | readonly string[], pauseMs = 0): Promise<Sipp> {
    return this.sipp(scenario, { server: this.hilo.sip, keys: { to }, list: [from].flat(), pauseMs });
  }

  run(scenario: string, options: SippOptions): Promise<void> {
    return runSipp(scenario, { server: this.hilo.sip, ...options });
  }

  /** Everybody goes, and Hilo has to notice: no call may be left over, and none without an end. Others may come afterwards. */
  async close(): Promise<void> {
    for (const call of this.#phones.flatMap(({ calls }) => calls)) hangUp(call);
    try {
      await Promise.all(this.#sipps.splice(0).map((sipp) => sipp.kill()));
      for (const { device } of this.#registered.splice(0)) await this.unregister(device);
      await eventually('no call is left', async () => (await this.api.callsLeft()) === 0);
    } finally {
      for (const phone of this.#phones.splice(0)) phone.close();
    }
  }

  /** What a story that broke off has left written: conversations are over, and who waits does so no more. */
  async endWritten(): Promise<void> {
    const { agents } = await this.api.get<{ agents: AgentView[] }>('/api/agents');
    for (const { id: agent } of agents) {
      const { conversations } = await this.api.get<{ conversations: { id: string }[] }>(
        `/api/conversations?agent=${agent}`,
      );
      for (const { id } of conversations) await this.api.post(`/api/conversations/${id}/close`, {});
    }
    const { queues } = await this.api.get<{ queues: { id: string }[] }>('/api/queues');
    for (const { id: queue } of queues) {
      const { entries } = await this.api.get<{ entries: { id: string; kind: string }[] }>(
        `/api/queues/${queue}/entries`,
      );
      const written = entries.filter(({ kind }) => kind === 'message');
      for (const { id } of written) await this.api.delete(`/api/queues/${queue}/entries/${id}`);
    }
  }

  async #open(options: { user: string; password?: string; address?: string; port?: number }): Promise<Phone> {
    const phone = await Phone.open({ ...options, server: this.hilo.sip });
    this.#phones.push(phone);
    return phone;
  }
}

function contactOf(device: string, port: number): string {
  return `<sip:${device}@${AGENT_ADDRESS}:${port}>`;
}

function hangUp(call: PhoneCall): void {
  if (call.outgoing && !call.final.happened) call.cancel();
  else if (!call.byeReceived.happened && !call.hungUp) call.bye();
}

/** Resolves when the call hears this tone. */
export async function hears(call: PhoneCall, hertz: number, limitMs = 10_000): Promise<void> {
  const heard: (number | undefined)[] = [];
  const listen = (): boolean => {
    const tone = call.audio.tone(ALL_TONES);
    if (heard.length === 0 || heard.at(-1) !== tone) heard.push(tone);
    return tone === hertz;
  };
  try {
    await eventually(`hearing ${hertz} Hz`, listen, limitMs);
  } catch (error) {
    const ended = call.byeReceived.happened ? ', then BYE' : '';
    throw new Error(`${String(error)}; heard ${heard.join(', ')}${ended}; answered ${call.final.happened}`, {
      cause: error,
    });
  }
}

/** Resolves when the call hears exactly these tones, mixed. */
export async function hearsMix(call: PhoneCall, hertz: readonly number[], limitMs = 10_000): Promise<void> {
  const wanted = ALL_TONES.filter((tone) => hertz.includes(tone)).join();
  let heard = '';
  try {
    const listen = (): boolean => {
      heard = call.audio.tones(ALL_TONES).join();
      return heard === wanted;
    };
    await eventually(`hearing ${wanted} Hz`, listen, limitMs);
  } catch (error) {
    throw new Error(`${String(error)}; heard ${heard}`, { cause: error });
  }
}

/** Resolves when the call hears something that is neither silence nor one of the tones. */
export function hearsSpeech(call: PhoneCall, limitMs = 10_000): Promise<void> {
  let heard = 0;
  return eventually(
    'hearing speech',
    () => {
      const tone = call.audio.packets > 20 ? call.audio.tone(ALL_TONES) : SILENCE;
      heard = tone === undefined ? heard + 1 : 0;
      return heard > 10;
    },
    limitMs,
  );
}

/** The first call of the phone that is not in `known`; it may have come already. */
export async function nextCall(phone: Phone, known: readonly PhoneCall[] = [], limitMs = 10_000): Promise<PhoneCall> {
  let found: PhoneCall | undefined;
  const look = (): boolean => {
    found = phone.calls.find((call) => !known.includes(call));
    return found !== undefined;
  };
  await eventually('a call', look, limitMs);
  if (found === undefined) throw new Error('unreachable');
  return found;
}

/** The phone answers everything that comes, and says this tone. */
export function answering(phone: Phone, tone: number): void {
  phone.onCall = (call) => {
    call.audio.say(tone);
    call.answer();
  };
}
