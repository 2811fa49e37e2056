// `npm run demo`: three customers call a running Hilo, each with a fate of their own, and the record of each is shown.
import { parseArgs } from 'node:util';
import { systemClock } from '../lib/clock.js';
import { withTimeOut } from '../lib/time-out.js';
import type { PhoneCall } from './phone/call.js';
import { statusOf } from './phone/message.js';
import { Phone } from './phone/phone.js';
import { RunningHilo, type Story } from './running-hilo.js';

const USAGE = `npm run demo -- [options]

Three customers call a running Hilo (npm start): one is served by Ana, one gives up and is called back, one finds
nobody. Shows the record of each. Uses the sample centre and its sandbox channel.

  --sip 127.0.0.1:5060            SIP address of Hilo
  --http http://127.0.0.1:8080    its API
  --data ./data                   its data folder, for the passwords
  --trunk 5070                    port on which the demo plays the outside network (centre.yaml: trunks.lab.outbound)
  --language es|en                language of the records shown
  --help`;

const ANSWER_LIMIT_MS = 15_000;
const STEP_LIMIT_MS = 60_000;
const AGENT_TONE = 440;
const CUSTOMER_TONE = 697;

interface Stage {
  readonly hilo: RunningHilo;
  readonly server: { readonly host: string; readonly port: number };
  readonly ana: Phone;
  readonly outside: Phone;
  readonly numbers: readonly [string, string, string];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sip: { type: 'string', default: '127.0.0.1:5060' },
      http: { type: 'string', default: 'http://127.0.0.1:8080' },
      data: { type: 'string', default: './data' },
      trunk: { type: 'string', default: '5070' },
      language: {
        type: 'string',
        default: Intl.DateTimeFormat().resolvedOptions().locale.startsWith('es') ? 'es' : 'en',
      },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(USAGE);
    return;
  }
  const [host = '127.0.0.1', port = '5060'] = values.sip.split(':');
  const server = { host, port: Number(port) };
  const hilo = await RunningHilo.open({ http: values.http, dataFolder: values.data, language: values.language });
  const ana = await Phone.open({ user: 'ana-desk', password: hilo.devicePassword('ana-desk'), server });
  const outside = await Phone.open({ user: 'outside', server, port: Number(values.trunk) });
  // Fresh customers each time: nobody of an earlier demo is still within the cool-down.
  const first = 600_000_000 + Math.floor(Math.random() * 99_999_000);
  const numbers = [first, first + 1, first + 2].map((number) => `+34${number}`) as [string, string, string];
  const stage: Stage = { hilo, server, ana, outside, numbers };
  try {
    const registered = statusOf(await ana.register());
    if (registered !== 200) throw new Error(`Ana's phone cannot register: ${registered}`);
    await served(stage);
    await givesUp(stage);
    await findsNobody(stage);
    await ana.register({ expires: 0 });
  } finally {
    ana.close();
    outside.close();
  }
}

/** Menu, key 1, queue, Ana; they talk, the customer hangs up. */
async function served({ hilo, server, ana, numbers: [number] }: Stage): Promise<void> {
  title(`1. ${number} calls 1000, presses 1 and talks to Ana`);
  const customer = await Phone.open({ user: number, server });
  try {
    const agentCall = nextCall(ana);
    const call = await callAndWait(customer, '1000');
    step('answered, the greeting is heard');
    await pause(1_500);
    await call.audio.press('1');
    step('key 1; hold music while Ana is rung');
    const atAna = await agentCall;
    atAna.ring();
    await pause(800);
    atAna.answer();
    await atAna.acked.seen;
    atAna.audio.say(AGENT_TONE);
    call.audio.say(CUSTOMER_TONE);
    await pause(2_000);
    step(`the customer hears ${hears(call, AGENT_TONE)}, Ana hears ${hears(atAna, CUSTOMER_TONE)}`);
    call.bye();
    await limited('BYE at Ana', atAna.byeReceived.seen);
    step('the customer hangs up, Ana is free again after her wrap-up');
    show(await hilo.until(number, 'wrapped-up', STEP_LIMIT_MS));
  } finally {
    customer.close();
  }
}

/** Hangs up in the queue, gets a message, answers it, is called back and talks. */
async function givesUp({ hilo, server, ana, outside, numbers: [, number] }: Stage): Promise<void> {
  title(`2. ${number} calls 1001, loses patience, and gets a call-back`);
  const customer = await Phone.open({ user: number, server });
  try {
    const atAna = nextCall(ana);
    const call = await callAndWait(customer, '1001');
    (await atAna).ring();
    step("Ana's phone rings, but she is not at her desk");
    await pause(4_500);
    call.bye();
    await limited('CANCEL at Ana', (await atAna).cancelled.seen);
    step('the customer hangs up; the ringing stops at once, Ana is not to blame');
    await hilo.until(number, 'message-status', STEP_LIMIT_MS);
    step(`message: «${(await hilo.messagesTo(number)).at(-1) ?? ''}»`);
    const [backAtAna, backOutside] = [nextCall(ana), nextCall(outside)];
    await hilo.write(number, '1');
    step('answer: «1»');
    const agentLeg = await backAtAna;
    agentLeg.ring();
    await pause(500);
    agentLeg.answer();
    step('Ana takes the call-back; Hilo dials the customer');
    const customerLeg = await backOutside;
    customerLeg.ring();
    await pause(800);
    customerLeg.answer();
    agentLeg.audio.say(AGENT_TONE);
    await customerLeg.acked.seen;
    await pause(2_500);
    step(`the customer hears ${hears(customerLeg, AGENT_TONE)}`);
    agentLeg.bye();
    await limited('BYE at the customer', customerLeg.byeReceived.seen);
    show(await hilo.until(number, 'wrapped-up', STEP_LIMIT_MS));
  } finally {
    customer.close();
  }
}

/** The queue takes nobody: told so, with a message to follow. */
async function findsNobody({ hilo, server, numbers: [, , number] }: Stage): Promise<void> {
  title(`3. ${number} calls 1003, a queue that is full`);
  const customer = await Phone.open({ user: number, server });
  try {
    const call = await callAndWait(customer, '1003');
    step('answered: all are busy, a message follows');
    await limited('BYE from Hilo', call.byeReceived.seen);
    show(await hilo.until(number, 'message-status', STEP_LIMIT_MS));
  } finally {
    customer.close();
  }
}

async function callAndWait(phone: Phone, number: string): Promise<PhoneCall> {
  const call = await phone.invite(number);
  const status = statusOf(await limited(`answer of ${number}`, call.final.seen, ANSWER_LIMIT_MS));
  if (status !== 200) throw new Error(`${number} answers ${status}`);
  return call;
}

function nextCall(phone: Phone): Promise<PhoneCall> {
  return limited(
    'a call',
    new Promise((resolve) => {
      phone.onCall = resolve;
    }),
  );
}

function hears(call: PhoneCall, hertz: number): string {
  return call.audio.tone([AGENT_TONE, CUSTOMER_TONE]) === hertz ? `the other's voice (${hertz} Hz)` : 'nothing';
}

function limited<T>(what: string, promise: Promise<T>, limitMs = STEP_LIMIT_MS): Promise<T> {
  return withTimeOut(systemClock, what, limitMs, promise);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function show(story: Story): void {
  say(`\n   record ${story.reference} (${story.state})`);
  for (const { at, text } of story.timeline) say(`   ${at.slice(11, 23)}  ${text}`);
}

function title(text: string): void {
  say(`\n${text}`);
}

function step(text: string): void {
  say(`   · ${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
