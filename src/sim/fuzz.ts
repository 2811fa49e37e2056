// `npm run fuzz`: damaged input of every kind against a switch of its own, which has to go on serving healthy callers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../lib/clock.js';
import { seededRandom, systemIds } from '../lib/ids.js';
import { SDP_CORPUS } from './fuzz/corpus.js';
import { HealthyCaller, type HeldCall } from './fuzz/healthy-caller.js';
import { askMediaPort } from './fuzz/media-port.js';
import { PlainApplication } from './fuzz/plain-application.js';
import { type SwitchUnderTest, startSwitch } from './fuzz/switch-under-test.js';
import { type Media, type Target, targetsOf } from './fuzz/target.js';

const USAGE = `npm run fuzz -- [options]

Starts a switch, and sends it damaged SIP (UDP, TCP, WebSocket), SDP, RTP, RTCP, STUN, TLS, drachtio and event-socket
input. After each batch a healthy OPTIONS, and now and then a healthy call, has to be served. It is a failure when the
switch ends, logs a fault that nobody caught, or does not serve within the limit. A batch depends on nothing but the
seed and its number.

  --seed TEXT       what the damages are drawn from; printed, for the next time   random
  --seconds 60      how long
  --batch N         this batch alone
  --target NAME     this target alone: sip-udp, sip-tcp, sip-ws, web-socket, tls, media-sip, sdp, rtp, rtcp, stun,
                    drachtio, drachtio-stranger, event-socket, event-socket-stranger
  --limit 2000      milliseconds a healthy caller waits at most
  --save FOLDER     where the inputs of a batch that failed go                    fuzz-failure
`;
const BATCH = 40;
/** A call takes the media engine, too: every so many batches. */
const CALL_EVERY = 5;
const TARGET_MS = 100;

interface Options {
  readonly seed: string;
  readonly seconds: number;
  readonly batch: number | undefined;
  readonly target: string | undefined;
  readonly limitMs: number;
  readonly save: string;
}

