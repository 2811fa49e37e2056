// A node dies while its callers talk: the next one finds them on the switch, takes over who talks, and ends the rest.
import esl, { type EslConnection } from 'drachtio-modesl';
import { afterEach, describe, expect, it } from 'vitest';
import type { SurvivingCall } from '../../src/app/survivors/surviving.js';
import type { PhoneCall } from '../../src/sim/phone/call.js';
import { Phone } from '../../src/sim/phone/phone.js';
import { channelsIn } from '../../src/voice/survivors/survivors.js';
import { VoiceTelephony } from '../../src/voice/telephony.js';
import { eventually } from '../support/servers.js';
import { type SwitchProcess, startSwitchProcess } from '../support/switch-process.js';
import { ALL_TONES, TONES, telephonyOptions } from './bench.js';
import { startDoomedApplication } from './doomed-application.js';

const WORDS = 'the words of the talk';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Talk {
  readonly sw: SwitchProcess;
  /** The two ends of it. */
  readonly caller: PhoneCall;
  readonly other: PhoneCall;
  /** Somebody who talks to nobody. */
  readonly waiting: PhoneCall;
}

/** Two talk and one waits; then the application is gone, as after kill -9. */
async function orphanedTalk(onHold = false): Promise<Talk> {
  const sw = await startSwitchProcess();
  open.push(sw);
  const phone = async (user: string, address: string): Promise<Phone> => {
    const opened = await Phone.open({ user, server: sw.sip, address });
    open.push(opened);
    return opened;
  };
  const gateway = await phone('gateway', '127.0.0.2');
  const answered = new Promise<PhoneCall>((resolve) => {
    gateway.onCall = (call) => {
      call.answer();
      resolve(call);
    };
  });
  const [, port = ''] = /:(\d+)$/.exec(gateway.contact) ?? [];
  const application = await startDoomedApplication(sw, Number(port), WORDS, onHold);
  open.push({ close: () => application.kill() });
  const caller = await (await phone('5551234', '127.0.0.1')).invite('1000');
  const other = await answered;
  const waiting = await (await phone('5551235', '127.0.0.1')).invite('1000');
  await application.settled;
  await application.kill();
  return { sw, caller, other, waiting };
}

async function nextNode(sw: SwitchProcess, takesOver: boolean): Promise<VoiceTelephony> {
  const telephony = new VoiceTelephony(telephonyOptions(sw, [], { node: 'next', takesOver }));
  open.push(telephony);
  await telephony.start();
  return telephony;
}

async function talkOf(telephony: VoiceTelephony): Promise<{ talk: SurvivingCall; rest: readonly SurvivingCall[] }> {
  const calls = await telephony.survivors.of('dead');
  const talk = calls.find(({ words }) => words === WORDS);
  if (talk === undefined) throw new Error(`no talk among ${calls.length} calls`);
  return { talk, rest: calls.filter((call) => call !== talk) };
}

/** By hand, on the event socket. */
async function askSwitch(sw: SwitchProcess, command: string): Promise<string> {
  const { host, port } = sw.eventSocket;
  return new Promise((resolve, reject) => {
    const connection: EslConnection = new esl.Connection(host, port, sw.secret, () => {
      connection.api(command, (event) => {
        connection.disconnect();
        resolve(event.getBody() ?? '');
      });
    });
    // Also when the switch is gone before our end of it.
    connection.on('error', reject);
  });
}

describe('the application is gone', () => {
  it('the next one has the talk: who hangs up ends it for both; who waited is ended', async () => {
    const { sw, caller, other, waiting } = await orphanedTalk();
    const telephony = await nextNode(sw, true);
    expect(await telephony.survivors.of('somebody else')).toEqual([]);
    const { talk, rest } = await talkOf(telephony);
    expect(rest).toHaveLength(1);
    const taken = await talk.takeOver?.();
    if (taken === undefined) throw new Error('not taken over');
    await Promise.all(rest.map((call) => call.end()));
    await waiting.byeReceived.seen;
    expect([caller.byeReceived.happened, other.byeReceived.happened]).toEqual([false, false]);
    expect(telephony.survivors.live).toBe(1);
    caller.bye();
    await other.byeReceived.seen;
    await eventually('end', () => taken.ended.aborted, 10_000);
    expect(taken.ended.reason).toEqual({ by: 'customer', reason: 'hung-up' });
    expect(telephony.survivors.live).toBe(0);
    await eventually('nothing left', async () => (await telephony.survivors.of('dead')).length === 0, 10_000);
  });

  it.each([
    ['MEDIA_TIMEOUT', 'media-time-out'],
    ['NORMAL_CLEARING', 'media-lost'],
  ])(
    'a talk that was taken over and that the media server ends (%s) is over for both, by %s',
    async (cause, reason) => {
      const { sw, caller, other } = await orphanedTalk();
      const telephony = await nextNode(sw, true);
      const { talk, rest } = await talkOf(telephony);
      const taken = await talk.takeOver?.();
      await Promise.all(rest.map((call) => call.end()));
      expect(await telephony.survivors.of('dead')).toEqual([]); // held, so nobody takes it a second time
      const [uuid] = channelsIn(await askSwitch(sw, 'show channels as json'));
      await askSwitch(sw, `uuid_kill ${uuid} ${cause}`);
      await Promise.all([caller.byeReceived.seen, other.byeReceived.seen]);
      expect(taken?.ended.reason).toEqual({ by: 'network', reason });
      expect(telephony.survivors.live).toBe(0);
    },
  );

  it('a customer who was on hold talks with the agent again', async () => {
    const { sw, caller, other } = await orphanedTalk(true);
    caller.audio.say(TONES.caller);
    other.audio.say(TONES.agent);
    const telephony = await nextNode(sw, true);
    const { talk } = await talkOf(telephony);
    expect(await talk.takeOver?.()).toBeDefined();
    await eventually('they hear each other', () => caller.audio.tone(ALL_TONES) === TONES.agent, 10_000);
    await eventually('both ways', () => other.audio.tone(ALL_TONES) === TONES.caller, 10_000);
    other.bye();
    await caller.byeReceived.seen;
  });

  it('it can be hung up, and is when the next one closes too', async () => {
    const { sw, caller, other } = await orphanedTalk();
    const telephony = await nextNode(sw, true);
    const { talk } = await talkOf(telephony);
    const taken = await talk.takeOver?.();
    await telephony.close();
    await Promise.all([caller.byeReceived.seen, other.byeReceived.seen]);
    expect(taken?.ended.reason).toEqual({ by: 'hilo', reason: 'shutting-down' });
  });

  it('where calls cannot be taken over they are ended', async () => {
    const { sw, caller, other } = await orphanedTalk();
    const telephony = await nextNode(sw, false);
    const { talk } = await talkOf(telephony);
    expect(await talk.takeOver?.()).toBeUndefined();
    await talk.end();
    await Promise.all([caller.byeReceived.seen, other.byeReceived.seen]);
  });
});
