// Phones of agents for tests that are served: registered, they answer whatever rings and hang up soon.
import { setTimeout as pause } from 'node:timers/promises';
import type { PhoneCall } from '../../sim/phone/call.js';
import { statusOf } from '../../sim/phone/message.js';
import { Phone } from '../../sim/phone/phone.js';

const BEFORE_ANSWER_MS = 300;
const TALK_MS = 1_500;
/** Another address than that of the callers: who calls from a trunk's address is no device. */
const ADDRESS = '127.0.0.3';

export class AgentPhones {
  private constructor(private readonly phones: readonly Phone[]) {}

  static async open(
    devices: readonly string[],
    server: { readonly host: string; readonly port: number },
    passwordOf: (device: string) => string,
  ): Promise<AgentPhones> {
    const phones: Phone[] = [];
    for (const device of devices) {
      const phone = await Phone.open({ user: device, password: passwordOf(device), server, address: ADDRESS });
      phones.push(phone);
      phone.onCall = (call) => void serve(call);
      const answer = await phone.register();
      if (statusOf(answer) !== 200) throw new Error(`${device} cannot be registered: ${answer.start}`);
    }
    return new AgentPhones(phones);
  }

  get count(): number {
    return this.phones.length;
  }

  async close(): Promise<void> {
    for (const phone of this.phones) {
      await phone.register({ expires: 0 });
      phone.close();
    }
  }
}

async function serve(call: PhoneCall): Promise<void> {
  call.ring();
  await pause(BEFORE_ANSWER_MS);
  if (call.cancelled.happened) return;
  call.answer();
  await pause(TALK_MS);
  if (!call.byeReceived.happened && !call.cancelled.happened) call.bye();
}
