// `npm run bench:sip`: what the SIP side of the switch does in a second, what a storm of registrations takes, and what
// ten thousand idle WebSockets do to calls.
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemIds } from '../lib/ids.js';
import { loadWithIdleWebSockets } from './bench/idle-web-sockets.js';
import { registerAll } from './bench/registration-storm.js';
import { loadWithOptions } from './bench/sip-load.js';
import { HealthyCaller } from './fuzz/healthy-caller.js';
import { askMediaPort } from './fuzz/media-port.js';
import { PlainApplication } from './fuzz/plain-application.js';
import { cpuSecondsOf, type SwitchUnderTest, startSwitch } from './fuzz/switch-under-test.js';
import { startServer } from './server.js';

const USAGE = `npm run bench:sip -- [options]

  --seconds 10        how long OPTIONS are sent
  --under-way 200     OPTIONS without answer at any time
  --devices 2000      phones that register at once, with digest, at a running Hilo
  --sockets 10000     idle WebSockets, while calls go on
  --only PART         options, storm or sockets
  --node=ARGUMENTS    for the node of the switch, e.g. "--node=--cpu-prof --cpu-prof-dir=/tmp/profiles"

Figures are per second of processor of the whole process under test, so that a busy machine does not change them much.
`;

interface Options {
  readonly seconds: number;
  readonly underWay: number;
  readonly devices: number;
  readonly sockets: number;
  readonly only: string | undefined;
  readonly nodeArguments: readonly string[];
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      'under-way': { type: 'string', default: '200' },
      devices: { type: 'string', default: '2000' },
      sockets: { type: 'string', default: '10000' },
      only: { type: 'string' },
      node: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const whole = (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) throw new Error(`a whole number is wanted, not ${text}`);
    return value;
  };
  return {
    seconds: whole(values.seconds),
    underWay: whole(values['under-way']),
    devices: whole(values.devices),
    sockets: whole(values.sockets),
    only: values.only,
    nodeArguments: values.node.split(' ').filter((argument) => argument !== ''),
  };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const load = (): string => `load ${loadavg()[0]?.toFixed(1)}`;

async function benchOptions(server: SwitchUnderTest, options: Options): Promise<void> {
  const application = await PlainApplication.open({
    host: '127.0.0.1',
    port: server.drachtioPort,
    secret: server.secret,
    verbs: ['options'],
    ids: systemIds,
  });
  const ways = [
    ['answered by the switch itself (media server)', await askMediaPort(server)],
    ['answered by an application', server.sipPort('udp')],
  ] as const;
  for (const [what, port] of ways) {
    const before = server.cpuSeconds();
    const { answered, refused, lost, seconds } = await loadWithOptions(port, options.seconds, options.underWay);
    const cpu = server.cpuSeconds() - before;
    say(
      `OPTIONS ${what}: ${(answered / seconds).toFixed(0)}/s for ${seconds.toFixed(0)} s, ` +
        `${(answered / cpu).toFixed(0)} per CPU second, ${refused} refused, ${lost} lost; ${load()}`,
    );
  }
  application.close();
}

async function benchSockets(server: SwitchUnderTest, options: Options): Promise<void> {
  const caller = await HealthyCaller.open();
  const media = await askMediaPort(server);
  const before = server.cpuSeconds();
  const result = await loadWithIdleWebSockets(server.sipPort('ws'), options.sockets, () =>
    caller.options(media, 2_000),
  );
  const cpu = server.cpuSeconds() - before;
  await caller.close();
  say(
    `${options.sockets} idle WebSockets of ${result.addresses} addresses: ${result.accepted} taken, ${result.refused} refused in ` +
      `${result.seconds.toFixed(1)} s (${cpu.toFixed(1)} CPU s); ${result.probes} requests meanwhile, ${result.unanswered} ` +
      `unanswered, p99 ${result.p99Ms.toFixed(0)} ms; ${load()}`,
  );
}

async function benchStorm(folder: string, options: Options): Promise<void> {
  const { devices, nodeArguments } = options;
  const server = await startServer({ folder, agents: devices, workers: 1, nodeArguments });
  try {
    const before = cpuSecondsOf(server.pid);
    const { registered, failed, seconds } = await registerAll(server.sipPort, devices);
    const cpu = cpuSecondsOf(server.pid) - before;
    say(
      `${devices} devices register at once, with digest: ${registered} registered, ${failed} not, in ${seconds.toFixed(1)} s ` +
        `(application ${cpu.toFixed(1)} CPU s); ${load()}`,
    );
  } finally {
    await server.close();
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const wants = (part: string): boolean => (options.only ?? part) === part;
  const folder = await mkdtemp(join(tmpdir(), 'hilo-bench-sip-'));
  try {
    if (wants('options') || wants('sockets')) {
      const server = await startSwitch(folder, { HILO_SIP_RATE: 'off' }, options.nodeArguments);
      try {
        if (wants('options')) await benchOptions(server, options);
        if (wants('sockets')) await benchSockets(server, options);
      } finally {
        await server.close();
      }
    }
    if (wants('storm')) await benchStorm(folder, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