interface Totals {
  batches: number;
  inputs: number;
  readonly optionsMs: number[];
  readonly callMs: number[];
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: systemIds.token(4) },
      seconds: { type: 'string', default: '60' },
      batch: { type: 'string' },
      target: { type: 'string' },
      limit: { type: 'string', default: '2000' },
      save: { type: 'string', default: 'fuzz-failure' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const whole = (name: string, text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} is a whole number, not ${text}`);
    return value;
  };
  return {
    seed: values.seed,
    seconds: whole('seconds', values.seconds),
    batch: values.batch === undefined ? undefined : whole('batch', values.batch),
    target: values.target,
    limitMs: whole('limit', values.limit),
    save: resolve(values.save),
  };
}

/** FNV-1a: seeds are any text, a commit for example. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

class Fuzzing {
  readonly totals: Totals = { batches: 0, inputs: 0, optionsMs: [], callMs: [] };

  constructor(
    readonly options: Options,
    readonly server: SwitchUnderTest,
    readonly media: Media,
    readonly targets: readonly Target[],
  ) {}

  /** The cause of the failure, or undefined after the time is over. */
  async run(): Promise<string | undefined> {
    const { batch, seconds } = this.options;
    if (batch !== undefined) return this.#batch(batch);
    const endMs = systemClock.monotonicMs() + seconds * 1000;
    for (let number = 0; systemClock.monotonicMs() < endMs; number++) {
      const failure = await this.#batch(number);
      if (failure !== undefined) return failure;
      if (number % 50 === 49) process.stdout.write(`  ${this.totals.inputs} inputs, ${this.#worst()}\n`);
    }
    return undefined;
  }

  async #batch(number: number): Promise<string | undefined> {
    const { seed } = this.options;
    const random = seededRandom(hashOf(`${seed}/${number}`));
    const target = this.targets[number % this.targets.length];
    if (target === undefined) throw new Error('no such target');
    const inputs = target.make(random, `${hashOf(seed).toString(36)}x${number}`, BATCH);
    await target.send(inputs, random);
    this.totals.batches++;
    this.totals.inputs += inputs.length;
    const failure = await this.#probe(number);
    if (failure === undefined) return undefined;
    return `${failure}\n  after batch ${number} (${target.name}); ${this.#save(target.name, number, inputs)}`;
  }

  async #probe(number: number): Promise<string | undefined> {
    const { server, media, totals } = this;
    const { limitMs } = this.options;
    const tookMs = await media.caller.options(server.sipPort('udp'), limitMs);
    if (server.ended !== undefined) return `the switch ${server.ended}`;
    if (server.faults.length > 0) return `the switch logged a fault: ${server.faults[0]}`;
    if (tookMs === Number.POSITIVE_INFINITY) return `a healthy OPTIONS was not answered within ${limitMs} ms`;
    totals.optionsMs.push(tookMs);
    if (number % CALL_EVERY !== 0) return undefined;
    const startMs = systemClock.monotonicMs();
    const [sdp = Buffer.alloc(0)] = SDP_CORPUS;
    const call = await media.caller.call(media.sipPort, sdp, limitMs);
    if (call === undefined) return `a healthy call was not answered within ${limitMs} ms`;
    totals.callMs.push(systemClock.monotonicMs() - startMs);
    call.hangUp();
    return undefined;
  }

  #save(target: string, batch: number, inputs: readonly Buffer[]): string {
    const { save, seed } = this.options;
    mkdirSync(save, { recursive: true });
    for (const [at, input] of inputs.entries()) writeFileSync(join(save, `${target}-${batch}-${at}.bin`), input);
    writeFileSync(join(save, 'switch.log'), this.server.lastLines.join('\n'));
    return `inputs and log in ${save}\n  again: npm run fuzz -- --seed ${seed} --batch ${batch}`;
  }

  #worst(): string {
    const { optionsMs, callMs } = this.totals;
    const worst = (values: readonly number[]): string => Math.max(0, ...values).toFixed(0);
    const slow = [...optionsMs, ...callMs].filter((ms) => ms > TARGET_MS).length;
    return `healthy OPTIONS within ${worst(optionsMs)} ms, calls within ${worst(callMs)} ms, ${slow} over ${TARGET_MS} ms`;
  }

  summary(): string {
    const { batches, inputs } = this.totals;
    return `${inputs} damaged inputs in ${batches} batches; ${this.#worst()}; load ${loadavg()[0]?.toFixed(1)}`;
  }
}

/** Calls are held whose media ports are fuzzed, and made anew when the damage has ended them. */
function mediaOf(caller: HealthyCaller, sipPort: number, limitMs: number): Media {
  const held = new Map<Buffer, HeldCall | undefined>();
  return {
    sipPort,
    caller,
    async call(sdp) {
      if (held.get(sdp)?.isUp !== true) held.set(sdp, await caller.call(sipPort, sdp, limitMs));
      return held.get(sdp);
    },
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  process.stdout.write(`fuzzing with seed ${options.seed}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'hilo-fuzz-'));
  const server = await startSwitch(folder, { HILO_SIP_RATE: 'off' });
  const caller = await HealthyCaller.open();
  const application = await PlainApplication.open({
    host: '127.0.0.1',
    port: server.drachtioPort,
    secret: server.secret,
    verbs: ['invite', 'options', 'register', 'message', 'info', 'subscribe', 'notify', 'refer'],
    ids: systemIds,
  });
  try {
    const media = mediaOf(caller, await askMediaPort(server), options.limitMs);
    const targets = targetsOf(server, media).filter(({ name }) => (options.target ?? name) === name);
    const fuzzing = new Fuzzing(options, server, media, targets);
    const failure = await fuzzing.run();
    process.stdout.write(`${fuzzing.summary()}\n`);
    process.stdout.write(failure === undefined ? 'no failure\n' : `FAILED: ${failure}\n`);
    process.exitCode = failure === undefined ? 0 : 1;
  } finally {
    application.close();
    await caller.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
