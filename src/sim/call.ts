// `npm run call`: one simulated caller, told on the command line what to do; says what happened and what was heard.
import { parseArgs } from 'node:util';
import type { PhoneCall } from './phone/call.js';
import { statusOf } from './phone/message.js';
import { Phone } from './phone/phone.js';

const USAGE = `npm run call -- [options]

Calls a running Hilo over SIP and RTP, presses keys, talks (a tone), and hangs up.

  --to 1000                 number to call
  --from +34600111222       caller's number
  --sip 127.0.0.1:5060      SIP address of Hilo
  --keys 1,#                keys to press, one after the other (RFC 4733)
  --after 1500              ms before the first key and between keys
  --seconds 10              stay so long after the last key, then hang up
  --tone 440                speak this tone (Hz); 0 = silent
  --help`;

const ANSWER_LIMIT_MS = 32_000;
const LOOK_MS = 500;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      to: { type: 'string', default: '1000' },
      from: { type: 'string', default: '+34600111222' },
      sip: { type: 'string', default: '127.0.0.1:5060' },
      keys: { type: 'string', default: '' },
      after: { type: 'string', default: '1500' },
      seconds: { type: 'string', default: '10' },
      tone: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(USAGE);
    return;
  }
  const [host = '127.0.0.1', port = '5060'] = values.sip.split(':');
  const phone = await Phone.open({ user: values.from, server: { host, port: Number(port) } });
  try {
    const call = await phone.invite(values.to);
    const status = statusOf(await Promise.race([call.final.seen, late(call)]));
    say(`${values.to} answers ${status}`);
    if (status !== 200) return;
    if (Number(values.tone) > 0) call.audio.say(Number(values.tone));
    for (const key of values.keys.split(',').filter((one) => one !== '')) {
      await stay(call, Number(values.after));
      await call.audio.press(key);
      say(`key ${key}`);
    }
    await stay(call, Number(values.seconds) * 1000);
    if (call.byeReceived.happened) say('the other side hung up');
    else {
      call.bye();
      say('hung up');
    }
    say(`${call.audio.packets} RTP packets heard`);
    await stay(call, LOOK_MS);
  } finally {
    phone.close();
  }
}

/** Until the time is over or the other side has hung up. */
async function stay(call: PhoneCall, ms: number): Promise<void> {
  const untilMs = performance.now() + ms;
  while (!call.byeReceived.happened && performance.now() < untilMs) await pause(Math.min(LOOK_MS, ms));
}

async function late(call: PhoneCall): Promise<never> {
  await pause(ANSWER_LIMIT_MS);
  call.cancel();
  throw new Error(`no answer within ${ANSWER_LIMIT_MS} ms: is Hilo running there? (npm start)`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
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
